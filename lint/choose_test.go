package lint

import "testing"

func TestChoose(t *testing.T) {
	res := Result{
		Findings:   []Finding{{Rule: "conf/a", Severity: Error}, {Rule: "trust/b", Severity: Warning}, {Rule: "conf/c", Severity: Note}},
		Suppressed: []Suppressed{{Finding: Finding{Rule: "conf/a"}}, {Finding: Finding{Rule: "trust/b"}}},
		Skips:      []Skip{{Rule: "trust/b"}, {Rule: "conf/c"}},
	}
	conf := res.Of(func(rule string) bool { return rule != "trust/b" })
	if len(conf.Findings) != 2 || len(conf.Suppressed) != 1 || len(conf.Skips) != 1 || conf.Unlisted != 0 {
		t.Errorf("without trust/b: %+v", conf)
	}
	grave := res.From(Warning)
	if len(grave.Findings) != 2 || grave.Unlisted != 1 || len(grave.Skips) != 2 || len(res.Findings) != 3 {
		t.Errorf("from warnings on: %+v", grave)
	}
	if all := res.From(Note); all.Unlisted != 0 || len(all.Findings) != 3 {
		t.Errorf("from notes on: %+v", all)
	}
}
