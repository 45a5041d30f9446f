// Package access says who gets into an ARC CE: what a token or certificate
// claims decides the authgroups, these decide the access list and the account.
// It decides as the services do (src/hed/shc/legacy, src/services/a-rex), each
// measured release for itself, faults included. The lines are read by
// internal/authgroup.
//
// Policy.Evaluate answers for one identity and says why.
package access

import (
	"fmt"
	"sync"

	"arclint/internal/authgroup"
	"arclint/internal/site"
	"arclint/internal/source"
)

// Policy decides by all of arc.conf that says who gets in.
type Policy struct {
	*authgroup.Document

	site      *site.Site
	isCE      func() bool // asked at each decision: it goes through all blocks
	tables    tables
	plugins   sync.Map  // pluginFacts
	scratches sync.Pool // *scratch
	regexps   sync.Map  // of the patterns of expressions; nil for one that cannot be compiled
}

// Within is how often something that looks at every line may be done, so that a
// site of the largest size is not looked at for ever: work by the lines, from
// least to most.
func (p *Policy) Within(work, least, most int) int {
	return min(max(work/max(p.Size(), 1), least), most)
}

// Model gives the policy of a site, made once for all who ask.
func Model(s *site.Site) *Policy {
	return site.Once(s, modelKey{}, func() *Policy { return newPolicy(s) })
}

type modelKey struct{}

func newPolicy(s *site.Site) *Policy {
	p := &Policy{Document: s.Access, site: s, isCE: sync.OnceValue(s.IsCE)}
	p.tables = newTables(p)
	return p
}

// TokensCount says whether the CE looks at tokens at all: 6.x needs the block
// [authtokens] (arc-behaviour B9).
func (p *Policy) TokensCount() bool {
	return !p.site.Release.TokensNeedBlock || p.site.Conf.Block("authtokens") != nil
}

// Unknown says why nothing is known of who gets in, "" where it can be worked out.
func (p *Policy) Unknown() string {
	switch {
	case !p.isCE():
		return "this host is no computing element: arc.conf has [datadelivery-service] and neither [arex] nor an [arex/...] block"
	case p.TooLarge:
		return fmt.Sprintf("arc.conf has more than %d rules of access, which are not looked at", authgroup.MaxLines)
	}
	return p.tables.settings().renamed
}

// Stop is a reason in the access rules why the service does not start.
type Stop struct {
	At     source.Span // zero where something is missing
	Reason string
}

// Stops lists them. 6.17 checks arc.conf before it starts and refuses what its
// validator does not know (arc-behaviour A8, B8); 7.x needs [mapping] only.
func (p *Policy) Stops() []Stop { return p.tables.settings().stops }

func (p *Policy) findStops() []Stop {
	var stops []Stop
	if p.Mapping == nil {
		stops = append(stops, Stop{Reason: "there is no block [mapping]"})
	}
	if !p.site.Release.StrictStart {
		return stops
	}
	if p.Mapping != nil && len(p.Mapping.Block.Options) == 0 {
		stops = append(stops, Stop{At: p.Mapping.Block.Header().Span, Reason: "the block [mapping] is empty"})
	}
	for _, g := range p.Groups {
		for _, r := range g.Rules {
			if reason := stops6(r); reason != "" {
				stops = append(stops, Stop{At: r.Option.Name.Span, Reason: reason})
			}
		}
	}
	return append(stops, p.mappingStops6()...)
}

func (p *Policy) mappingStops6() []Stop {
	var stops []Stop
	if p.Mapping == nil {
		return nil
	}
	for _, m := range p.Mapping.Rules {
		if m.Kind == authgroup.MapUnknown {
			stops = append(stops, Stop{At: m.Option.Name.Span, Reason: "ARC 6 does not know " + m.Option.Name.Text})
		}
	}
	return stops
}

func stops6(r *authgroup.Rule) string {
	switch t := r.Test.(type) {
	case *authgroup.Computed:
		if t.Keyword == "name" {
			return "ARC 6 does not know " + r.Option.Name.Text
		}
	case *authgroup.Unknown, *authgroup.Rename:
		return "ARC 6 does not know " + r.Option.Name.Text
	case *authgroup.Subject:
		if t.DN.Span == r.Option.Line { // the keyword is missing
			return "ARC 6 does not know " + r.Option.Name.Text
		}
	}
	switch {
	case !r.Option.HasEquals && r.Keyword.Text != "all":
		return r.Option.Name.Text + " has no value"
	case r.Inverted && len(r.Option.Name.Text)-len(r.Keyword.Text) == 2:
		return "ARC 6 does not know " + r.Option.Name.Text
	}
	return ""
}
