"""Shows what ARC's own reader holds after reading a configuration.

For every arc.conf that is named on standard input it prints one line of JSON:
  read     blocks and options after reading arc.conf and arc.conf.d
  running  blocks and options of the running configuration, defaults included
or "error" where the reader gives up. The first argument is the directory of
ARC's Python packages, the second the file of defaults.
"""
import json
import logging
import sys

sys.path.insert(0, sys.argv[1])
from arc.utils import config  # noqa: E402

logging.disable(logging.CRITICAL)
state = vars(config)
STATE = ['__parsed_config', '__parsed_config_admin_defined', '__parsed_blocks',
         '__default_config', '__default_blocks']


def reset():
    for name in STATE:
        state[name].clear()


def held():
    parsed = state['__parsed_config']
    return [[block, list(zip(parsed[block]['__options'], parsed[block]['__values']))]
            for block in dict.fromkeys(state['__parsed_blocks'])]


def read(path):
    reset()
    config._parse_config(path, state['__parsed_config'], state['__parsed_blocks'])
    for extra in getattr(config, 'get_arc_conf_d', lambda _: [])(path):
        config._merge_conf_d(extra)
    return held()


def running(path):
    reset()
    config.parse_arc_conf(path, sys.argv[2])
    return held()


def outcome(function, path):
    try:
        return function(path)
    except Exception as err:
        return {'error': type(err).__name__}


for line in sys.stdin:
    path = line.rstrip('\n')
    print(json.dumps({'read': outcome(read, path), 'running': outcome(running, path)}))
