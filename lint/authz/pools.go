package authz

import (
	"errors"
	"io/fs"

	"arclint/internal/access"
	"arclint/internal/authgroup"
	"arclint/internal/gridsec"
	"arclint/internal/pattern"
	"arclint/internal/site"
)

// poolUse is a pool of accounts and the line of arc.conf that names it.
type poolUse struct {
	*gridsec.Pool
	named authgroup.Field
	group string
}

// poolUses are the pools that [mapping] names, each once.
func poolUses(s *site.Site) []poolUse {
	p := access.Model(s)
	var found []poolUse
	if p.Mapping == nil {
		return nil
	}
	seen := map[*gridsec.Pool]bool{}
	for _, m := range p.Mapping.Rules {
		if pool := s.Pool(m.Target.Text); m.Kind == authgroup.MapToPool && pool != nil && !seen[pool] {
			seen[pool] = true
			found = append(found, poolUse{Pool: pool, named: m.Target, group: m.Group.Text})
		}
	}
	return found
}

// hidden says whether the pool may well be there for the CE: it is closed to
// who runs arclint, or this copy lacks the place.
func (u poolUse) hidden(s *site.Site) bool {
	err := u.File.Err
	return gridsec.Unseen(err) || errors.Is(err, fs.ErrNotExist) && s.NotCopied(u.Dir)
}

// accountName is what a line of a pool may be to stand in a report: a link may
// make any file the list, of which nothing else may show.
var accountName = pattern.OnDemand(`^[A-Za-z_][A-Za-z0-9_.-]{0,31}$`)

// accounts are those of the pool whose lines look like one, each once.
func (u poolUse) accounts() []authgroup.Field {
	var found []authgroup.Field
	seen := map[string]bool{}
	for _, a := range u.Accounts {
		if name := a.User.Text; accountName().MatchString(name) && !seen[name] {
			seen[name] = true
			found = append(found, authgroup.Field{Text: name, Span: a.User.Span})
		}
	}
	return found
}
