#!/bin/sh
# pin the keys of https://token.example.org/vo
#
# The CE cannot fetch the keys of https://token.example.org/vo, since it does
# not trust the CA of token.example.org. Pinned keys need no fetch and no CA
# (arc-behaviour H3): a program fetches them over HTTPS, checked against the
# CAs of the system, and a timer keeps them fresh.
#
# Strategy: pin-issuer
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: The key fetch of the recipe compares the host name and the CE's own
# does not (arc-behaviour S10), but the CE still makes its own for tokens with
# unknown key ids (arc-behaviour S12).
#
# Note: arc-arex-ws restarts when the keys change, and only then: it reads
# pinned keys at start (arc-behaviour G3).
#
# Note: The file issuer must equal the issuer in the tokens byte for byte
# (arc-behaviour G2); the program refuses metadata that say otherwise.

# Texts in single quotes are meant as they stand.
# shellcheck disable=SC2016

set -eu
umask 077
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

recipe=pin-issuer

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

# require TEXT COMMAND...: stops where a condition does not hold.
require() {
	text=$1
	shift
	"$@" || fail "this must hold and does not: $text"
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

# has_sum PATH SHA256
has_sum() {
	[ "$(sum_of "$1")" = "$2" ]
}

# has_mode PATH MODE
has_mode() {
	[ "$(stat -c %a -- "$root$1")" = "$2" ]
}

# is_dir PATH
is_dir() {
	[ -d "$root$1" ]
}

# not_empty PATH
not_empty() {
	[ -f "$root$1" ] && [ -s "$root$1" ]
}

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe pin-issuer did: the last step first.
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

disable_unit() {
	[ -e "$here/$1/enabled" ] || return 0
	systemctl disable --now -- "$2"
	rm -f -- "$here/$1/enabled"
	say "disabled: $2"
}

disable_unit 010 arclint-issuer-792d6b50.timer
restore 009 /etc/systemd/system/arclint-issuer-792d6b50.timer
restore 008 /etc/systemd/system/arclint-issuer-792d6b50.service
restore 006 /var/spool/arc/jobstatus/tokenissuers/792d6b50/issuer
restore 005 /var/spool/arc/jobstatus/tokenissuers/792d6b50/keys
restore 004 /var/spool/arc/jobstatus/tokenissuers/792d6b50/metadata
restore 003 /var/spool/arc/jobstatus/tokenissuers/792d6b50
restore 002 /var/spool/arc/jobstatus/tokenissuers
restore 001 /usr/local/sbin/arclint-issuer-792d6b50

if [ -z "$root" ]; then
	systemctl daemon-reload
	systemctl try-restart arc-arex-ws
fi

rm -f -- "$root"/var/backups/arclint/pin-issuer.unfinished
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need curl
need python3
[ -n "$root" ] || need systemctl
need_dir /usr/local/sbin
need_dir /var/spool/arc/jobstatus
need_dir /etc/systemd/system
require '/var/spool/arc/jobstatus is a directory' is_dir /var/spool/arc/jobstatus

# --- the steps --------------------------------------------------------------

# write /usr/local/sbin/arclint-issuer-792d6b50 (mode 755, owner root:root)
content '#!/bin/sh
# Fetches the metadata and keys of a token issuer over HTTPS, checked against
# the CAs of the system, and pins them for ARC 7. It says what it changes, and is
# silent where all is as it should be. What is pinned stays where a fetch fails.

issuer=https://token.example.org/vo
metadata_url=https://token.example.org/vo/.well-known/openid-configuration
controldir=/var/spool/arc/jobstatus
name=792d6b50
ca_file=/etc/ssl/certs/ca-certificates.crt

set -eu
umask 022
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

# For tests: ARCLINT_ROOT goes before every path, ARCLINT_CA_FILE names the
# trusted CAs; owners and the service are left alone then.
root=${ARCLINT_ROOT:-}
[ -z "$root" ] || ca_file=${ARCLINT_CA_FILE:-$ca_file}
control=$root$controldir
pinned=$control/tokenissuers/$name
pending=$root/run/arclint-$name.restart
limit=1048576

tmp=$(mktemp -d)
stage=
finish() {
	status=$?
	rm -rf -- "$tmp"
	[ -z "$stage" ] || rm -rf -- "$stage"
	exit "$status"
}
trap finish EXIT
trap "exit 130" INT
trap "exit 143" HUP TERM

say() {
	printf "%s" "$*" | tr "[:cntrl:]" "?"
	printf "\n"
}

fail() {
	say "error: $*; what is pinned for $issuer stays as it is" >&2
	exit 1
}

# fetch URL FILE: over HTTPS only, from a server whose certificate and name the
# CAs of the system vouch for, without redirects, of bounded size and time.
fetch() {
	code=$(
		ulimit -f 4096
		env -u CURL_CA_BUNDLE -u SSL_CERT_FILE -u SSL_CERT_DIR -u SSLKEYLOGFILE -u CURL_HOME \
			curl -q --silent --show-error --globoff --proto =https --tlsv1.2 --max-redirs 0 \
			--cacert "$ca_file" --connect-timeout 20 --max-time 60 --max-filesize "$limit" \
			--header "Accept: application/json" --write-out "%{http_code}" --output "$2" --url "$1"
	) || fail "cannot fetch $1"
	[ "$code" = 200 ] || fail "$1 answers with status $code, want 200 (a redirect is not followed)"
	[ -s "$2" ] || fail "$1 is empty"
	[ "$(wc -c <"$2")" -le "$limit" ] || fail "$1 is larger than $limit bytes"
}

[ -d "$control" ] || fail "$controldir is no directory"
[ -r "$ca_file" ] || fail "$ca_file, the CAs of the system, cannot be read"

# ARC reads every directory of tokenissuers. With two for one issuer, the one
# that it happens to read last counts.
printf "%s" "$issuer" >"$tmp/issuer"
for other in "$control"/tokenissuers/*/issuer; do
	if [ "$other" != "$pinned/issuer" ] && [ -f "$other" ] && cmp -s -- "$tmp/issuer" "$other"; then
		fail "$other pins this issuer as well, and which of the two counts is chance: remove one"
	fi
done
if [ -s "$pinned/issuer" ] && [ "$(cat -- "$pinned/issuer")" != "$issuer" ]; then
	fail "$pinned belongs to another issuer"
fi

fetch "$metadata_url" "$tmp/metadata"
jwks_uri=$(python3 -I - "$issuer" "$tmp/metadata" <<"PYTHON"
import json, sys
from urllib.parse import urlsplit

def once(pairs):
    if len(dict(pairs)) != len(pairs):
        sys.exit("error: a member of the metadata stands twice")
    return dict(pairs)

issuer, path = sys.argv[1:]
with open(path, encoding="utf-8") as f:
    try:
        metadata = json.load(f, object_pairs_hook=once)
    except (ValueError, RecursionError) as e:
        sys.exit("error: the metadata is no JSON: %s" % e)
if not isinstance(metadata, dict) or "error" in metadata:
    sys.exit("error: the metadata is no description of an issuer")
if metadata.get("issuer") != issuer:
    sys.exit("error: the metadata says issuer %a, want %a: tokens carry the first, arc.conf must name it exactly"
             % (metadata.get("issuer"), issuer))
uri = metadata.get("jwks_uri")
if not isinstance(uri, str) or not all("!" <= c <= "~" for c in uri):
    sys.exit("error: jwks_uri is missing or no URL: %a" % (uri,))
here, there = urlsplit(issuer), urlsplit(uri)
if there.scheme != "https" or there.username is not None or there.hostname != here.hostname:
    sys.exit("error: jwks_uri %s is not https on %s: decide yourself whether that host may vouch for this issuer"
             % (uri, here.hostname))
print(uri)
PYTHON
) || fail "the metadata of the issuer cannot be used"

fetch "$jwks_uri" "$tmp/keys"
python3 -I - "$tmp/keys" <<"PYTHON" || fail "the keys of the issuer cannot be used"
import base64, json, sys

def once(pairs):
    if len(dict(pairs)) != len(pairs):
        sys.exit("error: a member of the key set stands twice")
    return dict(pairs)

def number(key, member):
    text = key.get(member)
    if not isinstance(text, str):
        return 0
    try:
        return int.from_bytes(base64.b64decode(text + "=" * (-len(text) % 4), "-_", validate=True), "big")
    except ValueError:
        return 0

with open(sys.argv[1], encoding="utf-8") as f:
    try:
        jwks = json.load(f, object_pairs_hook=once)
    except (ValueError, RecursionError) as e:
        sys.exit("error: the key set is no JSON: %s" % e)
keys = jwks.get("keys") if isinstance(jwks, dict) else None
if not isinstance(keys, list) or not all(isinstance(k, dict) for k in keys):
    sys.exit("error: the key set has no list of keys")
usable = 0
for key in keys:
    kid, kty = key.get("kid"), key.get("kty")
    if "d" in key or kty == "oct":
        sys.exit("error: key %a holds a secret, which must not be published" % (kid,))
    if kty == "RSA" and number(key, "n").bit_length() < 2048:
        sys.exit("error: RSA key %a has %d bits, want 2048: ARC would accept tokens signed with it"
                 % (kid, number(key, "n").bit_length()))
    if not isinstance(kid, str) or not kid:
        continue
    if kty == "RSA" and number(key, "e") > 2:
        usable += 1
    if kty == "EC" and key.get("crv") == "P-256" and number(key, "x") and number(key, "y"):
        usable += 1
if not usable:
    sys.exit("error: none of the %d keys is RSA or EC P-256 with a kid" % len(keys))
PYTHON

# like_control FILE...: the owner of the control directory reads them.
like_control() {
	[ -n "$root" ] || chown -h --reference="$control" -- "$@"
}

# put FILE: moves a fetched file to its place in one step, if it is another.
put() {
	if [ ! -L "$pinned/$1" ] && cmp -s -- "$tmp/$1" "$pinned/$1"; then
		return 0
	fi
	[ -n "$stage" ] || stage=$(mktemp -d -- "$control/.arclint.XXXXXX")
	cp -- "$tmp/$1" "$stage/$1"
	chmod 644 -- "$stage/$1"
	like_control "$stage/$1"
	[ "$1" = metadata ] || : >"$pending"
	mv -fT -- "$stage/$1" "$pinned/$1"
	say "pinned the $1 of $issuer in $controldir/tokenissuers/$name"
}

mkdir -p -- "$root/run"
if [ ! -d "$control/tokenissuers" ]; then
	mkdir -m 755 -- "$control/tokenissuers"
	like_control "$control/tokenissuers"
fi
if [ ! -d "$pinned" ]; then
	mkdir -m 755 -- "$pinned"
	like_control "$pinned"
fi
# ARC skips a directory without issuer, so that comes last.
put metadata
put keys
put issuer

# ARC reads pinned keys when it starts, and only then. A restart that failed is
# tried again by the next run.
if [ -e "$pending" ]; then
	if [ -z "$root" ]; then
		systemctl try-restart arc-arex-ws.service || fail "arc-arex-ws did not restart with the new keys"
		say "restarted arc-arex-ws"
	fi
	rm -f -- "$pending"
fi
'
write_file 001 /usr/local/sbin/arclint-issuer-792d6b50 755 root:root

# make the directory /var/spool/arc/jobstatus/tokenissuers (mode 755, owner the owner of /var/spool/arc/jobstatus)
make_dir 002 /var/spool/arc/jobstatus/tokenissuers 755 '=/var/spool/arc/jobstatus'

# run /usr/local/sbin/arclint-issuer-792d6b50: fetch the issuer's keys over verified HTTPS and pin them, expect: /var/spool/arc/jobstatus/tokenissuers/792d6b50 holds issuer, metadata and keys
if [ "$dry_run" = yes ]; then
	say 'would run /usr/local/sbin/arclint-issuer-792d6b50: fetch the issuer'\''s keys over verified HTTPS and pin them'
else
	save 003 /var/spool/arc/jobstatus/tokenissuers/792d6b50
	save 004 /var/spool/arc/jobstatus/tokenissuers/792d6b50/metadata
	save 005 /var/spool/arc/jobstatus/tokenissuers/792d6b50/keys
	save 006 /var/spool/arc/jobstatus/tokenissuers/792d6b50/issuer
	run_tool 007 '003 004 005 006' 'fetch the issuer'\''s keys over verified HTTPS and pin them' /usr/local/sbin/arclint-issuer-792d6b50
fi

# write /etc/systemd/system/arclint-issuer-792d6b50.service (mode 644, owner root:root)
content '[Unit]
Description=Refresh the pinned keys of a token issuer for ARC
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/arclint-issuer-792d6b50
'
write_file 008 /etc/systemd/system/arclint-issuer-792d6b50.service 644 root:root

# write /etc/systemd/system/arclint-issuer-792d6b50.timer (mode 644, owner root:root)
content '[Unit]
Description=Refresh the pinned keys of a token issuer for ARC

[Timer]
OnBootSec=5min
OnUnitActiveSec=1h
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target
'
write_file 009 /etc/systemd/system/arclint-issuer-792d6b50.timer 644 root:root

# run systemctl daemon-reload: make systemd read the new units
if changes; then
	run 'make systemd read the new units' '' systemctl daemon-reload
fi

# enable and start the systemd unit arclint-issuer-792d6b50.timer
enable_unit 010 arclint-issuer-792d6b50.timer

if [ "$dry_run" = yes ]; then
	say "dry run: $changed changes would be made, nothing was changed"
	exit 0
fi

# --- verification -----------------------------------------------------------

check '/usr/local/sbin/arclint-issuer-792d6b50 is as written' has_sum /usr/local/sbin/arclint-issuer-792d6b50 d8f9b257fe4e716f5ceccf2e8351f0235a5b1a21b96a0a4445cea0aaeca7db35
check '/usr/local/sbin/arclint-issuer-792d6b50 has mode 755' has_mode /usr/local/sbin/arclint-issuer-792d6b50 755
check '/var/spool/arc/jobstatus/tokenissuers is a directory' is_dir /var/spool/arc/jobstatus/tokenissuers
check '/etc/systemd/system/arclint-issuer-792d6b50.service is as written' has_sum /etc/systemd/system/arclint-issuer-792d6b50.service 3ebfe8c09d17182b49f90972da887d986c95a28075143b6d123fd206d062cd82
check '/etc/systemd/system/arclint-issuer-792d6b50.service has mode 644' has_mode /etc/systemd/system/arclint-issuer-792d6b50.service 644
check '/etc/systemd/system/arclint-issuer-792d6b50.timer is as written' has_sum /etc/systemd/system/arclint-issuer-792d6b50.timer 02f189941c3c20b1841a993d90da165b7a4d03985c55bc00fcd77fcf503ff4aa
check '/etc/systemd/system/arclint-issuer-792d6b50.timer has mode 644' has_mode /etc/systemd/system/arclint-issuer-792d6b50.timer 644
check 'arclint-issuer-792d6b50.timer is enabled and active' enabled arclint-issuer-792d6b50.timer
check '/var/spool/arc/jobstatus/tokenissuers/792d6b50/issuer is byte for byte what it must be' has_sum /var/spool/arc/jobstatus/tokenissuers/792d6b50/issuer 4c40f030019df948f44e34fbe0e82701dcc8254644e37bb7107e9d3f2a62a772
check '/var/spool/arc/jobstatus/tokenissuers/792d6b50/metadata has content' not_empty /var/spool/arc/jobstatus/tokenissuers/792d6b50/metadata
check '/var/spool/arc/jobstatus/tokenissuers/792d6b50/keys has content' not_empty /var/spool/arc/jobstatus/tokenissuers/792d6b50/keys

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
