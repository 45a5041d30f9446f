### start:
# Texts in single quotes are meant as they stand.
# shellcheck disable=SC2016

set -eu
umask 077
unset IFS CDPATH ENV BASH_ENV TMPDIR TAR_OPTIONS POSIXLY_CORRECT
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

### dry_run:
if [ "$dry_run" = yes ]; then
	say "dry run: $changed changes would be made, nothing was changed"
	exit 0
fi

# --- verification -----------------------------------------------------------

### end:
if [ "$changed" -eq 0 ] && [ -n "$backup" ]; then
	rm -rf -- "${backup:?}"
	backup=
fi
[ "$failures" -eq 0 ] || fail "$failures of the checks above failed"
rm -f -- "$pending"
if [ "$changed" -eq 0 ]; then
	say "nothing to change: all is as it should be already"
else
	say "done, $changed changes"
	say "backup: $backup"
	say "to undo: sh $backup/rollback.sh"
fi
