package gridsec

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// TestParsePool: every line that is not empty is an account (simplemap.cpp).
func TestParsePool(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string // "line|user"
	}{
		{"a\nb\n", []string{"a|a", "b|b"}},
		{"a\n\n\nb", []string{"a|a", "b|b"}},
		{"a:g\n:g\n", []string{"a:g|a", ":g|"}},
		{"# a\n b \n", []string{"# a|# a", " b | b "}},
		{"a\r\n\r\n", []string{"a\r|a\r", "\r|\r"}},
		{"*a\n*\n", []string{"*a|", "*|"}},
		{"", nil},
	} {
		var got []string
		for _, a := range parsePool(source.New("/pool", []byte(tt.text))) {
			got = append(got, a.Line.Text+"|"+a.User.Text)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestPoolConfig(t *testing.T) {
	for _, tt := range []struct {
		text     string
		days     uint32
		problems []string
	}{
		{"", 10, nil},
		{"# timeout in days\n\ntimeout=5\n", 5, nil},
		{"timeout= 5\n", 5, nil},
		{"timeout=0", 0, nil},
		{"timeout=5\ntimeout=7\n", 7, nil},
		{"timeout = 5\n", 10, []string{"1: timeout is not all"}},
		{"\ttimeout=5\n", 10, []string{"1: timeout is not all"}},
		{"Timeout=5\n", 10, []string{"1: timeout is not all"}},
		{"timeout=5 \n", 10, []string{"1: the value of timeout is not a number"}},
		{"timeout=5\r\n", 10, []string{"1: the value of timeout is not a number"}},
		{"timeout=5 # days\n", 10, []string{"1: the value of timeout is not a number"}},
		{"timeout=\n", 10, []string{"1: the value of timeout is not a number"}},
		{"timeout=ten\n", 10, []string{"1: the value of timeout is not a number"}},
		{"timeout: 5\n", 10, []string{"1: timeout has no equals"}},
		{"timeout=99999\n", 99999, []string{"1: timeout is more than"}},
		{"timeout=-1\n", 1<<32 - 1, []string{"1: timeout is more than"}},
		{"lifetime=5\n", 10, []string{"1: ARC knows no such"}},
		{"[pool]\ntimeout=5\n", 5, nil},
	} {
		c := parsePoolConfig(source.New("/config", []byte(tt.text)))
		if c.Days != tt.days {
			t.Errorf("%q: %d days, want %d", tt.text, c.Days, tt.days)
		}
		wantProblems(t, headlines(t, c.Problems), tt.problems)
	}
}

func TestReadPool(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	fsys := rootfs.NewMem()
	fsys.SetTime(now)
	must(t,
		fsys.WriteFile("/p/pool", []byte("a\nb\n"), 0o640),
		fsys.WriteFile("/p/config", []byte("timeout=5\n"), 0o644),
		fsys.WriteFile("/p/_C=x_CN=Jane", []byte("a\n"), 0o644),
		fsys.WriteFile("/p/_C=x_CN=Large", []byte("b\n"+strings.Repeat("x", maxLease)), 0o644),
		fsys.Special("/p/_fifo", fs.ModeNamedPipe),
		fsys.Symlink("/etc/../../../secret", "/p/_gone"),
		fsys.Mkdir("/p/old", 0o755),
		fsys.Special("/q/pool", fs.ModeNamedPipe),
	)
	p := NewReader(fsys).Pool("/p")
	var leases []string
	for _, l := range p.Leases {
		leases = append(leases, l.Name+" "+l.Account.Line.Text)
	}
	if diff := cmp.Diff([]string{"_C=x_CN=Jane a", "_C=x_CN=Large "}, leases); diff != "" {
		t.Errorf("leases (-want +got):\n%s", diff)
	}
	if p.File.Err != nil || p.File.Info.Mode.Perm() != 0o640 || len(p.Accounts) != 2 || p.Config.Days != 5 || p.LeasesErr != nil {
		t.Errorf("%+v", p)
	}
	if !errors.Is(p.Leases[1].Err, rootfs.ErrTooLarge) {
		t.Errorf("a large file of a subject: %v", p.Leases[1].Err)
	}
	if l := p.Lease("/C=x/CN=Jane"); l == nil || l.Account.User.Text != "a" {
		t.Errorf("the account of Jane: %+v", l)
	}
	if q := NewReader(fsys).Pool("/q"); !errors.Is(q.File.Err, rootfs.ErrNotRegular) {
		t.Errorf("a FIFO as pool: %v", q.File.Err)
	}
	if q := NewReader(fsys).Pool("/nosuch"); !errors.Is(q.File.Err, fs.ErrNotExist) || q.Config.Err != nil || q.Config.Days != 10 {
		t.Errorf("no pool: %+v", q)
	}
}

// TestRoom: an account is free, or its lease has run out.
func TestRoom(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	lease := func(account string, days int) *Lease {
		return &Lease{Account: parsePool(source.New("/l", []byte(account)))[0], Used: now.AddDate(0, 0, -days)}
	}
	for _, tt := range []struct {
		name, pool string
		days       uint32
		leases     []*Lease
		room       bool
	}{
		{"all free", "a\nb\n", 10, nil, true},
		{"one free", "a\nb\n", 10, []*Lease{lease("a", 1)}, true},
		{"full", "a\nb\n", 10, []*Lease{lease("a", 1), lease("b", 9)}, false},
		{"one run out", "a\nb\n", 10, []*Lease{lease("a", 1), lease("b", 10)}, true},
		{"none runs out", "a\n", 0, []*Lease{lease("a", 900)}, false},
		{"the lease of another pool's account", "a\n", 10, []*Lease{lease("c", 1)}, true},
		{"an account listed twice", "a\na\n", 10, []*Lease{lease("a", 1)}, true},
		{"an account leased twice", "a\nb\n", 10, []*Lease{lease("a", 1), lease("a", 1)}, true},
		{"an old lease of one that is leased twice", "a\n", 10, []*Lease{lease("a", 1), lease("a", 20)}, false},
	} {
		p := &Pool{Accounts: parsePool(source.New("/pool", []byte(tt.pool))), Config: &PoolConfig{Days: tt.days}, Leases: tt.leases}
		if room, known := p.Room(now); room != tt.room || !known {
			t.Errorf("%s: room %v, known %v, want %v", tt.name, room, known, tt.room)
		}
	}
	p := &Pool{Config: &PoolConfig{}, LeasesErr: fs.ErrPermission}
	if _, known := p.Room(now); known {
		t.Error("the room of a pool whose leases cannot be read is known")
	}
}

func FuzzPool(f *testing.F) {
	f.Add([]byte("a:b\n#c\r\n\n*d\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, a := range parsePool(source.New("/pool", data)) {
			checkLine(t, a.Line)
			checkLine(t, a.User)
			if a.Line.Text == "" {
				t.Error("an empty line")
			}
		}
	})
}

func FuzzPoolConfig(f *testing.F) {
	f.Add([]byte("timeout=5\r\n timeout = 7\nx:y\n[z]\ntimeout=-1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkProblems(t, headlines(t, parsePoolConfig(source.New("/config", data)).Problems))
	})
}

// parsePoolConfig reads the text of a file config.
func parsePoolConfig(f *source.File) *PoolConfig {
	c := &PoolConfig{Path: f.Path, Source: f, Days: defaultDays}
	c.parse()
	return c
}
