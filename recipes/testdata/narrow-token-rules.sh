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

# Texts in single quotes are meant as they stand.
# shellcheck disable=SC2016

set -eu
umask 077
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

recipe=narrow-token-rules

say() {
	printf '%s' "$*" | tr '[:cntrl:]' '?'
	printf '\n'
}

fail() {
	say "error: $*" >&2
	exit 1
}

usage() {
	say "usage: sh SCRIPT [--dry-run]"
	say "  --dry-run  say what would be done, change nothing"
	say "ARCLINT_ROOT=DIR puts DIR before every path and leaves out owners,"
	say "systemctl and the other commands of the system: for tests."
}

dry_run=no
case ${1:-} in
'') ;;
--dry-run) dry_run=yes ;;
--help)
	usage
	exit 0
	;;
*)
	usage >&2
	exit 2
	;;
esac

root=${ARCLINT_ROOT:-}
case $root in
'' | /*) ;;
*) fail "ARCLINT_ROOT must be an absolute path" ;;
esac
if [ -z "$root" ] && [ "$dry_run" = no ] && [ "$(id -u)" != 0 ]; then
	fail "only root can do this; --dry-run shows what would be done"
fi

changed=0
failures=0
backup=
stage=
tmp=$(mktemp -d)

# A run that stops half-way leaves this mark, so that the next one does not
# leave out a restart.
pending=$root/var/backups/arclint/$recipe.unfinished

finish() {
	status=$?
	rm -rf -- "$tmp"
	[ -z "$stage" ] || rm -rf -- "$stage"
	if [ "$status" -ne 0 ] && [ -n "$backup" ]; then
		say "stopped half-way or not as expected; to undo: sh $backup/rollback.sh" >&2
	fi
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

need() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null 2>&1 || fail "the command $tool is missing: install it first"
	done
}

# would DOING: says what is being done; is false in a dry run.
would() {
	changed=$((changed + 1))
	if [ "$dry_run" = yes ]; then
		say "would $*"
		return 1
	fi
	say "$*"
}

# start_backup makes the backup directory at the first change.
start_backup() {
	[ -z "$backup" ] || return 0
	mkdir -p -- "$root/var/backups/arclint"
	name=$root/var/backups/arclint/$recipe-$(date -u +%Y%m%dT%H%M%SZ)
	try=
	until mkdir -m 700 -- "$name${try:+.$try}" 2>/dev/null; do
		try=$((${try:-0} + 1))
		[ "$try" -lt 100 ] || fail "cannot make the backup directory $name"
	done
	backup=$name${try:+.$try}
	: >"$pending"
	printf '%s' "$root" >"$backup/root"
	rollback_script >"$backup/rollback.sh"
	chmod 700 -- "$backup/rollback.sh"
}

# save STEP PATH: keeps what stands at PATH, with its mode and owner.
save() {
	start_backup
	mkdir -- "$backup/$1"
	printf '%s\n' "$2" >"$backup/$1/path"
	if [ -L "$root$2" ] || [ -f "$root$2" ]; then
		cp -pP -- "$root$2" "$backup/$1/was"
	elif [ -d "$root$2" ]; then
		stat -c '%a %u:%g' -- "$root$2" >"$backup/$1/meta"
	elif [ -e "$root$2" ]; then
		fail "$2 is neither a file, a directory nor a link"
	else
		: >"$backup/$1/absent"
	fi
}

# sum_of PATH: the SHA-256 of a file, "none" where there is no regular file.
sum_of() {
	if [ -f "$root$1" ] && [ ! -L "$root$1" ]; then
		sha256sum <"$root$1" | cut -d ' ' -f 1
	else
		printf 'none\n'
	fi
}

# put PATH: moves the staged entry to PATH in one step.
put() {
	if [ -d "$root$1" ] && [ ! -L "$root$1" ]; then
		fail "$1 is a directory"
	fi
	mv -fT -- "$stage/new" "$root$1"
	rmdir -- "$stage"
	stage=
	if [ -z "$root" ] && command -v restorecon >/dev/null 2>&1; then
		restorecon -- "$1" || say "warning: restorecon failed for $1" >&2
	fi
}

# start_stage PATH: makes a place on the file system of PATH.
start_stage() {
	stage=$root$1
	stage=$(mktemp -d -- "${stage%/*}/.arclint.XXXXXX")
}

# check TEXT COMMAND...: one line of the verification at the end.
check() {
	text=$1
	shift
	if "$@"; then
		say "ok: $text"
	else
		failures=$((failures + 1))
		say "FAILED: $text" >&2
	fi
}

# edit_ready PATH OLD NEW: refuses a file that is no longer the one that was read.
edit_ready() {
	case $(sum_of "$1") in
	"$2" | "$3") ;;
	none) fail "$1 is not there, or is a link: want the regular file that arclint read" ;;
	*) fail "$1 has changed since this script was made: run arclint again and use the script that it then writes" ;;
	esac
}

# start_edit STEP PATH OLD NEW: sets editing to whether the file has to be edited.
start_edit() {
	editing=no
	edit_ready "$2" "$3" "$4"
	if [ "$(sum_of "$2")" = "$4" ]; then
		say "unchanged: $2"
		return 0
	fi
	would "edit $2" || return 0
	save "$1" "$2"
	original=$backup/$1/was
	editing=yes
}

# bytes FROM COUNT: COUNT bytes of the original, from the offset FROM on.
bytes() {
	tail -c "+$(($1 + 1))" -- "$original" | head -c "$2"
}

# finish_edit PATH NEW: puts the edited bytes in place, mode and owner kept.
finish_edit() {
	[ "$(sha256sum <"$tmp/content" | cut -d ' ' -f 1)" = "$2" ] || fail "the edit of $1 did not give what it should: the file was left alone"
	start_stage "$1"
	cp -p -- "$root$1" "$stage/new"
	cat -- "$tmp/content" >"$stage/new"
	put "$1"
}

unfinished=no
[ ! -e "$pending" ] || unfinished=yes

# changes: whether this run, or one before it that stopped, changed something.
changes() {
	[ "$changed" -gt 0 ] || [ "$unfinished" = yes ]
}

# run WHY EXPECT COMMAND...: runs a command of the system.
run() {
	why=$1
	expect=$2
	shift 2
	if [ -n "$root" ]; then
		say "skipped under ARCLINT_ROOT: $*"
	elif [ "$dry_run" = yes ]; then
		say "would run $*: $why"
	else
		say "run $*: $why"
		"$@" || fail "$1 failed, expected: $expect"
	fi
}

# has_sum PATH SHA256
has_sum() {
	[ "$(sum_of "$1")" = "$2" ]
}

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe narrow-token-rules did: the last step first.
set -eu
umask 077
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

say() {
	printf "%s" "$*" | tr "[:cntrl:]" "?"
	printf "\n"
}

here=$(CDPATH="" cd -- "$(dirname -- "$0")" && pwd)
root=${ARCLINT_ROOT:-}
if [ "$root" != "$(cat -- "$here/root")" ]; then
	say "error: this backup belongs to another ARCLINT_ROOT: $(cat -- "$here/root")" >&2
	exit 1
fi
if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then
	say "error: only root can do this" >&2
	exit 1
fi
kept=0

# restore STEP PATH: what stood at PATH before the step comes back. What stands
# there now is kept beside the backup, in case somebody changed it since.
restore() {
	slot=$here/$1
	now=$root$2
	[ -d "$slot" ] || return 0
	if [ -e "$slot/meta" ]; then
		read -r mode owner <"$slot/meta"
		[ -n "$root" ] || chown -h -- "$owner" "$now"
		chmod -- "$mode" "$now"
		say "mode and owner restored: $2"
		return 0
	fi
	if [ -e "$slot/absent" ] && [ -d "$now" ] && [ ! -L "$now" ]; then
		if rmdir -- "$now" 2>/dev/null; then
			say "removed: $2"
		else
			kept=$((kept + 1))
			say "left as it is, since it is not empty: $2" >&2
		fi
		return 0
	fi
	if [ -L "$now" ] || [ -f "$now" ]; then
		rm -f -- "$slot/at-rollback"
		cp -pP -- "$now" "$slot/at-rollback"
	fi
	if [ -e "$slot/absent" ]; then
		rm -f -- "$now"
		say "removed: $2"
	elif [ -d "$slot/tree" ] || [ -L "$slot/tree" ]; then
		if [ -e "$now" ] || [ -L "$now" ]; then
			kept=$((kept + 1))
			say "left as it is, since it is there again: $2" >&2
		else
			cp -a -- "$slot/tree" "$now"
			say "restored: $2"
		fi
	elif [ -f "$slot/was" ] || [ -L "$slot/was" ]; then
		mkdir -p -- "${now%/*}/"
		stage=$(mktemp -d -- "${now%/*}/.arclint.XXXXXX")
		cp -pP -- "$slot/was" "$stage/new"
		mv -fT -- "$stage/new" "$now"
		rmdir -- "$stage"
		say "restored: $2"
	fi
}

restore 001 /etc/arc.conf

if [ -z "$root" ]; then
	systemctl try-restart arc-arex arc-arex-ws
fi

rm -f -- "$root"/var/backups/arclint/narrow-token-rules.unfinished
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

if [ "$dry_run" = yes ]; then
	say "dry run: $changed changes would be made, nothing was changed"
	exit 0
fi

# --- verification -----------------------------------------------------------

check '/etc/arc.conf is as edited' has_sum /etc/arc.conf 32196b58e645871550c2b01420d314544cd9cc5128b91b859701caa8e72d297d

if [ "$changed" -eq 0 ] && [ -n "$backup" ]; then
	rm -f -- "$backup/rollback.sh" "$backup/root"
	rmdir -- "$backup"
	backup=
fi
[ "$failures" -eq 0 ] || fail "$failures of the checks above failed"
rm -f -- "$pending"
if [ "$changed" -eq 0 ]; then
	say "nothing to change: all is as it should be already"
else
	say "done, $changed changes"
	say "backup: $backup"
	say "to undo: sh $backup/rollback.sh"
fi
