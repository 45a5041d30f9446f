package conf

import (
	"strings"

	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/lint"
)

var plainHTTP = &lint.Rule{
	ID:       "conf/plain-http",
	Title:    "The CE's URL is http",
	Why:      "With http in wsurl the CE answers without TLS. Its chain of handlers then lacks the one that identifies clients: it refuses every token and every certificate, in all releases.",
	Source:   "arc-behaviour B10",
	Impact:   lint.Outage,
	Facts:    []string{"B10"},
	Severity: lint.Error,
	Effect:   "The CE refuses every token and every certificate.",
	Action:   "Write https in place of http.",
	Rests:    true,
	Recipe:   "edit-arc-conf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, o := range unique(s.Conf.Block("arex/ws").All("wsurl")) {
			if !strings.HasPrefix(strings.ToLower(o.Value.Text), "http://") {
				continue
			}
			scheme := source.Span{File: o.Value.Span.File, Start: o.Value.Span.Start, End: o.Value.Span.Start + len("http")}
			r.At(o.Value.Span, "wsurl begins with http, not with https").Fix(source.Edit{Span: scheme, New: "https"})
		}
	},
}
