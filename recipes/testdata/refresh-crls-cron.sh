#!/bin/sh
# fetch the certificate revocation lists again and keep them fresh
#
# An expired CRL refuses every certificate of its CA, and a missing one lets
# revoked certificates in without a word (arc-behaviour D9, S9).
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: fetch-crl reads where to fetch from each CA's .info or .crl_url file;
# a CA without either has no CRL and gets none.
#
# Note: The files that fetch-crl writes are not restored by a rollback: an old
# CRL is of no use.
#
# Note: /etc/cron.d/fetch-crl runs fetch-crl already, or what takes its place;
# see that it does.

# <shell/frame.sh start>

recipe=refresh-crls

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

# <shell/lib.sh lock>

# <shell/lib.sh need>

# <shell/lib.sh base>

# <shell/lib.sh start_backup>

# <shell/lib.sh seal>

# <shell/lib.sh mark>

# <shell/lib.sh check>

# <shell/lib.sh run>

# <shell/lib.sh fresh_crls>

# The script that the backup gets.
rollback_script() {
	printf '%s' '#!/bin/sh
# Takes back what the recipe refresh-crls did: the last step first.

# <shell/frame.sh start>

recipe=refresh-crls

# <shell/lib.sh say>

# <shell/lib.sh fail>

# <shell/lib.sh state>

# <shell/lib.sh finish>

# <shell/lib.sh as>

# <shell/lib.sh look>

# <shell/lib.sh walk>

# <shell/lib.sh judge>

# <shell/lib.sh follow>

# <shell/lib.sh lock>

# <shell/rollback.sh back>

# <shell/rollback.sh kept_of>

# <shell/rollback.sh not_undone>

not_undone 001 '\''fetch-crl --quiet'\''

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

[ -n "$root" ] || need fetch-crl
need openssl

# --- the steps --------------------------------------------------------------

# run fetch-crl --quiet: fetch the CRL of every CA that names one, expect: a fresh HASH.r0 for each CA in /etc/grid-security/certificates; it says which it could not fetch
[ -n "$root" ] || [ "$dry_run" = yes ] || mark 001 ran
run 'fetch the CRL of every CA that names one' 'a fresh HASH.r0 for each CA in /etc/grid-security/certificates; it says which it could not fetch' fetch-crl --quiet

# <shell/frame.sh dry_run>

check 'no CRL in /etc/grid-security/certificates has expired' fresh_crls /etc/grid-security/certificates

# <shell/frame.sh end>
