package arcconf

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOption(t *testing.T) {
	type facts struct {
		Comment, Inner             string
		Quoted, Ignored, Commented bool
	}
	for line, want := range map[string]facts{
		`a=b`:            {},
		`a=b # c`:        {Comment: "# c"},
		"a=b\t# c # d":   {Comment: "# c # d"},
		"a=b\u00a0#c":    {Comment: "#c"},
		`a= # c`:         {Comment: "# c"},
		`a=#c`:           {Comment: "#c"},
		`a=b#c`:          {},
		`a=b#c #d`:       {Comment: "#d"},
		`a="b"`:          {Quoted: true, Inner: "b"},
		`a=''`:           {Quoted: true},
		`a="b`:           {},
		`a="b'`:          {},
		`a=b "c"`:        {},
		`a="b" c "d"`:    {Quoted: true},
		`a="b" # c`:      {Quoted: true, Comment: "# c"},
		`a='"b" "c"'`:    {Quoted: true, Inner: `"b" "c"`},
		` #a=b`:          {Ignored: true, Commented: true},
		`;a=b`:           {Commented: true},
		`a=/CN=Robot #2`: {Comment: "#2"},
		`#`:              {Ignored: true, Commented: true},
	} {
		d := parse("[x]\n\t" + line + "\n")
		o := d.Block("x").Options[0]
		comment, _ := o.InlineComment()
		inner, _ := o.Enclosed()
		got := facts{comment.Text, inner.Text, o.Quoted(), o.Ignored(), o.Commented()}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
		checkDocument(t, d)
	}
}
