package site

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"arclint/internal/rootfs"
)

// Renewal says what renews the CRLs on this host, as far as the entries of cron and
// the timers of systemd tell.
type Renewal struct {
	Found   string   // the entry that does; "" where there is none
	Idle    string   // an entry that would, and is not enabled
	Why     string   // why it is not
	Missing []string // places for entries that this copy of a site does not hold
	None    bool     // there is neither cron nor systemd here: what renews them is elsewhere
	Unread  string   // a place that could not be looked at
}

// The places for entries. Each is one that a host has by default, so that a copy
// without it is a part of one.
const (
	cronDir    = "/etc/cron.d"
	systemdDir = "/etc/systemd"
	spoolDir   = "/var/spool/cron" // of crontab(1), below it or in crontabs
)

// readRenewal looks for what runs fetch-crl, or another program with "crl" in its
// name or text: which one a site uses is its own affair.
func (s *Site) readRenewal(fsys rootfs.FS) {
	l := renewalReader{fsys: fsys, copied: s.isCopy()}
	l.missing()
	l.timers()
	for _, file := range []string{"/etc/crontab", "/etc/anacrontab"} {
		l.crontab(file)
	}
	for _, dir := range []string{cronDir, spoolDir, spoolDir + "/crontabs", "/var/spool/cron/tabs"} {
		l.each(dir, l.crontab)
	}
	for _, dir := range []string{"/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly"} {
		l.each(dir, l.script)
	}
	s.Renewal = l.found
}

func (l *renewalReader) missing() {
	absent := func(name string) bool {
		_, err := rootfs.Stat(l.fsys, name)
		return errors.Is(err, fs.ErrNotExist)
	}
	var gone []string
	for _, dir := range []string{cronDir, spoolDir} {
		if absent(dir) {
			gone = append(gone, dir)
		}
	}
	// A directory with a timer or two in it may be what a recipe made.
	if absent(systemdDir+"/system.conf") && absent(systemdDir+"/journald.conf") && absent(systemdDir+"/system/multi-user.target.wants") {
		gone = append(gone, systemdDir)
	}
	l.found.None = slices.Contains(gone, cronDir) && slices.Contains(gone, systemdDir)
	if l.copied {
		l.found.Missing = gone
	}
}

// renewalReader reads entries. What is found first counts.
type renewalReader struct {
	fsys   rootfs.FS
	copied bool
	found  Renewal
	asked  int // programs that were looked into
}

const (
	maxEntry    = 64 << 10 // bytes of a crontab, a unit or a script; larger ones are no such thing
	maxPrograms = 200      // that are looked into
)

func (l *renewalReader) each(dir string, look func(string)) {
	entries, err := rootfs.List(l.fsys, dir)
	if err != nil {
		l.note(dir, err)
		return
	}
	for _, e := range entries {
		if !leftover(e.Name()) {
			look(path.Join(dir, e.Name()))
		}
	}
}

// leftover says whether cron does not read a file of that name (cron(8) of cronie
// and of Debian).
func leftover(name string) bool {
	ends := func(suffix string) bool { return strings.HasSuffix(name, suffix) }
	return name[0] == '.' || slices.ContainsFunc([]string{"~", ".rpmsave", ".rpmnew", ".rpmorig", ".dpkg-old", ".dpkg-dist", ".dpkg-new", ".bak"}, ends)
}

// note keeps a place of which nothing is known. What is not there has no entry.
func (l *renewalReader) note(place string, err error) {
	if l.found.Unread == "" && rootfs.Unread(err) {
		l.found.Unread = place
	}
}

func (l *renewalReader) read(file string) string {
	info, err := rootfs.Stat(l.fsys, file)
	if err == nil && !info.Mode.IsRegular() {
		return ""
	}
	data, _, err := rootfs.Read(l.fsys, file, maxEntry)
	if err != nil {
		l.note(file, err)
		return ""
	}
	return string(data)
}

func mentionsCRL(text string) bool { return strings.Contains(strings.ToLower(text), "crl") }

// crontab looks at the lines of a crontab that are no comments. What runs once, when
// the host starts, renews nothing.
func (l *renewalReader) crontab(file string) {
	for line := range strings.Lines(l.read(file)) {
		line = strings.TrimSpace(line)
		if l.found.Found != "" || line == "" || line[0] == '#' || isSetting(line) || strings.HasPrefix(line, "@reboot") {
			continue
		}
		switch lock := lockOf(line); {
		case mentionsCRL(line) && lock == "":
			l.found.Found = file
		case mentionsCRL(line):
			l.guarded(file, lock)
		default:
			l.programs(file, line)
		}
	}
}

// isSetting says whether a line sets a variable, such as MAILTO=.
func isSetting(line string) bool {
	name, _, ok := strings.Cut(line, "=")
	return ok && !strings.ContainsAny(strings.TrimSpace(name), " \t*/")
}

// lockOf is the lock file without which a line does nothing, as in the entry of the
// packages fetch-crl: [ ! -f /var/lock/subsys/fetch-crl-cron ] || ...; else "".
func lockOf(line string) string {
	fields := strings.Fields(line)
	for i, word := range fields {
		if i > 1 && fields[i-1] == "-f" && fields[i-2] == "!" && strings.HasPrefix(word, "/var/lock/") {
			return word
		}
	}
	return ""
}

// guarded judges an entry that a service fetch-crl-cron enables: it makes the lock
// file at the start of the host.
func (l *renewalReader) guarded(file, lock string) {
	_, err := rootfs.Stat(l.fsys, lock)
	_, dir := rootfs.Stat(l.fsys, path.Dir(lock))
	switch {
	case err == nil, l.startsAtBoot(path.Base(lock)):
		l.found.Found = file
	case l.copied && dir != nil:
		l.found.Unread = lock
	default:
		l.found.Idle, l.found.Why = file, lock+" does not exist, without which the entry does nothing"
	}
}

// startsAtBoot says whether a service is enabled, of systemd or of System V.
func (l *renewalReader) startsAtBoot(service string) bool {
	for _, at := range l.glob("/etc/systemd/system", ".wants") {
		if _, err := rootfs.Lstat(l.fsys, path.Join(at, service+".service")); err == nil {
			return true
		}
	}
	for _, base := range []string{"/etc", "/etc/rc.d"} {
		for _, level := range []string{"2", "3", "4", "5"} {
			entries, _ := rootfs.List(l.fsys, path.Join(base, "rc"+level+".d")) // a host need not have it
			for _, e := range entries {
				if name := e.Name(); name[0] == 'S' && strings.HasSuffix(name, service) {
					return true
				}
			}
		}
	}
	return false
}

// timers looks at the timers that are enabled: by their names, or by what the
// service that they start runs.
func (l *renewalReader) timers() {
	// A package may enable a timer of its own below /usr.
	for _, wants := range slices.Concat(l.glob("/etc/systemd/system", ".wants"), l.glob("/etc/systemd/system", ".requires"), l.glob("/usr/lib/systemd/system", ".wants")) {
		l.each(wants, func(entry string) {
			name, isTimer := strings.CutSuffix(path.Base(entry), ".timer")
			if !isTimer || l.found.Found != "" {
				return
			}
			if mentionsCRL(name) || mentionsCRL(l.unit(entry, path.Base(entry))) || mentionsCRL(l.unit("", name+".service")) {
				l.found.Found = entry
			}
		})
	}
	if l.found.Found != "" {
		return
	}
	for _, dir := range unitDirs() {
		if _, err := rootfs.Lstat(l.fsys, path.Join(dir, "fetch-crl.timer")); err == nil && l.found.Idle == "" {
			l.found.Idle, l.found.Why = path.Join(dir, "fetch-crl.timer"), "the timer is not enabled"
		}
	}
}

// unitDirs are where systemd looks for units, first its administrator's.
func unitDirs() []string {
	return []string{"/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"}
}

// unit is the text of a unit, "" where it is not here.
func (l *renewalReader) unit(entry, name string) string {
	if entry != "" {
		if text := l.read(entry); text != "" {
			return text
		}
	}
	for _, dir := range unitDirs() {
		if text := l.read(path.Join(dir, name)); text != "" {
			return text
		}
	}
	return ""
}

// glob are the entries of a directory whose names have the ending.
func (l *renewalReader) glob(dir, ending string) []string {
	entries, err := rootfs.List(l.fsys, dir)
	if err != nil {
		l.note(dir, err)
	}
	var found []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ending) {
			found = append(found, path.Join(dir, e.Name()))
		}
	}
	return found
}

// script looks at a program that cron runs from a directory.
func (l *renewalReader) script(file string) {
	if l.found.Found == "" && (mentionsCRL(path.Base(file)) || mentionsCRL(withoutComments(l.read(file)))) {
		l.found.Found = file
	}
}

// programs looks into the programs of a line that a site may have written itself:
// such a script may run fetch-crl.
func (l *renewalReader) programs(file, line string) {
	own := func(word string) bool {
		return slices.ContainsFunc([]string{"/usr/local/", "/opt/", "/etc/", "/root/", "/srv/"}, func(dir string) bool { return strings.HasPrefix(word, dir) })
	}
	for _, word := range strings.Fields(line) {
		if l.asked >= maxPrograms || !own(word) {
			continue
		}
		l.asked++
		if mentionsCRL(withoutComments(l.read(word))) {
			l.found.Found = file
			return
		}
	}
}

func withoutComments(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}
