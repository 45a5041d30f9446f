#!/bin/sh
# give every CA file the hash name under which OpenSSL looks for it
#
# OpenSSL finds a CA under HASH.0, HASH.1 and so on up to the first gap
# (arc-behaviour D1), and a name that leads to no certificate hides the ones
# behind it (D3). No other name is looked at.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: Links under the old MD5 hash are left alone: ARC does not read them,
# other software may.
#
# Note: The change counts at once, no restart is needed (arc-behaviour I6).

# <shell/frame.sh start>

recipe=relink-hashes

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

# <shell/lib.sh safe_dir>

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh save>

# <shell/lib.sh put>

# <shell/lib.sh check>

# <shell/lib.sh make_link>

# <shell/lib.sh remove>

# <shell/lib.sh has_link>

# <shell/lib.sh is_gone>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe relink-hashes did: the last step first.

# <shell/frame.sh start>

recipe=relink-hashes

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

restore 003 /etc/grid-security/certificates/5c278efe.1
restore 002 /etc/grid-security/certificates/0a1b2c3d.0
restore 001 /etc/grid-security/certificates/5c278efe.0

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need_dir /etc/grid-security/certificates
safe_dir /etc/grid-security/certificates

# --- the steps --------------------------------------------------------------

# link /etc/grid-security/certificates/5c278efe.0 to ExampleGridCA.pem
make_link 001 /etc/grid-security/certificates/5c278efe.0 ExampleGridCA.pem

# remove /etc/grid-security/certificates/0a1b2c3d.0
remove 002 /etc/grid-security/certificates/0a1b2c3d.0

# remove /etc/grid-security/certificates/5c278efe.1
remove 003 /etc/grid-security/certificates/5c278efe.1

# <shell/frame.sh dry_run>

check '/etc/grid-security/certificates/5c278efe.0 is a link to ExampleGridCA.pem' has_link /etc/grid-security/certificates/5c278efe.0 ExampleGridCA.pem
check '/etc/grid-security/certificates/0a1b2c3d.0 is gone' is_gone /etc/grid-security/certificates/0a1b2c3d.0
check '/etc/grid-security/certificates/5c278efe.1 is gone' is_gone /etc/grid-security/certificates/5c278efe.1

# <shell/frame.sh end>
