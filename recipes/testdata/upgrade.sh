#!/bin/sh
# make arc.conf ready for ARC 7.2.0
#
# ARC 7.2.0 drops blocks that it does not know without an error, and reads
# others in another way: without these edits the CE starts after the upgrade
# and does something else than today. Comments stay where they are, byte for
# byte, also those that spoke of what is gone.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# First by hand: stop arc-arex, arc-arex-ws and arc-gridftpd: the script
# leaves an arc.conf for ARC 7.2.0, on which the release of today need not
# start
#
# Then by hand: erase the packages nordugrid-arc-gridftpd and
# nordugrid-arc-plugins-gridftpjob: they do not work beside ARC 7
#
# Then by hand: update the packages to ARC 7.2.0
#
# Then by hand: remove /etc/arc.conf.d/00-testCA-hostcert.conf and
# /etc/arc.conf.d/10-testCA-access.conf where the packages made them: the
# first sets x509_host_key and x509_host_cert once more, which breaks TLS, and
# the second admits the users of the test CA
#
# Then by hand: make /etc/grid-security/local, which does not exist, before
# the services start: a rule file= ends its authgroup without it
# (arc-behaviour A7), and ARC 7 has no nordugridmap
#
# Then by hand: take authgroup vo out of [mapping] and of the access lists, or
# give it a rule: it had rules on tokens alone and has no members now
#
# Then by hand: tell users and brokers to submit by REST, as gridftp and
# EMI-ES are gone, and let scripts that read the control directory ask
# `arcctl job path`
#
# Then by hand: run `arclint check --arc-version 7.2.0` and
# `arcctl config verify`, and start the services. verify calls -file errors,
# since its list of names lacks them: ARC 7.2.0 reads them, and the lines stay
#
# Note: Ends with ARC 6: jobs by EMI-ES at the address of REST
# ([arex/ws/jobs]). Who may use it today: whoever has a mapping: authgroup
# local, vo.
#
# Note: Ends with ARC 6: jobs by gridftp ([gridftpd/jobs]). Who may use it
# today: authgroup vo.
#
# Note: Ends with ARC 6: a list of users that nordugridmap makes
# ([userlist:local]). Who may use it today: authgroup local.
#
# Note: lrms=slurmpy becomes lrms=slurm: ARC 7 brings no other scripts for
# SLURM.
#
# Note: [arex/ws/jobs] gets every authgroup that [mapping] names: these get in
# today, and without a list ARC 7 lets nobody in (arc-behaviour S5, B1). Take
# out whom you do not mean.
#
# Note: Information on the CE stays with those who may submit jobs, by
# [infosys/accesscontrol]: without it ARC 7 gives it to anyone. To have that,
# say --set public=everybody.

# <shell/frame.sh start>

recipe=upgrade

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

# <shell/lib.sh would>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh save>

# <shell/lib.sh bytes_of_now>

# <shell/lib.sh sum_of>

# <shell/lib.sh put>

# <shell/lib.sh check>

# <shell/lib.sh fill>

# <shell/lib.sh edit_ready>

# <shell/lib.sh edit>

# <shell/lib.sh has_sum>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe upgrade did: the last step first.

# <shell/frame.sh start>

recipe=upgrade

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

restore 001 /etc/arc.conf

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

need sha256sum
edit_ready /etc/arc.conf 950319b0a26849c18cb79d1c6bfd53bfc8932e32f268fe08fd1a271bf98ca86a 4f71a1fb6d36931bcba45717a3fb32a6440810f4a4ad44e6307d6bf21c1e4af5

# --- the steps --------------------------------------------------------------

# edit /etc/arc.conf in 10 places
start_edit 001 /etc/arc.conf 950319b0a26849c18cb79d1c6bfd53bfc8932e32f268fe08fd1a271bf98ca86a 4f71a1fb6d36931bcba45717a3fb32a6440810f4a4ad44e6307d6bf21c1e4af5
if [ "$editing" = yes ]; then
	{
		bytes 0 114
		# line 7
		# was: [userlist:local]
		# was: outfile=/etc/grid-security/local
		bytes 164 12
		# line 10
		# was: mapped_unixid=nobody
		bytes 197 19
		# line 13
		# was: -userlist=local
		printf %s '-file=/etc/grid-security/local'
		bytes 231 1
		# line 14
		# was: userlist=local
		printf %s 'file=/etc/grid-security/local'
		bytes 246 17
		# line 17
		# was: authtokens=* https://token.example.org/vo * compute.create *
		bytes 324 71
		# line 24
		# was: slurmpy
		printf %s slurm
		bytes 402 11
		# line 25
		# was: HEPSPEC:12.26
		printf %s 'HEPSPEC 12.26'
		bytes 426 50
		# line 30
		printf %s '
allowaccess=vo'
		bytes 476 13
		# line 33
		# was: [gridftpd]
		# was: port=2811
		# was: [gridftpd/jobs]
		# was: allowaccess=vo
		bytes 541 13
		# line 38
		printf %s '
[infosys/accesscontrol]
denyaccess=local
allowaccess=vo
'
	} >"$tmp/content"
	finish_edit /etc/arc.conf 4f71a1fb6d36931bcba45717a3fb32a6440810f4a4ad44e6307d6bf21c1e4af5
fi

# <shell/frame.sh dry_run>

check '/etc/arc.conf is as edited' has_sum /etc/arc.conf 4f71a1fb6d36931bcba45717a3fb32a6440810f4a4ad44e6307d6bf21c1e4af5

# <shell/frame.sh end>
say 'then by hand: erase the packages nordugrid-arc-gridftpd and nordugrid-arc-plugins-gridftpjob: they do not work beside ARC 7'
say 'then by hand: update the packages to ARC 7.2.0'
say 'then by hand: remove /etc/arc.conf.d/00-testCA-hostcert.conf and /etc/arc.conf.d/10-testCA-access.conf where the packages made them: the first sets x509_host_key and x509_host_cert once more, which breaks TLS, and the second admits the users of the test CA'
say 'then by hand: make /etc/grid-security/local, which does not exist, before the services start: a rule file= ends its authgroup without it (arc-behaviour A7), and ARC 7 has no nordugridmap'
say 'then by hand: take authgroup vo out of [mapping] and of the access lists, or give it a rule: it had rules on tokens alone and has no members now'
say 'then by hand: tell users and brokers to submit by REST, as gridftp and EMI-ES are gone, and let scripts that read the control directory ask `arcctl job path`'
say 'then by hand: run `arclint check --arc-version 7.2.0` and `arcctl config verify`, and start the services. verify calls -file errors, since its list of names lacks them: ARC 7.2.0 reads them, and the lines stay'
