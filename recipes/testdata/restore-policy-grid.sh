#!/bin/sh
# set x509_cert_policy back to grid
#
# With x509_cert_policy=any the CE accepts client certificates of every public
# CA (arc-behaviour H4); any value but exactly `grid` refuses those of the
# grid's CAs (C9). Only with grid are clients checked against x509_cert_dir
# alone.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: If the value stood there to make the CE accept a token issuer, use the
# recipe trust-issuer for that issuer first.

# <shell/frame.sh start>

recipe=restore-policy-grid

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

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh save>

# <shell/lib.sh bytes_of_now>

# <shell/lib.sh sum_of>

# <shell/lib.sh put>

# <shell/lib.sh check>

# <shell/lib.sh fill>

# <shell/lib.sh edit_ready>

# <shell/lib.sh edit>

# <shell/lib.sh changes>

# <shell/lib.sh run>

# <shell/lib.sh has_sum>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe restore-policy-grid did: the last step first.

# <shell/frame.sh start>

recipe=restore-policy-grid

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

restore 001 /etc/arc.conf

if [ -z "$root" ]; then
	systemctl try-restart arc-arex arc-arex-ws
fi

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need sha256sum
[ -n "$root" ] || need systemctl
edit_ready /etc/arc.conf bc7607f46b5e29765f907f97f3d75aa3331564cbe44bc7febc74701e19dd562f 008ae1558049d6c07278a21b70331359e06431816d6e9c8148b4b4330d9acef7

# --- the steps --------------------------------------------------------------

# edit /etc/arc.conf: at line 3 change "x509_cert_policy=any" to "x509_cert_policy=grid"; at line 4 remove "x509_cert_policy = grid"
start_edit 001 /etc/arc.conf bc7607f46b5e29765f907f97f3d75aa3331564cbe44bc7febc74701e19dd562f 008ae1558049d6c07278a21b70331359e06431816d6e9c8148b4b4330d9acef7
if [ "$editing" = yes ]; then
	{
		bytes 0 23
		# line 3
		# was: x509_cert_policy=any
		printf %s 'x509_cert_policy=grid'
		bytes 43 1
		# line 4
		# was: x509_cert_policy = grid
		bytes 68 264
	} >"$tmp/content"
	finish_edit /etc/arc.conf 008ae1558049d6c07278a21b70331359e06431816d6e9c8148b4b4330d9acef7
fi

# run systemctl try-restart arc-arex arc-arex-ws: the services read arc.conf when they start, expect: arc-arex and arc-arex-ws are active again
if changes; then
	run 'the services read arc.conf when they start' 'arc-arex and arc-arex-ws are active again' systemctl try-restart arc-arex arc-arex-ws
fi

# <shell/frame.sh dry_run>

check '/etc/arc.conf is as edited' has_sum /etc/arc.conf 008ae1558049d6c07278a21b70331359e06431816d6e9c8148b4b4330d9acef7

# <shell/frame.sh end>
