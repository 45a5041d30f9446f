### say:
# say TEXT: one line of printable ASCII, whatever a name of the site holds.
say() {
	case $* in
	*[!\ -~]*) printf "%s" "$*" | tr -c " -~" "?" && printf "\n" ;;
	*) printf "%s\n" "$*" ;;
	esac
}

### fail: say
fail() {
	say "error: $*" >&2
	exit 1
}

### arguments:
usage() {
	say "usage: sh SCRIPT [--dry-run]"
	say "  --dry-run  say what would be done, change nothing"
	say "Exit: 0 done, 1 failed, 2 usage, 75 another script of arclint is at work."
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

### state: fail
root=${ARCLINT_ROOT:-}
case $root in
"" | /*) ;;
*) fail "ARCLINT_ROOT must be an absolute path" ;;
esac
me=$(id -u)
looked=-
uid=
backup=
stage=
backups=$root/var/backups/arclint
tmp=$(mktemp -d)

### finish: say as
# finish: what is left to do however the script ends.
finish() {
	status=$?
	trap "" HUP INT TERM
	if [ "$status" -ne 0 ] && [ -s "$tmp/err" ]; then
		say "$(head -c 500 -- "$tmp/err")" >&2
	fi
	[ -z "$stage" ] || as rm -rf -- "$stage" || :
	rm -rf -- "$tmp"
	if [ "$status" -ne 0 ] && [ -n "$backup" ]; then
		say "stopped half-way or not as expected; to undo: sh $backup/rollback.sh" >&2
	fi
	exit "$status"
}
trap finish EXIT
trap "exit 130" INT
trap "exit 143" HUP TERM

### as:
# as COMMAND...: runs it as the user whom look has found. His process can be led
# where he could go himself, and nowhere else. It has no terminal, no file of root
# but those which its caller gives it, and ten minutes, since he can stop it.
as() {
	if [ -z "$uid" ]; then
		"$@"
	else
		timeout -s KILL 600 setsid -w setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs -- "$@" 2>"$tmp/err" 9>&-
	fi
}

### look: walk
# look PATH: sets now to where PATH is, and uid and gid to the user who alone can
# change what stands there: empty for root. Where others could, it fails.
look() {
	now=$root$1
	[ "${now%/*}" != "$looked" ] || return 0
	looked=-
	uid=
	gid=
	[ "$me" != 0 ] || walk "${now%/*}"
	looked=${now%/*}
}

### walk: judge follow
# walk DIR: goes down from / (from ARCLINT_ROOT) to DIR through directories that
# only root can change, and stops at the first one of another user.
walk() {
	way=$1
	hops=0
	while descend; do :; done
}

# descend: goes down the way; true where a link was met, which changes the way.
descend() {
	case $way/ in
	"$root"/*) start=$root ;;
	*) start="" ;;
	esac
	left=${way#"$start"}/
	at=$start
	set --
	[ -n "$start" ] || set -- /
	while [ "$left" != / ]; do
		left=${left#/}
		at=$at/${left%%/*}
		case $left in
		/* | ./*) at=${at%/*} ;;
		*) set -- "$@" "$at" ;;
		esac
		left=/${left#*/}
	done
	facts=$(stat -c "%u %g %f" -- "$@" 2>/dev/null || :)
	sticky=no
	for at in "$@"; do
		fact=${facts%%"$newline"*}
		facts=${facts#"$fact"}
		facts=${facts#"$newline"}
		[ -n "$fact" ] || break # it is not there, and only root can make it
		case $((0x${fact##* } & 0170000)) in
		16384) judge "$fact" || return 1 ;;
		40960)
			[ "$sticky" = no ] || [ "${fact%% *}" = 0 ] || refuse
			follow
			return 0
			;;
		*) fail "${at#"$root"} is no directory" ;;
		esac
	done
	[ "$sticky" = no ] || refuse
	return 1
}

newline="
"

### judge: fail
# judge FACT: whether the way goes on below the directory at. It fails where
# others than its owner could change what stands in it. Below a directory like
# /tmp it goes on to what is there: nobody but its owner can move that away.
judge() {
	bits=$((0x${1##* } & 07777))
	whose=${1%% *}
	group=${1#* }
	sticky=no
	if [ $((bits & 022)) -ne 0 ] && ! only_group_root "$at"; then
		shared=$at
		sticky=yes
		if [ "$whose" != 0 ] || [ $((bits & 01000)) -eq 0 ]; then refuse; fi
	fi
	[ "$whose" != 0 ] || return 0
	uid=$whose
	gid=$(id -g -- "$whose" 2>/dev/null) || gid=65534
	return 1
}

refuse() {
	shown=${shared#"$root"}
	fail "${shown:-/} belongs to $(stat -c "%U:%G" -- "$shared") and has mode $(stat -c %a -- "$shared"): others could put something else there while root works; see what stands there, and then: chmod go-w ${shown:-/}"
}

# only_group_root DIR: whether group 0 alone may write there besides the owner.
only_group_root() {
	[ "${group%% *}" = 0 ] && [ $((bits & 02)) -eq 0 ] || return 1
	case $(ls -ldn -- "$1") in
	??????????+*) return 1 ;; # an access list names others
	esac
}

### follow: fail
# follow: puts what the link at leads to into the way. It stands in directories
# of root.
follow() {
	hops=$((hops + 1))
	[ "$hops" -le 40 ] || fail "too many links on the way to $way"
	rest=${way#"$at"}
	target=$(readlink -n -- "$at" && printf .)
	target=${target%.}/
	base=${at%/*}
	case $target in
	/*) base="" ;;
	esac
	while :; do
		case $target in
		/*) target=${target#/} ;;
		./*) target=${target#./} ;;
		../*)
			target=${target#../}
			base=${base%/*}
			;;
		*) break ;;
		esac
	done
	case $target in
	*/../*) fail "the link ${at#"$root"} leads up and down, which is not followed: $target" ;;
	esac
	way=$base/${target%/}$rest
}

### kind: fail as
# kind: sets kind to what stands at now (absent, file, link, dir), and mode and
# owner to what that has.
kind() {
	mode=-
	owner=-
	if found=$(as stat -c "%f %a %u:%g" -- "$now" 2>"$tmp/err"); then
		case $((0x${found%% *} & 0170000)) in
		32768) kind="file" ;;
		40960) kind="link" ;;
		16384) kind=dir ;;
		*) fail "${now#"$root"} is neither a file, a directory nor a link" ;;
		esac
		found=${found#* }
		mode=${found% *}
		owner=${found#* }
		return 0
	fi
	case $(cat -- "$tmp/err") in
	*": No such file or directory" | *": Not a directory") kind=absent ;;
	*) fail "cannot see what stands at ${now#"$root"}: $(cat -- "$tmp/err")" ;;
	esac
	: >"$tmp/err"
}

### pack: as
# pack --recursion|--no-recursion: writes what stands at now to standard output,
# with mode, owner, time and attributes. The same gives the same bytes.
pack() {
	as tar -C "${now%/*}/" --format=pax --pax-option=delete=atime,delete=ctime,exthdr.name=%d/PaxHeaders/%f \
		--no-unquote --sort=name --numeric-owner --acls --xattrs "$1" -c -f - -- "./${now##*/}"
}

### unpack: as
# unpack FILE: the opposite, into the stage.
unpack() {
	as tar -C "$stage" --numeric-owner --acls --xattrs -x -p -f - <"$1"
}

### start_stage: as look
# start_stage STEP PATH: makes a place beside PATH, which belongs to the same
# user. What an interrupted run has left there goes.
start_stage() {
	look "$2"
	stage=${now%/*}/.arclint.$recipe.$1
	as rm -rf -- "$stage"
	as mkdir -m 700 -- "$stage" || fail "nothing can be put beside ${now#"$root"} by $(id -un -- "${uid:-0}"), who has that directory: see what stands there, and whose it is"
}

# end_stage: takes it away, and has what stands beside it on the disk.
end_stage() {
	as rm -rf -- "$stage"
	stage=""
	as sync -- "${now%/*}/"
}

### lock: say fail look
# lock: one script of arclint at a time. The lock goes with the last process that
# holds it, however that ends.
lock() {
	look /var/backups
	[ -d "$root/var/backups" ] || mkdir -p -- "$root/var/backups"
	mkdir -- "$backups" 2>/dev/null || [ -d "$backups" ] || fail "cannot make ${backups#"$root"}: is the disk full, or read-only?"
	look "${backups#"$root"}/."
	[ -z "$uid" ] || fail "${backups#"$root"} is not for root alone"
	exec 9>>"$backups/lock"
	if ! flock -n 9; then
		say "error: $(head -c 200 -- "$backups/lock") is at work: nothing was changed; try again when it has ended" >&2
		exit 75
	fi
	# On a full disk this fails, and a rollback must go on.
	printf "%s" "$recipe (process $$, since $(date -u +%Y-%m-%dT%H:%M:%SZ))" >"$backups/lock" 2>/dev/null || :
}

### need: fail
need() {
	for tool in "$@"; do
		command -v "$tool" >/dev/null 2>&1 || fail "the command $tool is missing: install it first"
	done
}

### base: say fail arguments state finish as lock need
need flock setpriv setsid sha256sum sync tar timeout
tar --sort=name --acls --xattrs -c -f /dev/null -T /dev/null || fail "GNU tar 1.28 or later is needed"
cd /
if [ -z "$root" ] && [ "$dry_run" = no ] && [ "$me" != 0 ]; then
	fail "only root can do this; --dry-run shows what would be done"
fi

changed=0
failures=0

# A run that stops half-way leaves this mark, so that the next one does not
# leave out a restart.
pending=$backups/$recipe.unfinished
[ "$dry_run" = yes ] || lock

### need_dir: fail look as
# need_dir DIR: it is there, and root may work in it.
need_dir() {
	look "$1/."
	as test -d "$root$1" || fail "$1 is no directory: nothing was changed"
}

### safe_dir: look
# safe_dir DIR: root may work in it, where it is there.
safe_dir() {
	look "$1/."
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

### start_backup: look
# start_backup makes the backup directory at the first change, with the script
# that takes back: whole or not at all.
start_backup() {
	[ -z "$backup" ] || return 0
	[ ! -s "$pending" ] || say "a run before this one stopped half-way; to undo that too, afterwards: sh $(cat -- "$pending")/rollback.sh"
	name=$backups/$recipe-$(date -u +%Y%m%dT%H%M%SZ)
	try=
	while [ -e "$name${try:+.$try}" ]; do
		try=$((${try:-0} + 1))
	done
	name=$name${try:+.$try}
	rm -rf -- "$name.part"
	mkdir -m 700 -- "$name.part"
	printf '%s' "$root" >"$name.part/root"
	rollback_script >"$name.part/rollback.sh"
	sync -- "$name.part/root" "$name.part/rollback.sh" "$name.part"
	mv -T -- "$name.part" "$name"
	backup=$name
	[ -s "$pending" ] || printf '%s' "$backup" >"$pending"
	sync -- "$pending" "$backups"
}

### seal: as
# open_slot STEP: what is kept of a step gets a place, slot.
open_slot() {
	slot=$backup/$1.part
	rm -rf -- "$slot"
	mkdir -- "$slot"
}

# seal STEP KIND: the slot is on the disk, with a digest, before the step changes
# anything; or it is not there.
seal() {
	dirtime=$(as stat -c %.9Y -- "${now%/*}/" 2>/dev/null) || dirtime=-
	printf 'kind %s\nas %s\nentry %s\ndirtime %s\n' "$2" "${uid:-root}" "$mode $owner" "$dirtime" >"$slot/record"
	[ -e "$slot/was.tar" ] || : >"$slot/was.tar"
	(cd -- "$slot" && sha256sum -- record was.tar >sums)
	sync -- "$slot/record" "$slot/was.tar" "$slot/sums" "$slot"
	mv -T -- "$slot" "$backup/$1"
	sync -- "$backup"
}

### save: start_backup look kind pack seal
# save STEP PATH: keeps what stands at PATH.
save() {
	start_backup
	look "$2"
	kind
	open_slot "$1"
	case $kind in
	file | link) pack --no-recursion >"$slot/was.tar" ;;
	esac
	seal "$1" "$kind"
}

### mark: start_backup look seal
# mark STEP KIND: keeps that a command of this step may have run.
mark() {
	start_backup
	look "${backups#"$root"}/."
	mode=- owner=-
	open_slot "$1"
	seal "$1" "$2"
}

### bytes_of_now: as
# bytes_of_now: writes the file at now to standard output, and does not wait where
# it has become a pipe.
bytes_of_now() {
	as dd iflag=nonblock bs=64k status=none if="$now"
}

### sum_of: look kind bytes_of_now
# sum_of PATH: sets sum to the SHA-256 of a file, none where there is none.
sum_of() {
	look "$1"
	kind
	sum=none
	[ "$kind" = file ] || return 0
	sum=$(bytes_of_now | sha256sum)
	sum=${sum%% *}
}

### put: start_stage kind
# put: moves what is staged to now in one step.
put() {
	kind
	[ "$kind" != dir ] || fail "${now#"$root"} is a directory"
	as mv -fT -- "$stage/new" "$now"
	end_stage
	if [ -z "$root$uid" ] && command -v restorecon >/dev/null 2>&1; then
		restorecon -- "$now" || say "warning: restorecon failed for $now" >&2
	fi
}

### owned: fits
# owned OWNER: whether what kind has found belongs to OWNER, user:group or =PATH.
owned() {
	[ -z "$root" ] || return 0
	owner_of "$1"
	if [ -n "$uid" ]; then
		[ "${owner%:*}" = "${wanted%:*}" ]
	else
		[ "$owner" = "$wanted" ]
	fi
}

### fits: fail
# owner_of OWNER: sets wanted to the numbers of user:group, or of who has =PATH.
owner_of() {
	case $1 in
	=*) wanted=$(stat -L -c %u:%g -- "${1#=}") ;;
	*)
		wanted=$(id -u -- "${1%%:*}" 2>/dev/null) || fail "there is no user ${1%%:*}"
		case ${1#*:} in
		*[!0-9]*) wanted=$wanted:$(getent group -- "${1#*:}" | cut -d : -f 3) ;;
		*) wanted=$wanted:${1#*:} ;;
		esac
		;;
	esac
}

# fits OWNER: in a directory of another user nothing can be made but his.
fits() {
	[ -z "$root" ] && [ -n "$uid" ] || return 0
	owner_of "$1"
	[ "${wanted%:*}" = "$uid" ] || fail "${now#"$root"} should belong to $1, and stands below a directory of $(id -un -- "$uid"), who could replace it at any time: give that directory to root first"
}

### give: fits
# give OWNER FILE: what another user has made is his already.
give() {
	[ -z "$root$uid" ] || return 0
	owner_of "$1"
	chown -h -- "$wanted" "$2"
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

### same_content: bytes_of_now
# same_content: whether the file at now holds the content.
same_content() {
	bytes_of_now | cmp -s -- - "$tmp/content"
}

### fill: as
# fill: puts the content on the disk as the staged file.
fill() {
	as dd oflag=nonblock bs=64k status=none of="$stage/new" <"$tmp/content"
	as sync -- "$stage/new"
}

### write_file: look kind same_content owned would fits save start_stage fill give put
# write_file STEP PATH MODE OWNER
write_file() {
	look "$2"
	kind
	if [ "$kind" = file ] && [ "$mode" = "$3" ] && owned "$4" && same_content; then
		say "unchanged: $2"
		return 0
	fi
	fits "$4"
	would "write $2" || return 0
	save "$1" "$2"
	start_stage "$1" "$2"
	fill
	give "$4" "$stage/new"
	as chmod -- "$3" "$stage/new"
	put
}

### make_link: has_link would save start_stage put
# make_link STEP PATH TARGET
make_link() {
	if has_link "$2" "$3"; then
		say "unchanged: $2"
		return 0
	fi
	would "link $2 to $3" || return 0
	save "$1" "$2"
	start_stage "$1" "$2"
	as ln -s -- "$3" "$stage/new"
	put
}

### remove: look kind would save
# remove STEP PATH
remove() {
	look "$2"
	kind
	if [ "$kind" = absent ]; then
		say "unchanged: $2 is not there"
		return 0
	fi
	would "remove $2" || return 0
	[ "$kind" != dir ] || fail "$2 is a directory"
	save "$1" "$2"
	as rm -f -- "$now"
	as sync -- "${now%/*}/"
}

### remove_tree: look kind would start_backup whole_tree pack seal start_stage
# remove_tree STEP PATH: removes a directory with what is in it. It goes in one
# step, whatever interrupts the rest.
remove_tree() {
	look "$2"
	kind
	if [ "$kind" = absent ]; then
		say "unchanged: $2 is not there"
		return 0
	fi
	would "remove $2 with what is in it" || return 0
	whole_tree
	start_backup
	look "$2"
	kind
	open_slot "$1"
	pack --recursion >"$slot/was.tar"
	seal "$1" tree
	start_stage "$1" "$2"
	as mv -T -- "$now" "$stage/new"
	as sync -- "${now%/*}/"
	end_stage
}

### whole_tree: fail
# whole_tree: root acts on a tree only where nobody else can change a directory
# of it.
whole_tree() {
	[ -z "$uid" ] && [ "$me" = 0 ] || return 0
	other=$(find "$now" -type d \( ! -uid 0 -o -perm -020 ! -gid 0 -o -perm -002 \) -printf . -quit)
	[ -z "$other" ] || fail "others than root can change what stands in ${now#"$root"}: chown -hR root: ${now#"$root"} and chmod -R go-w ${now#"$root"} first, or remove it by hand"
}

### make_dir: look kind as would fits save start_stage give put
# make_dir STEP PATH MODE OWNER: a directory that is there stays as it is.
make_dir() {
	look "$2"
	kind
	if [ "$kind" = dir ] || as test -d "$now"; then
		say "unchanged: $2"
		return 0
	fi
	fits "$4"
	would "make the directory $2" || return 0
	save "$1" "$2"
	start_stage "$1" "$2"
	as mkdir -- "$stage/new"
	give "$4" "$stage/new"
	as chmod -- "$3" "$stage/new"
	put
	looked=-
}

### save_meta: start_backup look kind seal
# save_meta STEP PATH: keeps mode and owner only; the file may be a private key.
save_meta() {
	start_backup
	look "$2"
	kind
	open_slot "$1"
	seal "$1" meta
}

### not_link: look kind
# not_link PATH: PATH is there and no link.
not_link() {
	look "$1"
	kind
	case $kind in
	absent) fail "$1 is not there" ;;
	link) fail "$1 is a link: want the mode and owner of what it leads to" ;;
	esac
}

### set_mode: would save_meta not_link as
# set_mode STEP PATH MODE
set_mode() {
	not_link "$2"
	if [ "$mode" = "$3" ]; then
		say "unchanged: $2"
		return 0
	fi
	would "set the mode of $2 to $3" || return 0
	save_meta "$1" "$2"
	as chmod -- "$3" "$now"
	looked=-
}

### set_owner: would save_meta not_link fits give owned
# set_owner STEP PATH OWNER
set_owner() {
	not_link "$2"
	if owned "$3"; then
		say "unchanged: $2"
		return 0
	fi
	[ -z "$uid" ] || fail "$2 stands below a directory of $(id -un -- "$uid"), in which only his own can be: give that directory to root first"
	would "set the owner of $2 to $3" || return 0
	save_meta "$1" "$2"
	give "$3" "$now"
	looked=-
}

### edit_ready: sum_of
# edit_ready PATH OLD NEW: refuses a file that is no longer the one that was read.
edit_ready() {
	sum_of "$1"
	case $sum in
	"$2" | "$3") ;;
	none) fail "$1 is not there, or is a link: want the regular file that arclint read" ;;
	*) fail "$1 has changed since this script was made: run arclint again and use the script that it then writes" ;;
	esac
}

### edit: edit_ready would save start_stage unpack fill put
# start_edit STEP PATH OLD NEW: sets editing to whether the file has to be edited.
start_edit() {
	editing=no
	edit_ready "$2" "$3" "$4"
	if [ "$sum" = "$4" ]; then
		say "unchanged: $2"
		return 0
	fi
	[ -z "$uid" ] || [ "${owner%:*}" = "$uid" ] || fail "$2 belongs to another than its directory: give both to the same user first"
	would "edit $2" || return 0
	save "$1" "$2"
	bytes_of_now >"$tmp/original"
	step=$1
	editing=yes
}

# bytes FROM COUNT: COUNT bytes of the original, from the offset FROM on.
bytes() {
	tail -c "+$(($1 + 1))" -- "$tmp/original" | head -c "$2"
}

# finish_edit PATH NEW: puts the edited bytes in place, mode and owner kept.
finish_edit() {
	[ "$(sha256sum <"$tmp/content" | cut -d ' ' -f 1)" = "$2" ] || fail "the edit of $1 did not give what it should: the file was left alone"
	start_stage "$step" "$1"
	unpack "$backup/$step/was.tar" # what stands there by now may be a pipe, which would hold cp
	as mv -fT -- "$stage/${now##*/}" "$stage/new"
	as chmod u+w -- "$stage/new"
	fill
	as chmod -- "$mode" "$stage/new"
	put
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
		"$@" 9>&- || fail "$1 failed, expected: $expect"
	fi
}

### run_tool: look mark
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
	mark "$step" ran
	look "$tool"
	[ -z "$uid" ] || fail "$tool is not for root alone"
	"$root$tool" "$@" >"$tmp/said" 9>&- || fail "$tool failed; it says why above"
	if [ -s "$tmp/said" ]; then
		tr -c ' -~\n' '?' <"$tmp/said"
		changed=$((changed + 1))
		return 0
	fi
	for unneeded in $saved "$step"; do
		rm -rf -- "${backup:?}/$unneeded"
	done
}

### enable_unit: would mark enabled
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
	mark "$1" enabled
	systemctl enable --now -- "$2" 9>&-
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
	sum_of "$1"
	[ "$sum" = "$2" ]
}

### has_link: look kind as
# has_link PATH TARGET
has_link() {
	look "$1"
	kind
	[ "$kind" = link ] && [ "$(as readlink -n -- "$now" && printf .)" = "$2." ]
}

### is_gone: look kind
# is_gone PATH
is_gone() {
	look "$1"
	kind
	[ "$kind" = absent ]
}

### has_mode: look kind
# has_mode PATH MODE
has_mode() {
	look "$1"
	kind
	[ "$kind" != absent ] && [ "$mode" = "$2" ]
}

### has_owner: look kind owned
# has_owner PATH OWNER
has_owner() {
	look "$1"
	kind
	[ "$kind" != absent ] && owned "$2"
}

### is_dir: look as
# is_dir PATH
is_dir() {
	look "$1"
	as test -d "$now"
}

### not_empty: look as
# not_empty PATH
not_empty() {
	look "$1"
	as test -f "$now" && as test -s "$now"
}

### anchored: under_hash
# anchored DIR PEM: whether the root in PEM stands in DIR under a name that
# OpenSSL looks up.
anchored() {
	under_hash "$1" "$2" -fingerprint
}

### not_anchored: under_hash verifies
# not_anchored DIR PEM: neither the root nor another certificate with its key
# stands there, and no file brings it along.
not_anchored() {
	look "$2"
	as test -r "$now" && ! under_hash "$1" "$2" -pubkey && ! verifies "$1" "$2" -no_check_time
}

### under_hash: look as
# under_hash DIR PEM WHAT: whether a file DIR/HASH.n, up to the first gap, has
# the same -fingerprint or -pubkey as PEM.
under_hash() {
	look "$2"
	hash=$(as openssl x509 -noout -hash -in "$now") || return 1
	want=$(as openssl x509 -noout -sha256 "$3" -in "$now") || return 1
	n=0
	look "$1/$hash.$n"
	while as test -e "$root$1/$hash.$n"; do
		if [ "$(as openssl x509 -noout -sha256 "$3" -in "$root$1/$hash.$n" 2>/dev/null)" = "$want" ]; then
			return 0
		fi
		n=$((n + 1))
	done
	return 1
}

### verifies: look as bytes_of_now
# verifies DIR CERTIFICATE OPTION...
verifies() {
	look "$2"
	bytes_of_now >"$tmp/certificate" || return 1
	look "$1/."
	shift 2
	as openssl verify "$@" -no-CAfile -no-CAstore -CApath "${now%/.}" <"$tmp/certificate" >/dev/null 2>&1
}

### still_verifies: verifies
# still_verifies CERTIFICATE BEFORE AFTER: what verified in BEFORE does in AFTER.
still_verifies() {
	! verifies "$2" "$1" || verifies "$3" "$1"
}

### fresh_crls: look as
# fresh_crls DIR: there are CRLs, and none has expired.
fresh_crls() {
	look "$1/."
	as find "${now%/.}/" -maxdepth 1 -name '*.r0' >"$tmp/crls"
	[ -s "$tmp/crls" ] || return 1
	while read -r crl; do
		next=$(as openssl crl -noout -nextupdate -in "$crl" 2>/dev/null) || {
			say "unreadable: $crl" >&2
			return 1
		}
		[ "$(date -d "${next#nextUpdate=}" +%s)" -gt "$(date +%s)" ] || {
			say "expired: $crl" >&2
			return 1
		}
	done <"$tmp/crls"
}
