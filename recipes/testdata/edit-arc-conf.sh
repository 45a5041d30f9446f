#!/bin/sh
# make the edits that the findings propose
#
# Each edit repairs the place of a finding and leaves every other byte as it
# is.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: left for a second run, since another edit changes the same place:
# /etc/arc.conf: wants something else

# <shell/frame.sh start>

recipe=edit-arc-conf

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
# Takes back what the recipe edit-arc-conf did: the last step first.

# <shell/frame.sh start>

recipe=edit-arc-conf

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
edit_ready /etc/arc.conf 8890a7d493f2d8ac2869e08bf8eafe622159d349369b5ccd57c31e5ea8607c91 899d9e048b7cfb2394d4a4d8b5896151bd683a1113faa5778136010598fbd3e3

# --- the steps --------------------------------------------------------------

# edit /etc/arc.conf: at line 3 change "x509_voms_dir=\"/etc/grid-security/vomsdir\"" to "x509_voms_dir=/etc/grid-security/vomsdir"; at line 4 change "# indented" to "# indented"
start_edit 001 /etc/arc.conf 8890a7d493f2d8ac2869e08bf8eafe622159d349369b5ccd57c31e5ea8607c91 899d9e048b7cfb2394d4a4d8b5896151bd683a1113faa5778136010598fbd3e3
if [ "$editing" = yes ]; then
	{
		bytes 0 23
		# line 3
		# was: x509_voms_dir="/etc/grid-security/vomsdir"
		printf %s 'x509_voms_dir=/etc/grid-security/vomsdir'
		bytes 65 1
		# line 4
		# was:   # indented
		printf %s '# indented'
		bytes 78 265
	} >"$tmp/content"
	finish_edit /etc/arc.conf 899d9e048b7cfb2394d4a4d8b5896151bd683a1113faa5778136010598fbd3e3
fi

# run systemctl try-restart arc-arex arc-arex-ws: the services read arc.conf when they start, expect: arc-arex and arc-arex-ws are active again
if changes; then
	run 'the services read arc.conf when they start' 'arc-arex and arc-arex-ws are active again' systemctl try-restart arc-arex arc-arex-ws
fi

# <shell/frame.sh dry_run>

check '/etc/arc.conf is as edited' has_sum /etc/arc.conf 899d9e048b7cfb2394d4a4d8b5896151bd683a1113faa5778136010598fbd3e3

# <shell/frame.sh end>
