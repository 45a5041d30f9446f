#!/bin/sh
# set the modes and owners that the files need
#
# ARC refuses a key that others can read, and a file that others can write is
# theirs to change.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.

# <shell/frame.sh start>

recipe=fix-modes

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

# <shell/lib.sh lock>

# <shell/lib.sh need>

# <shell/lib.sh base>

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh owned>

# <shell/lib.sh fits>

# <shell/lib.sh give>

# <shell/lib.sh check>

# <shell/lib.sh save_meta>

# <shell/lib.sh not_link>

# <shell/lib.sh set_mode>

# <shell/lib.sh set_owner>

# <shell/lib.sh has_mode>

# <shell/lib.sh has_owner>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe fix-modes did: the last step first.

# <shell/frame.sh start>

recipe=fix-modes

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

restore 002 /etc/grid-security/hostkey.pem
restore 001 /etc/grid-security/hostkey.pem

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------


# --- the steps --------------------------------------------------------------

# set the owner of /etc/grid-security/hostkey.pem to 0:0
set_owner 001 /etc/grid-security/hostkey.pem 0:0

# set the mode of /etc/grid-security/hostkey.pem to 400
set_mode 002 /etc/grid-security/hostkey.pem 400

# <shell/frame.sh dry_run>

check '/etc/grid-security/hostkey.pem belongs to 0:0' has_owner /etc/grid-security/hostkey.pem 0:0
check '/etc/grid-security/hostkey.pem has mode 400' has_mode /etc/grid-security/hostkey.pem 400

# <shell/frame.sh end>
