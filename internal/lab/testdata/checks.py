"""Lets ARC's own validators check every arc.conf named on standard input: what
`arcctl service verify` of ARC 7 does (it begins with what `arcctl config verify`
does), and in ARC 6 `arcctl config verify` and arc-config-check. For each it prints
a line of JSON: the messages, with who says them and how grave they are.

Nobody is asked for the time. What is the same for all is read, or asked, once: the
file of defaults, the reference, what openssl says of a certificate.
"""
import concurrent.futures
import functools
import importlib
import json
import logging
import os
import re
import subprocess
import sys
import traceback

from arc.utils import config, reference

module = importlib.import_module('arc.control.Validator')
REFERENCE = '/usr/share/doc/nordugrid-arc/arc.conf.reference'
STAND_INS = '/run/lab.checks'  # `hostname`
OLD_CHECK = '/usr/lib/arc/arc-config-check'
os.environ['PATH'] = STAND_INS + ':' + os.environ['PATH']
state = vars(config)
HELD = ['__parsed_config', '__parsed_config_admin_defined', '__parsed_blocks']
read = config._parse_config
messages = []


class Collect(logging.Handler):
    def emit(self, record):
        if record.levelno >= logging.WARNING:
            messages.append({'by': 'arcctl', 'level': record.levelname, 'text': record.getMessage()})


def read_defaults_once(path, parsed, blocks):
    if not (parsed is state['__default_config'] and blocks):
        read(path, parsed, blocks)


describe = reference.get_option_description


class Openssl:
    """Stands in for the module subprocess in the validator, which asks openssl
    alone: the certificates of most configurations are the same."""
    PIPE, STDOUT, DEVNULL = subprocess.PIPE, subprocess.STDOUT, subprocess.DEVNULL
    answers = {}

    @classmethod
    def run(cls, args, **_):
        *command, path = args
        with open(path, 'rb') as cert:
            key = tuple(command), cert.read()
        if key not in cls.answers:
            cls.answers[key] = path, subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        asked, done = cls.answers[key]
        done = subprocess.CompletedProcess(args, done.returncode, done.stdout.replace(asked.encode(), path.encode()))
        done.communicate = lambda: (done.stdout, None)
        return done

    Popen = run

    @classmethod
    def call(cls, args, **_):
        return cls.run(args).returncode


module.subprocess = Openssl
described = functools.cache(lambda *where: list(describe(*where)))
reference.get_option_description = described
config._parse_config = read_defaults_once
config._conf_substitute_exec = functools.cache(config._conf_substitute_exec)
module.Validator.validate_time = lambda self: None
module.getfqdn = lambda: 'ce.example.org'
for name in [None, *logging.root.manager.loggerDict]:
    logger = logging.getLogger(name)
    logger.handlers = [Collect()] if name is None else []
    logger.setLevel(logging.WARNING)


def arcctl(path):
    for name in HELD:
        state[name].clear()  # a process of its own would begin with nothing
    config.parse_arc_conf(path)
    validator = module.Validator(REFERENCE, config, path)
    if hasattr(validator, 'validate_service'):
        validator.validate_service()
    else:
        validator.validate_configuration()
        validator.validate_certificates()


def guarded(path):
    try:
        arcctl(path)
    except BaseException as err:
        said = traceback.format_exception_only(type(err), err)[-1].strip()
        messages.append({'by': 'arcctl', 'level': 'CRASH', 'text': said})


LINE = re.compile(r'^\[[^\]]*\] \[Arc.validator\] \[(ERROR|WARNING)\] (.*?)\n?(?=\[[0-9]{4}-|\Z)', re.M | re.S)


def old(path):
    """What arc-config-check says. Without Globus it does not ask `ldd` about every
    binary: the libraries are the packages' own."""
    run = subprocess.run([OLD_CHECK, '--config', path], env={'PATH': os.environ['PATH'], 'LC_ALL': 'C', 'GLOBUS_LOCATION': '/nosuch'},
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    text = run.stdout.decode('utf-8', 'replace')
    return [{'by': 'arc-config-check', 'level': level, 'text': said.strip()} for level, said in LINE.findall(text)
            if 'ntpdate' not in said and 'Cannot find Globus' not in said]


paths = sys.stdin.read().split('\n')[:-1]
workers = concurrent.futures.ThreadPoolExecutor(2)
others = workers.map(old, paths) if os.path.exists(OLD_CHECK) else [[] for _ in paths]
for path, other in zip(paths, others):
    messages = []
    guarded(path)
    print(json.dumps(messages + other), flush=True)
