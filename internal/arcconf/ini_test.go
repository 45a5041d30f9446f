package arcconf

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"arclint/fixtures/confgen"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/ini.v1"
)

// iniOutline writes down what go-ini makes of a configuration, in the form of
// outline. The options are those under which it comes nearest to ARC.
func iniOutline(text string) (string, error) {
	f, err := ini.LoadSources(ini.LoadOptions{
		AllowBooleanKeys:           true,
		AllowShadows:               true,
		AllowDuplicateShadowValues: true,
		IgnoreInlineComment:        true,
		IgnoreContinuation:         true,
		PreserveSurroundedQuote:    true,
		KeyValueDelimiters:         "=",
	}, []byte(text))
	if err != nil {
		return "", errors.New("error")
	}
	var b strings.Builder
	for _, s := range f.Sections() {
		if s.Name() == ini.DefaultSection && len(s.Keys()) == 0 {
			continue
		}
		fmt.Fprintf(&b, "[%s]\n", s.Name())
		for _, k := range s.Keys() {
			values := k.ValueWithShadows()
			if len(values) == 1 {
				values = []string{k.String()}
			}
			for _, v := range values {
				fmt.Fprintf(&b, "%s=%s\n", k.Name(), v)
			}
		}
	}
	return b.String(), nil
}

// TestAgainstINI shows where arc.conf is the INI of go-ini and where it is not.
// An empty ini means that the two agree.
func TestAgainstINI(t *testing.T) {
	for _, tt := range []struct{ name, conf, arc, ini string }{
		{
			name: "plain options",
			conf: "# c\n[common]\nhostname = a b\n\n[arex/ws]\nwsurl=https://ce.example.org/arex\n",
			arc:  "[common]\nhostname=a b\n[arex/ws]\nwsurl=https://ce.example.org/arex\n",
		},
		{
			name: "a repeated option, in one run",
			conf: "[mapping]\nmap_to_user=a b\nmap_to_user=c d\n",
			arc:  "[mapping]\nmap_to_user=a b\nmap_to_user=c d\n",
		},
		{
			name: "inline comments and quotes",
			conf: "[common]\na=b # c\nd=\"e\"\n",
			arc:  "[common]\na=b # c\nd=\"e\"\n",
		},
		{
			name: "the order of options of different names decides who gets in",
			conf: "[authgroup:a]\nsubject=/CN=a\n-subject=/CN=b\nsubject=/CN=c\n",
			arc:  "[authgroup:a]\nsubject=/CN=a\n-subject=/CN=b\nsubject=/CN=c\n",
			ini:  "[authgroup:a]\nsubject=/CN=a\nsubject=/CN=c\n-subject=/CN=b\n",
		},
		{
			name: "a repeated header replaces (B4)",
			conf: "[common]\na=1\n[common]\nb=2\n",
			arc:  "[common]\nb=2\n",
			ini:  "[common]\na=1\nb=2\n",
		},
		{
			name: "blanks in a header (B5)",
			conf: "[authgroup: a]\nall=yes\n[ common ]\nx=y\n",
			arc:  "[authgroup:a]\nall=yes\n[ common ]\nx=y\n",
			ini:  "[authgroup: a]\nall=yes\n[ common ]\nx=y\n",
		},
		{
			name: "a comment after a header (S8)",
			conf: "[authgroup:a]\nsubject=/CN=a\n[authgroup:b] # x\nsubject=/CN=b\n",
			arc:  "[authgroup:a]\nsubject=/CN=a\nsubject=/CN=b\n",
			ini:  "[authgroup:a]\nsubject=/CN=a\n[authgroup:b]\nsubject=/CN=b\n",
		},
		{
			name: "a header without its end (S8)",
			conf: "[authgroup:a]\nsubject=/CN=a\n[authgroup:b\nsubject=/CN=b\n",
			arc:  "[authgroup:a]\nsubject=/CN=a\nsubject=/CN=b\n",
			ini:  "error",
		},
		{
			name: "indented and other comments (C1)",
			conf: "[common]\n #a=b\n;c=d\n",
			arc:  "[common]\n#a=b\n;c=d\n",
			ini:  "[common]\n",
		},
		{
			name: "an option above the first header",
			conf: "a=b\n[common]\n",
			arc:  "[common]\n",
			ini:  "[DEFAULT]\na=b\n[common]\n",
		},
		{
			name: "an option without an equals sign is empty, not true",
			conf: "[arex/cache]\nshared\n",
			arc:  "[arex/cache]\nshared=\n",
			ini:  "[arex/cache]\nshared=true\n",
		},
		{
			name: "a line that is nothing",
			conf: "[arex/ws/jobs]\nallowaccess users\n",
			arc:  "[arex/ws/jobs]\n",
			ini:  "[arex/ws/jobs]\nallowaccess users=true\n",
		},
		{
			name: "a reference of its own kind",
			conf: "[common]\na=1\nb=%(a)s\n",
			arc:  "[common]\na=1\nb=%(a)s\n",
			ini:  "[common]\na=1\nb=1\n",
		},
		{
			name: "backquotes",
			conf: "[common]\na=`b`\n",
			arc:  "[common]\na=`b`\n",
			ini:  "[common]\na=b\n",
		},
		{
			name: "a byte order mark (C6)",
			conf: "\ufeff[common]\na=b\n",
			arc:  "",
			ini:  "[common]\na=b\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := iniOutline(tt.conf)
			if err != nil {
				got = "error"
			}
			want := tt.ini
			if want == "" {
				want = tt.arc
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("go-ini (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.arc, outline(parse(tt.conf))); diff != "" {
				t.Errorf("arcconf (-want +got):\n%s", diff)
			}
			if tt.ini == tt.arc {
				t.Error("the row says that the two differ but gives the same for both")
			}
		})
	}
}

// TestAgainstINIPlain compares the two over configurations as a careful
// administrator writes them: every header once, options of one name together, a
// value in every line.
func TestAgainstINIPlain(t *testing.T) {
	for seed := range uint64(300) {
		w := confgen.Writer{Rand: rand.New(rand.NewPCG(1, seed))}
		var b strings.Builder
		for i := range 1 + w.IntN(5) {
			fmt.Fprintf(&b, "%s[queue:q%d]\n", w.Maybe(3, []string{"# comment\n", "\n"}), i)
			for j := range w.IntN(5) {
				for range 1 + w.IntN(2) {
					fmt.Fprintf(&b, "option%d%s=%s%s\n", j, w.Maybe(2, []string{" "}), w.Maybe(2, []string{" "}), w.One([]string{"yes", "/a/b", "a b c", "-1 -1", "a # b", `"a" b`, "https://ce.example.org:443/arex?a=b"}))
				}
			}
		}
		got, err := iniOutline(b.String())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(outline(parse(b.String())), got); diff != "" {
			t.Fatalf("(-arcconf +go-ini):\n%s\n%s", diff, b.String())
		}
	}
}
