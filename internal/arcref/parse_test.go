package arcref

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample has every form that the released references have, and every fault.
const sample = `## The preamble describes the marks; [nothing] in it counts.
## default: 1
#example_config_option=56
#############################

### The [common] block ###
## It is mandatory.
#[common]

## host = string - Plain, with a default that ARC computes.
## default: $EXEC{hostname -f}
#host=ce.example.org

## level = number - The order of the marks does not matter.
## allowedvalues: 0 1 2
## default:undefined
#level=1
#level=2
## CHANGE: NEW in 6.0.0
## later = text - Follows an example without an empty line.
## multivalued
## default: a b
#later=a
### end of the [common] block ###

### The [authgroup:name] blocks ###
#[authgroup:testers]

## file = path - In prose an
## assignment = value is no option, and a multivalued word is no mark.
## sequenced
## default: undefined
#file=/etc/list

## spaced = expression - The example has blanks, which ARC's extractor does not read.
## sequenced
#spaced = (a=b)

#[lrms]
## *lrms = type - Mandatory.
## default: undefined
#lrms=fork

## noname - The heading has no equals sign, the example names the option.
## default: 7
#noname=8

## tool = path - This one went elsewhere.
## CHANGE: MOVED in 6.0.0 to [arex].

## min = number - The example names another option.
## default: 3
#max=4

## max = number - So max is first described by the paragraph above.
## default: 5
#max=6

## bare = number - The example lost its mark.
## default: 0
bare=0

## old = text - Still there.
## default: undefined
#old=x
## CHANGE: REMOVED obsoleted in ARC 7.0.0

#[arex/ws]
#[custom:tool]
`

func TestParseReference(t *testing.T) {
	want := &Reference{Version: "1.2.3", Blocks: []*Block{
		{Name: "common", Mandatory: true, Options: []*Option{
			{Name: "host", Default: "$EXEC{hostname -f}", HasDefault: true},
			{Name: "level", Allowed: []string{"0", "1", "2"}},
			{Name: "later", Default: "a b", HasDefault: true, Multivalued: true},
		}},
		{Name: "authgroup", Named: true, Options: []*Option{
			{Name: "file", Sequenced: true, Rule: true},
			{Name: "spaced", Sequenced: true, Rule: true, Unlisted: true},
		}},
		{Name: "lrms", Mandatory: true, Moved: []Moved{{Name: "tool", Block: "arex", Option: "tool"}}, Options: []*Option{
			{Name: "lrms", Mandatory: true},
			{Name: "noname", Default: "7", HasDefault: true},
			{Name: "min", Default: "3", HasDefault: true, Unlisted: true},
			{Name: "max", Default: "3", HasDefault: true},
			{Name: "bare", Default: "0", HasDefault: true, Unlisted: true},
			{Name: "old", Deprecated: true},
		}},
		{Name: "arex/ws"},
		{Name: "custom", Named: true, Free: true},
	}}
	for name, text := range map[string]string{"LF": sample, "CRLF": strings.ReplaceAll(sample, "\n", "\r\n")} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseReference("1.2.3", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestParseReferenceErrors(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"empty":        {"", "no line begins"},
		"other file":   {"[common]\nhostname=ce.example.org\n", "no line begins"},
		"no block":     {preambleEnd + "\n## text\n", "no block"},
		"not UTF-8":    {preambleEnd + "\n#[common]\n\xff\n", "not UTF-8"},
		"many blocks":  {preambleEnd + "\n" + numbered("#[b%d]\n", maxEntries+1), "more than 1000"},
		"many options": {preambleEnd + "\n#[common]\n" + numbered("#o%d=1\n", maxEntries+1), "more than 1000"},
		"much larger":  {strings.Repeat("#\n", maxReference), "at most"},
	} {
		t.Run(name, func(t *testing.T) {
			ref, err := ParseReference("1", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v and error %v, want an error with %q", ref, err, tt.want)
			}
		})
	}
}

func numbered(format string, n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, format, i)
	}
	return text.String()
}

// FuzzParseReference: whatever parses has sound names without repeats, and
// survives the way through a table, with and without what the code adds.
func FuzzParseReference(f *testing.F) {
	f.Add([]byte(sample))
	f.Add([]byte(preambleEnd + "\n#[a:b]\n## x = y\n## default:\n#x=\n#[-]\n#-=1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ref, err := ParseReference("1", data)
		if err != nil {
			return
		}
		checkNames(t, ref)
		checkNames(t, ref.WithCode())
		var table bytes.Buffer
		if err := WriteTable(&table, ref); err != nil {
			return // a tab or a lone "-" where a table cannot have one
		}
		got, err := parseTable("1", table.String())
		if err != nil {
			t.Fatalf("%v in\n%s", err, table.String())
		}
		if diff := cmp.Diff(ref, got); diff != "" {
			t.Errorf("-parsed +from table:\n%s", diff)
		}
	})
}

func checkNames(t *testing.T, ref *Reference) {
	t.Helper()
	for _, b := range ref.Blocks {
		if b.Name == "" || strings.ContainsAny(b.Name, ":[] \t\n") || ref.Block(b.Name) != b {
			t.Errorf("block %q cannot be found by its name", b.Name)
		}
		for _, o := range b.Options {
			if o.Name == "" || strings.ContainsAny(o.Name, "=# \t\n") || b.Option(o.Name) != o {
				t.Errorf("[%s] option %q cannot be found by its name", b.Name, o.Name)
			}
			if !o.HasDefault && o.Default != "" {
				t.Errorf("[%s] %s has no default, and it is %q", b.Name, o.Name, o.Default)
			}
		}
	}
}
