package gridsec

import (
	"errors"
	"fmt"
	"math/rand"
	"os/exec"
	"strings"
	"testing"
)

// TestMatch617LikeTheCLibrary compares with bash, whose =~ is the C library's
// regcomp with REG_EXTENDED, as ARC's is, and which shows the groups.
func TestMatch617LikeTheCLibrary(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed: install bash")
	}
	patterns := []string{
		"a", "*", "a*b", "a.c", "a|b", "a|*", "|a", "a|", "()", "(a)", "(a)b", "a(b)", "(a|b)*", "a+", "+a", "?a", "a??", "a**", "a+*",
		"a{2}", "a{2,}", "a{1,3}", "a{,2}", "a{3,1}", "a{x}", "{2}a", "a{", "a}", ")", "a)", "(", "(a", "[a]", "[a-c]*", "[c-a]", "[]a]", "[^]a]",
		"[a", "[", "[[:alpha:]]", "[[:nope:]]", "[a-]", "[-a]", `[\]`, `[\a]`, `\a`, `a\`, `\\`, `\.`, `\(a\)`, `\+`, `\x`, `\w`, `\W`, `\s`, `\S`, "^a", "a$", "a^b", "a$b", "(^a)", "a|^b",
		"^*", "(*a)", "(+a)", "a|*b", "a.b?", "((a)b)", "(a)(b)", "(a)c(b)", "a/b=c d", "x{0}", "(a*)*", "(a|ab)(c|bcd)",
	}
	subjects := []string{"", "a", "b", "ab", "aa", "aaa", "abc", "abcd", "(a)", "a+b", `a\`, `\`, ".", "a)", "]", "-", "x", "a{", "a}", "a^b", "a$b", "acb", "^", "a b", "+", "x41", "a/b=c d"}
	random := rand.New(rand.NewSource(1))
	for range 300 {
		patterns = append(patterns, randomText(random, `ab*.|?+()[]{}12,\^$-/ `, 8))
	}
	type question struct{ pattern, subject string }
	var questions []question
	for _, p := range patterns {
		for range 6 {
			questions = append(questions, question{p, subjects[random.Intn(len(subjects))]})
		}
		questions = append(questions, question{p, "a"}, question{p, "ab"}, question{p, randomText(random, "ab/ ", 4)})
	}
	var in strings.Builder
	for _, q := range questions {
		fmt.Fprintf(&in, "%s\x00%s\x00", "^"+strings.ReplaceAll(q.pattern, "*", ".*")+"$", q.subject)
	}
	// Bash gives the texts of the groups; an empty first answer means no match.
	script := `LC_ALL=C
while IFS= read -r -d '' p && IFS= read -r -d '' s; do
  [[ $s =~ $p ]]; rc=$?
  if [ $rc = 0 ]; then printf 'y%s\0' "${#BASH_REMATCH[0]} ${#BASH_REMATCH[@]}"; else printf 'n%s\0' $rc; fi
done`
	cmd := exec.Command(bash, "-c", script)
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	unclear := 0
	for i, q := range questions {
		got := match617(q.pattern, q.subject)
		if got == unclearMatch {
			unclear++
			continue
		}
		want := fmt.Sprintf("y%d ", len(q.subject))
		whole := strings.HasPrefix(answers[i], want)
		if !strings.Contains(q.pattern, "(") && (got == matches) != whole {
			t.Errorf("pattern %q, subject %q: got %v, the C library says %q", q.pattern, q.subject, got, answers[i])
		}
		if strings.Contains(q.pattern, "(") && got == matches && !whole {
			t.Errorf("pattern %q, subject %q: matches, the C library says %q", q.pattern, q.subject, answers[i])
		}
	}
	if unclear > len(questions)/10 {
		t.Errorf("%d of %d were unclear", unclear, len(questions))
	}
}

func randomText(random *rand.Rand, alphabet string, most int) string {
	text := make([]byte, random.Intn(most+1))
	for i := range text {
		text[i] = alphabet[random.Intn(len(alphabet))]
	}
	return string(text)
}
