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
import fcntl
import itertools
import os
import re
import resource
import signal
import stat
import sys

# --- paths: the other programs have this part as well ------------------------

class Refused(Exception):
    """Something is not as it must be; the text says what."""


class Dir:
    """A directory, by descriptor. A name in it is only looked up if it belongs
    to one user alone: the one who runs this program, or, below a directory that
    this one gave away, that other user. Nobody else can then exchange what the
    name leads to."""

    def __init__(self, fd, path, up=None):
        self.fd, self.path, self.up = fd, path, up
        info = os.fstat(fd)
        self.owner = info.st_uid
        if info.st_mode & 0o022:
            raise Refused("%s can be written by its group or by others (mode %04o): take that away with chmod go-w"
                          % (path, stat.S_IMODE(info.st_mode)))
        if up and self.owner != up.owner:
            if up.owner not in (0, os.geteuid()) or up.given:
                raise Refused("%s belongs to user %d and %s to user %d: give both to one"
                              % (up.path, up.owner, path, self.owner))
        self.given = self.owner not in (0, os.geteuid()) or bool(up and up.given)
        if up and self.given and not up.given:
            self.up = None

    def __del__(self):
        os.close(self.fd)

    def down(self, name):
        if name == ".":
            return self
        path = self.path + "/" + name
        try:
            fd = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self.fd)
        except NotADirectoryError:
            raise Refused("%s is a link, or no directory" % path)
        return Dir(fd, path, self)

    def top(self):
        here = self
        while here.up:
            here = here.up
        if here.given:
            raise Refused("%s: a link leads out of this directory of another user" % here.path)
        return here

    def parent(self):
        return self.up or self.top()

    def listed(self):
        """A descriptor with which it can be listed, locked and synced."""
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=self.fd)


def base():
    """The directory that is before every path: ARCLINT_ROOT, for tests, or /."""
    root = os.environ.get("ARCLINT_ROOT", "")
    return Dir(os.open(root or "/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC), root)


def find(here, path, cross):
    """The directory, and the name in it, to which path leads. Links are followed
    by hand, each in a directory that Dir has checked. Without cross it stops at
    the first directory of another user, and the name is the rest of the way."""
    names, links = [], 0

    def ahead(more):
        names.extend(n for n in reversed(more.split("/")) if n not in ("", "."))
        return here.top() if more.startswith("/") else here

    here = ahead(path)
    while names:
        name = names.pop()
        if name == "..":
            here = here.parent()
            continue
        info = os.lstat(name, dir_fd=here.fd)
        if stat.S_ISLNK(info.st_mode):
            links += 1
            if links > 40:
                raise Refused("%s/%s: more than 40 links" % (here.path, name))
            here = ahead(os.readlink(name, dir_fd=here.fd))
        elif not names:
            return here, name
        else:
            next_one = here.down(name)
            if next_one.given and not here.given and not cross:
                return next_one, "/".join(reversed(names))
            here = next_one
    return here, "."


def mine(here, path):
    """As find, and refuses what another user could exchange."""
    where, name = find(here, path, False)
    if where.given:
        raise Refused("%s belongs to user %d" % (where.path, where.owner))
    return where, name


def read(here, name, limit):
    """The bytes of a regular file that is no link, and its inode."""
    if not stat.S_ISREG(os.lstat(name, dir_fd=here.fd).st_mode):
        raise Refused("%s/%s is no regular file" % (here.path, name))
    fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, dir_fd=here.fd)
    with os.fdopen(fd, "rb") as f:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode):
            raise Refused("%s/%s is no regular file" % (here.path, name))
        data = f.read(limit + 1)
    if len(data) > limit:
        raise Refused("%s/%s is larger than %d bytes" % (here.path, name, limit))
    return data


def certificates(data):
    """The DER bytes of each PEM certificate. The cost grows with the bytes: an
    END that is not there is looked for once for each kind of block."""
    found, at, missing = [], 0, set()
    while True:
        at = data.find(b"-----BEGIN ", at)
        if at < 0:
            return found
        at += 11
        for kind in (b"CERTIFICATE-----", b"X509 CERTIFICATE-----", b"TRUSTED CERTIFICATE-----"):
            if kind in missing or not data.startswith(kind, at):
                continue
            end = data.find(b"-----END " + kind, at)
            if end < 0:
                missing.add(kind)
                continue
            try:
                found.append(base64.b64decode(b"".join(data[at + len(kind):end].split()), validate=True))
            except ValueError:
                raise Refused("a certificate block that is no base64")
            at = end

# --- end of paths ------------------------------------------------------------

# Files and names beyond these limits are an error, and change nothing.
FILE_LIMIT, TOTAL_LIMIT, NAMES, KEYS = 4 << 20, 64 << 20, 50000, 64
SECONDS, MEMORY = 240, 1 << 29

LINK = "../certificates/"
NEW = ".arclint.new"
CA_NAME = re.compile(r"([0-9a-fA-F]{8})\.([0-9]+)")
CRL_NAME = re.compile(r"[0-9a-f]{8}\.r[0-9]+")


def element(data, at):
    """Where the content of the DER element at that offset starts and ends."""
    length, start = data[at + 1], at + 2
    if length >= 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2:start], "big")
    if start + length > len(data):
        raise IndexError
    return start, start + length


def public_key(der):
    """The public key of a certificate, DER (RFC 5280, section 4.1): a root that
    is issued again with the same key is still the same anchor."""
    try:
        at, _ = element(der, 0)
        at, _ = element(der, at)
        if der[at] == 0xA0:
            _, at = element(der, at)
        for _ in ("serial number", "signature", "issuer", "validity", "subject"):
            _, at = element(der, at)
        key = der[at:element(der, at)[1]]
    except IndexError:
        key = b""
    if len(key) < 32 or key[0] != 0x30:
        raise Refused("a certificate that cannot be read")
    return key


def names_in(here):
    """The names in a directory, not more than there may be."""
    fd = here.listed()
    try:
        with os.scandir(fd) as entries:
            names = [e.name for e in itertools.islice(entries, NAMES + 1)]
    finally:
        os.close(fd)
    if len(names) > NAMES:
        raise Refused("%s has more than %d names" % (here.path, NAMES))
    return sorted(names)


def excluded_keys(anchors):
    keys = set()
    for name in names_in(anchors):
        if name.endswith(".pem"):
            found = certificates(read(*mine(anchors, name), FILE_LIMIT))
            if not found:
                raise Refused("%s/%s has no certificate" % (anchors.path, name))
            keys.update(public_key(der) for der in found)
    if len(keys) > KEYS:
        raise Refused("%s has more than %d keys" % (anchors.path, KEYS))
    return keys


class Source:
    """The directory of all CAs. A file that has several names is read once."""

    def __init__(self, here, keys):
        self.here, self.keys, self.seen, self.total = here, keys, {}, 0

    def keeps(self, name):
        """Whether clients may use what stands under a name; None for no file."""
        where, last = find(self.here, name, True)
        info = os.lstat(last, dir_fd=where.fd)
        if not stat.S_ISREG(info.st_mode):
            return None
        if CRL_NAME.fullmatch(name):
            return True
        file = info.st_dev, info.st_ino
        if file not in self.seen:
            data = read(where, last, FILE_LIMIT)
            self.total += len(data)
            if self.total > TOTAL_LIMIT:
                sys.exit("error: the files of %s have more than %d bytes" % (self.here.path, TOTAL_LIMIT))
            self.seen[file] = not any(k in der for der in certificates(data) for k in self.keys)
        return self.seen[file]


def wanted(source):
    """Which names the target must have, each with the name that it leads to."""
    links, cas = {}, {}
    for name in names_in(source.here):
        if name.startswith("."):
            continue
        try:
            keep = source.keeps(name)
        except (OSError, Refused) as e:
            say("left out %a: %s" % (name, e), sys.stderr)
            continue
        ca = CA_NAME.fullmatch(name)
        if keep is None:
            continue
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


def present(target):
    """The links that this program made."""
    links = {}
    for name in names_in(target):
        if name != NEW and stat.S_ISLNK(os.lstat(name, dir_fd=target.fd).st_mode):
            to = os.readlink(name, dir_fd=target.fd)
            if to.startswith(LINK):
                links[name] = to[len(LINK):]
    return links


def link(target, name, to):
    """Puts a link in its place in one step, or leaves what is there."""
    forget(target)
    try:
        os.symlink(LINK + to, NEW, dir_fd=target.fd)
        os.rename(NEW, name, src_dir_fd=target.fd, dst_dir_fd=target.fd)
    except OSError:
        forget(target)
        raise


def forget(target):
    try:
        os.unlink(NEW, dir_fd=target.fd)
    except FileNotFoundError:
        pass


def sync(target, want):
    """Makes the target's links those that are wanted. Each name leads to the old
    or the new place at any moment. What is to go goes even where something
    cannot be added; a CA that only gets another number is never out."""
    have, done, failed = present(target), [], []
    for name in want:
        try:
            if name not in have:
                os.lstat(name, dir_fd=target.fd)
                raise Refused("%s/%s is none of this program's links: remove it first" % (target.path, name))
        except FileNotFoundError:
            pass

    def each(names, act, said):
        for name in names:
            try:
                act(name)
                done.append("%s %a" % (said, name))
            except OSError as e:
                failed.append("%s is not %s: %s" % (name, said, e.strerror))

    forget(target)
    put = lambda name: link(target, name, want[name])
    changed = [name for name in sorted(want, key=order) if have.get(name) != want[name]]
    each([n for n in changed if n in have], put, "linked")
    each(sorted(set(have) - set(want), key=order, reverse=True), lambda n: os.unlink(n, dir_fd=target.fd), "removed")
    each([n for n in changed if n not in have], put, "linked")
    if done:
        fd = target.listed()
        os.fsync(fd)
        os.close(fd)
    for line in done:
        say(line, sys.stdout)
    if failed:
        sys.exit("error: %s; the next run tries again" % "; ".join(failed[:5]))


def say(text, to):
    print("".join(c if c.isprintable() else "?" for c in text), file=to)


def too_long(*_):
    raise Refused("not done within %d seconds" % SECONDS)


def main(args):
    if args not in ([], ["--remove"]):
        sys.exit("usage: %s [--remove]" % sys.argv[0])
    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    where, name = mine(base(), "/etc/grid-security")
    grid = own(where, name)
    try:
        target = own(grid, "client-certificates")
    except FileNotFoundError:
        if args:
            return
        raise
    lock = target.listed()
    fcntl.flock(lock, fcntl.LOCK_EX)
    if args:
        return sync(target, {})
    keys = excluded_keys(own(grid, "issuer-anchors"))
    where, name = find(grid, "certificates", True)
    sync(target, wanted(Source(where.down(name), keys)))


def own(here, name):
    here = here.down(name)
    if here.given:
        raise Refused("%s belongs to user %d" % (here.path, here.owner))
    return here


try:
    main(sys.argv[1:])
except (OSError, ValueError, MemoryError, Refused) as e:
    sys.exit("error: %s; the client certificates' CAs stay as they are" % (e or "too little memory"))
