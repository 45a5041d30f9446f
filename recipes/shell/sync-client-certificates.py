#!/usr/bin/python3 -I
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
            sys.exit("error: %s is none of this program's links: remove it first" % path)
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
    sys.exit("error: %s; the client certificates' CAs stay as they are" % e)
