"""Runs ARC's own arcconfig-parser on every arc.conf named on standard input, as
`arcconfig-parser --config PATH --export json` would, in one process. For each it
prints a line of JSON: what the program printed, or "error" where it gave up.
"""
import contextlib
import functools
import io
import json
import logging
import runpy
import sys
import warnings

from arc.utils import config

PROGRAM = '/usr/lib/arc/arcconfig-parser'
logging.disable(logging.CRITICAL)
warnings.simplefilter('ignore')
state = vars(config)
HELD = ['__parsed_config', '__parsed_config_admin_defined', '__parsed_blocks']
read = config._parse_config


def read_defaults_once(path, parsed, blocks):
    """The file of defaults is the same for all, and takes most of the time."""
    if not (parsed is state['__default_config'] and blocks):
        read(path, parsed, blocks)


config._parse_config = read_defaults_once
# A command is run once, not for each configuration that has it.
config._conf_substitute_exec = functools.cache(config._conf_substitute_exec)


def export(path):
    for name in HELD:
        state[name].clear()  # a process of its own would begin with nothing
    sys.argv = [PROGRAM, '--config', path, '--export', 'json']
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        runpy.run_path(PROGRAM, run_name='__main__')
    return json.loads(printed.getvalue())


for line in sys.stdin:
    try:
        answer = {'blocks': export(line.rstrip('\n'))}
    except (Exception, SystemExit) as err:
        answer = {'error': type(err).__name__}
    print(json.dumps(answer), flush=True)
