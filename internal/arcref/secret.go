package arcref

import (
	"slices"
	"strings"
	"sync"
)

// secrets are the options whose values are secrets, by the references of all
// known releases: arc.conf.reference has no mark for them. A test holds that no
// other option of a reference has a name as of one.
var secrets = []string{
	"boinc_db_pass", // [lrms]: the password of the BOINC database, 6.17 to 7.0
}

// secretWords in a name make a secret of the value of an option that no release
// knows: it may be a misspelt one, or one of another program.
var secretWords = []string{"pass", "pwd", "secret", "token", "credential", "apikey", "api_key", "accesskey", "access_key", "privkey"}

// Secret says whether the value of an option of this name is a secret, which no
// output may show. A name that no release knows is judged by what it looks like.
func Secret(option string) bool {
	option = strings.ToLower(option)
	if slices.Contains(secrets, option) {
		return true
	}
	if knownOptions()[option] {
		return false
	}
	if _, near := Suggest(option, secrets); near {
		return true
	}
	return looksSecret(option)
}

func looksSecret(option string) bool {
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(option, word) })
}

// knownOptions are the names of the options of all known releases, those too that
// have gone.
var knownOptions = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, ref := range Known() {
		for _, b := range ref.Blocks {
			for _, o := range b.Options {
				names[o.Name], names[o.Was] = true, true
			}
			for _, m := range b.Moved {
				names[m.Name] = true
			}
		}
	}
	return names
})
