#!/bin/sh
# set the modes and owners that the files need
#
# ARC refuses a key that others can read, and a file that others can write is
# theirs to change.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.

# Texts in single quotes are meant as they stand.
# shellcheck disable=SC2016

set -eu
umask 077
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

recipe=fix-modes

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

# give OWNER FILE: OWNER is user:group, or =PATH for the owner of PATH.
give() {
	[ -z "$root" ] || return 0
	case $1 in
	=*) chown -h --reference="${1#=}" -- "$2" ;;
	*) chown -h -- "$1" "$2" ;;
	esac
}

# owned OWNER PATH: whether PATH has that owner.
owned() {
	[ -z "$root" ] || return 0
	case $1 in
	=*) [ "$(stat -c %u:%g -- "$2")" = "$(stat -c %u:%g -- "${1#=}")" ] ;;
	*) [ "$(stat -c %U:%G -- "$2")" = "$1" ] || [ "$(stat -c %u:%g -- "$2")" = "$1" ] ;;
	esac
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

# save_meta STEP PATH: keeps mode and owner only; the file may be a private key.
save_meta() {
	start_backup
	mkdir -- "$backup/$1"
	stat -c '%a %u:%g' -- "$root$2" >"$backup/$1/meta"
}

# not_link PATH: PATH is there and no link.
not_link() {
	[ -e "$root$1" ] || fail "$1 is not there"
	[ ! -L "$root$1" ] || fail "$1 is a link: want the mode and owner of what it leads to"
}

# set_mode STEP PATH MODE
set_mode() {
	not_link "$2"
	if [ "$(stat -c %a -- "$root$2")" = "$3" ]; then
		say "unchanged: $2"
		return 0
	fi
	would "set the mode of $2 to $3" || return 0
	save_meta "$1" "$2"
	chmod -- "$3" "$root$2"
}

# set_owner STEP PATH OWNER
set_owner() {
	not_link "$2"
	if owned "$3" "$root$2"; then
		say "unchanged: $2"
		return 0
	fi
	would "set the owner of $2 to $3" || return 0
	save_meta "$1" "$2"
	give "$3" "$root$2"
}

# has_mode PATH MODE
has_mode() {
	[ "$(stat -c %a -- "$root$1")" = "$2" ]
}

# has_owner PATH OWNER
has_owner() {
	owned "$2" "$root$1"
}

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe fix-modes did: the last step first.
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

restore 002 /etc/grid-security/hostkey.pem
restore 001 /etc/grid-security/hostkey.pem

rm -f -- "$root"/var/backups/arclint/fix-modes.unfinished
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

if [ "$dry_run" = yes ]; then
	say "dry run: $changed changes would be made, nothing was changed"
	exit 0
fi

# --- verification -----------------------------------------------------------

check '/etc/grid-security/hostkey.pem belongs to 0:0' has_owner /etc/grid-security/hostkey.pem 0:0
check '/etc/grid-security/hostkey.pem has mode 400' has_mode /etc/grid-security/hostkey.pem 400

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
