"""Runs ARC's own Python programs in a process that has imported their modules
already: the start script calls them some thirty times, and most of a call is
the start of Python.

Arguments: the directory of the two FIFOs, then pairs of a program and the copy
that is run in its place. A request is a list of strings, each ended by NUL: the
process that asks, whose environment and working directory are taken, the
program and its arguments.
The answer is the exit code, standard output and standard error, ended in the
same way.
"""
import argparse  # noqa: F401: for the programs, as are those below
import json  # noqa: F401
import logging
import os
import signal
import subprocess  # noqa: F401
import sys
import traceback

from arc.utils import config  # noqa: F401
try:
    from arc.control import *  # noqa: F403
except ImportError:
    pass

# Its one module with a state is imported anew each time; the others run in a
# child, which costs more than all that the parser does.
PARSER = '/usr/lib/arc/arcconfig-parser'
STATE = 'arc.utils.config'

where = sys.argv[1]
copies = dict(zip(sys.argv[2::2], sys.argv[3::2]))


def load(program):
    with open(copies[program]) as source:
        return compile(source.read(), program, 'exec')


loaded = {program: load(program) for program in copies}


def run(argv, environ, cwd, out, err):
    """Runs the program to its end and gives its exit code."""
    os.environ.clear()
    os.environb.update(environ)
    os.chdir(cwd)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.argv = argv
    code = 0
    try:
        exec(loaded[argv[0]], {'__name__': '__main__', '__file__': argv[0], '__builtins__': __builtins__})
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code & 255


def run_here(*request):
    """Runs the program and leaves nothing of it."""
    kept = os.dup(1), os.dup(2)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).handlers.clear()
    sys.modules.pop(STATE, None)
    code = run(*request)
    for fd, copy in zip((1, 2), kept):
        os.dup2(copy, fd)
        os.close(copy)
    return code


def run_in_child(*request):
    child = os.fork()
    if child == 0:
        os._exit(run(*request))
    _, status = os.waitpid(child, 0)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def answer(argv, environ, cwd):
    out, err = os.memfd_create('out'), os.memfd_create('err')
    run = run_here if argv[0] == PARSER else run_in_child
    code = run(argv, environ, cwd, out, err)
    said = []
    for fd in (out, err):
        os.lseek(fd, 0, os.SEEK_SET)
        with os.fdopen(fd, 'rb') as stream:
            said.append(stream.read())
    return b'\0'.join([str(code).encode(), *said, b''])


def request():
    with open(where + '/ask', 'rb') as ask:
        process, *argv = [word.decode('utf-8', 'surrogateescape') for word in ask.read().split(b'\0')[:-1]]
    with open('/proc/%s/environ' % process, 'rb') as environ:
        variables = [v.split(b'=', 1) for v in environ.read().split(b'\0') if b'=' in v]
    return argv, dict(variables), os.readlink('/proc/%s/cwd' % process)


signal.signal(signal.SIGPIPE, signal.SIG_IGN)
while True:
    said = answer(*request())
    try:
        with open(where + '/answer', 'wb') as stream:
            stream.write(said)
    except BrokenPipeError:
        pass
