#!/bin/sh
# remove what `arcctl deploy` left
#
# A pinned issuer stays trusted whatever it does with its keys (arc-behaviour
# S12, G3), and a CA that was deployed by hand is trusted for clients as well
# (F1).
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: Rules that `arcctl deploy jwt-issuer -i` wrote to arc.conf.d admit any
# subject and audience: see the recipe narrow-token-rules.
#
# Note: If tokens of the issuer must go on working, run trust-issuer
# afterwards.

# <shell/frame.sh start>

recipe=undo-arcctl-deploy

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

# <shell/lib.sh safe_dir>

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh check>

# <shell/lib.sh remove_tree>

# <shell/lib.sh whole_tree>

# <shell/lib.sh changes>

# <shell/lib.sh run>

# <shell/lib.sh is_gone>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe undo-arcctl-deploy did: the last step first.

# <shell/frame.sh start>

recipe=undo-arcctl-deploy

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

restore 001 /var/spool/arc/jobstatus/tokenissuers/0a1b2c3d

if [ -z "$root" ]; then
	systemctl try-restart arc-arex-ws
fi

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

[ -n "$root" ] || need systemctl
safe_dir /var/spool/arc/jobstatus/tokenissuers

# --- the steps --------------------------------------------------------------

# remove the directory /var/spool/arc/jobstatus/tokenissuers/0a1b2c3d with what is in it
remove_tree 001 /var/spool/arc/jobstatus/tokenissuers/0a1b2c3d

# run systemctl try-restart arc-arex-ws: arc-arex-ws reads pinned issuers when it starts, expect: arc-arex-ws is active again
if changes; then
	run 'arc-arex-ws reads pinned issuers when it starts' 'arc-arex-ws is active again' systemctl try-restart arc-arex-ws
fi

# <shell/frame.sh dry_run>

check '/var/spool/arc/jobstatus/tokenissuers/0a1b2c3d is gone' is_gone /var/spool/arc/jobstatus/tokenissuers/0a1b2c3d

# <shell/frame.sh end>
