#!/bin/sh
# install the packages of the grid CAs again
#
# Files of the grid CA distribution are missing or were changed. Its packages
# put them back as they were released, signed by the distribution.
#
# Run as root on the CE: sh SCRIPT. With --dry-run it only says what it would
# do. A second run changes nothing. What it changes is kept in
# /var/backups/arclint, with a script that takes it back.
#
# Note: Which packages the site uses is not known from its CA files. To name
# others: --set packages="NAME NAME".
#
# Note: On Debian, CAs that the site excludes (debconf
# igtf-policy-*/exclude_ca) stay excluded.
#
# Note: A rollback does not undo what the package manager did.

# <shell/frame.sh start>

recipe=restore-igtf

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
# Takes back what the recipe restore-igtf did: the last step first.

# <shell/frame.sh start>

recipe=restore-igtf

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

not_undone 002 '\''fetch-crl --quiet'\''
not_undone 001 '\''apt-get install --reinstall --yes --no-install-recommends igtf-policy-classic igtf-policy-mics igtf-policy-slcs'\''

rm -f -- "$backups/$recipe.unfinished"
[ "$kept" -eq 0 ] || exit 1
say "done, all is as it was before"
'
}

# --- before anything is touched ---------------------------------------------

[ -n "$root" ] || need apt-get
[ -n "$root" ] || need fetch-crl
need openssl

# --- the steps --------------------------------------------------------------

# run apt-get install --reinstall --yes --no-install-recommends igtf-policy-classic igtf-policy-mics igtf-policy-slcs: put the CA files back as they were released, expect: each CA of the distribution in /etc/grid-security/certificates again
[ -n "$root" ] || [ "$dry_run" = yes ] || mark 001 ran
run 'put the CA files back as they were released' 'each CA of the distribution in /etc/grid-security/certificates again' apt-get install --reinstall --yes --no-install-recommends igtf-policy-classic igtf-policy-mics igtf-policy-slcs

# run fetch-crl --quiet: fetch the CRLs of the CAs that came back, expect: a fresh HASH.r0 for each CA
[ -n "$root" ] || [ "$dry_run" = yes ] || mark 002 ran
run 'fetch the CRLs of the CAs that came back' 'a fresh HASH.r0 for each CA' fetch-crl --quiet

# <shell/frame.sh dry_run>

check 'no CRL in /etc/grid-security/certificates has expired' fresh_crls /etc/grid-security/certificates

# <shell/frame.sh end>
