package refdiff

import (
	"io"
	"testing"

	"arclint/fixtures/golden"
	"arclint/internal/arcref"
)

// changes has one of every kind, some of it hostile.
func changes() arcref.Changes {
	from := &arcref.Reference{Version: "old\x1b[2J.reference", Blocks: []*arcref.Block{
		{Name: "common", Options: []*arcref.Option{
			{Name: "hostname", Default: "$EXEC{hostname -f}", HasDefault: true},
			{Name: "loglevel", Default: "3", HasDefault: true, Mandatory: true, Allowed: []string{"0", "1", "2", "3"}},
			{Name: "shape", Allowed: []string{"round"}},
			{Name: "size"},
			{Name: "still", Default: "a\x1b[2Jb", HasDefault: true},
			{Name: "went"},
			{Name: "gone", Default: "x", HasDefault: true},
		}},
		{Name: "authgroup", Named: true, Options: []*arcref.Option{{Name: "userlist"}}},
		{Name: "authtokens"},
		{Name: "gridftpd", Options: []*arcref.Option{{Name: "port"}, {Name: "user"}}},
		{Name: "queue", Named: true},
	}}
	to := &arcref.Reference{Version: "7.3.0", Blocks: []*arcref.Block{
		{Name: "common", Moved: []arcref.Moved{{Name: "went", Block: "arex", Option: "came"}}, Options: []*arcref.Option{
			{Name: "hostname", Multivalued: true},
			{Name: "loglevel", Default: "3", HasDefault: true, Unlisted: true, Allowed: []string{"3", "4"}},
			{Name: "shape"},
			{Name: "size", Allowed: []string{"small", "large"}, Deprecated: true},
			{Name: "still", Unlisted: true, Source: "src/still.cpp"},
			{Name: "fresh", Default: "no", HasDefault: true, Allowed: []string{"yes", "no"}, Mandatory: true, Multivalued: true, Sequenced: true, Deprecated: true},
		}},
		{Name: "authgroup", Named: true},
		{Name: "arex", Mandatory: true, Options: []*arcref.Option{{Name: "came"}}},
		{Name: "queue", Mandatory: true},
	}}
	return arcref.Diff(from, to)
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"changes.txt":  func(w io.Writer) error { return Text(w, changes()) },
		"changes.json": func(w io.Writer) error { return JSON(w, changes()) },
		"none.txt":     func(w io.Writer) error { return Text(w, arcref.Diff(nil, nil)) },
		"none.json":    func(w io.Writer) error { return JSON(w, arcref.Diff(nil, nil)) },
	} {
		golden.CheckWriter(t, "testdata/"+name, write)
	}
}
