#!/bin/sh
# close what token rules leave open
#
# A wildcard in an authtokens rule admits every token that passes the other
# fields: `*` as the issuer admits those of every issuer that the CE can reach
# (arc-behaviour S10). Every field is compared exactly (A2).
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: Fields that ask for something stay as they are. Each value must be
# exactly that in the tokens: `arclint whoami --token FILE` shows the effect
# before you run this.

# <shell/frame.sh start>

recipe=narrow-token-rules

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
# Takes back what the recipe narrow-token-rules did: the last step first.

# <shell/frame.sh start>

recipe=narrow-token-rules

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
edit_ready /etc/arc.conf a0dc3d60f07e271e1a05f0c5886552e225f080496d9ea94e2cdd498d34214621 32196b58e645871550c2b01420d314544cd9cc5128b91b859701caa8e72d297d

# --- the steps --------------------------------------------------------------

# edit /etc/arc.conf: at line 6 change "*" to "https://ce.example.org"
start_edit 001 /etc/arc.conf a0dc3d60f07e271e1a05f0c5886552e225f080496d9ea94e2cdd498d34214621 32196b58e645871550c2b01420d314544cd9cc5128b91b859701caa8e72d297d
if [ "$editing" = yes ]; then
	{
		bytes 0 110
		# line 6
		# was: *
		printf %s https://ce.example.org
		bytes 111 176
	} >"$tmp/content"
	finish_edit /etc/arc.conf 32196b58e645871550c2b01420d314544cd9cc5128b91b859701caa8e72d297d
fi

# run systemctl try-restart arc-arex arc-arex-ws: the services read arc.conf when they start, expect: arc-arex and arc-arex-ws are active again
if changes; then
	run 'the services read arc.conf when they start' 'arc-arex and arc-arex-ws are active again' systemctl try-restart arc-arex arc-arex-ws
fi

# <shell/frame.sh dry_run>

check '/etc/arc.conf is as edited' has_sum /etc/arc.conf 32196b58e645871550c2b01420d314544cd9cc5128b91b859701caa8e72d297d

# <shell/frame.sh end>
