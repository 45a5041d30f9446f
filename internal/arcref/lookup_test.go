package arcref

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustFor(t *testing.T, version string) *Reference {
	t.Helper()
	ref, ok := Known().For(version)
	if !ok {
		t.Fatalf("reference of %s is not known", version)
	}
	return ref
}

func TestBlock(t *testing.T) {
	ref := mustFor(t, "7.2.0")
	for name, want := range map[string]string{
		"authgroup": "authgroup", "authgroup:a": "authgroup", "authgroup :a": "authgroup", "arex/ws/jobs": "arex/ws/jobs",
		"custom:x": "custom", "Common": "", " common ": "", "userlist:u": "", "": "", ":": "",
	} {
		if got := ref.Block(name); (got == nil) != (want == "") || got != nil && got.Name != want {
			t.Errorf("Block(%q) is %v, want %q", name, got, want)
		}
	}
}

func TestNilSafe(t *testing.T) {
	var ref *Reference
	if ref.Block("common").Option("hostname") != nil {
		t.Error("a nil reference knows something, want nothing")
	}
	if _, ok := ref.Default("common", "hostname"); ok {
		t.Error("a nil reference has a default, want none")
	}
	if _, ok := ref.Block("common").movedTo("hostname"); ok {
		t.Error("a nil block says where an option went, want nothing")
	}
}

func TestDefault(t *testing.T) {
	for _, tt := range []struct {
		version, block, option, want string
		ok                           bool
	}{
		{"6.17.0", "lrms", "benchmark", "HEPSPEC:1.0", true},
		{"7.0.0", "lrms", "benchmark", "HEPSPEC 1.0", true},
		{"7.0.0", "lrms", "sge_root", "/gridware/sge", true},
		{"7.2.0", "lrms", "sge_root", "", false}, // the code reads it, and nothing fills it in
		{"7.2.0", "queue:a", "homogeneity", "$VAR{[infosys/cluster]homogeneity}", true},
		{"7.2.0", "common", "http_proxy", "", false},
		{"7.2.0", "arex/data-staging", "maxcachedconnections", "", false}, // documented as 0, not in arc.parser.defaults
		{"7.2.0", "arex", "maxjobs", "-1 -1 -1 -1 -1", true},
		{"7.2.0", "nosuch", "maxjobs", "", false},
		{"7.2.0", "arex", "nosuch", "", false},
	} {
		got, ok := mustFor(t, tt.version).Default(tt.block, tt.option)
		if got != tt.want || ok != tt.ok {
			t.Errorf("%s: default of [%s] %s is %q, %v, want %q, %v", tt.version, tt.block, tt.option, got, ok, tt.want, tt.ok)
		}
	}
}

func TestMandatoryAndOrder(t *testing.T) {
	want := []string{"common", "mapping", "lrms", "arex", "infosys", "infosys/glue2"}
	for _, version := range Known().Versions() {
		ref := mustFor(t, version)
		var mandatory []string
		for _, b := range ref.Blocks {
			if b.Mandatory {
				mandatory = append(mandatory, b.Name)
			}
		}
		if diff := cmp.Diff(want, mandatory); diff != "" {
			t.Errorf("%s: -want +got:\n%s", version, diff)
		}
		last := -1
		for _, name := range []string{"common", "authgroup:a", "mapping", "lrms", "arex", "arex/ws", "arex/ws/jobs", "infosys", "queue:q", "custom:x"} {
			place := ref.index(name)
			if place <= last {
				t.Errorf("%s: [%s] has place %d, want one behind %d", version, name, place, last)
			}
			last = place
		}
		if ref.index("nosuch") >= 0 {
			t.Errorf("%s: an unknown block has a place, want none", version)
		}
	}
}

// TestKnownOptions pins what the validators of ARC itself get wrong (arc-checks
// b5.6 to b5.8) and what only the code tells.
func TestKnownOptions(t *testing.T) {
	for _, tt := range []struct {
		version, block string
		want           *Option
	}{
		{"6.17.0", "authgroup", &Option{Name: "userlist", Sequenced: true, Rule: true, Was: "vo"}},
		{"7.0.0", "authgroup", &Option{Name: "authtokensgen", Sequenced: true, Rule: true, Unlisted: true}},
		{"7.2.0", "authgroup", &Option{Name: "authtokensgen", Sequenced: true, Rule: true}},
		{"7.2.0", "authgroup", &Option{Name: "name", Unlisted: true, Source: "src/hed/shc/legacy/LegacySecHandler.cpp"}},
		{"7.2.0", "infosys/cluster", &Option{Name: "minwalltime", Unlisted: true}},
		{"7.2.0", "queue", &Option{Name: "minwalltime"}},
		{"7.2.0", "arex/data-staging", &Option{Name: "maxcachedconnections", Default: "0", HasDefault: true, Unlisted: true}},
		{"7.2.0", "arex", &Option{Name: "tokenscopes", Multivalued: true, Source: "src/services/a-rex/grid-manager/conf/CoreConfig.cpp"}},
		{"7.2.0", "arex/ws", &Option{Name: "logfile", Default: "/var/log/arc/ws-interface.log", HasDefault: true}},
		{"7.2.0", "common", &Option{Name: "x509_cert_policy", Default: "grid", HasDefault: true}},
		{"7.2.0", "infosys/cluster", &Option{Name: "interactive_contactstring", Multivalued: true, Deprecated: true}},
		{"7.2.0", "lrms", &Option{Name: "lrms", Mandatory: true, Allowed: []string{"fork", "sge", "condor", "pbs", "pbspro", "lsf", "ll", "slurm", "boinc"}}},
	} {
		got := mustFor(t, tt.version).Block(tt.block).Option(tt.want.Name)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s [%s] -want +got:\n%s", tt.version, tt.block, diff)
		}
	}
	argus := mustFor(t, "6.17.0").Block("arex/ws/argus")
	if m, ok := argus.movedTo(misspelt.Name); !ok || m != misspelt || argus.Option(misspelt.Name) != nil || argus.Option(misspelt.Option) == nil {
		t.Errorf("%s goes to %v (%v), want %v", misspelt.Name, m, ok, misspelt)
	}
}
