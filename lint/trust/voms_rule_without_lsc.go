package trust

import (
	"errors"
	"io/fs"

	"arclint/internal/issuers"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

var vomsRuleWithoutLSC = &lint.Rule{
	ID:    "trust/voms-rule-without-lsc",
	Title: "A voms= rule names a VO of which no VOMS server is known",
	Why: "ARC believes the attributes of a VO only where vomsdir/<VO>/ has an .lsc file for the server that signed them. It ignores the server's certificate in that directory, as other software has it. " +
		"Without an .lsc file the rule never matches and the VO's users are kept out.",
	Source:   "S72 src/hed/libs/credential/VOMSUtil.cpp; arc-behaviour B6, V1",
	Impact:   lint.Outage,
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
				r.At(rule.Option.Value.Span, "there is no .lsc file for the VO %s", name).Means("%s", noServer(rule.Inverted)).
					Do("Write one for each VOMS server of the VO in %s/%s.", s.VOMS.Path, name).Lists(knownServers(name)).About(name).DidYouMean(name, names)
			}
		}
	},
}

// noServer is what comes of it that no server of the VO is known.
func noServer(inverted bool) string {
	if inverted {
		return "ARC drops the VO's attributes. The rule itself never matches, and with the ! it matches everybody."
	}
	return "ARC drops the VO's attributes, and the rule never matches."
}

// knownServers names the servers that the VO has published, as far as is known.
func knownServers(vo string) []string {
	var servers []string
	for _, v := range issuers.VOMSServers(vo, "") {
		if v.Until == "" {
			servers = append(servers, "known server: "+v.Host)
		}
	}
	return servers
}

// hasLSC: trust/lsc-syntax reports what is wrong inside a file.
func hasLSC(s *site.Site, name string) bool {
	vo := findVO(s, name)
	return vo != nil && len(vo.LSCs) > 0
}
