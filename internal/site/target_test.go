package site

import (
	"errors"
	"strings"
	"testing"
)

// TestTarget: the view of the target is of the same texts, and has what the
// newer release reads besides.
func TestTarget(t *testing.T) {
	files := map[string]string{
		"/etc/arc.conf":          smallest + "[authtokens]\n",
		"/etc/arc.conf.d/a.conf": "[arex]\nloglevel=INFO\n",
	}
	s := load(t, files, Options{ARCVersion: "6.17.0", Target: "7.2.0"})
	then := s.Target
	if then == nil || then.Target != nil || then.Release.Measured != "7.2.0" || then.Release.Ref.Version != "7.2.0" || then.Release.Origin != "--target" {
		t.Fatalf("target %+v", then)
	}
	if s.Conf.Main != then.Conf.Main {
		t.Error("the views have texts of their own, want one")
	}
	if len(s.Conf.Files) != 1 || len(then.Conf.Files) != 2 {
		t.Errorf("%d files today and %d then, want arc.conf.d only then", len(s.Conf.Files), len(then.Conf.Files))
	}
	if s.Conf.Block("arex").First("loglevel") != nil || then.Conf.Block("arex").First("loglevel") == nil {
		t.Error("arc.conf.d counts today, or does not then")
	}
	if s := load(t, files, Options{ARCVersion: "7.0.0", Target: "7.2.0"}); s.Conf != s.Target.Conf || len(s.Conf.Files) != 2 {
		t.Error("both releases read arc.conf.d, want one document")
	}
	if s := load(t, files, Options{ARCVersion: "6.17.0"}); s.Target != nil {
		t.Error("a target that nobody gave")
	}
}

func TestNoTarget(t *testing.T) {
	fsys := tree(t, map[string]string{"/etc/arc.conf": smallest})
	for _, tt := range []struct{ version, target, says string }{
		{"6.17.0", "6.17.0", "not newer than the site's 6.17.0, want 7.0.0 or 7.2.0"},
		{"7.2.0", "7.0.0", "not newer"},
		{"6.17.0", "7.1.0", "not known, want 7.0.0 or 7.2.0"},
		{"7.2.0", "8.0.0", "not known, and no newer one than 7.2.0 is"},
		{"7.2.0", "seven", "not known"},
		{"7.1.0", "7.0.0", "not newer"},
		{"6.9.0", "6.17.0", "judged as ARC 6.17.0 already"},
	} {
		_, err := Load(fsys, Options{Now: now, ARCVersion: tt.version, Target: tt.target, Releases: three(t)})
		if !errors.Is(err, ErrTarget) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("from %s to %s: error %v, want ErrTarget with %q", tt.version, tt.target, err, tt.says)
		}
	}
}
