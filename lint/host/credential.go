package host

import (
	"errors"
	"io/fs"

	"arclint/internal/arcconf"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
)

// leaf is the host certificate, nil where it is missing or cannot be read
// (cert-missing says so). Where it is behind another one (cert-order says so),
// it is the one that is meant: what else is wrong with it stays wrong when it is
// put first.
func leaf(s *site.Site) *gridsec.Certificate {
	if chain, _ := trust.HostChain(s); len(chain) > 0 {
		return chain[0]
	}
	return nil
}

// readable is the host key, nil where it is missing or may not be read; the
// rules on its contents then skip.
func readable(s *site.Site, r *lint.Reporter) *gridsec.Key {
	if errors.Is(s.Host.KeyErr, fs.ErrPermission) {
		r.Skip("%s may not be read by this user; run as root", s.Host.KeyPath)
	}
	return s.Host.Key
}

// cause is the reason in an error, without the path that the finding names.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// nameIn relates a finding to the line of arc.conf that names the file.
func nameIn(s *site.Site, f *lint.Finding, option string) *lint.Finding {
	if v := s.Value("common", option); v.Origin == arcconf.Admin {
		f.Relate(v.Option.Value.Span, "named here")
	}
	return f
}
