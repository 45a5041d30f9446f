### back: say fail state finish as look lock
# What this script takes back stands beside it.
here=$(cd -- "$(dirname -- "$0")" && pwd)
if [ "$root" != "$(cat -- "$here/root")" ]; then
	fail "this backup belongs to another ARCLINT_ROOT: $(cat -- "$here/root")"
fi
if [ -z "$root" ] && [ "$me" != 0 ]; then
	fail "only root can do this"
fi
cd /
look "${here#"$root"}/."
[ -z "$uid" ] || fail "$here is not for root alone: its content cannot be trusted"
lock
kept=0

# keep_as_is TEXT: what is not taken back, and why.
keep_as_is() {
	kept=$((kept + 1))
	say "left as it is: $*" >&2
}

### kept_of: back
# kept_of STEP: whether the step had begun; sets was to what was kept of it: all
# of it, as it was written then, or nothing.
kept_of() {
	slot=$here/$1
	[ -s "$slot/sums" ] || return 1 # then the step had not begun
	if ! (cd -- "$slot" && sha256sum --check --status --strict sums); then
		keep_as_is "step $1, since its backup is damaged"
		return 1
	fi
	while read -r key value; do
		case $key in
		kind) was=$value ;;
		as) who=$value ;;
		entry) entry=$value ;;
		dirtime) dirtime=$value ;;
		esac
	done <"$slot/record"
}

### restore: kept_of kind pack unpack start_stage
# restore STEP PATH: what stood at PATH before the step comes back. What stands
# there now is kept beside the backup, in case somebody changed it since.
restore() {
	kept_of "$1" || return 0
	look "$2"
	if [ "${uid:-root}" != "$who" ]; then
		keep_as_is "$2, since its directory was in the hands of $who and is now in those of ${uid:-root}"
		return 0
	fi
	if ! as test -d "${now%/*}/"; then
		[ "$was" = absent ] || keep_as_is "$2, since its directory is gone"
		return 0
	fi
	as rm -rf -- "${now%/*}/.arclint.$recipe.$1"
	kind
	case $was in
	meta | dir) restore_meta "$2" ;;
	absent) restore_absence "$1" "$2" ;;
	*) restore_entry "$1" "$2" ;;
	esac
	restore_time "$2"
}

# restore_time PATH: the directory of PATH has the time that it had.
restore_time() {
	[ "$dirtime" != - ] || return 0
	[ "$(as stat -c %.9Y -- "${now%/*}/")" != "$dirtime" ] || return 0
	as touch -m -d "@$dirtime" -- "${now%/*}/" || keep_as_is "the time of the directory of $1"
	as sync -- "${now%/*}/"
}

# restore_meta PATH: mode and owner.
restore_meta() {
	[ "$mode $owner" != "$entry" ] || return 0
	case $kind in
	absent | link) keep_as_is "mode and owner of $1, which is not what it was" ;;
	*)
		[ -n "$root" ] || [ "$owner" = "${entry#* }" ] || as chown -h -- "${entry#* }" "$now"
		as chmod -- "${entry%% *}" "$now"
		looked=-
		say "mode and owner restored: $1"
		;;
	esac
}

# restore_absence STEP PATH: nothing stood there.
restore_absence() {
	case $kind in
	absent) return 0 ;;
	dir)
		if ! as rmdir -- "$now" 2>/dev/null; then
			keep_as_is "$2, since it is not empty"
			return 0
		fi
		;;
	*)
		keep_present "$1"
		as rm -f -- "$now"
		;;
	esac
	as sync -- "${now%/*}/"
	say "removed: $2"
}

# restore_entry STEP PATH: a file, a link or a tree.
restore_entry() {
	option=--no-recursion
	[ "$was" != tree ] || option=--recursion
	if [ "$kind" != absent ]; then
		! same_as_kept || return 0
		if [ "$was" = tree ] || [ "$kind" = dir ]; then
			keep_as_is "$2, since something else stands there now"
			return 0
		fi
		keep_present "$1"
	fi
	start_stage "$1" "$2"
	unpack "$slot/was.tar"
	[ "$was" != file ] || as sync -- "$stage/${now##*/}"
	[ "$was" != tree ] || as sync -f -- "$stage"
	as mv -fT -- "$stage/${now##*/}" "$now"
	end_stage
	if [ -z "$root$uid" ] && command -v restorecon >/dev/null 2>&1; then
		restorecon -R -- "$now" || say "warning: restorecon failed for $now" >&2
	fi
	if same_as_kept; then
		say "restored: $2"
	else
		keep_as_is "$2 in part: its bytes are those of before, but not its owner, mode, time or attributes"
	fi
}

# same_as_kept: whether what stands there is what was kept, to the last byte,
# mode, owner and time.
same_as_kept() {
	pack "$option" | cmp -s -- - "$slot/was.tar"
}

# keep_present STEP: what stands there now is kept.
keep_present() {
	pack --no-recursion >"$here/$1.at-rollback.tar"
	sync -- "$here/$1.at-rollback.tar"
}

### undo: kept_of
# undo STEP TOOL ARGUMENT...: lets a program take back what it made.
undo() {
	kept_of "$1" || return 0
	[ ! -e "$here/$1.undone" ] || return 0
	look "$2"
	[ -z "$uid" ] || fail "$2 is not for root alone"
	slot=$here/$1
	tool=$2
	shift 2
	"$root$tool" "$@" 9>&- || fail "$tool failed"
	: >"$slot.undone"
	sync -- "$slot.undone" "$here"
}

### disable_unit: kept_of
disable_unit() {
	kept_of "$1" || return 0
	[ ! -e "$here/$1.undone" ] || return 0
	systemctl disable --now -- "$2" 9>&-
	: >"$here/$1.undone"
	sync -- "$here/$1.undone" "$here"
	say "disabled: $2"
}

### not_undone: kept_of
# not_undone STEP COMMAND: nobody knows what the command changed.
not_undone() {
	kept_of "$1" || return 0
	keep_as_is "what this command has changed: $2"
}
