#!/bin/sh
# trust the CA of https://token.example.org/vo, with a signing policy that
# admits no client
#
# The key fetch needs the issuer's CA in /etc/grid-security/certificates.
# Client certificates are checked against the same directory, so a signing
# policy goes along that admits none of that CA (arc-behaviour H2).
#
# Strategy: anchor-with-policy
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: WARNING: ARC 7.2.0 reads no signing policy (arc-behaviour E2): it
# ACCEPTS the client certificates of this CA, and `all=yes` or a rule with `!`
# lets their holders in. Use pin-issuer or split-trust instead.
#
# Note: the root is /C=XX/O=Example Trust Services/CN=Example Public Root 1,
# SHA-256 903463120bd61b1f8c46a07b9bccacbf8eb3ca022e33a47e7daa14c28f4305c5,
# found in /usr/lib/ssl/certs/7293c22f.0

# <shell/frame.sh start>

recipe=anchor-with-policy

# <shell/lib.sh say>

# <shell/lib.sh fail>

# <shell/lib.sh arguments>

# <shell/lib.sh state>

# <shell/lib.sh finish>

# <shell/lib.sh as>

# <shell/lib.sh look>

# <shell/lib.sh walk>

# <shell/lib.sh judge>

# <shell/lib.sh follow>

# <shell/lib.sh kind>

# <shell/lib.sh pack>

# <shell/lib.sh start_stage>

# <shell/lib.sh lock>

# <shell/lib.sh need>

# <shell/lib.sh base>

# <shell/lib.sh need_dir>

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh save>

# <shell/lib.sh bytes_of_now>

# <shell/lib.sh sum_of>

# <shell/lib.sh put>

# <shell/lib.sh owned>

# <shell/lib.sh fits>

# <shell/lib.sh give>

# <shell/lib.sh check>

# <shell/lib.sh content>

# <shell/lib.sh same_content>

# <shell/lib.sh fill>

# <shell/lib.sh write_file>

# <shell/lib.sh make_link>

# <shell/lib.sh has_sum>

# <shell/lib.sh has_link>

# <shell/lib.sh has_mode>

# <shell/lib.sh anchored>

# <shell/lib.sh under_hash>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe anchor-with-policy did: the last step first.

# <shell/frame.sh start>

recipe=anchor-with-policy

# <shell/lib.sh say>

# <shell/lib.sh fail>

# <shell/lib.sh state>

# <shell/lib.sh finish>

# <shell/lib.sh as>

# <shell/lib.sh look>

# <shell/lib.sh walk>

# <shell/lib.sh judge>

# <shell/lib.sh follow>

# <shell/lib.sh kind>

# <shell/lib.sh pack>

# <shell/lib.sh unpack>

# <shell/lib.sh start_stage>

# <shell/lib.sh lock>

# <shell/rollback.sh back>

# <shell/rollback.sh kept_of>

# <shell/rollback.sh restore>

restore 003 /etc/grid-security/certificates/7293c22f.0
restore 002 /etc/grid-security/certificates/Example-Public-Root-1-90346312.pem
restore 001 /etc/grid-security/certificates/7293c22f.signing_policy

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need openssl
need_dir /etc/grid-security/certificates

# --- the steps --------------------------------------------------------------

# write /etc/grid-security/certificates/7293c22f.signing_policy (mode 644, owner root:root)
content '# This CA may vouch for the servers of token issuers. It may sign no client:
# nothing but the CA itself is admitted.
access_id_CA  X509   '\''/C=XX/O=Example Trust Services/CN=Example Public Root 1'\''
pos_rights    globus CA:sign
cond_subjects globus '\''"/C=XX/O=Example Trust Services/CN=Example Public Root 1"'\''
'
write_file 001 /etc/grid-security/certificates/7293c22f.signing_policy 644 root:root

# write /etc/grid-security/certificates/Example-Public-Root-1-90346312.pem (mode 644, owner root:root)
content '-----BEGIN CERTIFICATE-----
MIIDgTCCAmmgAwIBAgIIcpx2QP2QWSkwDQYJKoZIhvcNAQELBQAwTjELMAkGA1UE
BhMCWFgxHzAdBgNVBAoMFkV4YW1wbGUgVHJ1c3QgU2VydmljZXMxHjAcBgNVBAMM
FUV4YW1wbGUgUHVibGljIFJvb3QgMTAeFw0yMTExMjMxMjAwMDBaFw0zNjExMjMx
MjAwMDBaME4xCzAJBgNVBAYTAlhYMR8wHQYDVQQKDBZFeGFtcGxlIFRydXN0IFNl
cnZpY2VzMR4wHAYDVQQDDBVFeGFtcGxlIFB1YmxpYyBSb290IDEwggEiMA0GCSqG
SIb3DQEBAQUAA4IBDwAwggEKAoIBAQDMwZgOw9eq5Gy9IU8IvCoKnSyEdJj9IrCT
itNiEhpIjcQwAvZiBwEDtwJD1aUhgNYZL/7Oh6N0VF+2J8NfkGmK/uYt1kRXe5Uj
IlFi+z19h0aWpKfUmZ9P9/fdafNaIUB0PU8YylM6gSqZxU8IiqKjftTeKxZ1BZvG
K4sD2Fj9aCdUh+b/7rxJxbcEgVkGbpsioiG8vH69/zxHKJ8GQdDUh4c1wS9YexOv
bgsmoNVEcprykAhJabAAkX0AJzJHu+RBUNT8+ThtPCV1SFjqQlWblzH1UkehjRUY
4gbUbt5DyieQ0JBfx05yUhOrwdu0genKQHQzzRo+SqTbVZ4Gf2OjAgMBAAGjYzBh
MA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFK5FQNrMbQ1kkUGt/+E/HIynIG/x
MB8GA1UdIwQYMBaAFK5FQNrMbQ1kkUGt/+E/HIynIG/xMA4GA1UdDwEB/wQEAwIB
BjANBgkqhkiG9w0BAQsFAAOCAQEAViyUU1GROxHJfAUI7lG/ZmXuMG+cMo5vvioT
BXCQhq0NL1TeHH5BXziLpitgD57v2LLqQLJ098C63UAkcW9rzlgifd33COeEfgkf
4P3M8Jhy2wfAZvhgqK7jKOOARq8AlhSPXCnTw7sAY8Ox8NJwFg/amcGIUlS1Q1se
QwuHfVZemztpV5tLc+KTnxcWB3RxJxCJAaM8c7oXJ4Fc1IFKyv6MA1bIhnMBmoSO
uMRg+RNPyrnsqEePPNL7Bhf6hgpkYmxDLkX4s3jt+l2OLKO/cJAODw8hukDCSL/G
IpMOheh+FhxJ2XD17ZlEI4qCCCc+zFFwYYhA5GANKKWmIjx55A==
-----END CERTIFICATE-----
'
write_file 002 /etc/grid-security/certificates/Example-Public-Root-1-90346312.pem 644 root:root

# link /etc/grid-security/certificates/7293c22f.0 to Example-Public-Root-1-90346312.pem
make_link 003 /etc/grid-security/certificates/7293c22f.0 Example-Public-Root-1-90346312.pem

# <shell/frame.sh dry_run>

check '/etc/grid-security/certificates/7293c22f.signing_policy is as written' has_sum /etc/grid-security/certificates/7293c22f.signing_policy da930a18cfaf6ec9c7d7546a1a34fafaa83b9fe59c0ca93769d47ff5cee08337
check '/etc/grid-security/certificates/7293c22f.signing_policy has mode 644' has_mode /etc/grid-security/certificates/7293c22f.signing_policy 644
check '/etc/grid-security/certificates/Example-Public-Root-1-90346312.pem is as written' has_sum /etc/grid-security/certificates/Example-Public-Root-1-90346312.pem 8ea7070626ff79fb064b9489f43c4ffde35688cc461214d02c00568575b9224c
check '/etc/grid-security/certificates/Example-Public-Root-1-90346312.pem has mode 644' has_mode /etc/grid-security/certificates/Example-Public-Root-1-90346312.pem 644
check '/etc/grid-security/certificates/7293c22f.0 is a link to Example-Public-Root-1-90346312.pem' has_link /etc/grid-security/certificates/7293c22f.0 Example-Public-Root-1-90346312.pem
check 'OpenSSL finds /etc/grid-security/certificates/Example-Public-Root-1-90346312.pem in /etc/grid-security/certificates' anchored /etc/grid-security/certificates /etc/grid-security/certificates/Example-Public-Root-1-90346312.pem

# <shell/frame.sh end>
