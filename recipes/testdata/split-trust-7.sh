#!/bin/sh
# trust the CA of https://token.example.org/vo for the key fetch only
#
# The key fetch looks in /etc/grid-security/certificates whatever arc.conf
# says, client certificates are checked against x509_cert_dir (arc-behaviour
# H1). So x509_cert_dir moves to a directory of links to the same CAs without
# the issuer's, and the issuer's CA goes only where the key fetch looks.
#
# Strategy: split-trust
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: /etc/grid-security/client-certificates holds links, so an updated CA
# file or CRL counts at once. Names that come and go are followed by a systemd
# path unit, and hourly.
#
# Note: fetch-crl and the CA packages go on writing to
# /etc/grid-security/certificates.
#
# Note: Other services that read [common] x509_cert_dir, such as the data
# staging of A-REX, follow at their next start: servers that they contact must
# then have a certificate of a CA in /etc/grid-security/client-certificates.
#
# Note: Files in /etc/grid-security/issuer-anchors say which CAs clients must
# not use; a root that the system's store drops stays trusted here until its
# file is removed.
#
# Note: the root is /C=XX/O=Example Trust Services/CN=Example Public Root 1,
# SHA-256 903463120bd61b1f8c46a07b9bccacbf8eb3ca022e33a47e7daa14c28f4305c5,
# found in /usr/lib/ssl/certs/7293c22f.0

# <shell/frame.sh start>

recipe=split-trust

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

# <shell/lib.sh unpack>

# <shell/lib.sh start_stage>

# <shell/lib.sh lock>

# <shell/lib.sh need>

# <shell/lib.sh base>

# <shell/lib.sh need_dir>

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh save>

# <shell/lib.sh mark>

# <shell/lib.sh bytes_of_now>

# <shell/lib.sh sum_of>

# <shell/lib.sh put>

# <shell/lib.sh owned>

# <shell/lib.sh fits>

# <shell/lib.sh give>

# <shell/lib.sh check>

# <shell/lib.sh require>

# <shell/lib.sh content>

# <shell/lib.sh same_content>

# <shell/lib.sh fill>

# <shell/lib.sh write_file>

# <shell/lib.sh make_link>

# <shell/lib.sh make_dir>

# <shell/lib.sh edit_ready>

# <shell/lib.sh edit>

# <shell/lib.sh changes>

# <shell/lib.sh run>

# <shell/lib.sh run_tool>

# <shell/lib.sh enable_unit>

# <shell/lib.sh enabled>

# <shell/lib.sh has_sum>

# <shell/lib.sh has_link>

# <shell/lib.sh has_mode>

# <shell/lib.sh is_dir>

# <shell/lib.sh anchored>

# <shell/lib.sh not_anchored>

# <shell/lib.sh under_hash>

# <shell/lib.sh verifies>

# <shell/lib.sh still_verifies>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe split-trust did: the last step first.

# <shell/frame.sh start>

recipe=split-trust

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

# <shell/rollback.sh undo>

# <shell/rollback.sh disable_unit>

restore 012 /etc/grid-security/certificates/7293c22f.0
restore 011 /etc/arc.conf
disable_unit 010 arclint-client-certificates.path
disable_unit 009 arclint-client-certificates.timer
restore 008 /etc/systemd/system/arclint-client-certificates.path
restore 007 /etc/systemd/system/arclint-client-certificates.timer
restore 006 /etc/systemd/system/arclint-client-certificates.service
undo 005 /usr/local/sbin/arclint-sync-client-certificates --remove
restore 004 /etc/grid-security/client-certificates
restore 003 /usr/local/sbin/arclint-sync-client-certificates
restore 002 /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem
restore 001 /etc/grid-security/issuer-anchors

if [ -z "$root" ]; then
	systemctl daemon-reload
	systemctl try-restart arc-arex-ws
fi

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need openssl
need python3
need sha256sum
[ -n "$root" ] || need systemctl
need_dir /etc/grid-security
need_dir /usr/local/sbin
need_dir /etc/systemd/system
edit_ready /etc/arc.conf 61ce1b9ff063956d43943fddbef1c92bcf81fa7cab3e577140cddb64680f5615 944634ed865ce3ffce8d3df850f1e7cca9beb3e2db191c77176ac82b3ccf6ec4
need_dir /etc/grid-security/certificates

# --- the steps --------------------------------------------------------------

# make the directory /etc/grid-security/issuer-anchors (mode 755, owner root:root)
make_dir 001 /etc/grid-security/issuer-anchors 755 root:root

# write /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem (mode 644, owner root:root)
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
write_file 002 /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem 644 root:root

# write /usr/local/sbin/arclint-sync-client-certificates (mode 755, owner root:root)
content '#!/usr/bin/python3 -I
# <shell/sync-client-certificates.py>
'
write_file 003 /usr/local/sbin/arclint-sync-client-certificates 755 root:root

# make the directory /etc/grid-security/client-certificates (mode 755, owner root:root)
make_dir 004 /etc/grid-security/client-certificates 755 root:root

# run /usr/local/sbin/arclint-sync-client-certificates: fill /etc/grid-security/client-certificates with links to every CA but those of /etc/grid-security/issuer-anchors, expect: the same CAs, CRLs and signing policies as in /etc/grid-security/certificates, without the issuer's CA
if [ "$dry_run" = yes ]; then
	say 'would run /usr/local/sbin/arclint-sync-client-certificates: fill /etc/grid-security/client-certificates with links to every CA but those of /etc/grid-security/issuer-anchors'
else
	run_tool 005 '' 'fill /etc/grid-security/client-certificates with links to every CA but those of /etc/grid-security/issuer-anchors' /usr/local/sbin/arclint-sync-client-certificates
fi

# write /etc/systemd/system/arclint-client-certificates.service (mode 644, owner root:root)
content '[Unit]
Description=Keep the CAs for client certificates in step
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/arclint-sync-client-certificates
TimeoutStartSec=5min
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
KeyringMode=private
UMask=0022
LimitCORE=0
MemoryMax=512M
MemorySwapMax=0
TasksMax=16
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
ProtectSystem=strict
ProtectHome=yes
ReadWritePaths=-/etc/grid-security/client-certificates
PrivateNetwork=yes
RestrictAddressFamilies=none
IPAddressDeny=any
ProcSubset=pid
CapabilityBoundingSet=
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @keyring @aio @memlock
'
write_file 006 /etc/systemd/system/arclint-client-certificates.service 644 root:root

# write /etc/systemd/system/arclint-client-certificates.timer (mode 644, owner root:root)
content '[Unit]
Description=Keep the CAs for client certificates in step

[Timer]
OnBootSec=5min
OnUnitActiveSec=1h
RandomizedDelaySec=5min

[Install]
WantedBy=timers.target
'
write_file 007 /etc/systemd/system/arclint-client-certificates.timer 644 root:root

# write /etc/systemd/system/arclint-client-certificates.path (mode 644, owner root:root)
content '[Unit]
Description=Keep the CAs for client certificates in step

[Path]
PathChanged=/etc/grid-security/certificates

[Install]
WantedBy=paths.target
'
write_file 008 /etc/systemd/system/arclint-client-certificates.path 644 root:root

# run systemctl daemon-reload: make systemd read the new units
if changes; then
	run 'make systemd read the new units' '' systemctl daemon-reload
fi

# enable and start the systemd unit arclint-client-certificates.timer
enable_unit 009 arclint-client-certificates.timer

# enable and start the systemd unit arclint-client-certificates.path
enable_unit 010 arclint-client-certificates.path

# stop unless /etc/grid-security/hostcert.pem verifies with /etc/grid-security/client-certificates if it did with /etc/grid-security/certificates
[ "$dry_run" = yes ] || require '/etc/grid-security/hostcert.pem verifies with /etc/grid-security/client-certificates if it did with /etc/grid-security/certificates' still_verifies /etc/grid-security/hostcert.pem /etc/grid-security/certificates /etc/grid-security/client-certificates

# edit /etc/arc.conf: at line 3 change "x509_cert_dir = /etc/grid-security/certificates/" to "x509_cert_dir=/etc/grid-security/client-certificates"; at line 4 remove "x509_cert_dir=/etc/grid-security/certificates"
start_edit 011 /etc/arc.conf 61ce1b9ff063956d43943fddbef1c92bcf81fa7cab3e577140cddb64680f5615 944634ed865ce3ffce8d3df850f1e7cca9beb3e2db191c77176ac82b3ccf6ec4
if [ "$editing" = yes ]; then
	{
		bytes 0 23
		# line 3
		# was: x509_cert_dir = /etc/grid-security/certificates/
		printf %s 'x509_cert_dir=/etc/grid-security/client-certificates'
		bytes 71 1
		# line 4
		# was: x509_cert_dir=/etc/grid-security/certificates
		bytes 118 264
	} >"$tmp/content"
	finish_edit /etc/arc.conf 944634ed865ce3ffce8d3df850f1e7cca9beb3e2db191c77176ac82b3ccf6ec4
fi

# run systemctl try-restart arc-arex-ws: arc-arex-ws reads arc.conf when it starts, expect: arc-arex-ws is active again
if changes; then
	run 'arc-arex-ws reads arc.conf when it starts' 'arc-arex-ws is active again' systemctl try-restart arc-arex-ws
fi

# link /etc/grid-security/certificates/7293c22f.0 to ../issuer-anchors/Example-Public-Root-1-90346312.pem
make_link 012 /etc/grid-security/certificates/7293c22f.0 ../issuer-anchors/Example-Public-Root-1-90346312.pem

# <shell/frame.sh dry_run>

check '/etc/grid-security/issuer-anchors is a directory' is_dir /etc/grid-security/issuer-anchors
check '/etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem is as written' has_sum /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem 8ea7070626ff79fb064b9489f43c4ffde35688cc461214d02c00568575b9224c
check '/etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem has mode 644' has_mode /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem 644
check '/usr/local/sbin/arclint-sync-client-certificates is as written' has_sum /usr/local/sbin/arclint-sync-client-certificates 7207e4d709e2214caed2a9103f52bff7e6450085c29641718cf11150abe01f4b
check '/usr/local/sbin/arclint-sync-client-certificates has mode 755' has_mode /usr/local/sbin/arclint-sync-client-certificates 755
check '/etc/grid-security/client-certificates is a directory' is_dir /etc/grid-security/client-certificates
check '/etc/systemd/system/arclint-client-certificates.service is as written' has_sum /etc/systemd/system/arclint-client-certificates.service e32385be44ac0b1d4f82ec7954981c8e5430f94ef4c9e07587e8d16a15e387fe
check '/etc/systemd/system/arclint-client-certificates.service has mode 644' has_mode /etc/systemd/system/arclint-client-certificates.service 644
check '/etc/systemd/system/arclint-client-certificates.timer is as written' has_sum /etc/systemd/system/arclint-client-certificates.timer 11732170641c5731975ff255cc2ab26387d4fa4a76540484f1d9ff0cd7bf3ae5
check '/etc/systemd/system/arclint-client-certificates.timer has mode 644' has_mode /etc/systemd/system/arclint-client-certificates.timer 644
check '/etc/systemd/system/arclint-client-certificates.path is as written' has_sum /etc/systemd/system/arclint-client-certificates.path 4d9c7463434aa8f350dd346f9d31236d631f5b06143024ceb8520e758b1753d8
check '/etc/systemd/system/arclint-client-certificates.path has mode 644' has_mode /etc/systemd/system/arclint-client-certificates.path 644
check 'arclint-client-certificates.timer is enabled and active' enabled arclint-client-certificates.timer
check 'arclint-client-certificates.path is enabled and active' enabled arclint-client-certificates.path
check '/etc/arc.conf is as edited' has_sum /etc/arc.conf 944634ed865ce3ffce8d3df850f1e7cca9beb3e2db191c77176ac82b3ccf6ec4
check '/etc/grid-security/certificates/7293c22f.0 is a link to ../issuer-anchors/Example-Public-Root-1-90346312.pem' has_link /etc/grid-security/certificates/7293c22f.0 ../issuer-anchors/Example-Public-Root-1-90346312.pem
check 'OpenSSL finds /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem in /etc/grid-security/certificates' anchored /etc/grid-security/certificates /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem
check 'OpenSSL does not find /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem in /etc/grid-security/client-certificates' not_anchored /etc/grid-security/client-certificates /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem

# <shell/frame.sh end>
