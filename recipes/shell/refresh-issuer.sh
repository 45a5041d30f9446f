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
