package arcref

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rawTables are the tables without what the code adds.
func rawTables(tb testing.TB) []*Reference {
	tb.Helper()
	refs, err := readTables()
	if err != nil {
		tb.Fatal(err)
	}
	return refs
}

// TestCounts holds the tables against an independent count of the references
// (arc-checks, "Upgrade diff"). That count takes the two moved names of 6.17.0
// for options: 337, of which 335 are.
func TestCounts(t *testing.T) {
	want := []string{
		"6.17.0: 38 blocks, 335 options, 2 moved",
		"7.0.0: 26 blocks, 258 options, 0 moved",
		"7.2.0: 26 blocks, 241 options, 0 moved",
	}
	var got []string
	for _, r := range rawTables(t) {
		options, moved := 0, 0
		for _, b := range r.Blocks {
			options, moved = options+len(b.Options), moved+len(b.Moved)
		}
		got = append(got, fmt.Sprintf("%s: %d blocks, %d options, %d moved", r.Version, len(r.Blocks), options, moved))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestUpgradeDiff holds the changes between the tables against the same
// independent comparison. It differs in one paragraph of 6.17.0: there
// [queue] forcedefaultvoms and maxcputime are not set apart by an empty line,
// and ARC's own arc.parser.defaults agrees with the tables that neither changed.
func TestUpgradeDiff(t *testing.T) {
	want := strings.Split(strings.TrimSpace(`
6.17.0 -> 7.0.0
+ [arex/jura/apel] project
+ [arex] authtokenmap
+ [arex] tokenscopes
+ [arex] usetokenforvoms
+ [authgroup] authtokensgen
+ [common] x509_cert_policy
+ [infosys/accesscontrol]
- [acix-index]
- [acix-scanner]
- [arex/data-staging] use_remote_acix
- [arex/ws/argus]
- [arex/ws/publicinfo]
- [authgroup] userlist
- [authtokens]
- [gridftpd/filedir]
- [gridftpd/jobs]
- [gridftpd]
- [infosys/glue1/site-bdii]
- [infosys/glue1]
- [lrms/ssh]
- [nordugridmap]
- [userlist]
~ [arex/data-staging] deliveryservice flags
~ [arex/ganglia] metrics allowed
~ [arex/jura/apel] apel_messages allowed
~ [infosys/cluster] interactive_contactstring flags
~ [infosys/ldap] bdii_database default
~ [lrms] benchmark default
~ [lrms] lrms allowed
7.0.0 -> 7.2.0
+ [arex/data-staging] maxcachedconnections
- [lrms] boinc_app_id
- [lrms] boinc_db_host
- [lrms] boinc_db_name
- [lrms] boinc_db_pass
- [lrms] boinc_db_port
- [lrms] boinc_db_user
- [lrms] boinc_project_dir
- [lrms] ll_bin_path
- [lrms] ll_consumable_resources
- [lrms] lsf_architecture
- [lrms] lsf_bin_path
- [lrms] lsf_profile_path
- [lrms] sge_bin_path
- [lrms] sge_cell
- [lrms] sge_execd_port
- [lrms] sge_jobopts
- [lrms] sge_qmaster_port
- [lrms] sge_root
~ [authgroup] authtokensgen flags`), "\n")
	var got []string
	refs := rawTables(t)
	for i := range refs[1:] {
		lines := slices.Concat(missing("- ", refs[i], refs[i+1]), missing("+ ", refs[i+1], refs[i]), changed(refs[i], refs[i+1]))
		slices.Sort(lines)
		got = append(append(got, refs[i].Version+" -> "+refs[i+1].Version), lines...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func missing(mark string, from, in *Reference) []string {
	var lines []string
	for _, b := range from.Blocks {
		other := in.Block(b.Name)
		if other == nil {
			lines = append(lines, fmt.Sprintf("%s[%s]", mark, b.Name))
			continue
		}
		for _, o := range b.Options {
			if other.Option(o.Name) == nil {
				lines = append(lines, fmt.Sprintf("%s[%s] %s", mark, b.Name, o.Name))
			}
		}
	}
	return lines
}

func changed(from, to *Reference) []string {
	var lines []string
	for _, b := range from.Blocks {
		for _, o := range b.Options {
			n := to.Block(b.Name).Option(o.Name)
			if n == nil {
				continue
			}
			for what, same := range map[string]bool{
				"default": o.Default == n.Default && o.HasDefault == n.HasDefault,
				"allowed": slices.Equal(o.Allowed, n.Allowed),
				"flags":   joinFlags(o.flags(), "") == joinFlags(n.flags(), ""),
			} {
				if !same {
					lines = append(lines, fmt.Sprintf("~ [%s] %s %s", b.Name, o.Name, what))
				}
			}
		}
	}
	return lines
}

func TestVersions(t *testing.T) {
	if diff := cmp.Diff([]string{"6.17.0", "7.0.0", "7.2.0"}, Known().Versions()[:3]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if !slices.IsSortedFunc(Known().Versions(), compareVersions) {
		t.Errorf("%v is not in order", Known().Versions())
	}
}

func TestForAndNearest(t *testing.T) {
	for _, tt := range []struct {
		version, nearest string
		exact            bool
	}{
		{"7.2.0", "7.2.0", true},
		{"7.2", "7.2.0", true},
		{"7.2.0-1", "7.2.0", true},
		{"7.2.0-2.el9", "7.2.0", true},
		{"7.0.0-7+b1", "7.0.0", true},
		{"7.2.0rc1", "7.2.0", false},
		{"7.2.0~rc1-1", "7.2.0", false},
		{"7.2.1", "7.2.0", false},
		{"7.10.0", "7.2.0", false},
		{"7.1.1", "7.0.0", false},
		{"6.22.0", "6.17.0", false},
		{"6.9.0", "6.17.0", false},
		{"5.4.4", "6.17.0", false},
		{"7", "7.0.0", true},
		{"8.0.0", "7.2.0", false},
	} {
		t.Run(tt.version, func(t *testing.T) {
			ref, exact, err := Known()[:3].Nearest(tt.version)
			if err != nil {
				t.Fatal(err)
			}
			if ref.Version != tt.nearest || exact != tt.exact {
				t.Errorf("nearest is %s (exact %v), want %s (%v)", ref.Version, exact, tt.nearest, tt.exact)
			}
			if got, ok := Known().For(tt.version); ok != tt.exact || ok && got != ref {
				t.Errorf("For gives %v, want %v", ok, tt.exact)
			}
		})
	}
	for _, version := range []string{"", "seven", ".7", "-1", "99999999999999999999.0"} {
		if _, _, err := Known().Nearest(version); err == nil {
			t.Errorf("Nearest(%q) gives no error, want one", version)
		}
		if _, ok := Known().For(version); ok {
			t.Errorf("For(%q) gives a reference, want none", version)
		}
	}
}

func TestCompareVersions(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"7.2.0", "7.2.0", 0},
		{"7.2", "7.2.0", 0},
		{"7.2.0rc1", "7.2.0-1", 0},
		{"7.10.0", "7.9.9", 1},
		{"6.21.1", "7.0.0", -1},
		{"07.2.0", "7.2.0", 0},
		{"7.2.0.1", "7.2.0", 1},
		{"", "7.2.0", -1},
		{"x", "", 0},
	} {
		if got := compareVersions(tt.a, tt.b); got != tt.want {
			t.Errorf("compareVersions(%q, %q) is %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := compareVersions(tt.b, tt.a); got != -tt.want {
			t.Errorf("compareVersions(%q, %q) is %d, want %d", tt.b, tt.a, got, -tt.want)
		}
	}
}

// BenchmarkReadTables is what the first call costs: read the tables and add
// what the code knows.
func BenchmarkReadTables(b *testing.B) {
	for b.Loop() {
		for _, r := range rawTables(b) {
			r.addCode()
		}
	}
}
