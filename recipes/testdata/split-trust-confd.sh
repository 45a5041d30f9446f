#!/bin/sh
# trust the CA of https://token.example.org/vo for the key fetch only
#
# The key fetch looks in /etc/grid-security/certificates whatever arc.conf
# says, client certificates are checked against x509_cert_dir (arc-behaviour
# H1). So x509_cert_dir moves to a directory of links to the same CAs without
# the issuer's, and the issuer's CA goes only where the key fetch looks.
#
# Strategy: split-trust
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: /etc/grid-security/client-certificates holds links, so an updated CA
# file or CRL counts at once. Names that come and go are followed by a systemd
# path unit, and hourly.
#
# Note: fetch-crl and the CA packages go on writing to
# /etc/grid-security/certificates.
#
# Note: Other services that read [common] x509_cert_dir, such as the data
# staging of A-REX, follow at their next start: servers that they contact must
# then have a certificate of a CA in /etc/grid-security/client-certificates.
#
# Note: Files in /etc/grid-security/issuer-anchors say which CAs clients must
# not use; a root that the system's store drops stays trusted here until its
# file is removed.
#
# Note: the root is /C=XX/O=Example Trust Services/CN=Example Public Root 1,
# SHA-256 903463120bd61b1f8c46a07b9bccacbf8eb3ca022e33a47e7daa14c28f4305c5,
# found in /usr/lib/ssl/certs/7293c22f.0

# Texts in single quotes are meant as they stand.
# shellcheck disable=SC2016

set -eu
umask 077
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

recipe=split-trust

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

# has_link PATH TARGET
has_link() {
	[ -L "$root$1" ] && [ "$(readlink -n -- "$root$1" && printf .)" = "$2." ]
}

# has_mode PATH MODE
has_mode() {
	[ "$(stat -c %a -- "$root$1")" = "$2" ]
}

# is_dir PATH
is_dir() {
	[ -d "$root$1" ]
}

# anchored DIR PEM: whether the root in PEM stands in DIR under a name that
# OpenSSL looks up.
anchored() {
	under_hash "$1" "$2" -fingerprint
}

# not_anchored DIR PEM: neither the root nor another certificate with its key
# stands there, and no file brings it along.
not_anchored() {
	[ -r "$root$2" ] && ! under_hash "$1" "$2" -pubkey &&
		! openssl verify -no_check_time -no-CAfile -no-CAstore -CApath "$root$1" -- "$root$2" >/dev/null 2>&1
}

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

# verifies DIR CERTIFICATE
verifies() {
	openssl verify -no-CAfile -no-CAstore -CApath "$root$1" -- "$root$2" >/dev/null 2>&1
}

# still_verifies CERTIFICATE BEFORE AFTER: what verified in BEFORE does in AFTER.
still_verifies() {
	! verifies "$2" "$1" || verifies "$3" "$1"
}

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe split-trust did: the last step first.
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

# undo STEP TOOL ARGUMENT...: lets a program take back what it made.
undo() {
	slot=$here/$1
	tool=$2
	shift 2
	[ -e "$slot/ran" ] || return 0
	"$root$tool" "$@" && rm -f -- "$slot/ran"
}

disable_unit() {
	[ -e "$here/$1/enabled" ] || return 0
	systemctl disable --now -- "$2"
	rm -f -- "$here/$1/enabled"
	say "disabled: $2"
}

restore 012 /etc/grid-security/certificates/7293c22f.0
restore 011 /etc/arc.conf.d/50-arclint-client-certificates.conf
disable_unit 010 arclint-client-certificates.path
disable_unit 009 arclint-client-certificates.timer
restore 008 /etc/systemd/system/arclint-client-certificates.path
restore 007 /etc/systemd/system/arclint-client-certificates.timer
restore 006 /etc/systemd/system/arclint-client-certificates.service
undo 005 /usr/local/sbin/arclint-sync-client-certificates --remove
restore 004 /etc/grid-security/client-certificates
restore 003 /usr/local/sbin/arclint-sync-client-certificates
restore 002 /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem
restore 001 /etc/grid-security/issuer-anchors

if [ -z "$root" ]; then
	systemctl daemon-reload
	systemctl try-restart arc-arex-ws
fi

rm -f -- "$root"/var/backups/arclint/split-trust.unfinished
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need openssl
need python3
[ -n "$root" ] || need systemctl
need_dir /etc/grid-security
need_dir /usr/local/sbin
need_dir /etc/systemd/system
need_dir /etc/arc.conf.d
need_dir /etc/grid-security/certificates

# --- the steps --------------------------------------------------------------

# make the directory /etc/grid-security/issuer-anchors (mode 755, owner root:root)
make_dir 001 /etc/grid-security/issuer-anchors 755 root:root

# write /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem (mode 644, owner root:root)
content '-----BEGIN CERTIFICATE-----
MIIDgTCCAmmgAwIBAgIIcpx2QP2QWSkwDQYJKoZIhvcNAQELBQAwTjELMAkGA1UE
BhMCWFgxHzAdBgNVBAoMFkV4YW1wbGUgVHJ1c3QgU2VydmljZXMxHjAcBgNVBAMM
FUV4YW1wbGUgUHVibGljIFJvb3QgMTAeFw0yMTExMjMxMjAwMDBaFw0zNjExMjMx
MjAwMDBaME4xCzAJBgNVBAYTAlhYMR8wHQYDVQQKDBZFeGFtcGxlIFRydXN0IFNl
cnZpY2VzMR4wHAYDVQQDDBVFeGFtcGxlIFB1YmxpYyBSb290IDEwggEiMA0GCSqG
SIb3DQEBAQUAA4IBDwAwggEKAoIBAQDMwZgOw9eq5Gy9IU8IvCoKnSyEdJj9IrCT
itNiEhpIjcQwAvZiBwEDtwJD1aUhgNYZL/7Oh6N0VF+2J8NfkGmK/uYt1kRXe5Uj
IlFi+z19h0aWpKfUmZ9P9/fdafNaIUB0PU8YylM6gSqZxU8IiqKjftTeKxZ1BZvG
K4sD2Fj9aCdUh+b/7rxJxbcEgVkGbpsioiG8vH69/zxHKJ8GQdDUh4c1wS9YexOv
bgsmoNVEcprykAhJabAAkX0AJzJHu+RBUNT8+ThtPCV1SFjqQlWblzH1UkehjRUY
4gbUbt5DyieQ0JBfx05yUhOrwdu0genKQHQzzRo+SqTbVZ4Gf2OjAgMBAAGjYzBh
MA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFK5FQNrMbQ1kkUGt/+E/HIynIG/x
MB8GA1UdIwQYMBaAFK5FQNrMbQ1kkUGt/+E/HIynIG/xMA4GA1UdDwEB/wQEAwIB
BjANBgkqhkiG9w0BAQsFAAOCAQEAViyUU1GROxHJfAUI7lG/ZmXuMG+cMo5vvioT
BXCQhq0NL1TeHH5BXziLpitgD57v2LLqQLJ098C63UAkcW9rzlgifd33COeEfgkf
4P3M8Jhy2wfAZvhgqK7jKOOARq8AlhSPXCnTw7sAY8Ox8NJwFg/amcGIUlS1Q1se
QwuHfVZemztpV5tLc+KTnxcWB3RxJxCJAaM8c7oXJ4Fc1IFKyv6MA1bIhnMBmoSO
uMRg+RNPyrnsqEePPNL7Bhf6hgpkYmxDLkX4s3jt+l2OLKO/cJAODw8hukDCSL/G
IpMOheh+FhxJ2XD17ZlEI4qCCCc+zFFwYYhA5GANKKWmIjx55A==
-----END CERTIFICATE-----
'
write_file 002 /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem 644 root:root

# write /usr/local/sbin/arclint-sync-client-certificates (mode 755, owner root:root)
content '#!/usr/bin/python3 -I
"""Keeps /etc/grid-security/client-certificates the same as
/etc/grid-security/certificates without the anchors that may only vouch for
token issuers (/etc/grid-security/issuer-anchors).

Client certificates are checked against the first directory (x509_cert_dir), the
key fetch of ARC looks in the second whatever arc.conf says. Entries are links,
so new content (a CRL that fetch-crl writes, a CA file of an update) counts at
once; this program adds and takes away names. It says what it changes and is
silent where all is as it should be. With --remove it takes all links away.

ARCLINT_ROOT goes before every path, for tests.
"""

import base64
import os
import re
import stat
import subprocess
import sys

ROOT = os.environ.get("ARCLINT_ROOT", "")
SOURCE = ROOT + "/etc/grid-security/certificates"
TARGET = ROOT + "/etc/grid-security/client-certificates"
ANCHORS = ROOT + "/etc/grid-security/issuer-anchors"
LINK = "../certificates/"
LIMIT = 4 << 20

PEM = re.compile(rb"-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----(.*?)-----END \1-----", re.S)
CA_NAME = re.compile(r"([0-9a-fA-F]{8})\.([0-9]+)")
CRL_NAME = re.compile(r"[0-9a-f]{8}\.r[0-9]+")


def read(path):
    """The bytes of a regular file of bounded size; OSError for anything else."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as f:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError("not a regular file")
        data = f.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise OSError("larger than %d bytes" % LIMIT)
    return data


def certificates(data):
    """The DER bytes of each certificate block."""
    found = []
    for _, body in PEM.findall(data):
        try:
            found.append(base64.b64decode(b"".join(body.split()), validate=True))
        except ValueError:
            raise OSError("a certificate block that is no base64")
    return found


def public_key(path):
    """The public key of the certificate at path, DER: a root that is issued
    again with the same key is still the same anchor."""
    pem = subprocess.run(["openssl", "x509", "-noout", "-pubkey"], stdin=open(path, "rb"),
                         stdout=subprocess.PIPE, check=True).stdout
    return base64.b64decode(b"".join(pem.splitlines()[1:-1]))


def excluded_keys():
    keys = []
    for name in sorted(os.listdir(ANCHORS)):
        if name.endswith(".pem"):
            keys.append(public_key(os.path.join(ANCHORS, name)))
    return keys


def wanted():
    """Which names the target must have, each with the name that it leads to."""
    keys = excluded_keys()
    links, cas = {}, {}
    for name in sorted(os.listdir(SOURCE)):
        if name.startswith("."):
            continue
        path = os.path.join(SOURCE, name)
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):
                continue
            if CRL_NAME.fullmatch(name):
                links[name] = name
                continue
            keep = not any(k in c for c in certificates(read(path)) for k in keys)
        except OSError as e:
            print("left out %a: %s" % (name, e), file=sys.stderr)
            continue
        ca = CA_NAME.fullmatch(name)
        if ca and ca[1] == ca[1].lower() and str(int(ca[2])) == ca[2]:
            cas.setdefault(ca[1], {})[int(ca[2])] = keep
        elif keep and not ca:
            links[name] = name
    # OpenSSL reads HASH.0, HASH.1 and so on up to the first gap. What it does
    # not read in the source must not be read in the target either.
    for value, numbers in cas.items():
        new = 0
        for old in range(len(numbers)):
            if old not in numbers:
                break
            if numbers[old]:
                links["%s.%d" % (value, new)] = "%s.%d" % (value, old)
                new += 1
    return links


def order(name):
    """CRLs and policies are there before the CA that they restrict."""
    return (CA_NAME.fullmatch(name) is not None, not CRL_NAME.fullmatch(name), name)


def present():
    """The links that this program made."""
    links = {}
    for name in os.listdir(TARGET):
        path = os.path.join(TARGET, name)
        if os.path.islink(path) and os.readlink(path).startswith(LINK):
            links[name] = os.readlink(path)[len(LINK):]
    return links


def sync(want):
    have = present()
    for name in sorted(set(have) - set(want), key=order, reverse=True):
        os.unlink(os.path.join(TARGET, name))
        print("removed %a" % name)
    for name in sorted(want, key=order):
        if have.get(name) == want[name]:
            continue
        path = os.path.join(TARGET, name)
        if os.path.lexists(path) and name not in have:
            sys.exit("error: %s is none of this program'\''s links: remove it first" % path)
        new = os.path.join(TARGET, ".arclint.new")
        if os.path.lexists(new):
            os.unlink(new)
        os.symlink(LINK + want[name], new)
        os.replace(new, path)
        print("linked %a" % name)


def main(args):
    if args not in ([], ["--remove"]):
        sys.exit("usage: %s [--remove]" % sys.argv[0])
    if args and not os.path.isdir(TARGET):
        return
    sync({} if args else wanted())


try:
    main(sys.argv[1:])
except (OSError, ValueError, subprocess.SubprocessError) as e:
    sys.exit("error: %s; the client certificates'\'' CAs stay as they are" % e)
'
write_file 003 /usr/local/sbin/arclint-sync-client-certificates 755 root:root

# make the directory /etc/grid-security/client-certificates (mode 755, owner root:root)
make_dir 004 /etc/grid-security/client-certificates 755 root:root

# run /usr/local/sbin/arclint-sync-client-certificates: fill /etc/grid-security/client-certificates with links to every CA but those of /etc/grid-security/issuer-anchors, expect: the same CAs, CRLs and signing policies as in /etc/grid-security/certificates, without the issuer's CA
if [ "$dry_run" = yes ]; then
	say 'would run /usr/local/sbin/arclint-sync-client-certificates: fill /etc/grid-security/client-certificates with links to every CA but those of /etc/grid-security/issuer-anchors'
else
	run_tool 005 '' 'fill /etc/grid-security/client-certificates with links to every CA but those of /etc/grid-security/issuer-anchors' /usr/local/sbin/arclint-sync-client-certificates
fi

# write /etc/systemd/system/arclint-client-certificates.service (mode 644, owner root:root)
content '[Unit]
Description=Keep the CAs for client certificates in step
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/arclint-sync-client-certificates
'
write_file 006 /etc/systemd/system/arclint-client-certificates.service 644 root:root

# write /etc/systemd/system/arclint-client-certificates.timer (mode 644, owner root:root)
content '[Unit]
Description=Keep the CAs for client certificates in step

[Timer]
OnBootSec=5min
OnUnitActiveSec=1h
RandomizedDelaySec=5min

[Install]
WantedBy=timers.target
'
write_file 007 /etc/systemd/system/arclint-client-certificates.timer 644 root:root

# write /etc/systemd/system/arclint-client-certificates.path (mode 644, owner root:root)
content '[Unit]
Description=Keep the CAs for client certificates in step

[Path]
PathChanged=/etc/grid-security/certificates

[Install]
WantedBy=paths.target
'
write_file 008 /etc/systemd/system/arclint-client-certificates.path 644 root:root

# run systemctl daemon-reload: make systemd read the new units
if changes; then
	run 'make systemd read the new units' '' systemctl daemon-reload
fi

# enable and start the systemd unit arclint-client-certificates.timer
enable_unit 009 arclint-client-certificates.timer

# enable and start the systemd unit arclint-client-certificates.path
enable_unit 010 arclint-client-certificates.path

# stop unless /etc/grid-security/hostcert.pem verifies with /etc/grid-security/client-certificates if it did with /etc/grid-security/certificates
[ "$dry_run" = yes ] || require '/etc/grid-security/hostcert.pem verifies with /etc/grid-security/client-certificates if it did with /etc/grid-security/certificates' still_verifies /etc/grid-security/hostcert.pem /etc/grid-security/certificates /etc/grid-security/client-certificates

# write /etc/arc.conf.d/50-arclint-client-certificates.conf (mode 644, owner root:root)
content '[common]
x509_cert_dir=/etc/grid-security/client-certificates
'
write_file 011 /etc/arc.conf.d/50-arclint-client-certificates.conf 644 root:root

# run systemctl try-restart arc-arex-ws: arc-arex-ws reads arc.conf when it starts, expect: arc-arex-ws is active again
if changes; then
	run 'arc-arex-ws reads arc.conf when it starts' 'arc-arex-ws is active again' systemctl try-restart arc-arex-ws
fi

# link /etc/grid-security/certificates/7293c22f.0 to ../issuer-anchors/Example-Public-Root-1-90346312.pem
make_link 012 /etc/grid-security/certificates/7293c22f.0 ../issuer-anchors/Example-Public-Root-1-90346312.pem

if [ "$dry_run" = yes ]; then
	say "dry run: $changed changes would be made, nothing was changed"
	exit 0
fi

# --- verification -----------------------------------------------------------

check '/etc/grid-security/issuer-anchors is a directory' is_dir /etc/grid-security/issuer-anchors
check '/etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem is as written' has_sum /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem 8ea7070626ff79fb064b9489f43c4ffde35688cc461214d02c00568575b9224c
check '/etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem has mode 644' has_mode /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem 644
check '/usr/local/sbin/arclint-sync-client-certificates is as written' has_sum /usr/local/sbin/arclint-sync-client-certificates 3f35ce3a083bbf98d94f0b90a7b462710c492e27ede9213630c8ad86216f7e34
check '/usr/local/sbin/arclint-sync-client-certificates has mode 755' has_mode /usr/local/sbin/arclint-sync-client-certificates 755
check '/etc/grid-security/client-certificates is a directory' is_dir /etc/grid-security/client-certificates
check '/etc/systemd/system/arclint-client-certificates.service is as written' has_sum /etc/systemd/system/arclint-client-certificates.service 125d78037dab6268b6d7db5c746c27a7b0097900707d1e05b3aa04a927f775e0
check '/etc/systemd/system/arclint-client-certificates.service has mode 644' has_mode /etc/systemd/system/arclint-client-certificates.service 644
check '/etc/systemd/system/arclint-client-certificates.timer is as written' has_sum /etc/systemd/system/arclint-client-certificates.timer 11732170641c5731975ff255cc2ab26387d4fa4a76540484f1d9ff0cd7bf3ae5
check '/etc/systemd/system/arclint-client-certificates.timer has mode 644' has_mode /etc/systemd/system/arclint-client-certificates.timer 644
check '/etc/systemd/system/arclint-client-certificates.path is as written' has_sum /etc/systemd/system/arclint-client-certificates.path 4d9c7463434aa8f350dd346f9d31236d631f5b06143024ceb8520e758b1753d8
check '/etc/systemd/system/arclint-client-certificates.path has mode 644' has_mode /etc/systemd/system/arclint-client-certificates.path 644
check 'arclint-client-certificates.timer is enabled and active' enabled arclint-client-certificates.timer
check 'arclint-client-certificates.path is enabled and active' enabled arclint-client-certificates.path
check '/etc/arc.conf.d/50-arclint-client-certificates.conf is as written' has_sum /etc/arc.conf.d/50-arclint-client-certificates.conf b0a3205844c7ee6ec37acfe20c8ea7074d940ce4c42bc9e50e06df19008de769
check '/etc/arc.conf.d/50-arclint-client-certificates.conf has mode 644' has_mode /etc/arc.conf.d/50-arclint-client-certificates.conf 644
check '/etc/grid-security/certificates/7293c22f.0 is a link to ../issuer-anchors/Example-Public-Root-1-90346312.pem' has_link /etc/grid-security/certificates/7293c22f.0 ../issuer-anchors/Example-Public-Root-1-90346312.pem
check 'OpenSSL finds /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem in /etc/grid-security/certificates' anchored /etc/grid-security/certificates /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem
check 'OpenSSL does not find /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem in /etc/grid-security/client-certificates' not_anchored /etc/grid-security/client-certificates /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem

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
