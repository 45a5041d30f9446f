### base:
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

### restore:
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

### undo:
# undo STEP TOOL ARGUMENT...: lets a program take back what it made.
undo() {
	slot=$here/$1
	tool=$2
	shift 2
	[ -e "$slot/ran" ] || return 0
	"$root$tool" "$@" && rm -f -- "$slot/ran"
}

### disable_unit:
disable_unit() {
	[ -e "$here/$1/enabled" ] || return 0
	systemctl disable --now -- "$2"
	rm -f -- "$here/$1/enabled"
	say "disabled: $2"
}

