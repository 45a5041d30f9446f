package catalog_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"arclint/internal/site"
	"arclint/lint"
	"arclint/lint/catalog"
)

// TestConfOnly: of arc.conf alone nothing is said that the whole site does not show,
// and what is not judged is said once.
func TestConfOnly(t *testing.T) {
	cases, err := filepath.Glob("../../fixtures/cases/*/site.txt")
	if err != nil || len(cases) < 20 {
		t.Fatal(len(cases), err)
	}
	names := siteNames(t)
	for _, file := range cases {
		names = append(names, "../cases/"+filepath.Base(filepath.Dir(file)))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := loadNamed(t, name)
			whole := placesOf(lint.Run(st.load(t), catalog.All()))
			st.options.ConfOnly = true
			s := st.load(t)
			res := lint.Run(s, catalog.All()).OfConf(s)
			for _, place := range placesOf(res) {
				if !slices.Contains(whole, place) {
					t.Errorf("rests on what was not read: %s", place)
				}
			}
			if len(res.Skips) > 0 || !slices.ContainsFunc(s.Problems, func(p site.Problem) bool { return strings.Contains(p.Reason, "arc.conf alone") }) {
				t.Errorf("skips %v, problems %v", res.Skips, s.Problems)
			}
		})
	}
}

func placesOf(res lint.Result) []string {
	var places []string
	for _, f := range res.Findings {
		if f.Severity == lint.Note {
			continue // advice may be answered by the host certificate
		}
		places = append(places, f.Rule+" "+f.Path+" "+f.Span.Text())
	}
	return places
}
