package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"arclint/internal/arcref"
	"arclint/internal/release"
)

// madeUp is the known releases and ARC 7.9.0, which does not exist: a reference
// without [arex] tokenscopes, and a row that needs [authtokens] again.
func madeUp(t *testing.T) release.Table {
	t.Helper()
	newest := release.Default().Newest()
	ref := &arcref.Reference{Version: "7.9.0"}
	for _, b := range newest.Ref.Blocks {
		copied := *b
		copied.Options = slices.DeleteFunc(slices.Clone(b.Options), func(o *arcref.Option) bool { return b.Name == "arex" && o.Name == "tokenscopes" })
		ref.Blocks = append(ref.Blocks, &copied)
	}
	facts := newest.Facts
	facts.Scopes, facts.TokensNeedBlock = release.NoScopes, true
	table, err := release.Default().With(release.Row{Measured: ref.Version, Ref: ref, Facts: facts})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestReleaseInOneSitting: a row and a reference are all that a release needs
// for check, before an upgrade to it and after.
func TestReleaseInOneSitting(t *testing.T) {
	for _, tt := range []struct {
		args      string
		says, not []string
		exit      int
	}{
		{
			args: "check --example dune --target 7.9.0",
			says: []string{
				"ARC 7.9.0 does not read tokenscopes in [arex]", "[conf/upgrade-removed-option]",
				"Judged as ARC 7.2.0, from the example; before an upgrade to ARC 7.9.0",
			},
			not:  []string{"[conf/removed-option]", "[authz/tokens-not-enabled]", "[authz/token-scopes]"},
			exit: exitFindings,
		},
		{
			args: "check --example dune --arc-version 7.9.0",
			says: []string{
				"tokenscopes was removed from [arex] in ARC 7.9.0", "[conf/removed-option]",
				"there is no block [authtokens]", "[authz/tokens-not-enabled]",
				"Judged as ARC 7.9.0, from --arc-version",
			},
			exit: exitFindings,
		},
		{
			args: "check --example dune --arc-version 7.9.3",
			says: []string{"Judged as ARC 7.9.0, the nearest measured release to 7.9.3"},
			exit: exitFindings,
		},
		{args: "recipe --example dune --target 7.9.0 --format diff upgrade", says: []string{"-tokenscopes=wlcg"}, exit: exitClean},
		{args: "check --example dune --target 7.8.0", says: []string{"ARC 7.8.0 is not known, want 7.9.0"}, exit: exitUsage},
		{args: "check --help", says: []string{", 7.9.0"}, exit: exitClean},
		{args: "releases", says: []string{"7.9.0"}, exit: exitClean},
	} {
		var stdout, stderr bytes.Buffer
		exit := program{known: madeUp(t)}.run(append([]string{"arclint"}, strings.Fields(tt.args)...), &stdout, &stderr)
		said := stdout.String() + stderr.String()
		if exit != tt.exit {
			t.Errorf("%s: exit %d, want %d:\n%s", tt.args, exit, tt.exit, said)
		}
		for _, text := range tt.says {
			if !strings.Contains(said, text) {
				t.Errorf("%s does not say %q:\n%s", tt.args, text, said)
			}
		}
		for _, text := range tt.not {
			if strings.Contains(said, text) {
				t.Errorf("%s says %q:\n%s", tt.args, text, said)
			}
		}
	}
}

// TestReleaseIsNotKept: the release of another run is not known to this one.
func TestReleaseIsNotKept(t *testing.T) {
	var stdout, stderr bytes.Buffer
	madeUp(t)
	if exit := run(strings.Fields("arclint check --example dune --target 7.9.0"), &stdout, &stderr); exit != exitUsage {
		t.Errorf("exit %d, want %d: %s%s", exit, exitUsage, &stdout, &stderr)
	}
}
