package arcconf

import (
	"fmt"
	"strings"
	"testing"
)

// table is a Defaults: "kind/option" to default.
type table map[string]string

func (t table) Default(kind, option string) (string, bool) {
	v, ok := t[kind+"/"+option]
	return v, ok
}

var someDefaults = table{
	"common/hostname":              "$EXEC{hostname -f}",
	"common/x509_cert_dir":         "/etc/grid-security/certificates",
	"arex/loglevel":                "3",
	"arex/controldir":              "/var/spool/arc/jobstatus",
	"arex/data-staging/loglevel":   "$VAR{[arex]loglevel}",
	"arex/data-staging/statefile":  "$VAR{[arex]controldir}/dtr.state",
	"arex/ws/wsurl":                "https://$VAR{[common]hostname}:443/arex",
	"infosys/ldap/timelimit":       "6400",
	"infosys/ldap/idletimeout":     "$EVAL{$VAR{timelimit} + 1}",
	"queue/forcedefaultvoms":       "$VAR{[arex]forcedefaultvoms}",
	"queue/advertisedvo":           "$VAR{[infosys/cluster]advertisedvo}",
	"queue/comment":                "plain",
	"lrms/benchmark":               "HEPSPEC 1.0",
	"datadelivery-service/x509dir": "$VAR{[common]x509_cert_dir}",
}

// show writes values as "text" or "text (origin)" where they are not written in
// arc.conf.
func show(values []Value) string {
	var texts []string
	for _, v := range values {
		text := v.Text
		if v.Origin != Admin {
			text += fmt.Sprintf(" (%s)", v.Origin)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " | ")
}

func TestValues(t *testing.T) {
	for _, tt := range []struct {
		name, conf, block, option, want string
	}{
		{"written", "[arex]\ncontroldir=/a\n", "arex", "controldir", "/a"},
		{"default", "[arex]\n", "arex", "controldir", "/var/spool/arc/jobstatus (default)"},
		{"no such block, no default", "[common]\n", "arex", "controldir", ""},
		{"no default", "[arex]\n", "arex", "sessiondir", ""},
		{"default of a named block", "[queue:a]\n", "queue:a", "comment", "plain (default)"},
		{"default of a block with blanks in its name", "[ queue :a]\n", "queue:a", "comment", "plain (default)"},
		{"several", "[mapping]\nmap_to_user=a b\nmap_to_user=c d\n", "mapping", "map_to_user", "a b | c d"},
		{"empty is written", "[common]\nx509_cert_dir=\n", "common", "x509_cert_dir", ""},
		{"default of a replaced block (B4)", "[common]\nx509_cert_dir=/a\n[common]\n", "common", "x509_cert_dir", "/etc/grid-security/certificates (default)"},
		{"log level by name", "[arex]\nloglevel=VERBOSE\n", "arex", "loglevel", "4"},
		{"log level by other name", "[arex]\nloglevel=Verbose\n", "arex", "loglevel", "Verbose"},
		{"only the first log level", "[arex]\nloglevel=DEBUG\nloglevel=DEBUG\n", "arex", "loglevel", "5 | DEBUG"},
		{"reference to a log level", "[arex]\nloglevel=INFO\n[arex/data-staging]\n", "arex/data-staging", "loglevel", "3 (default)"},
		{"reference to a default", "[arex]\n[arex/data-staging]\n", "arex/data-staging", "statefile", "/var/spool/arc/jobstatus/dtr.state (default)"},
		{"reference to nothing", "[arex]\n[queue:a]\n", "queue:a", "forcedefaultvoms", ""},
		{"reference to a block that is not there", "[queue:a]\n", "queue:a", "advertisedvo", ""},
		{"reference to several", "[infosys/cluster]\nadvertisedvo=a\nadvertisedvo=b\n[queue:a]\n", "queue:a", "advertisedvo", "a (default) | b (default)"},
		{"command", "[common]\n", "common", "hostname", "$EXEC{hostname -f} (unresolved)"},
		{"reference to a command", "[common]\n[arex/ws]\n", "arex/ws", "wsurl", "https://$VAR{[common]hostname}:443/arex (unresolved)"},
		{"reference to what is written", "[common]\nhostname=ce.example.org\n[arex/ws]\n", "arex/ws", "wsurl", "https://ce.example.org:443/arex (default)"},
		{"arithmetic", "[infosys/ldap]\n", "infosys/ldap", "idletimeout", "6401 (default)"},
		{"arithmetic of what is written", "[infosys/ldap]\ntimelimit=10\n", "infosys/ldap", "idletimeout", "11 (default)"},
		{"written values are worked out (C11)", "[arex]\na=$EVAL{2*(3+4)}\nb=$VAR{c}!\nc=d\n", "arex", "a", "14"},
		{"written reference (C11)", "[arex]\na=$EVAL{2*(3+4)}\nb=$VAR{c}!\nc=d\n", "arex", "b", "d!"},
		{"written command (C11)", "[arex]\na=$EXEC{echo a}\n", "arex", "a", "$EXEC{echo a} (unresolved)"},
		{"not a reference", "[arex]\na=$EXEC{} $VAR{} $EVAL{a{b} $VAR x\n", "arex", "a", "$EXEC{} $VAR{} $EVAL{a{b} $VAR x"},
		{"arithmetic after references", "[arex]\nx=$EVAL{1+1}\na=$EVAL{$VAR{y}+1}\ny=2\nb=$VAR{x}\n", "arex", "b", "2"},
		{"Python code", "[arex]\na=$EVAL{__import__('os').getpid()}\n", "arex", "a", "$EVAL{__import__('os').getpid()} (unresolved)"},
		{"division", "[arex]\na=$EVAL{4/2}\n", "arex", "a", "$EVAL{4/2} (unresolved)"},
		{"reference to itself", "[arex]\na=$VAR{a}\n", "arex", "a", "$VAR{a} (unresolved)"},
		{"reference to a reference", "[arex]\na=$VAR{b}\nb=$VAR{c}\nc=d\n", "arex", "a", "$VAR{b} (unresolved)"},
		{"the same reference twice, to two values", "[arex]\na=$VAR{b}$VAR{b}\nb=1\nb=2\n", "arex", "a", "11 | 11 | 22 | 22"},
		{"one of two values goes away", "[arex]\na=$VAR{none}\na=1\n", "arex", "a", "1"},
		{"benchmark", "[lrms]\n", "lrms", "benchmark", "HEPSPEC:1.0 (default)"},
		{"benchmark with more words", "[lrms]\nbenchmark=a:b c\u2003d\n", "lrms", "benchmark", "a:d"},
		{"benchmark of one word", "[lrms]\nbenchmark=a\n", "lrms", "benchmark", "a:a"},
		{"an expression within an expression", "[arex]\na=$EVAL{$EVAL{1+1}+1}\n", "arex", "a", "$EVAL{$EVAL{1+1}+1} (unresolved)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(parse(tt.conf).Values(tt.block, tt.option, someDefaults)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestValue(t *testing.T) {
	d := parse("[common]\nx=1\nx=2\n[arex]\na=$VAR{[common]none}\n")
	first := d.Block("common").Options[0]
	for _, tt := range []struct {
		block, option string
		want          Value
	}{
		{"common", "x", Value{Text: "1", Option: first, Origin: Admin}},
		{"common", "x509_cert_dir", Value{Text: "/etc/grid-security/certificates", Origin: Default}},
		{"common", "none", Value{Origin: Absent, Reason: "[common] has no none, and ARC has no default for it"}},
		{"mapping", "none", Value{Origin: Absent, Reason: "there is no block [mapping]"}},
		{"arex", "a", Value{Origin: Absent, Reason: "$VAR{[common]none} refers to an option that has no value"}},
		{"common", "hostname", Value{Text: "$EXEC{hostname -f}", Origin: Unresolved, Reason: `ARC runs the command "hostname -f" to know it`}},
	} {
		got := d.Value(tt.block, tt.option, someDefaults)
		if got != tt.want {
			t.Errorf("Value(%s, %s) = %+v, want %+v", tt.block, tt.option, got, tt.want)
		}
	}
	if got := d.Value("common", "hostname", nil); got.Origin != Absent {
		t.Errorf("without defaults: %+v, want it absent", got)
	}
}

// What a hostile file makes of references is bounded.
func TestValuesAreBounded(t *testing.T) {
	several := "[x]\n" + strings.Repeat("b=\n", 1000)
	for name, conf := range map[string]string{
		"product":     several + "a=" + strings.Repeat("$VAR{b}", 60) + "\n",
		"references":  several + "a=" + strings.Repeat("$VAR{b}", 100) + "\n",
		"expressions": several + "a=" + strings.Repeat("$EVAL{1}", 100) + "\n",
		"size":        "[x]\nb=" + strings.Repeat("b", maxExpansion) + "\na=$VAR{b}\n",
		"depth":       "[x]\na=$EVAL{" + strings.Repeat("(", 1000) + "1" + strings.Repeat(")", 1000) + "}\n",
		"large":       "[x]\na=$EVAL{999999999999999*999999999999999}\n",
	} {
		if got := parse(conf).Value("x", "a", nil); got.Origin != Unresolved {
			t.Errorf("%s: origin %s, want it unresolved", name, got.Origin)
		}
	}
}

func TestEvalInteger(t *testing.T) {
	for expression, want := range map[string]string{
		"1": "1", " 1 + 2 ": "3", "1-2-3": "-4", "2+3*4": "14", "(2+3)*4": "20", "--1": "1", "-(1+1)": "-2", "2*-3": "-6",
		"0": "0", "00": "0", "10 - 10": "0", "\t1\t": "1",
	} {
		if got, err := evalInteger(expression); err != nil || got != want {
			t.Errorf("evalInteger(%q) = %q, %v, want %q", expression, got, err, want)
		}
	}
	for _, expression := range []string{"", " ", "1 1", "1+", "(1", "1)", "1.0", "1/2", "2**3", "01", "a", "1;2", "\u00a01", "1_000", "0x1"} {
		if got, err := evalInteger(expression); err == nil {
			t.Errorf("evalInteger(%q) = %q, want an error", expression, got)
		}
	}
}
