package access

import (
	"slices"

	"arclint/internal/arcconf"
	"arclint/internal/authgroup"
	"arclint/internal/source"
)

// userList is a [userlist:name] block that has the subject.
type userList struct {
	id string
	at source.Span
}

// assignUserLists fills the lists that only 6.x has (arc-behaviour B7). A list
// whose file cannot be read is empty.
func (q *query) assignUserLists() {
	if !q.policy.site.Release.UserLists {
		return
	}
	for _, b := range q.policy.site.Conf.Kind("userlist") {
		for _, o := range b.All("outfile") {
			in, known := q.policy.listed(o.Value.Text, q.subject)
			if !known && q.subject != "" && q.policy.MayList(o.Value.Text) {
				in = q.wonder(OnFile, o.Line, false, "whether the list %s has the subject", o.Value.Text)
			}
			if in {
				q.userLists = append(q.userLists, userList{id: b.ID, at: firstHeader(q.policy.site.Conf, b)})
			}
		}
	}
}

// inUserList says whether the subject is in a list of that name above the group:
// ARC fills a list when it comes to the end of its block (LegacySecHandler.cpp
// of 6.x, read only).
func (q *query) inUserList(name string, group *arcconf.Block) bool {
	return slices.ContainsFunc(q.userLists, func(l userList) bool {
		return l.id == name && stands(l.at, group)
	})
}

// UserListBelow is the [userlist:name] that a rule of the group cannot see, since
// it stands further down; nil where there is none, or one above it.
func UserListBelow(conf *arcconf.Document, name string, group *arcconf.Block) *arcconf.Block {
	var below *arcconf.Block
	for _, b := range conf.Kind("userlist") {
		if b.ID != name {
			continue
		}
		if stands(firstHeader(conf, b), group) {
			return nil
		}
		below = b
	}
	return below
}

// stands says whether the place is above the group. ARC 6 has one file.
func stands(at source.Span, group *arcconf.Block) bool {
	return at.Start < group.Header().Span.Start
}

// firstHeader is where a block counts from: the last section of a name replaces
// the earlier ones in their places (config.py).
func firstHeader(conf *arcconf.Document, b *arcconf.Block) source.Span {
	for _, s := range conf.Sections {
		if s.Name == b.Name {
			return s.Header.Span
		}
	}
	return b.Header().Span
}

// ListFiles are the files of the user lists that a rule names, where the release
// has them (arc-behaviour B7).
func (p *Policy) ListFiles(t *authgroup.UserLists) []string {
	if !p.site.Release.UserLists {
		return nil
	}
	return t.Files(p.site.Conf)
}
