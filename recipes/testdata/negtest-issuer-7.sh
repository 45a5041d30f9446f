#!/bin/sh
# let https://ce.example.org:8447/negtest in, for a test
#
# arclint negtest asks this CE requests that should be turned away. To tell a
# refusal from a CE that refuses everybody, one token and one certificate must
# get in: those of a throw-away issuer and CA, which are valid for a day and
# whose keys are only in the memory of the arclint that waits. The rules name
# issuer, subject, audience, scope and group; nobody else gets in by them.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Then by hand: when arclint negtest has ended, run the rollback that this
# script names, which takes all of it back
#
# Note: the CE fetches keys from https://ce.example.org:8447/negtest: it must
# reach that address
#
# Note: the services restart at the start and at the end; jobs that run go on
#
# Note: a token or certificate of the test becomes the account nobody, and
# arclint submits no job with it

# <shell/frame.sh start>

recipe=negtest-issuer

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

# <shell/lib.sh unpack>

# <shell/lib.sh start_stage>

# <shell/lib.sh lock>

# <shell/lib.sh need>

# <shell/lib.sh base>

# <shell/lib.sh need_dir>

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh save>

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

# <shell/lib.sh edit_ready>

# <shell/lib.sh edit>

# <shell/lib.sh changes>

# <shell/lib.sh run>

# <shell/lib.sh has_sum>

# <shell/lib.sh has_mode>

# <shell/lib.sh is_dir>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe negtest-issuer did: the last step first.

# <shell/frame.sh start>

recipe=negtest-issuer

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

restore 009 /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/keys
restore 008 /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/metadata
restore 007 /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/issuer
restore 006 /var/spool/arc/jobstatus/tokenissuers/arclint-negtest
restore 005 /var/spool/arc/jobstatus/tokenissuers
restore 004 /etc/arc.conf
restore 003 /etc/grid-security/certificates/77677dd6.0
restore 002 /etc/grid-security/certificates/77677dd6.r0
restore 001 /etc/grid-security/certificates/77677dd6.signing_policy

if [ -z "$root" ]; then
	systemctl try-restart arc-arex arc-arex-ws
fi

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need sha256sum
[ -n "$root" ] || need systemctl
need_dir /etc/grid-security/certificates
edit_ready /etc/arc.conf a0dc3d60f07e271e1a05f0c5886552e225f080496d9ea94e2cdd498d34214621 d52d08229f827c2a7f0bbd304934ff5fa4d41a0a40f2bc268398c1ea281aa7cd
need_dir /var/spool/arc/jobstatus
require '/var/spool/arc/jobstatus is a directory' is_dir /var/spool/arc/jobstatus

# --- the steps --------------------------------------------------------------

# write /etc/grid-security/certificates/77677dd6.signing_policy (mode 644, owner root:root)
content 'access_id_CA  X509   '\''/DC=net/DC=example/CN=arclint negtest 0a1b2c CA'\''
pos_rights    globus CA:sign
cond_subjects globus '\''"/DC=net/DC=example/*"'\''
'
write_file 001 /etc/grid-security/certificates/77677dd6.signing_policy 644 root:root

# write /etc/grid-security/certificates/77677dd6.r0 (mode 644, owner root:root)
content '-----BEGIN X509 CRL-----
MIIBzDCBtQIBATANBgkqhkiG9w0BAQsFADBSMRMwEQYKCZImiZPyLGQBGRYDbmV0
MRcwFQYKCZImiZPyLGQBGRYHZXhhbXBsZTEiMCAGA1UEAwwZYXJjbGludCBuZWd0
ZXN0IDBhMWIyYyBDQRcNMjYxMTIyMTIwMDAwWhcNMjYxMjIyMTIwMDAwWqAvMC0w
HwYDVR0jBBgwFoAUrkVA2sxtDWSRQa3/4T8cjKcgb/EwCgYDVR0UBAMCAQEwDQYJ
KoZIhvcNAQELBQADggEBAAfh2RHjts3pBScbX3VDG9fzssk0hIOC58i5oNWb90wH
Ci2ryb21GLtiixkOBOItHfgo0GtqX+9V4/IrHaC31D2pQ+UGR8tXSZVWbY0vcutd
oEccKz7CybMsVXr+Yy+hdNjYFvUxI3LZ0kZbfPvZjKx+H8XW5qPwlQmHoUlSBovz
2IAfdwkpJdMDQ9jaQQh7gLLnTbjNs/lVdkTjkv6kA0YVDO3LmTq6ObPLa0Ychews
lCFNWypOw3tkc6d8LOa2r/636HinU+Pzmt7wpuJTPzeqE79Y3UGod/+iOaEfMobl
pC0IQQTgfnn3r1rBrw5mkBZIWYmmxJeyEdqcx0NVovY=
-----END X509 CRL-----
'
write_file 002 /etc/grid-security/certificates/77677dd6.r0 644 root:root

# write /etc/grid-security/certificates/77677dd6.0 (mode 644, owner root:root)
content '-----BEGIN CERTIFICATE-----
MIIDiTCCAnGgAwIBAgIIUXglGQ721hEwDQYJKoZIhvcNAQELBQAwUjETMBEGCgmS
JomT8ixkARkWA25ldDEXMBUGCgmSJomT8ixkARkWB2V4YW1wbGUxIjAgBgNVBAMM
GWFyY2xpbnQgbmVndGVzdCAwYTFiMmMgQ0EwHhcNMjExMTIzMTIwMDAwWhcNMzYx
MTIzMTIwMDAwWjBSMRMwEQYKCZImiZPyLGQBGRYDbmV0MRcwFQYKCZImiZPyLGQB
GRYHZXhhbXBsZTEiMCAGA1UEAwwZYXJjbGludCBuZWd0ZXN0IDBhMWIyYyBDQTCC
ASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAMzBmA7D16rkbL0hTwi8Kgqd
LIR0mP0isJOK02ISGkiNxDAC9mIHAQO3AkPVpSGA1hkv/s6Ho3RUX7Ynw1+QaYr+
5i3WRFd7lSMiUWL7PX2HRpakp9SZn0/3991p81ohQHQ9TxjKUzqBKpnFTwiKoqN+
1N4rFnUFm8YriwPYWP1oJ1SH5v/uvEnFtwSBWQZumyKiIby8fr3/PEconwZB0NSH
hzXBL1h7E69uCyag1URymvKQCElpsACRfQAnMke75EFQ1Pz5OG08JXVIWOpCVZuX
MfVSR6GNFRjiBtRu3kPKJ5DQkF/HTnJSE6vB27SB6cpAdDPNGj5KpNtVngZ/Y6MC
AwEAAaNjMGEwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQUrkVA2sxtDWSRQa3/
4T8cjKcgb/EwHwYDVR0jBBgwFoAUrkVA2sxtDWSRQa3/4T8cjKcgb/EwDgYDVR0P
AQH/BAQDAgEGMA0GCSqGSIb3DQEBCwUAA4IBAQCeFA7dhXw0x+sx0WR+X8lugLGb
0l4yMgzjDqniIg1tKiDp7kI5LoH5NfMYG3oPxbeoKwoMCeAb2CJ0gFT/BuQ7pyBi
rMyJdVidSObvJMzeLxt1YBjXy0NxenrvkqdsnYlu4xzc6gbkW7R2HRREjKFjiWWp
DyrWM4fIleQKF4ngeaQrajEE09qqgHpOhAxTzCMuPN+Ue0aCVFMJKa41pt9Xlc4U
n4srELQkiJftOIAgykCJ/ZF6H5mubDFwE70rJJYj/glw93sAmLP4Bf6iVVCYHvF7
2BQ2A252AJU6v5MZUAlNYQX2DH2PGpFeyAF6yt+jW/uwIoa69KxcyYaJpqPG
-----END CERTIFICATE-----
'
write_file 003 /etc/grid-security/certificates/77677dd6.0 644 root:root

# edit /etc/arc.conf: at line 8 insert "[authgroup:arclint_negtest]\nauthtokens=arclint-negtest https://ce.example.org:8447/negtest https://ce.example.org compute.read /arclint\nauthtokens=arclint-negtest https://ce.example.org:8447/negtest/fetched https://ce.example.org compute.read /arclint\nauthtokens=arclint-negtest https://ce.example.org:8447/negtest/keys-none https://ce.example.org compute.read /arclint\nsubject=/DC=net/DC=example/CN=arclint negtest 0a1b2c"; at line 8 insert "map_to_user=arclint_negtest nobody"; at line 17 insert "allowaccess=arclint_negtest"
start_edit 004 /etc/arc.conf a0dc3d60f07e271e1a05f0c5886552e225f080496d9ea94e2cdd498d34214621 d52d08229f827c2a7f0bbd304934ff5fa4d41a0a40f2bc268398c1ea281aa7cd
if [ "$editing" = yes ]; then
	{
		bytes 0 130
		# line 8
		printf %s '[authgroup:arclint_negtest]
authtokens=arclint-negtest https://ce.example.org:8447/negtest https://ce.example.org compute.read /arclint
authtokens=arclint-negtest https://ce.example.org:8447/negtest/fetched https://ce.example.org compute.read /arclint
authtokens=arclint-negtest https://ce.example.org:8447/negtest/keys-none https://ce.example.org compute.read /arclint
subject=/DC=net/DC=example/CN=arclint negtest 0a1b2c

'
		bytes 130 9
		# line 8
		printf %s '
map_to_user=arclint_negtest nobody'
		bytes 139 117
		# line 17
		printf %s '
allowaccess=arclint_negtest'
		bytes 256 31
	} >"$tmp/content"
	finish_edit /etc/arc.conf d52d08229f827c2a7f0bbd304934ff5fa4d41a0a40f2bc268398c1ea281aa7cd
fi

# make the directory /var/spool/arc/jobstatus/tokenissuers (mode 755, owner the owner of /var/spool/arc/jobstatus)
make_dir 005 /var/spool/arc/jobstatus/tokenissuers 755 '=/var/spool/arc/jobstatus'

# make the directory /var/spool/arc/jobstatus/tokenissuers/arclint-negtest (mode 755, owner the owner of /var/spool/arc/jobstatus)
make_dir 006 /var/spool/arc/jobstatus/tokenissuers/arclint-negtest 755 '=/var/spool/arc/jobstatus'

# write /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/issuer (mode 644, owner the owner of /var/spool/arc/jobstatus)
content https://ce.example.org:8447/negtest
write_file 007 /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/issuer 644 '=/var/spool/arc/jobstatus'

# write /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/metadata (mode 644, owner the owner of /var/spool/arc/jobstatus)
content '{}'
write_file 008 /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/metadata 644 '=/var/spool/arc/jobstatus'

# write /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/keys (mode 644, owner the owner of /var/spool/arc/jobstatus)
content '{"keys":[]}'
write_file 009 /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/keys 644 '=/var/spool/arc/jobstatus'

# run systemctl try-restart arc-arex arc-arex-ws: the services read arc.conf when they start, expect: arc-arex and arc-arex-ws are active again
if changes; then
	run 'the services read arc.conf when they start' 'arc-arex and arc-arex-ws are active again' systemctl try-restart arc-arex arc-arex-ws
fi

# <shell/frame.sh dry_run>

check '/etc/grid-security/certificates/77677dd6.signing_policy is as written' has_sum /etc/grid-security/certificates/77677dd6.signing_policy d04264a56ff16c7012d9eb73d3e74daccad89f699bd2bb7576f84207b46d25de
check '/etc/grid-security/certificates/77677dd6.signing_policy has mode 644' has_mode /etc/grid-security/certificates/77677dd6.signing_policy 644
check '/etc/grid-security/certificates/77677dd6.r0 is as written' has_sum /etc/grid-security/certificates/77677dd6.r0 020ba8e44c48cd75486f31808d319be1734f5eadf1b1e1a753c53521c2a9e8be
check '/etc/grid-security/certificates/77677dd6.r0 has mode 644' has_mode /etc/grid-security/certificates/77677dd6.r0 644
check '/etc/grid-security/certificates/77677dd6.0 is as written' has_sum /etc/grid-security/certificates/77677dd6.0 ec371640277fa69482e42f0ccde2cb764718dcdc4ccef0e41c7f1a40772c2d37
check '/etc/grid-security/certificates/77677dd6.0 has mode 644' has_mode /etc/grid-security/certificates/77677dd6.0 644
check '/etc/arc.conf is as edited' has_sum /etc/arc.conf d52d08229f827c2a7f0bbd304934ff5fa4d41a0a40f2bc268398c1ea281aa7cd
check '/var/spool/arc/jobstatus/tokenissuers is a directory' is_dir /var/spool/arc/jobstatus/tokenissuers
check '/var/spool/arc/jobstatus/tokenissuers/arclint-negtest is a directory' is_dir /var/spool/arc/jobstatus/tokenissuers/arclint-negtest
check '/var/spool/arc/jobstatus/tokenissuers/arclint-negtest/issuer is as written' has_sum /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/issuer 215bf17e336ec6d170cb211779f9ea1b26bf298ea16533fd04107700bd00e0cf
check '/var/spool/arc/jobstatus/tokenissuers/arclint-negtest/issuer has mode 644' has_mode /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/issuer 644
check '/var/spool/arc/jobstatus/tokenissuers/arclint-negtest/metadata is as written' has_sum /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/metadata 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
check '/var/spool/arc/jobstatus/tokenissuers/arclint-negtest/metadata has mode 644' has_mode /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/metadata 644
check '/var/spool/arc/jobstatus/tokenissuers/arclint-negtest/keys is as written' has_sum /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/keys 9638d11914735d0072002dd4d67c734a94ee7a0cd845e6dcbc984ee7581860a7
check '/var/spool/arc/jobstatus/tokenissuers/arclint-negtest/keys has mode 644' has_mode /var/spool/arc/jobstatus/tokenissuers/arclint-negtest/keys 644

# <shell/frame.sh end>
say 'then by hand: when arclint negtest has ended, run the rollback that this script names, which takes all of it back'
