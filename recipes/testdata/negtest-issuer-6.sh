#!/bin/sh
# let https://ce.example.org:8447/negtest in, for a test
#
# arclint negtest asks this CE requests that should be turned away. To tell a
# refusal from a CE that refuses everybody, one token and one certificate must
# get in: those of a throw-away issuer and CA, which are valid for a day and
# whose keys are only in the memory of the arclint that waits. The rules name
# issuer, subject, audience, scope and group; nobody else gets in by them.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Then by hand: when arclint negtest has ended, run the rollback that this
# script names, which takes all of it back
#
# Note: the CE fetches keys from https://ce.example.org:8447/negtest: it must
# reach that address
#
# Note: the services restart at the start and at the end; jobs that run go on
#
# Note: a token or certificate of the test becomes the account nobody, and
# arclint submits no job with it

# Texts in single quotes are meant as they stand.
# shellcheck disable=SC2016

set -eu
umask 077
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

recipe=negtest-issuer

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

need_dir() {
	[ -d "$root$1" ] || fail "$1 is no directory: nothing was changed"
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

# content TEXT: what the next write_file writes.
content() {
	printf '%s' "$1" >"$tmp/content"
}

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

# has_mode PATH MODE
has_mode() {
	[ "$(stat -c %a -- "$root$1")" = "$2" ]
}

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe negtest-issuer did: the last step first.
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

restore 004 /etc/arc.conf
restore 003 /etc/grid-security/certificates/77677dd6.0
restore 002 /etc/grid-security/certificates/77677dd6.r0
restore 001 /etc/grid-security/certificates/77677dd6.signing_policy

if [ -z "$root" ]; then
	systemctl try-restart arc-arex arc-arex-ws
fi

rm -f -- "$root"/var/backups/arclint/negtest-issuer.unfinished
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need sha256sum
[ -n "$root" ] || need systemctl
need_dir /etc/grid-security/certificates
edit_ready /etc/arc.conf a0dc3d60f07e271e1a05f0c5886552e225f080496d9ea94e2cdd498d34214621 f2b1729acaa41bae272d89415e4ae6d1ce20c6786eda70f6a7ead1d9dd88f0f1

# --- the steps --------------------------------------------------------------

# write /etc/grid-security/certificates/77677dd6.signing_policy (mode 644, owner root:root)
content 'access_id_CA  X509   '\''/DC=net/DC=example/CN=arclint negtest 0a1b2c CA'\''
pos_rights    globus CA:sign
cond_subjects globus '\''"/DC=net/DC=example/*"'\''
'
write_file 001 /etc/grid-security/certificates/77677dd6.signing_policy 644 root:root

# write /etc/grid-security/certificates/77677dd6.r0 (mode 644, owner root:root)
content '-----BEGIN X509 CRL-----
MIIBzDCBtQIBATANBgkqhkiG9w0BAQsFADBSMRMwEQYKCZImiZPyLGQBGRYDbmV0
MRcwFQYKCZImiZPyLGQBGRYHZXhhbXBsZTEiMCAGA1UEAwwZYXJjbGludCBuZWd0
ZXN0IDBhMWIyYyBDQRcNMjYxMTIyMTIwMDAwWhcNMjYxMjIyMTIwMDAwWqAvMC0w
HwYDVR0jBBgwFoAUrkVA2sxtDWSRQa3/4T8cjKcgb/EwCgYDVR0UBAMCAQEwDQYJ
KoZIhvcNAQELBQADggEBAAfh2RHjts3pBScbX3VDG9fzssk0hIOC58i5oNWb90wH
Ci2ryb21GLtiixkOBOItHfgo0GtqX+9V4/IrHaC31D2pQ+UGR8tXSZVWbY0vcutd
oEccKz7CybMsVXr+Yy+hdNjYFvUxI3LZ0kZbfPvZjKx+H8XW5qPwlQmHoUlSBovz
2IAfdwkpJdMDQ9jaQQh7gLLnTbjNs/lVdkTjkv6kA0YVDO3LmTq6ObPLa0Ychews
lCFNWypOw3tkc6d8LOa2r/636HinU+Pzmt7wpuJTPzeqE79Y3UGod/+iOaEfMobl
pC0IQQTgfnn3r1rBrw5mkBZIWYmmxJeyEdqcx0NVovY=
-----END X509 CRL-----
'
write_file 002 /etc/grid-security/certificates/77677dd6.r0 644 root:root

# write /etc/grid-security/certificates/77677dd6.0 (mode 644, owner root:root)
content '-----BEGIN CERTIFICATE-----
MIIDiTCCAnGgAwIBAgIIUXglGQ721hEwDQYJKoZIhvcNAQELBQAwUjETMBEGCgmS
JomT8ixkARkWA25ldDEXMBUGCgmSJomT8ixkARkWB2V4YW1wbGUxIjAgBgNVBAMM
GWFyY2xpbnQgbmVndGVzdCAwYTFiMmMgQ0EwHhcNMjExMTIzMTIwMDAwWhcNMzYx
MTIzMTIwMDAwWjBSMRMwEQYKCZImiZPyLGQBGRYDbmV0MRcwFQYKCZImiZPyLGQB
GRYHZXhhbXBsZTEiMCAGA1UEAwwZYXJjbGludCBuZWd0ZXN0IDBhMWIyYyBDQTCC
ASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAMzBmA7D16rkbL0hTwi8Kgqd
LIR0mP0isJOK02ISGkiNxDAC9mIHAQO3AkPVpSGA1hkv/s6Ho3RUX7Ynw1+QaYr+
5i3WRFd7lSMiUWL7PX2HRpakp9SZn0/3991p81ohQHQ9TxjKUzqBKpnFTwiKoqN+
1N4rFnUFm8YriwPYWP1oJ1SH5v/uvEnFtwSBWQZumyKiIby8fr3/PEconwZB0NSH
hzXBL1h7E69uCyag1URymvKQCElpsACRfQAnMke75EFQ1Pz5OG08JXVIWOpCVZuX
MfVSR6GNFRjiBtRu3kPKJ5DQkF/HTnJSE6vB27SB6cpAdDPNGj5KpNtVngZ/Y6MC
AwEAAaNjMGEwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUrkVA2sxtDWSRQa3/
4T8cjKcgb/EwHwYDVR0jBBgwFoAUrkVA2sxtDWSRQa3/4T8cjKcgb/EwDgYDVR0P
AQH/BAQDAgEGMA0GCSqGSIb3DQEBCwUAA4IBAQCeFA7dhXw0x+sx0WR+X8lugLGb
0l4yMgzjDqniIg1tKiDp7kI5LoH5NfMYG3oPxbeoKwoMCeAb2CJ0gFT/BuQ7pyBi
rMyJdVidSObvJMzeLxt1YBjXy0NxenrvkqdsnYlu4xzc6gbkW7R2HRREjKFjiWWp
DyrWM4fIleQKF4ngeaQrajEE09qqgHpOhAxTzCMuPN+Ue0aCVFMJKa41pt9Xlc4U
n4srELQkiJftOIAgykCJ/ZF6H5mubDFwE70rJJYj/glw93sAmLP4Bf6iVVCYHvF7
2BQ2A252AJU6v5MZUAlNYQX2DH2PGpFeyAF6yt+jW/uwIoa69KxcyYaJpqPG
-----END CERTIFICATE-----
'
write_file 003 /etc/grid-security/certificates/77677dd6.0 644 root:root

# edit /etc/arc.conf: at line 8 insert "[authtokens]\n\n[authgroup:arclint_negtest]\nauthtokens=arclint-negtest https://ce.example.org:8447/negtest https://ce.example.org compute.read /arclint\nauthtokens=arclint-negtest https://ce.example.org:8447/negtest/fetched https://ce.example.org compute.read /arclint\nauthtokens=arclint-negtest https://ce.example.org:8447/negtest/keys-none https://ce.example.org compute.read /arclint\nsubject=/DC=net/DC=example/CN=arclint negtest 0a1b2c"; at line 8 insert "map_to_user=arclint_negtest nobody"; at line 17 insert "allowaccess=arclint_negtest"
start_edit 004 /etc/arc.conf a0dc3d60f07e271e1a05f0c5886552e225f080496d9ea94e2cdd498d34214621 f2b1729acaa41bae272d89415e4ae6d1ce20c6786eda70f6a7ead1d9dd88f0f1
if [ "$editing" = yes ]; then
	{
		bytes 0 130
		# line 8
		printf %s '[authtokens]

[authgroup:arclint_negtest]
authtokens=arclint-negtest https://ce.example.org:8447/negtest https://ce.example.org compute.read /arclint
authtokens=arclint-negtest https://ce.example.org:8447/negtest/fetched https://ce.example.org compute.read /arclint
authtokens=arclint-negtest https://ce.example.org:8447/negtest/keys-none https://ce.example.org compute.read /arclint
subject=/DC=net/DC=example/CN=arclint negtest 0a1b2c

'
		bytes 130 9
		# line 8
		printf %s '
map_to_user=arclint_negtest nobody'
		bytes 139 117
		# line 17
		printf %s '
allowaccess=arclint_negtest'
		bytes 256 31
	} >"$tmp/content"
	finish_edit /etc/arc.conf f2b1729acaa41bae272d89415e4ae6d1ce20c6786eda70f6a7ead1d9dd88f0f1
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

check '/etc/grid-security/certificates/77677dd6.signing_policy is as written' has_sum /etc/grid-security/certificates/77677dd6.signing_policy d04264a56ff16c7012d9eb73d3e74daccad89f699bd2bb7576f84207b46d25de
check '/etc/grid-security/certificates/77677dd6.signing_policy has mode 644' has_mode /etc/grid-security/certificates/77677dd6.signing_policy 644
check '/etc/grid-security/certificates/77677dd6.r0 is as written' has_sum /etc/grid-security/certificates/77677dd6.r0 020ba8e44c48cd75486f31808d319be1734f5eadf1b1e1a753c53521c2a9e8be
check '/etc/grid-security/certificates/77677dd6.r0 has mode 644' has_mode /etc/grid-security/certificates/77677dd6.r0 644
check '/etc/grid-security/certificates/77677dd6.0 is as written' has_sum /etc/grid-security/certificates/77677dd6.0 ec371640277fa69482e42f0ccde2cb764718dcdc4ccef0e41c7f1a40772c2d37
check '/etc/grid-security/certificates/77677dd6.0 has mode 644' has_mode /etc/grid-security/certificates/77677dd6.0 644
check '/etc/arc.conf is as edited' has_sum /etc/arc.conf f2b1729acaa41bae272d89415e4ae6d1ce20c6786eda70f6a7ead1d9dd88f0f1

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
say 'then by hand: when arclint negtest has ended, run the rollback that this script names, which takes all of it back'
