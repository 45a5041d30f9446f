package arcref

import (
	"bytes"
	"strings"
	"testing"
)

func TestParseTableErrors(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"empty":        {"", "no block"},
		"columns":      {"common\t-\t-\n", "columns"},
		"unknown flag": {"common\t-\t-\t-\tmandatry\n", `flag "mandatry"`},
		"option flag":  {"common\t-\t-\t-\t-\ncommon\thost\tundefined\t-\tnamed\n", `flag "named"`},
		"no block yet": {"common\thost\tundefined\t-\t-\n", "outside"},
		"other block":  {"common\t-\t-\t-\t-\narex\thost\tundefined\t-\t-\n", "outside"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseTable("1", tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestWriteTableErrors(t *testing.T) {
	for name, o := range map[string]*Option{
		"tab":     {Name: "a", Default: "x\ty", HasDefault: true},
		"lone -":  {Name: "a", Allowed: []string{"-"}},
		"newline": {Name: "a\n"},
	} {
		t.Run(name, func(t *testing.T) {
			ref := &Reference{Blocks: []*Block{{Name: "common", Options: []*Option{o}}}}
			if err := WriteTable(&bytes.Buffer{}, ref); err == nil {
				t.Error("no error, want one: the table would say something else")
			}
		})
	}
}
