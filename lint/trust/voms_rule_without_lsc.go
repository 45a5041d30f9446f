package trust

import (
	"errors"
	"io/fs"
	"strings"

	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var vomsRuleWithoutLSC = &lint.Rule{
	ID:    "trust/voms-rule-without-lsc",
	Title: "A voms= rule names a VO of which no VOMS server is known",
	Why: "ARC believes the attributes of a VO only where vomsdir/<VO>/ holds an .lsc file for the server that signed them. The server's certificate in that directory, as other software has it, is not looked at. " +
		"Without an .lsc file the rule never matches and the VO's users are kept out.",
	Source:   "S72 src/hed/libs/credential/VOMSUtil.cpp; arc-behaviour B6, V1",
	Facts:    []string{"B6", "V1"},
	Severity: lint.Error,
	Rests:    true,
	Recipe:   lint.Manual,
	ByHand: `If the VO is misspelt, correct the rule: the name is compared letter for letter.

    [authgroup:dune]
    voms=vo.example.org * * *

Write a file for each VOMS server of the VO, as the VO publishes it. Write the
subject of the server, and below it that of its CA:

    /DC=org/DC=example/CN=voms.example.org
    /DC=org/DC=example/CN=Example CA

Install it under the name of the VO:

    install -d -o root -g root -m 0755 /etc/grid-security/vomsdir/VO
    cp voms.example.org.lsc /etc/grid-security/vomsdir/VO/

` + lint.ThenRestart,
	Check: func(s *site.Site, r *lint.Reporter) {
		if s.VOMS.Err != nil {
			if !errors.Is(s.VOMS.Err, fs.ErrNotExist) {
				r.Skip("%s could not be read: %v", s.VOMS.Path, s.VOMS.Err)
			}
			return // trust/voms-dir-missing
		}
		var names []string
		for _, vo := range s.VOMS.VOs {
			names = append(names, vo.Name)
		}
		for _, rule := range vomsRules(s) {
			name := rule.Test.VO.Text
			switch answer, why := trust.VO(s, name); {
			case answer == trust.Unknown:
				r.Skip("%s", why)
			case answer == trust.Refused && !hasLSC(s, name):
				r.At(rule.Option.Value.Span, "%s/%s holds no .lsc file, want one for each VOMS server of %s%s: %s", s.VOMS.Path, name, name, knownServers(name), lint.NeverMatches(rule.Inverted)).
					About(name).DidYouMean(name, names)
			}
		}
	},
}

// knownServers names the servers that the VO has published, as far as is known.
func knownServers(vo string) string {
	var hosts []string
	for _, v := range issuers.VOMSServers(vo, "") {
		if v.Until == "" {
			hosts = append(hosts, v.Host)
		}
	}
	if len(hosts) == 0 {
		return ""
	}
	return " (known here: " + strings.Join(hosts, ", ") + ")"
}

// hasLSC: what is wrong inside a file is the business of trust/lsc-syntax.
func hasLSC(s *site.Site, name string) bool {
	vo := findVO(s, name)
	return vo != nil && len(vo.LSCs) > 0
}
