#!/bin/sh
# fetch the certificate revocation lists again and keep them fresh
#
# An expired CRL refuses every certificate of its CA, and a missing one lets
# revoked certificates in without a word (arc-behaviour D9, S9).
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: fetch-crl reads where to fetch from each CA's .info or .crl_url file;
# a CA without either has no CRL and gets none.
#
# Note: The files that fetch-crl writes are not restored by a rollback: an old
# CRL is of no use.

# Texts in single quotes are meant as they stand.
# shellcheck disable=SC2016

set -eu
umask 077
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

recipe=refresh-crls

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

# enabled UNIT
enabled() {
	[ -z "$root" ] || return 0
	systemctl --quiet is-enabled -- "$1" && systemctl --quiet is-active -- "$1"
}

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

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe refresh-crls did: the last step first.
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

disable_unit() {
	[ -e "$here/$1/enabled" ] || return 0
	systemctl disable --now -- "$2"
	rm -f -- "$here/$1/enabled"
	say "disabled: $2"
}

disable_unit 001 fetch-crl.timer

rm -f -- "$root"/var/backups/arclint/refresh-crls.unfinished
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

[ -n "$root" ] || need fetch-crl
need openssl
[ -n "$root" ] || need systemctl

# --- the steps --------------------------------------------------------------

# run fetch-crl --quiet: fetch the CRL of every CA that names one, expect: a fresh HASH.r0 for each CA in /etc/grid-security/certificates; it says which it could not fetch
run 'fetch the CRL of every CA that names one' 'a fresh HASH.r0 for each CA in /etc/grid-security/certificates; it says which it could not fetch' fetch-crl --quiet

# enable and start the systemd unit fetch-crl.timer
enable_unit 001 fetch-crl.timer

if [ "$dry_run" = yes ]; then
	say "dry run: $changed changes would be made, nothing was changed"
	exit 0
fi

# --- verification -----------------------------------------------------------

check 'fetch-crl.timer is enabled and active' enabled fetch-crl.timer
check 'no CRL in /etc/grid-security/certificates has expired' fresh_crls /etc/grid-security/certificates

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
