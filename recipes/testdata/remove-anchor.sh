#!/bin/sh
# take a CA out of the trust directory
#
# Every file under a hash name is trusted: for the key fetch in
# /etc/grid-security/certificates, for client certificates in the directory
# that x509_cert_dir names. What does not belong there admits clients
# (arc-behaviour F1, S6) or stands in the way of the CA that does.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: If a token issuer's certificate stands under this CA, its keys can no
# longer be fetched: use trust-issuer with the strategy pin-issuer (7.x) or
# split-trust instead.
#
# Note: The change counts at once, no restart is needed (arc-behaviour I6);
# keys that 7.x has fetched go on for up to an hour (I5).

# <shell/frame.sh start>

recipe=remove-anchor

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

# <shell/lib.sh lock>

# <shell/lib.sh need>

# <shell/lib.sh base>

# <shell/lib.sh safe_dir>

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh save>

# <shell/lib.sh check>

# <shell/lib.sh remove>

# <shell/lib.sh is_gone>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe remove-anchor did: the last step first.

# <shell/frame.sh start>

recipe=remove-anchor

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

restore 002 /etc/grid-security/certificates/PublicRoot.pem
restore 001 /etc/grid-security/certificates/7293c22f.0

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

safe_dir /etc/grid-security/certificates

# --- the steps --------------------------------------------------------------

# remove /etc/grid-security/certificates/7293c22f.0
remove 001 /etc/grid-security/certificates/7293c22f.0

# remove /etc/grid-security/certificates/PublicRoot.pem
remove 002 /etc/grid-security/certificates/PublicRoot.pem

# <shell/frame.sh dry_run>

check '/etc/grid-security/certificates/7293c22f.0 is gone' is_gone /etc/grid-security/certificates/7293c22f.0
check '/etc/grid-security/certificates/PublicRoot.pem is gone' is_gone /etc/grid-security/certificates/PublicRoot.pem

# <shell/frame.sh end>
