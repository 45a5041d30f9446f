### base:
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

### need:
need() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null 2>&1 || fail "the command $tool is missing: install it first"
	done
}

### need_dir:
need_dir() {
	[ -d "$root$1" ] || fail "$1 is no directory: nothing was changed"
}

### would:
# would DOING: says what is being done; is false in a dry run.
would() {
	changed=$((changed + 1))
	if [ "$dry_run" = yes ]; then
		say "would $*"
		return 1
	fi
	say "$*"
}

### start_backup:
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

### save: start_backup
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

### sum_of:
# sum_of PATH: the SHA-256 of a file, "none" where there is no regular file.
sum_of() {
	if [ -f "$root$1" ] && [ ! -L "$root$1" ]; then
		sha256sum <"$root$1" | cut -d ' ' -f 1
	else
		printf 'none\n'
	fi
}

### put:
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

### give:
# give OWNER FILE: OWNER is user:group, or =PATH for the owner of PATH.
give() {
	[ -z "$root" ] || return 0
	case $1 in
	=*) chown -h --reference="${1#=}" -- "$2" ;;
	*) chown -h -- "$1" "$2" ;;
	esac
}

### owned:
# owned OWNER PATH: whether PATH has that owner.
owned() {
	[ -z "$root" ] || return 0
	case $1 in
	=*) [ "$(stat -c %u:%g -- "$2")" = "$(stat -c %u:%g -- "${1#=}")" ] ;;
	*) [ "$(stat -c %U:%G -- "$2")" = "$1" ] || [ "$(stat -c %u:%g -- "$2")" = "$1" ] ;;
	esac
}

### check:
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

### require:
# require TEXT COMMAND...: stops where a condition does not hold.
require() {
	text=$1
	shift
	"$@" || fail "this must hold and does not: $text"
}

### content:
# content TEXT: what the next write_file writes.
content() {
	printf '%s' "$1" >"$tmp/content"
}

### content64:
# content64 BASE64: as content, for bytes that are no text.
content64() {
	printf '%s' "$1" | base64 -d >"$tmp/content"
}

### write_file: would save put give owned
# write_file STEP PATH MODE OWNER
write_file() {
	if [ -f "$root$2" ] && [ ! -L "$root$2" ] && cmp -s -- "$tmp/content" "$root$2" &&
		[ "$(stat -c %a -- "$root$2")" = "$3" ] && owned "$4" "$root$2"; then
		say "unchanged: $2"
		return 0
	fi
	would "write $2" || return 0
	save "$1" "$2"
	start_stage "$2"
	cp -- "$tmp/content" "$stage/new"
	give "$4" "$stage/new"
	chmod -- "$3" "$stage/new"
	put "$2"
}

### make_link: would save put
# make_link STEP PATH TARGET
make_link() {
	if [ -L "$root$2" ] && [ "$(readlink -n -- "$root$2" && printf .)" = "$3." ]; then
		say "unchanged: $2"
		return 0
	fi
	would "link $2 to $3" || return 0
	save "$1" "$2"
	start_stage "$2"
	ln -s -- "$3" "$stage/new"
	put "$2"
}

### remove: would save
# remove STEP PATH
remove() {
	if [ ! -e "$root$2" ] && [ ! -L "$root$2" ]; then
		say "unchanged: $2 is not there"
		return 0
	fi
	would "remove $2" || return 0
	[ ! -d "$root$2" ] || [ -L "$root$2" ] || fail "$2 is a directory"
	save "$1" "$2"
	rm -f -- "$root$2"
}

### remove_tree: would start_backup
# remove_tree STEP PATH: removes a directory with what is in it.
remove_tree() {
	if [ ! -e "$root$2" ] && [ ! -L "$root$2" ]; then
		say "unchanged: $2 is not there"
		return 0
	fi
	would "remove $2 with what is in it" || return 0
	start_backup
	mkdir -- "$backup/$1"
	cp -a -- "$root$2" "$backup/$1/tree"
	rm -rf -- "$root$2"
}

### make_dir: would save give
# make_dir STEP PATH MODE OWNER: a directory that is there stays as it is.
make_dir() {
	if [ -d "$root$2" ]; then
		say "unchanged: $2"
		return 0
	fi
	would "make the directory $2" || return 0
	save "$1" "$2"
	mkdir -m "$3" -- "$root$2"
	give "$4" "$root$2"
}

### save_meta: start_backup
# save_meta STEP PATH: keeps mode and owner only; the file may be a private key.
save_meta() {
	start_backup
	mkdir -- "$backup/$1"
	stat -c '%a %u:%g' -- "$root$2" >"$backup/$1/meta"
}

### not_link:
# not_link PATH: PATH is there and no link.
not_link() {
	[ -e "$root$1" ] || fail "$1 is not there"
	[ ! -L "$root$1" ] || fail "$1 is a link: want the mode and owner of what it leads to"
}

### set_mode: would save_meta not_link
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

### set_owner: would save_meta not_link give owned
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

### edit_ready: sum_of
# edit_ready PATH OLD NEW: refuses a file that is no longer the one that was read.
edit_ready() {
	case $(sum_of "$1") in
	"$2" | "$3") ;;
	none) fail "$1 is not there, or is a link: want the regular file that arclint read" ;;
	*) fail "$1 has changed since this script was made: run arclint again and use the script that it then writes" ;;
	esac
}

### edit: edit_ready sum_of would save put
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

### changes:
unfinished=no
[ ! -e "$pending" ] || unfinished=yes

# changes: whether this run, or one before it that stopped, changed something.
changes() {
	[ "$changed" -gt 0 ] || [ "$unfinished" = yes ]
}

### run:
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

### run_tool: start_backup
# run_tool STEP SAVED WHY TOOL ARGUMENT...: runs a program that this script
# installed. It says what it changes, and nothing where all is as it should be;
# then what the steps SAVED kept is not needed.
run_tool() {
	step=$1
	saved=$2
	why=$3
	tool=$4
	shift 4
	say "run $tool: $why"
	start_backup
	mkdir -- "$backup/$step"
	: >"$backup/$step/ran"
	"$root$tool" "$@" >"$tmp/said" || fail "$tool failed; it says why above"
	if [ -s "$tmp/said" ]; then
		cat -- "$tmp/said"
		changed=$((changed + 1))
		return 0
	fi
	for unneeded in $saved "$step"; do
		rm -rf -- "${backup:?}/$unneeded"
	done
}

### enable_unit: would start_backup enabled
# enable_unit STEP UNIT
enable_unit() {
	if [ -n "$root" ]; then
		say "skipped under ARCLINT_ROOT: systemctl enable --now $2"
		return 0
	fi
	if enabled "$2"; then
		say "unchanged: $2 is enabled"
		return 0
	fi
	would "enable and start $2" || return 0
	start_backup
	mkdir -- "$backup/$1"
	: >"$backup/$1/enabled"
	systemctl enable --now -- "$2"
}

### enabled:
# enabled UNIT
enabled() {
	[ -z "$root" ] || return 0
	systemctl --quiet is-enabled -- "$1" && systemctl --quiet is-active -- "$1"
}

### has_sum: sum_of
# has_sum PATH SHA256
has_sum() {
	[ "$(sum_of "$1")" = "$2" ]
}

### has_link:
# has_link PATH TARGET
has_link() {
	[ -L "$root$1" ] && [ "$(readlink -n -- "$root$1" && printf .)" = "$2." ]
}

### is_gone:
# is_gone PATH
is_gone() {
	[ ! -e "$root$1" ] && [ ! -L "$root$1" ]
}

### has_mode:
# has_mode PATH MODE
has_mode() {
	[ "$(stat -c %a -- "$root$1")" = "$2" ]
}

### has_owner: owned
# has_owner PATH OWNER
has_owner() {
	owned "$2" "$root$1"
}

### is_dir:
# is_dir PATH
is_dir() {
	[ -d "$root$1" ]
}

### not_empty:
# not_empty PATH
not_empty() {
	[ -f "$root$1" ] && [ -s "$root$1" ]
}

### anchored: under_hash
# anchored DIR PEM: whether the root in PEM stands in DIR under a name that
# OpenSSL looks up.
anchored() {
	under_hash "$1" "$2" -fingerprint
}

### not_anchored: under_hash
# not_anchored DIR PEM: neither the root nor another certificate with its key
# stands there, and no file brings it along.
not_anchored() {
	[ -r "$root$2" ] && ! under_hash "$1" "$2" -pubkey &&
		! openssl verify -no_check_time -no-CAfile -no-CAstore -CApath "$root$1" -- "$root$2" >/dev/null 2>&1
}

### under_hash:
# under_hash DIR PEM WHAT: whether a file DIR/HASH.n, up to the first gap, has
# the same -fingerprint or -pubkey as PEM.
under_hash() {
	hash=$(openssl x509 -noout -hash -in "$root$2") || return 1
	want=$(openssl x509 -noout -sha256 "$3" -in "$root$2") || return 1
	n=0
	while [ -e "$root$1/$hash.$n" ]; do
		if [ "$(openssl x509 -noout -sha256 "$3" -in "$root$1/$hash.$n" 2>/dev/null)" = "$want" ]; then
			return 0
		fi
		n=$((n + 1))
	done
	return 1
}

### verifies:
# verifies DIR CERTIFICATE
verifies() {
	openssl verify -no-CAfile -no-CAstore -CApath "$root$1" -- "$root$2" >/dev/null 2>&1
}

### still_verifies: verifies
# still_verifies CERTIFICATE BEFORE AFTER: what verified in BEFORE does in AFTER.
still_verifies() {
	! verifies "$2" "$1" || verifies "$3" "$1"
}

### fresh_crls:
# fresh_crls DIR: there are CRLs, and none has expired.
fresh_crls() {
	found=no
	for crl in "$root$1"/*.r0; do
		[ -f "$crl" ] || continue
		found=yes
		next=$(openssl crl -noout -nextupdate -in "$crl" 2>/dev/null) || {
			say "unreadable: $crl" >&2
			return 1
		}
		[ "$(date -d "${next#nextUpdate=}" +%s)" -gt "$(date +%s)" ] || {
			say "expired: $crl" >&2
			return 1
		}
	done
	[ "$found" = yes ]
}
