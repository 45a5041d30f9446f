package release

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"arclint/internal/arcref"
	"arclint/internal/facts"
)

// TestEveryTableHasARow: a reference without a row would stand for nothing, and
// a row without one does not get into the table.
func TestEveryTableHasARow(t *testing.T) {
	if _, err := measured(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(arcref.Known().Versions(), Default().Versions()); diff != "" {
		t.Errorf("tables of arcref and rows of release (-tables +rows):\n%s", diff)
	}
}

// TestColumns: every fact has a column and every column a fact, and each says
// something that differs between releases or is a value.
func TestColumns(t *testing.T) {
	var fields, columns []string
	for i := range reflect.TypeFor[Facts]().NumField() {
		fields = append(fields, reflect.TypeFor[Facts]().Field(i).Name)
	}
	for _, c := range Columns() {
		columns = append(columns, c.Field)
		if c.Area == "" || c.Title == "" || c.Value == nil || strings.HasSuffix(c.Title, ".") {
			t.Errorf("column %s is not whole, or its title has a period: %+v", c.Field, c)
		}
	}
	slices.Sort(fields)
	slices.Sort(columns)
	if diff := cmp.Diff(fields, columns); diff != "" {
		t.Errorf("facts and columns (-facts +columns):\n%s", diff)
	}
}

// TestColumnsShowTheirField: a column prints the fact that it is named after and
// no other. Each field in turn is made to differ from a row, and that column
// alone must change.
func TestColumnsShowTheirField(t *testing.T) {
	for i := range reflect.TypeFor[Facts]().NumField() {
		name := reflect.TypeFor[Facts]().Field(i).Name
		before, after := facts700(), facts700()
		alter(t, reflect.ValueOf(&after).Elem().Field(i))
		for _, c := range Columns() {
			if changed := c.Value(&before) != c.Value(&after); changed != (c.Field == name) {
				t.Errorf("with another %s, what column %s prints changes: %t", name, c.Field, changed)
			}
		}
	}
}

func alter(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Int:
		v.SetInt(v.Int() - 1)
	case reflect.Slice:
		v.Set(reflect.AppendSlice(v, reflect.ValueOf([]string{"x"})))
	case reflect.Struct:
		v.Set(reflect.ValueOf(CAs{Dir: Setting{"x", "y"}}))
	default:
		t.Fatalf("no other value is known for a %s", v.Type())
	}
}

// TestFacts: a fact that is alike in all releases is none, unless it is a value
// that the page is to show.
func TestFacts(t *testing.T) {
	alike := []string{"Curve"} // the default; what it binds depends on TLS13
	for _, c := range Columns() {
		seen := map[string]bool{}
		for _, r := range Default().All() {
			seen[c.Value(&r.Facts)] = true
		}
		if len(seen) == 1 && !slices.Contains(alike, c.Field) {
			t.Errorf("%s is the same in all releases", c.Field)
		}
	}
}

// TestSources: each fact says what proves it, and what it cites of
// arc-behaviour stands there.
func TestSources(t *testing.T) {
	for _, c := range Columns() {
		switch source, _, _ := strings.Cut(c.Source, " "); {
		case source == "arc-behaviour":
			for _, fact := range facts.Cited(c.Source) {
				if _, known := facts.Find(fact); !known {
					t.Errorf("%s cites %s, which is no fact of arc-behaviour", c.Field, fact)
				}
			}
		case source == "arc-behaviour,", source == "measured,", source == "arc-checks", source == "arc.conf.reference", strings.HasPrefix(source, "src/"):
		default:
			t.Errorf("%s cites %q, which is no kind of source that is known", c.Field, c.Source)
		}
	}
}

// TestFactsAgreeWithReferences: where the reference knows too, it says the same.
func TestFactsAgreeWithReferences(t *testing.T) {
	has := func(r Row, block, option string) bool {
		b := r.Ref.Block(block)
		return b != nil && (option == "" || b.Option(option) != nil)
	}
	for _, r := range Default().All() {
		for _, tt := range []struct {
			fact       bool
			block, opt string
		}{
			{r.TokensNeedBlock, "authtokens", ""},
			{r.UserLists, "userlist", ""},
			{r.Expressions, "authgroup", "authtokensgen"},
			{r.Scopes.Known(), "arex", "tokenscopes"},
			{r.CertPolicy.Known(), "common", "x509_cert_policy"},
			{!r.Clients.Policy.IsZero(), "common", "x509_cert_policy"},
			{r.InfoList, "infosys/accesscontrol", "allowaccess"},
			{r.EMIES, "gridftpd", ""},
		} {
			if tt.fact != has(r, tt.block, tt.opt) {
				t.Errorf("ARC %s: the fact on [%s] %s is %t, the reference says otherwise", r.Measured, tt.block, tt.opt, tt.fact)
			}
		}
		if d, _ := r.Ref.Default("arex/ws", "tlscurve"); d != r.Curve {
			t.Errorf("ARC %s: tlscurve is %q, its reference has %q", r.Measured, r.Curve, d)
		}
		for _, s := range []Setting{r.Clients.Dir, r.Clients.Policy, r.Fetch.Dir, r.Fetch.Policy} {
			if !s.IsZero() && !has(r, s.Block, s.Option) {
				t.Errorf("ARC %s: its reference does not know %s", r.Measured, s)
			}
		}
	}
}

// three is a table of the first releases, which stays as it is when there are more.
func three(t *testing.T) Table {
	t.Helper()
	var table Table
	for _, r := range Default().All()[:3] {
		var err error
		if table, err = table.With(r); err != nil {
			t.Fatal(err)
		}
	}
	return table
}

func TestTable(t *testing.T) {
	d := three(t)
	if _, err := d.With(Row{Measured: "7.9.0"}); err == nil {
		t.Error("a row without a reference is taken")
	}
	if _, err := d.With(d.Newest()); err == nil {
		t.Error("a release is taken twice")
	}
	later := Row{Measured: "7.10.0", Ref: &arcref.Reference{Version: "7.10.0"}, Facts: facts720()}
	between := Row{Measured: "7.1.0", Ref: &arcref.Reference{Version: "7.1.0"}, Facts: facts700()}
	more, err := d.With(later)
	if err == nil {
		more, err = more.With(between)
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"6.17.0", "7.0.0", "7.1.0", "7.2.0", "7.10.0"}, more.Versions()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"6.17.0", "7.0.0", "7.2.0"}, d.Versions()); diff != "" {
		t.Errorf("the table that was added to has changed:\n%s", diff)
	}
	for version, want := range map[string]string{"5": "6.17.0", "7.0.5": "7.0.0", "7.1.9": "7.1.0", "7.9": "7.2.0", "8": "7.10.0", "7.2.0-1": "7.2.0"} {
		if row, _, err := more.Nearest(version); err != nil || row.Measured != want || row.Ref.Version != want {
			t.Errorf("%s stands for %s, want %s (%v)", row.Measured, version, want, err)
		}
	}
	given := &arcref.Reference{Version: "arc.conf.reference"}
	if row, _, err := d.WithReference(given).Nearest("7.0.0"); err != nil || row.Ref != given || row.Measured != "7.0.0" {
		t.Errorf("with a reference given, 7.0.0 is %s with %s (%v)", row.Measured, row.Ref.Version, err)
	}
	if row, err := d.WithReference(given).Upgrade("7.0.0", "7.2.0"); err != nil || row.Ref == given {
		t.Errorf("the release to upgrade to has the reference that was given for the site (%v)", err)
	}
}

func TestUpgrade(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"6.17.0", "7.2.0", ""},
		{"7.0.0", "7.2", ""},
		{"7.0.0", "7.1.0", "ARC 7.1.0 is not known, want 7.2.0"},
		{"7.2.0", "6.17.0", "ARC 6.17.0 is not newer than the site's 7.2.0, and no newer one than 7.2.0 is"},
		{"7.0.0", "7.0.0", "ARC 7.0.0 is not newer than the site's 7.0.0, want 7.2.0"},
		{"6.5", "6.17.0", "the site's 6.5 is judged as ARC 6.17.0 already, nothing is known of a change"},
	} {
		row, err := three(t).Upgrade(tt.from, tt.to)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want || err == nil && row.Measured == "" {
			t.Errorf("%s to %s: %q, want %q", tt.from, tt.to, got, tt.want)
		}
	}
}
