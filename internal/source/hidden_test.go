package source

import (
	"strings"
	"testing"
)

// TestApplyReal: edits around what is hidden keep its bytes, and none writes the
// marks in its place.
func TestApplyReal(t *testing.T) {
	const real = "a\npass = \"Hunter2\" # x\nb\n"
	shown := strings.Replace(real, "Hunter2", "*******", 1)
	f := NewHidden("f", []byte(shown), []byte(real))
	at := func(text string) Span {
		n := strings.Index(shown, text)
		return Span{File: f, Start: n, End: n + len(text)}
	}
	for _, test := range []struct {
		edit Edit
		want string // "" for an error
	}{
		{Edit{at(`"*******"`), "*******"}, "a\npass = Hunter2 # x\nb\n"},
		{Edit{at(`pass = "*******" # x`), "pass=*******"}, "a\npass=Hunter2\nb\n"},
		{Edit{at(`pass = "*******" # x`), "# gone"}, "a\n# gone\nb\n"},
		{Edit{f.Line(2).Lines(), ""}, "a\nb\n"},
		{Edit{at("b"), "c"}, "a\npass = \"Hunter2\" # x\nc\n"},
		{Edit{at(`"*******"`), "*******, *******"}, ""},
		{Edit{at(`"*****`), "*****"}, "a\npass = Hunter2\" # x\nb\n"},
	} {
		got, err := ApplyReal(f, []Edit{test.edit})
		if string(got) != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: %q, %v, want %q", test.edit.New, got, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "Hunter2") {
			t.Error(err)
		}
	}
	if !f.Hides(at("*").Start, at("*").End) || f.Hides(0, 2) || New("f", nil).Hides(0, 0) {
		t.Error("Hides")
	}
}
