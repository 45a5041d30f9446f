package manpage

import (
	"io"
	"testing"

	"arclint/fixtures/golden"
)

func TestWrite(t *testing.T) {
	page := Page{
		Name: "arclint", Version: "1.0", Summary: "says what is unsafe",
		Description: "It reads.\nIt writes nothing.\n\n   arclint check --root ./ce\n   arclint trust\n\n.hidden files are read; C:\\ is not.",
		Commands: []Command{{
			Synopsis: "arclint check [flags] [FILE]", Summary: "find what is missing", Description: "Reads the site.\n\n   arclint check\n\n'quoted' words.",
			Flags: []Flag{{Name: "--root DIR", Usage: "the site (default: \"/\")"}, {Name: "--quiet", Usage: "-"}},
		}},
		Sections: []Section{{Title: "EXIT STATUS", Text: "0, 1 or 2."}},
	}
	golden.CheckWriter(t, "testdata/page.1", func(w io.Writer) error { return Write(w, page) })
}
