package recipes_test

import (
	"testing"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
	"arclint/recipes"
)

// editPlan is of two findings with edits, and of a third that clashes.
func editPlan(t testing.TB, w world) testCase {
	t.Helper()
	files := w.tree().with(tree{"/etc/arc.conf": withLine("x509_voms_dir=\"/etc/grid-security/vomsdir\"\n  # indented")})
	s := w.load(t, files.mem(t), "7.2.0")
	f := s.Conf.Main
	quoted := f.Line(3)
	plan := makeOn(t, "edit-arc-conf", s, recipes.Params{Findings: []lint.Finding{
		{Rule: "conf/quoted-value", Path: f.Path, Edits: []source.Edit{{Span: quoted, New: "x509_voms_dir=/etc/grid-security/vomsdir"}}},
		{Rule: "conf/indented-comment", Path: f.Path, Edits: []source.Edit{{Span: f.Line(4), New: "# indented"}}},
		{Rule: "conf/other", Path: f.Path, Message: "wants something else", Edits: []source.Edit{{Span: quoted, New: "# gone"}}},
	}})
	return testCase{files, s, plan}
}

func makeOn(t testing.TB, id string, s *site.Site, p recipes.Params) recipes.Plan {
	t.Helper()
	r, ok := recipes.Find(id)
	if !ok {
		t.Fatalf("recipe %s does not exist", id)
	}
	plan, err := r.Make(s, p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}
