package gridsec

import (
	"path"
	"strings"
	"time"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// Pool is a directory of map_to_pool: the list of its accounts, the settings,
// and the accounts that are taken.
type Pool struct {
	Dir      string      // as arc.conf names it
	Info     rootfs.Info // of the directory, as far as known
	File     *MapList
	Accounts []PoolAccount
	Config   *PoolConfig
	Leases   []*Lease // sorted by name
	// LeasesErr says why the leases are not known, or not all of them.
	LeasesErr error
}

// MapList is the file pool of a pool: a list without comments.
type MapList struct {
	Path   string
	Info   rootfs.Info
	Source *source.File
	Err    error // why there is nothing in it
}

// PoolAccount is one line of the file pool that is not empty, verbatim.
type PoolAccount struct {
	Line Line
	User Line // what ARC looks up: up to the first colon; empty where it begins with "*"
}

// Pool reads the directory of a map_to_pool. It never fails: Pool.File.Err and
// the like say why there is nothing.
func (r *Reader) Pool(dir string) *Pool {
	p := &Pool{Dir: dir, File: &MapList{Path: path.Join(dir, poolFile)}}
	p.Info, _ = r.resolver.Stat(dir)
	p.File.Source, p.File.Info, p.File.Err = r.readText(p.File.Path)
	if p.File.Err == nil {
		p.Accounts = parsePool(p.File.Source)
	}
	p.Config = r.poolConfig(path.Join(dir, poolConfigFile))
	p.Leases, p.LeasesErr = r.leases(dir)
	return p
}

// The files in a pool that are no leases.
const (
	poolFile       = "pool"
	poolConfigFile = "config"
)

// parsePool reads the text of a file pool as SimpleMap::map does (hed/shc/legacy/
// simplemap.cpp): every line that is not empty is an account, blanks, comments
// and carriage returns included. What ARC looks up of it is the part before the
// first colon (split_unixname in unixmap.cpp).
func parsePool(f *source.File) []PoolAccount {
	var accounts []PoolAccount
	for n := 1; n <= f.Lines(); n++ {
		line := wholeLine(f, n)
		if line.Start < line.End {
			hideOdd(f.Data[line.Start:line.End])
			accounts = append(accounts, poolAccount(f, line.Start, line.End))
		}
	}
	return accounts
}

// wholeLine is a line with the carriage return at its end, which SimpleMap does not
// take away.
func wholeLine(f *source.File, n int) source.Span {
	line := f.Line(n)
	if end := line.End; end < len(f.Data) && f.Data[end] == '\r' {
		line.End++
	}
	return line
}

func poolAccount(f *source.File, start, end int) PoolAccount {
	a := PoolAccount{Line: lineAt(f, start, end)}
	user := len(a.Line.Text)
	if n := strings.IndexByte(a.Line.Text, ':'); n >= 0 {
		user = n
	}
	if strings.HasPrefix(a.Line.Text, "*") {
		user = 0
	}
	a.User = lineAt(f, start, start+user)
	return a
}

// Lease is an account of a pool that a subject has.
type Lease struct {
	Name    string // of the file: the subject with "_" for each "/"
	Account PoolAccount
	Used    time.Time // when the subject was mapped last
	Err     error     // why the account is not known
}

// leaseName is the name of the file in a pool that holds the account of a subject.
func leaseName(subject string) string { return strings.ReplaceAll(subject, "/", "_") }

// Lease is the account that the subject has already; nil where it has none.
func (p *Pool) Lease(subject string) *Lease {
	name := leaseName(subject)
	for _, l := range p.Leases {
		if l.Name == name {
			return l
		}
	}
	return nil
}

// Bounds of what is read of a pool: more than one has.
const (
	maxLeases = 10000
	maxLease  = 4096 // bytes
)

// leases reads the regular files of a pool but for the two with names of their
// own, as SimpleMap::map does.
func (r *Reader) leases(dir string) ([]*Lease, error) {
	resolved, err := r.resolver.Resolve(dir)
	if err != nil {
		return nil, err
	}
	names, err := r.namesIn(resolved)
	if err != nil {
		return nil, err
	}
	var leases []*Lease
	for _, n := range names {
		if n.Name == poolFile || n.Name == poolConfigFile {
			continue
		}
		if len(leases) == maxLeases {
			return leases, rootfs.ErrTooLarge
		}
		file := path.Join(resolved, n.Name)
		info, err := r.resolver.Stat(file)
		if err != nil || !info.Mode.IsRegular() {
			continue // ARC passes over it
		}
		leases = append(leases, r.lease(n.Name, path.Join(dir, n.Name), info))
	}
	return leases, nil
}

func (r *Reader) lease(name, shown string, info rootfs.Info) *Lease {
	l := &Lease{Name: name, Used: info.ModTime}
	data, err := r.fsys.ReadFile(info.Path, maxLease)
	if err != nil {
		l.Err = err
		return l
	}
	blankPrivateKeys(data)
	first := source.New(shown, data)
	if accounts := parsePool(first); len(accounts) > 0 && accounts[0].Line.Span.Start == 0 {
		l.Account = accounts[0]
	}
	return l
}

// Room says whether ARC finds an account for one more subject: one that is free,
// or one whose lease has run out. known is false where the leases are not known.
func (p *Pool) Room(now time.Time) (room, known bool) {
	if p.LeasesErr != nil {
		return false, false
	}
	free, lifetime := p.counts(), p.Config.lifetime()
	expired := false
	for _, l := range p.Leases {
		if l.Err != nil {
			return false, false
		}
		if free[l.Account.Line.Text] > 0 {
			free[l.Account.Line.Text]--
			expired = expired || lifetime > 0 && now.Sub(l.Used) >= lifetime
		}
	}
	for _, n := range free {
		if n > 0 {
			return true, true
		}
	}
	return expired, true
}

// counts says how often each account stands in the pool: one that stands there
// twice is given to two subjects.
func (p *Pool) counts() map[string]int {
	counts := map[string]int{}
	for _, a := range p.Accounts {
		counts[a.Line.Text]++
	}
	return counts
}
