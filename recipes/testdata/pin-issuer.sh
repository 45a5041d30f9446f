#!/bin/sh
# pin the keys of https://token.example.org/vo
#
# The CE cannot fetch the keys of https://token.example.org/vo, since it does
# not trust the CA of token.example.org. Pinned keys need no fetch and no CA
# (arc-behaviour H3): a program fetches them over HTTPS, checked against the
# CAs of the system, and a timer keeps them fresh.
#
# Strategy: pin-issuer
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: The key fetch of the recipe compares the host name and the CE's own
# does not (arc-behaviour S10), but the CE still makes its own for tokens with
# unknown key ids (arc-behaviour S12).
#
# Note: arc-arex-ws restarts when the keys change, and only then: it reads
# pinned keys at start (arc-behaviour G3).
#
# Note: The file issuer must equal the issuer in the tokens byte for byte
# (arc-behaviour G2); the program refuses metadata that say otherwise.

# <shell/frame.sh start>

recipe=pin-issuer

# <shell/lib.sh say>

# <shell/lib.sh fail>

# <shell/lib.sh arguments>

# <shell/lib.sh state>

# <shell/lib.sh finish>

# <shell/lib.sh as>

# <shell/lib.sh look>

# <shell/lib.sh walk>

# <shell/lib.sh judge>

# <shell/lib.sh follow>

# <shell/lib.sh kind>

# <shell/lib.sh pack>

# <shell/lib.sh start_stage>

# <shell/lib.sh lock>

# <shell/lib.sh need>

# <shell/lib.sh base>

# <shell/lib.sh need_dir>

# <shell/lib.sh safe_dir>

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh save>

# <shell/lib.sh mark>

# <shell/lib.sh bytes_of_now>

# <shell/lib.sh sum_of>

# <shell/lib.sh put>

# <shell/lib.sh owned>

# <shell/lib.sh fits>

# <shell/lib.sh give>

# <shell/lib.sh check>

# <shell/lib.sh require>

# <shell/lib.sh content>

# <shell/lib.sh same_content>

# <shell/lib.sh fill>

# <shell/lib.sh write_file>

# <shell/lib.sh make_dir>

# <shell/lib.sh changes>

# <shell/lib.sh run>

# <shell/lib.sh run_tool>

# <shell/lib.sh enable_unit>

# <shell/lib.sh enabled>

# <shell/lib.sh has_sum>

# <shell/lib.sh has_mode>

# <shell/lib.sh is_dir>

# <shell/lib.sh not_empty>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe pin-issuer did: the last step first.

# <shell/frame.sh start>

recipe=pin-issuer

# <shell/lib.sh say>

# <shell/lib.sh fail>

# <shell/lib.sh state>

# <shell/lib.sh finish>

# <shell/lib.sh as>

# <shell/lib.sh look>

# <shell/lib.sh walk>

# <shell/lib.sh judge>

# <shell/lib.sh follow>

# <shell/lib.sh kind>

# <shell/lib.sh pack>

# <shell/lib.sh unpack>

# <shell/lib.sh start_stage>

# <shell/lib.sh lock>

# <shell/rollback.sh back>

# <shell/rollback.sh kept_of>

# <shell/rollback.sh restore>

# <shell/rollback.sh disable_unit>

disable_unit 010 arclint-issuer-792d6b50.timer
restore 009 /etc/systemd/system/arclint-issuer-792d6b50.timer
restore 008 /etc/systemd/system/arclint-issuer-792d6b50.service
restore 006 /var/spool/arc/jobstatus/tokenissuers/792d6b50/issuer
restore 005 /var/spool/arc/jobstatus/tokenissuers/792d6b50/keys
restore 004 /var/spool/arc/jobstatus/tokenissuers/792d6b50/metadata
restore 003 /var/spool/arc/jobstatus/tokenissuers/792d6b50
restore 002 /var/spool/arc/jobstatus/tokenissuers
restore 001 /usr/local/sbin/arclint-issuer-792d6b50

if [ -z "$root" ]; then
	systemctl daemon-reload
	systemctl try-restart arc-arex-ws
fi

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need python3
[ -n "$root" ] || need systemctl
need_dir /usr/local/sbin
need_dir /var/spool/arc/jobstatus
safe_dir /var/spool/arc/jobstatus/tokenissuers
safe_dir /var/spool/arc/jobstatus/tokenissuers/792d6b50
need_dir /etc/systemd/system
require '/var/spool/arc/jobstatus is a directory' is_dir /var/spool/arc/jobstatus

# --- the steps --------------------------------------------------------------

# write /usr/local/sbin/arclint-issuer-792d6b50 (mode 755, owner root:root)
content '#!/usr/bin/python3 -I
"""Fetches the metadata and keys of a token issuer over HTTPS, checked against
the CAs of the system, and pins them for ARC 7. It says what it changes, and is
silent where all is as it should be. What is pinned stays where a fetch fails.

It fetches as nobody, and works below the control directory as its owner: root
looks nothing up in a directory that another user can write.
"""

import base64
import fcntl
import itertools
import json
import os
import pwd
import resource
import select
import signal
import stat
import subprocess
import sys
import time

ISSUER = os.fsdecode(b"https://token.example.org/vo")
METADATA_URL = os.fsdecode(b"https://token.example.org/vo/.well-known/openid-configuration")
CONTROLDIR = os.fsdecode(b"/var/spool/arc/jobstatus")
NAME = os.fsdecode(b"792d6b50")
CA_FILE = os.fsdecode(b"/etc/ssl/certs/ca-certificates.crt")

# <shell/sync-client-certificates.py paths>

# <shell/refresh-issuer.py>
'
write_file 001 /usr/local/sbin/arclint-issuer-792d6b50 755 root:root

# make the directory /var/spool/arc/jobstatus/tokenissuers (mode 755, owner the owner of /var/spool/arc/jobstatus)
make_dir 002 /var/spool/arc/jobstatus/tokenissuers 755 '=/var/spool/arc/jobstatus'

# run /usr/local/sbin/arclint-issuer-792d6b50: fetch the issuer's keys over verified HTTPS and pin them, expect: /var/spool/arc/jobstatus/tokenissuers/792d6b50 holds issuer, metadata and keys
if [ "$dry_run" = yes ]; then
	say 'would run /usr/local/sbin/arclint-issuer-792d6b50: fetch the issuer'\''s keys over verified HTTPS and pin them'
else
	save 003 /var/spool/arc/jobstatus/tokenissuers/792d6b50
	save 004 /var/spool/arc/jobstatus/tokenissuers/792d6b50/metadata
	save 005 /var/spool/arc/jobstatus/tokenissuers/792d6b50/keys
	save 006 /var/spool/arc/jobstatus/tokenissuers/792d6b50/issuer
	run_tool 007 '003 004 005 006' 'fetch the issuer'\''s keys over verified HTTPS and pin them' /usr/local/sbin/arclint-issuer-792d6b50
fi

# write /etc/systemd/system/arclint-issuer-792d6b50.service (mode 644, owner root:root)
content '[Unit]
Description=Refresh the pinned keys of a token issuer for ARC
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/arclint-issuer-792d6b50
TimeoutStartSec=10min
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
KeyringMode=private
UMask=0022
LimitCORE=0
MemoryMax=512M
MemorySwapMax=0
TasksMax=16
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
ProtectSystem=strict
ProtectHome=yes
ReadWritePaths=-/var/spool/arc/jobstatus
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
# It changes to the users that do the work, and ends what they do not end.
CapabilityBoundingSet=CAP_SETUID CAP_SETGID CAP_KILL
RuntimeDirectory=arclint
RuntimeDirectoryPreserve=yes
SystemCallFilter=@system-service
SystemCallFilter=~@keyring @aio @memlock
'
write_file 008 /etc/systemd/system/arclint-issuer-792d6b50.service 644 root:root

# write /etc/systemd/system/arclint-issuer-792d6b50.timer (mode 644, owner root:root)
content '[Unit]
Description=Refresh the pinned keys of a token issuer for ARC

[Timer]
OnBootSec=5min
OnUnitActiveSec=1h
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target
'
write_file 009 /etc/systemd/system/arclint-issuer-792d6b50.timer 644 root:root

# run systemctl daemon-reload: make systemd read the new units
if changes; then
	run 'make systemd read the new units' '' systemctl daemon-reload
fi

# enable and start the systemd unit arclint-issuer-792d6b50.timer
enable_unit 010 arclint-issuer-792d6b50.timer

# <shell/frame.sh dry_run>

check '/usr/local/sbin/arclint-issuer-792d6b50 is as written' has_sum /usr/local/sbin/arclint-issuer-792d6b50 6da88ed6a2c6bc12028babde8e12e8712c36605fa18605ef9c93d0c50caabf83
check '/usr/local/sbin/arclint-issuer-792d6b50 has mode 755' has_mode /usr/local/sbin/arclint-issuer-792d6b50 755
check '/var/spool/arc/jobstatus/tokenissuers is a directory' is_dir /var/spool/arc/jobstatus/tokenissuers
check '/etc/systemd/system/arclint-issuer-792d6b50.service is as written' has_sum /etc/systemd/system/arclint-issuer-792d6b50.service 3078df1ed6d59d0bbb98ee084a2a0b0353d52864f8de68b785e3a829ece2131d
check '/etc/systemd/system/arclint-issuer-792d6b50.service has mode 644' has_mode /etc/systemd/system/arclint-issuer-792d6b50.service 644
check '/etc/systemd/system/arclint-issuer-792d6b50.timer is as written' has_sum /etc/systemd/system/arclint-issuer-792d6b50.timer 02f189941c3c20b1841a993d90da165b7a4d03985c55bc00fcd77fcf503ff4aa
check '/etc/systemd/system/arclint-issuer-792d6b50.timer has mode 644' has_mode /etc/systemd/system/arclint-issuer-792d6b50.timer 644
check 'arclint-issuer-792d6b50.timer is enabled and active' enabled arclint-issuer-792d6b50.timer
check '/var/spool/arc/jobstatus/tokenissuers/792d6b50/issuer is byte for byte what it must be' has_sum /var/spool/arc/jobstatus/tokenissuers/792d6b50/issuer 4c40f030019df948f44e34fbe0e82701dcc8254644e37bb7107e9d3f2a62a772
check '/var/spool/arc/jobstatus/tokenissuers/792d6b50/metadata has content' not_empty /var/spool/arc/jobstatus/tokenissuers/792d6b50/metadata
check '/var/spool/arc/jobstatus/tokenissuers/792d6b50/keys has content' not_empty /var/spool/arc/jobstatus/tokenissuers/792d6b50/keys

# <shell/frame.sh end>
