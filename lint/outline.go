package lint

import (
	"slices"
	"sort"
	"strings"

	"arclint/internal/site"
	"arclint/internal/source"
)

// outline has the headers and the options of arc.conf in the order of each file:
// what stands below a directive is looked up, not looked for.
type outline struct {
	headers, options map[*source.File][]source.Span
	first            source.Span // the first header of all
	blank            int         // the number of the last empty line above it, 0 without one
}

func newOutline(s *site.Site) *outline {
	o := &outline{headers: map[*source.File][]source.Span{}, options: map[*source.File][]source.Span{}}
	for _, sec := range s.Conf.Sections {
		o.headers[sec.Line.File] = append(o.headers[sec.Line.File], sec.Line)
		for _, option := range sec.Options {
			o.options[option.Line.File] = append(o.options[option.Line.File], option.Line)
		}
	}
	for _, of := range []map[*source.File][]source.Span{o.headers, o.options} {
		for _, lines := range of {
			slices.SortFunc(lines, func(a, b source.Span) int { return a.Start - b.Start })
		}
	}
	if len(s.Conf.Sections) > 0 {
		o.first = s.Conf.Sections[0].Line
		o.blank = o.first.Begin().Line - 1
		for o.blank > 0 && strings.TrimSpace(o.first.File.Line(o.blank).Text()) != "" {
			o.blank--
		}
	}
	return o
}

// below gives the first header and the first option below the place, in its
// file; zero where there is none.
func (o *outline) below(at source.Span) (header, option source.Span) {
	next := func(lines []source.Span) source.Span {
		n := sort.Search(len(lines), func(i int) bool { return lines[i].Start > at.Start })
		if n == len(lines) {
			return source.Span{}
		}
		return lines[n]
	}
	return next(o.headers[at.File]), next(o.options[at.File])
}

// forAll says whether a directive that stands above the first header is for the
// whole site: an empty line parts the two.
func (o *outline) forAll(s *site.Site, directive, header source.Span) bool {
	return directive.File == s.Conf.Main && header == o.first && o.blank > directive.Begin().Line
}

// reach says which findings the directives of a rule silence.
type reach struct {
	all   *directive                    // the first that is for the whole site
	parts map[*source.File][]*directive // by where their scopes begin
	ends  map[*source.File][]int        // of the directives so far, how far one reaches
	at    map[*source.File][]int        // where findings of the rule stand, sorted
	found bool                          // there are findings
}

func newReaches(directives []*directive, findings []Finding) map[string]*reach {
	of := map[string]*reach{}
	for _, d := range directives {
		r := of[d.rule]
		if r == nil {
			r = &reach{parts: map[*source.File][]*directive{}, ends: map[*source.File][]int{}, at: map[*source.File][]int{}}
			of[d.rule] = r
		}
		if d.scope.IsZero() {
			if r.all == nil {
				r.all = d
			}
			continue
		}
		r.parts[d.scope.File] = append(r.parts[d.scope.File], d)
	}
	for _, f := range findings {
		if r := of[f.Rule]; r != nil {
			r.found = true
			r.at[f.Span.File] = append(r.at[f.Span.File], f.Span.Start)
		}
	}
	for _, r := range of {
		r.sort()
	}
	return of
}

func (r *reach) sort() {
	for file, parts := range r.parts {
		slices.SortFunc(parts, func(a, b *directive) int { return a.scope.Start - b.scope.Start })
		for i, d := range parts {
			end := d.scope.End
			if i > 0 {
				end = max(end, r.ends[file][i-1])
			}
			r.ends[file] = append(r.ends[file], end)
		}
	}
	for _, at := range r.at {
		slices.Sort(at)
	}
}

// silencer is the first directive that is for what stands there, nil where none
// is.
func (r *reach) silencer(at source.Span) *directive {
	if r == nil {
		return nil
	}
	ends := r.ends[at.File]
	n := sort.Search(len(ends), func(i int) bool { return ends[i] > at.Start })
	if n == len(ends) || r.parts[at.File][n].scope.Start > at.Start {
		return r.all
	}
	d := r.parts[at.File][n]
	if r.all != nil && r.all.line.File == at.File && r.all.line.Start < d.line.Start {
		return r.all
	}
	return d
}

// meets says whether a finding stands where the directive, which is one of the
// rule, is for.
func (r *reach) meets(d *directive) bool {
	if d.scope.IsZero() {
		return r.found
	}
	at := r.at[d.scope.File]
	n := sort.SearchInts(at, d.scope.Start)
	return n < len(at) && at[n] < d.scope.End
}
