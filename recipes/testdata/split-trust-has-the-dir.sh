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
#
# Note: x509_cert_dir is /etc/grid-security/igtf already, so that is where
# client certificates are checked: it is left as it is.

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

restore 003 /etc/grid-security/certificates/7293c22f.0
restore 002 /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem
restore 001 /etc/grid-security/issuer-anchors

rm -f -- "$root"/var/backups/arclint/split-trust.unfinished
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need openssl
need_dir /etc/grid-security
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

# link /etc/grid-security/certificates/7293c22f.0 to ../issuer-anchors/Example-Public-Root-1-90346312.pem
make_link 003 /etc/grid-security/certificates/7293c22f.0 ../issuer-anchors/Example-Public-Root-1-90346312.pem

if [ "$dry_run" = yes ]; then
	say "dry run: $changed changes would be made, nothing was changed"
	exit 0
fi

# --- verification -----------------------------------------------------------

check '/etc/grid-security/issuer-anchors is a directory' is_dir /etc/grid-security/issuer-anchors
check '/etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem is as written' has_sum /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem 8ea7070626ff79fb064b9489f43c4ffde35688cc461214d02c00568575b9224c
check '/etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem has mode 644' has_mode /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem 644
check '/etc/grid-security/certificates/7293c22f.0 is a link to ../issuer-anchors/Example-Public-Root-1-90346312.pem' has_link /etc/grid-security/certificates/7293c22f.0 ../issuer-anchors/Example-Public-Root-1-90346312.pem
check 'OpenSSL finds /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem in /etc/grid-security/certificates' anchored /etc/grid-security/certificates /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem
check 'OpenSSL does not find /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem in /etc/grid-security/igtf' not_anchored /etc/grid-security/igtf /etc/grid-security/issuer-anchors/Example-Public-Root-1-90346312.pem

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
