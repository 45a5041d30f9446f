# For tests: ARCLINT_ROOT goes before every path, ARCLINT_CA_FILE names the
# trusted CAs; the service is left alone then.
TEST = os.environ.get("ARCLINT_ROOT", "")
LIMIT, CA_LIMIT, ISSUERS = 1 << 20, 16 << 20, 1000
FETCH_SECONDS, WAIT_SECONDS, MEMORY = 60, 150, 1 << 29
NEW = ".arclint.new"


def as_user(uid, gid, keep, seconds, work):
    """The bytes that work() gives, from a child process of that user. A process
    that has changed its user cannot be traced by others of that user, and this
    one executes nothing. What it says counts only if it came to its end."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            confine(uid, gid, sorted({into, *keep}))
            try:
                answer = b"+" + work()
            except (Refused, OSError, ValueError, MemoryError) as e:
                answer = b"-" + (str(e) or "too little memory").encode("ascii", "backslashreplace")
            write_all(into, answer)
            status = 0
        finally:
            os._exit(status)
    os.close(into)
    try:
        answer = until_closed(out, time.monotonic() + seconds)
    finally:
        os.close(out)
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    if answer[:1] == b"-":
        raise Refused(answer[1:2000].decode("ascii", "replace"))
    if answer[-1:] != b"." or answer[:1] != b"+":
        raise Refused("a part of this program (user %d) was stopped, or took longer than %d seconds" % (uid, seconds))
    return answer[1:-1]


def confine(uid, gid, keep):
    """Gives up root and everything that is open but what is to be kept."""
    null = os.open("/dev/null", os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    for low, high in zip([2, *keep], [*keep, 65536]):
        os.closerange(low + 1, high)
    os.chdir("/")
    os.umask(0o022)
    for what, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, 30), (resource.RLIMIT_AS, MEMORY)):
        resource.setrlimit(what, (most, most))
    if os.geteuid() == 0 and uid != 0:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        if os.getresuid() != (uid, uid, uid) or os.getresgid() != (gid, gid, gid):
            os._exit(1)


def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]


def until_closed(fd, deadline):
    """What comes from a pipe, up to its end, the deadline or the limit."""
    data = b""
    while len(data) <= 3 * LIMIT:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            break
        more = os.read(fd, 1 << 16)
        if not more:
            break
        data += more
    return data


# --- as nobody: what comes from the network ----------------------------------


def fetch(anchors):
    """The metadata and the keys of the issuer: over HTTPS only, from a server
    whose certificate and name the CAs of the system vouch for, without
    redirects, of bounded size and time."""
    import ssl
    from urllib import request

    def too_long(*_):
        raise Refused("cannot fetch: no complete answer within %d seconds" % FETCH_SECONDS)

    signal.signal(signal.SIGALRM, too_long)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    tls.load_verify_locations(cadata=b"".join(certificates(anchors)))
    opener = request.OpenerDirector()
    for handler in (request.ProxyHandler(), request.HTTPSHandler(context=tls), request.UnknownHandler(),
                    request.HTTPDefaultErrorHandler(), request.HTTPErrorProcessor()):
        opener.add_handler(handler)
    metadata = get(opener, METADATA_URL)
    keys = get(opener, jwks_uri(metadata))
    check_keys(keys)
    return b"%d %b%b" % (len(metadata), metadata, keys)


def get(opener, url):
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request
    signal.alarm(FETCH_SECONDS)
    try:
        with opener.open(Request(url, headers={"Accept": "application/json"}), timeout=20) as answer:
            status, data, short = answer.status, answer.read(LIMIT + 1), answer.length
    except HTTPError as e:
        status, data, short = e.code, b"", None
    except (OSError, HTTPException, ValueError) as e:
        raise Refused("cannot fetch %s: %s" % (url, e))
    if status != 200:
        raise Refused("%s answers with status %d and not with 200; a redirect is not followed" % (url, status))
    if len(data) > LIMIT:
        raise Refused("cannot fetch %s: it is larger than %d bytes" % (url, LIMIT))
    if short:
        raise Refused("cannot fetch %s: the answer breaks off" % url)
    if not data:
        raise Refused("%s is empty" % url)
    return data


def parse(data, what):
    def once(pairs):
        if len(dict(pairs)) != len(pairs):
            raise Refused("a member of the %s stands twice" % what)
        return dict(pairs)

    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError) as e:
        raise Refused("the %s is no JSON: %s" % (what, e))


def jwks_uri(data):
    from urllib.parse import urlsplit
    metadata = parse(data, "metadata")
    if not isinstance(metadata, dict) or "error" in metadata:
        raise Refused("the metadata is no description of an issuer")
    if metadata.get("issuer") != ISSUER:
        raise Refused("the metadata says issuer %.300a and not %a: tokens carry the first, arc.conf must name it exactly"
                      % (metadata.get("issuer"), ISSUER))
    uri = metadata.get("jwks_uri")
    if not isinstance(uri, str) or not all("!" <= c <= "~" for c in uri):
        raise Refused("jwks_uri is missing or no URL: %.300a" % (uri,))
    here, there = urlsplit(ISSUER), urlsplit(uri)
    if there.scheme != "https" or there.username is not None or there.hostname != here.hostname:
        raise Refused("jwks_uri %.300s is not https on %s: decide yourself whether that host may vouch for this issuer"
                      % (uri, here.hostname))
    return uri


def number(key, member):
    text = key.get(member)
    if not isinstance(text, str):
        return 0
    try:
        return int.from_bytes(base64.b64decode(text + "=" * (-len(text) % 4), "-_", validate=True), "big")
    except ValueError:
        return 0


def check_keys(data):
    jwks = parse(data, "key set")
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(keys, list) or not all(isinstance(k, dict) for k in keys):
        raise Refused("the key set has no list of keys")
    usable = 0
    for key in keys:
        kid, kty = key.get("kid"), key.get("kty")
        if "d" in key or kty == "oct":
            raise Refused("key %.300a holds a secret, which must not be published" % (kid,))
        bits = number(key, "n").bit_length() if kty == "RSA" else 0
        if kty == "RSA" and bits < 2048:
            raise Refused("RSA key %.300a has %d bits, fewer than 2048: ARC would accept tokens signed with it"
                          % (kid, bits))
        if not isinstance(kid, str) or not kid:
            continue
        if kty == "RSA" and number(key, "e") > 2:
            usable += 1
        if kty == "EC" and key.get("crv") == "P-256" and number(key, "x") and number(key, "y"):
            usable += 1
    if not usable:
        raise Refused("none of the %d keys is RSA or EC P-256 with a kid" % len(keys))


# --- as the owner of the control directory: what is pinned --------------------


def own(here, name, make=False):
    """A directory below the control directory, of the same owner."""
    if make:
        try:
            os.mkdir(name, 0o755, dir_fd=here.fd)
            sync(here)
        except FileExistsError:
            pass
    return here.down(name)


def sync(here):
    fd = here.listed()
    os.fsync(fd)
    os.close(fd)


def alone(all_issuers):
    """ARC reads every directory of tokenissuers. With two for one issuer, the
    one that it happens to read last counts."""
    fd = all_issuers.listed()
    with os.scandir(fd) as entries:
        names = [e.name for e in itertools.islice(entries, ISSUERS + 1)]
    os.close(fd)
    if len(names) > ISSUERS:
        raise Refused("%s has more than %d names" % (all_issuers.path, ISSUERS))
    for name in names:
        text = content(all_issuers, name + "/issuer")
        if name != NAME and text == ISSUER.encode():
            raise Refused("%s/%s pins this issuer as well, and which of the two counts is chance: remove one"
                          % (all_issuers.path, name))
        if name == NAME and text and text.rstrip(b"\n") != ISSUER.encode():
            raise Refused("%s/%s belongs to another issuer" % (all_issuers.path, name))


def content(here, path):
    """The bytes of a file, None where there is none that can be read."""
    try:
        return read(*find(here, path, True), LIMIT)
    except (OSError, Refused):
        return None


def differing(control, rest, wanted):
    """The names of the files that are not yet what they should be."""
    where, name = find(control, rest, True)
    control = where.down(name)
    try:
        all_issuers = own(control, "tokenissuers")
        alone(all_issuers)
        pinned = own(all_issuers, NAME)
    except FileNotFoundError:
        return " ".join(wanted).encode()
    return " ".join(name for name in wanted if content(pinned, name) != wanted[name]).encode()


def pin(control, rest, wanted, names):
    """Moves each file to its place in one step, synced. ARC skips a directory
    without issuer, so that comes last."""
    where, name = find(control, rest, True)
    control = where.down(name)
    pinned = own(own(control, "tokenissuers", True), NAME, True)
    for name in names:
        forget(pinned)
        fd = os.open(NEW, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=pinned.fd)
        try:
            write_all(fd, wanted[name])
            os.fchmod(fd, 0o644)
            os.fsync(fd)
            os.rename(NEW, name, src_dir_fd=pinned.fd, dst_dir_fd=pinned.fd)
        except OSError:
            forget(pinned)
            raise
        os.close(fd)
        sync(pinned)
    return b""


def forget(pinned):
    try:
        os.unlink(NEW, dir_fd=pinned.fd)
    except FileNotFoundError:
        pass


# --- as root: only what lies below directories of root ------------------------


def ids(name, uid):
    """The user and group of an account that may have no name. A group that only
    the directory has would be a right that its owner lacks."""
    try:
        account = pwd.getpwnam(name) if name else pwd.getpwuid(uid)
        return account.pw_uid, account.pw_gid
    except KeyError:
        return uid, 65534


def run_dir(top):
    """/run/arclint: the lock, and the mark of a restart that is still to come."""
    for name in ("run", "arclint"):
        try:
            os.mkdir(name, 0o755, dir_fd=top.fd)
        except FileExistsError:
            pass
        top = top.down(name)
        if top.given:
            raise Refused("%s belongs to another user" % top.path)
    return top


def locked(run):
    fd = os.open(NAME + ".lock", os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=run.fd)
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return fd
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Refused("another run of this program does not end")
            time.sleep(0.1)


def system_cas(top):
    if TEST:
        with open(os.environ.get("ARCLINT_CA_FILE", TEST + CA_FILE), "rb") as f:
            return f.read(CA_LIMIT)
    return read(*mine(top, CA_FILE), CA_LIMIT)


def restart(run):
    """ARC reads pinned keys when it starts, and only then. A restart that failed
    is tried again by the next run."""
    mark = NAME + ".restart"
    try:
        os.lstat(mark, dir_fd=run.fd)
    except FileNotFoundError:
        return
    if not TEST:
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        subprocess.run(["systemctl", "try-restart", "arc-arex-ws.service"], stdin=subprocess.DEVNULL, check=True,
                       timeout=240, env={"PATH": path, "LC_ALL": "C"})
        say("restarted arc-arex-ws", sys.stdout)
    os.unlink(mark, dir_fd=run.fd)


def say(text, to):
    print("".join(c if c.isprintable() else "?" for c in text), file=to, flush=True)


def main():
    if not TEST and os.geteuid() != 0:
        raise Refused("only root can do this")
    os.umask(0o022)
    top = base()
    run = run_dir(top)
    lock = locked(run)
    control, rest = find(top, CONTROLDIR, False)
    if not control.given:
        control, rest = control.down(rest), "."
    owner, group = ids("", control.owner)
    anchors = system_cas(top)
    fetched = as_user(*ids("nobody", 65534), (), WAIT_SECONDS, lambda: fetch(anchors) + b".")
    size, _, both = fetched.partition(b" ")
    wanted = {"metadata": both[:int(size)], "keys": both[int(size):], "issuer": ISSUER.encode()}
    if not all(0 < len(data) <= LIMIT for data in wanted.values()):
        raise Refused("what was fetched has not the size that it should have")
    keep = (control.fd, lock)
    names = as_user(owner, group, keep, 60, lambda: differing(control, rest, wanted) + b".").decode().split()
    if names:
        if names != ["metadata"]:
            os.close(os.open(NAME + ".restart", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600, dir_fd=run.fd))
        as_user(owner, group, keep, 60, lambda: pin(control, rest, wanted, names) + b".")
    for name in names:
        say("pinned the %s of %s in %s/tokenissuers/%s" % (name, ISSUER, CONTROLDIR, NAME), sys.stdout)
    restart(run)


try:
    main()
except (OSError, ValueError, MemoryError, Refused, subprocess.SubprocessError) as e:
    say("error: %s; what is pinned for %s stays as it is" % (e or "too little memory", ISSUER), sys.stderr)
    sys.exit(1)
