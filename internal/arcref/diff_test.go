package arcref

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// lines writes changes down, a line each.
func (c Changes) lines() []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	for _, b := range c.Blocks {
		switch {
		case b.Old == nil:
			add("+ [%s] %d", b.Name, len(b.New.Documented()))
		case b.New == nil:
			add("- [%s] %d", b.Name, len(b.Old.Documented()))
		}
		for _, f := range b.Flags() {
			add("~ [%s] %s %v", b.Name, f.Flag, f.Set)
		}
		for _, o := range b.Options {
			list = append(list, o.lines("["+b.Name+"] "+o.Name)...)
		}
	}
	return list
}

func (c OptionChange) lines(name string) []string {
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	read := ""
	if c.ReadBy != "" {
		read = " read"
	}
	if c.Moved != nil {
		read += fmt.Sprintf(" [%s] %s", c.Moved.Block, c.Moved.Option)
	}
	switch {
	case c.Old == nil:
		add("+ %s=%s%s", name, c.New.DefaultText(), read)
	case c.New == nil:
		add("- %s=%s%s", name, c.Old.DefaultText(), read)
	case c.DefaultChanged():
		add("~ %s %s -> %s", name, c.Old.DefaultText(), c.New.DefaultText())
	}
	if added, removed := c.Allowed(); len(added)+len(removed) > 0 {
		add("~ %s allowed +%v -%v", name, added, removed)
	}
	for _, f := range c.Flags() {
		add("~ %s %s %v", name, f.Flag, f.Set)
	}
	return list
}

// TestDiff holds the releases against an independent comparison of their
// references (arc-checks, "Upgrade diff"). It differs in the options that
// reference and heading misspell or spell out only as moved, and in [queue]
// forcedefaultvoms (see TestUpgradeDiff).
func TestDiff(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"6.17.0", "7.0.0", `
+ [common] x509_cert_policy=grid
+ [authgroup] authtokensgen=undefined
- [authgroup] userlist=undefined
- [authtokens] 0
~ [lrms] lrms allowed +[] -[slurmpy]
~ [lrms] benchmark HEPSPEC:1.0 -> HEPSPEC 1.0
- [lrms/ssh] 6
+ [arex] usetokenforvoms=no
+ [arex] tokenscopes=undefined
+ [arex] authtokenmap=name:name,email:email,preferred_username:username,wlcg_groups:group
~ [arex/data-staging] deliveryservice multivalued true
- [arex/data-staging] use_remote_acix=undefined
- [arex/ws/publicinfo] 2
- [arex/ws/argus] 6
+ [arex/jura/apel] project=accounting
~ [arex/jura/apel] apel_messages allowed +[summaries-v04] -[]
~ [arex/ganglia] metrics allowed +[] -[processingjobs]
- [gridftpd] 16
- [gridftpd/jobs] 5
- [gridftpd/filedir] 5
~ [infosys/ldap] bdii_database hdb -> undefined
- [infosys/glue1] 7
- [infosys/glue1/site-bdii] 2
~ [infosys/cluster] interactive_contactstring deprecated true
+ [infosys/accesscontrol] 2
- [acix-scanner] 8
- [acix-index] 4
- [userlist] 5
- [nordugridmap] 16`},
		{"7.0.0", "7.2.0", `
~ [authgroup] authtokensgen unlisted false
- [lrms] sge_bin_path=undefined read
- [lrms] sge_root=/gridware/sge read
- [lrms] sge_cell=default read
- [lrms] sge_qmaster_port=undefined read
- [lrms] sge_execd_port=undefined read
- [lrms] sge_jobopts=undefined read
- [lrms] lsf_bin_path=/usr/bin read
- [lrms] lsf_profile_path=/usr/share/lsf/conf/profile.lsf read
- [lrms] lsf_architecture=undefined read
- [lrms] ll_bin_path=/usr/bin read
- [lrms] ll_consumable_resources=no read
- [lrms] boinc_db_host=localhost read
- [lrms] boinc_db_port=3306 read
- [lrms] boinc_db_name=undefined read
- [lrms] boinc_db_user=undefined read
- [lrms] boinc_db_pass=undefined read
- [lrms] boinc_app_id=undefined read
- [lrms] boinc_project_dir=undefined read
+ [arex/data-staging] maxcachedconnections=0`},
	} {
		got := Diff(mustFor(t, tt.from), mustFor(t, tt.to)).lines()
		if diff := cmp.Diff(strings.Split(strings.TrimSpace(tt.want), "\n"), got); diff != "" {
			t.Errorf("%s -> %s (-want +got):\n%s", tt.from, tt.to, diff)
		}
	}
}

// TestDiffOfText: what no pair of releases shows.
func TestDiffOfText(t *testing.T) {
	parse := func(text string) *Reference {
		ref, err := ParseReference("1", []byte(preambleEnd+"\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		return ref
	}
	from := parse("#[a]\n## x = 1\n## allowedvalues: p q\n## default: p\n#x=p\n\n## m = 1\n#m=1\n\n## *n = 1\n#n=1\n#[b]\n#[c]\n#y=1\n")
	to := parse("#[a]\n## x = 1\n## default: p\n## sequenced\n#x=p\n\n## m = 1\n## CHANGE: MOVED to [b]\n\n## n = 1\n#n=1\n#[d]\n#[b:name]\n## m = 1\n#m=1\n")
	want := []string{
		"~ [a] x allowed +[] -[p q]", "~ [a] x sequenced true", "~ [a] n mandatory false", "- [a] m=undefined [b] m",
		"+ [d] 0", "~ [b] named true", "+ [b] m=undefined", "- [c] 1",
	}
	if diff := cmp.Diff(want, Diff(from, to).lines()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"+ [a] 3", "+ [b] 0", "+ [c] 1"}, Diff(nil, from).lines()); diff != "" {
		t.Errorf("from nothing, -want +got:\n%s", diff)
	}
}

// mirror turns changes round.
func (c Changes) mirror() Changes {
	m := Changes{From: c.To, To: c.From, Blocks: slices.Clone(c.Blocks)}
	for i, b := range c.Blocks {
		m.Blocks[i].Old, m.Blocks[i].New = b.New, b.Old
		m.Blocks[i].Options = slices.Clone(b.Options)
		for j, o := range b.Options {
			m.Blocks[i].Options[j].Old, m.Blocks[i].Options[j].New = o.New, o.Old
		}
	}
	return m.sorted()
}

// sorted puts changes into an order that does not depend on which is the new one.
func (c Changes) sorted() Changes {
	slices.SortFunc(c.Blocks, func(a, b BlockChange) int { return strings.Compare(a.Name, b.Name) })
	for _, b := range c.Blocks {
		slices.SortFunc(b.Options, func(a, b OptionChange) int { return strings.Compare(a.Name, b.Name) })
	}
	return c
}

func checkDiff(t *testing.T, a, b *Reference) {
	t.Helper()
	if c := Diff(a, a); !c.Empty() {
		t.Errorf("%s differs from itself: %q", a.Version, c.lines())
	}
	there, back := Diff(a, b).mirror(), Diff(b, a).sorted()
	if diff := cmp.Diff(there, back); diff != "" {
		t.Errorf("%s -> %s is not the mirror of the way back:\n%s", a.Version, b.Version, diff)
	}
}

func TestDiffMirrors(t *testing.T) {
	raw := rawTables(t)
	for i, a := range raw {
		for j, b := range raw {
			checkDiff(t, a, b)
			checkDiff(t, a.WithCode(), b)
			checkDiff(t, a.WithCode(), b.WithCode())
			if c := Diff(a.WithCode(), b.WithCode()); i != j && c.Empty() {
				t.Errorf("%s and %s do not differ", a.Version, b.Version)
			}
		}
	}
}

func FuzzDiff(f *testing.F) {
	f.Add([]byte(sample), []byte(preambleEnd+"\n#[b]\n#[a:b]\n## x = y\n## default:\n#x=\n"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		from, errA := ParseReference("1", a)
		to, errB := ParseReference("2", b)
		if errA == nil && errB == nil {
			checkDiff(t, from, to)
			checkDiff(t, from.WithCode(), to.WithCode())
		}
	})
}

// TestBlockOrder: the order holds every block once and is that of each release.
func TestBlockOrder(t *testing.T) {
	order := BlockOrder()
	for _, r := range releases() {
		var got []string
		for _, name := range order {
			if r.Block(name) != nil {
				got = append(got, name)
			}
		}
		if diff := cmp.Diff(r.names(), got); diff != "" {
			t.Errorf("%s (-its own order +BlockOrder):\n%s", r.Version, diff)
		}
	}
	if !slices.Equal(slices.Compact(slices.Sorted(slices.Values(order))), slices.Sorted(slices.Values(order))) {
		t.Error("a block stands twice")
	}
	if diff := cmp.Diff([]string{"gone", "a", "old", "b"}, mergedOrder([]string{"gone", "a", "old"}, []string{"a", "b"})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
