package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module     = "arclint"
	maxImports = 6 // own imports that may leave a room; cmd sees both ends
	maxJoined  = 8 // of a room that joins others, by its task

	prose = "internal/prose"
)

// neutral rooms know nothing of the house: prose sets English, as package strings,
// and pattern keeps regular expressions. An import of them ties nobody to anything,
// and is not counted.
var neutral = []string{prose, "internal/pattern"}

// joins are the rooms that join others, beside the areas of rules: a site is all
// that was read of it, who gets in is a matter of access and of trust, and a
// recipe repairs whatever a rule finds.
var joins = []string{"internal/site", "internal/trust", "internal/admission", "recipes"}

// allowed lists, for each package, the own packages that it may import.
// A package below lint/ that is not named follows "lint/*". All may import what is neutral.
var allowed = map[string][]string{
	"internal/source":         {},
	"internal/rootfs":         {},
	"internal/sandbox":        {},
	"internal/x509name":       {},
	"internal/ber":            {},
	"internal/certificate":    {"internal/ber"},
	"internal/arcconf":        {"internal/source", "internal/rootfs"},
	"internal/pattern":        {},
	"internal/arcref":         {},
	"internal/arcref/gen":     {"internal/arcref"},
	"internal/release":        {"internal/arcref"},
	"internal/conffmt":        {"internal/arcconf", "internal/arcref", "internal/source"},
	"internal/gridsec":        {"internal/source", "internal/rootfs", "internal/x509name", "internal/certificate"},
	"internal/issuers":        {},
	"internal/issuers/gen":    {"internal/issuers", "internal/x509name"},
	"internal/issuers/probe":  {"internal/issuers", "internal/release", "internal/x509name"},
	"internal/evidence":       {"internal/source", "internal/rootfs", "internal/gridsec", "internal/issuers"},
	"internal/authgroup":      {"internal/source", "internal/arcconf"},
	"internal/site":           {"internal/source", "internal/rootfs", "internal/arcconf", "internal/arcref", "internal/release", "internal/gridsec", "internal/authgroup", "internal/evidence"},
	"internal/voms":           {"internal/ber", "internal/gridsec", "internal/x509name"},
	"internal/openssl":        {"internal/gridsec", "internal/x509name", "internal/certificate", "internal/ber"}, // knows no site and no ARC
	"internal/trust":          {"internal/openssl", "internal/site", "internal/gridsec", "internal/issuers", "internal/source", "internal/evidence", "internal/authgroup", "internal/voms"},
	"internal/expiry":         {"internal/trust", "internal/openssl", "internal/site", "internal/gridsec", "internal/issuers"},
	"internal/access":         {"internal/site", "internal/authgroup", "internal/arcconf", "internal/source", "internal/gridsec"},
	"internal/jose":           {},
	"internal/admission":      {"internal/access", "internal/authgroup", "internal/trust", "internal/site", "internal/gridsec", "internal/source", "internal/jose"},
	"internal/mint":           {"internal/gridsec", "internal/rootfs"},
	"internal/live":           {"internal/admission", "internal/access", "internal/jose", "internal/mint"},
	"internal/report":         {"internal/site", "internal/source", "internal/trust", "lint", "recipes", "internal/issuers/probe"},
	"internal/report/doors":   {"internal/report", "internal/authgroup", "internal/admission", "internal/access", "internal/site", "internal/live"},
	"internal/report/dates":   {"internal/report", "internal/expiry"},
	"internal/report/refdiff": {"internal/report", "internal/arcref"},
	"lint":                    {"internal/site", "internal/source", "internal/arcref"},
	"lint/*":                  {"lint", "internal/site", "internal/source", "internal/arcconf", "internal/arcref", "internal/gridsec", "internal/openssl", "internal/trust", "internal/access", "internal/authgroup", "internal/evidence", "internal/issuers", "internal/admission"},
	"lint/catalog":            {"lint", "lint/conf", "lint/trust", "lint/authz", "lint/host"},
	"recipes":                 {"lint", "internal/site", "internal/admission", "internal/authgroup", "internal/source", "internal/arcconf", "internal/rootfs", "internal/gridsec", "internal/x509name", "internal/issuers"},
	"fixtures":                {"internal/release", "internal/rootfs", "internal/x509name", "fixtures/manifest", "fixtures/pki"},
	"fixtures/manifest":       {"internal/rootfs"},
	"fixtures/mutants":        {"fixtures/pki", "internal/ber"},
	"fixtures/pki":            {"internal/x509name"},
	"fixtures/world":          {"fixtures/pki", "internal/rootfs"},
	"fixtures/confgen":        {},
	"fixtures/faults":         {"internal/arcref"},
	"fixtures/jobs":           {},
	"fixtures/policies":       {"internal/release"},
	"fixtures/sites":          {},
	"fixtures/golden":         {},
	"fixtures/growth":         {},
	"internal/example":        {"internal/rootfs", "fixtures/manifest", "fixtures/sites"},
	"internal/lab":            {"fixtures/pki", "internal/release", "internal/rootfs", "internal/jose"},
	"internal/arch":           {},
	"internal/gotest":         {},

	prose:                      {},
	"docs":                     {},
	"internal/facts":           {"docs"},
	"internal/report/releases": {"internal/report", "internal/facts", "internal/release"},
	"internal/report/manpage":  {},
	"internal/report/rulebook": {"internal/report", "internal/facts", "lint"},
}

// TestImports reads the sources itself: a child `go list` would be hidden from
// Go's test cache, and a file that does not parse is invisible to it.
func TestImports(t *testing.T) {
	for pkg, imports := range ownImports(t) {
		if strings.HasPrefix(pkg, "cmd/") {
			continue
		}
		may, ok := allowed[pkg]
		if !ok && strings.HasPrefix(pkg, "lint/") {
			may, ok = allowed["lint/*"]
		}
		if !ok {
			t.Errorf("%s is not drawn in the plan: add it to allowed, with the arrows that it may have", pkg)
			continue
		}
		for imp, file := range imports {
			if !slices.Contains(neutral, imp) && !slices.Contains(may, imp) {
				t.Errorf("%s: %s may not import %s: the arrow is not drawn", file, pkg, imp)
			}
		}
		for _, room := range neutral {
			delete(imports, room)
		}
		limit := maxImports
		if strings.HasPrefix(pkg, "lint/") || slices.Contains(joins, pkg) {
			limit = maxJoined
		}
		if len(imports) > limit {
			t.Errorf("%s has %d own imports, want at most %d", pkg, len(imports), limit)
		}
	}
}

// TestEngineKnowsNoARC: what the engine reaches, straight or through what it
// imports, is no site, no configuration and no policy of ARC.
func TestEngineKnowsNoARC(t *testing.T) {
	imports := ownImports(t)
	for _, banned := range []string{"internal/site", "internal/arcconf", "internal/arcref", "internal/authgroup", "internal/access", "internal/trust"} {
		if path := pathTo(imports, "internal/openssl", banned); path != nil {
			t.Errorf("the engine reaches %s: %s", banned, strings.Join(path, " -> "))
		}
	}
}

// pathTo is how one package reaches another, nil where it does not.
func pathTo(imports map[string]map[string]string, from, to string) []string {
	if from == to {
		return []string{to}
	}
	for imp := range imports[from] {
		if rest := pathTo(imports, imp, to); rest != nil {
			return append([]string{from}, rest...)
		}
	}
	return nil
}

// TestRulesArePure: rules, openssl, trust, access and what joins them do no I/O and read
// no clock.
func TestRulesArePure(t *testing.T) {
	banned := []string{"os", "os/exec", "net", "net/http", "io/ioutil", "syscall", "path/filepath"}
	eachSource(t, func(pkg, file string, imports []string) {
		if !strings.HasPrefix(pkg, "lint") && !slices.Contains([]string{"internal/openssl", "internal/voms", "internal/trust", "internal/expiry", "internal/access", "internal/admission", "internal/jose"}, pkg) {
			return
		}
		for _, imp := range imports {
			if slices.Contains(banned, imp) {
				t.Errorf("%s: imports %s, want no I/O in %s", file, imp, pkg)
			}
		}
	})
}

// TestNoClock: only cmd may ask what time it is; everything else is told.
func TestNoClock(t *testing.T) {
	eachFile(t, func(pkg, file string) {
		if strings.HasPrefix(pkg, "cmd/") || pkg == "internal/lab" {
			return
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range callsTo(tree, "time", "Now", "Since", "Until") {
			t.Errorf("%s: reads the clock, want it passed in", fset.Position(at))
		}
	})
}

// TestPatternsOnDemand: no start of the program compiles an expression that its
// run may never use. Thirty of them took 0.5 ms of each.
func TestPatternsOnDemand(t *testing.T) {
	eachFile(t, func(pkg, file string) {
		if path.Base(pkg) == "gen" || slices.Contains([]string{"internal/pattern", "internal/gotest", "internal/lab", "fixtures"}, pkg) {
			return
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range callsTo(tree, "regexp", "MustCompile") {
			t.Errorf("%s: compiles an expression itself: pattern.OnDemand does so when it is asked for", fset.Position(at))
		}
	})
}

func ownImports(t *testing.T) map[string]map[string]string {
	found := map[string]map[string]string{}
	eachSource(t, func(pkg, file string, imports []string) {
		if found[pkg] == nil {
			found[pkg] = map[string]string{}
		}
		for _, imp := range imports {
			if own, ok := strings.CutPrefix(imp, module+"/"); ok {
				found[pkg][own] = file
			}
		}
	})
	return found
}

func eachSource(t *testing.T, visit func(pkg, file string, imports []string)) {
	eachFile(t, func(pkg, file string) {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		var imports []string
		for _, spec := range tree.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			imports = append(imports, imp)
		}
		visit(pkg, file, imports)
	})
}

// eachFile visits every Go file of the program: not the tests.
func eachFile(t *testing.T, visit func(pkg, file string)) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || (strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2)) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		visit(path.Dir(filepath.ToSlash(rel)), file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
