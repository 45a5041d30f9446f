package site

import (
	"cmp"
	"net/url"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/release"
)

// Value is what ARC holds for an option: from arc.conf, or the default of the
// release, resolved where that needs no command.
func (s *Site) Value(block, option string) arcconf.Value {
	return s.Conf.Value(block, option, s.Release.Ref)
}

func (s *Site) text(block, option, otherwise string) string {
	if v := s.Value(block, option); v.Text != "" {
		return v.Text
	}
	return otherwise
}

// ConfigPath is the path of arc.conf as the site sees it.
func (s *Site) ConfigPath() string { return s.Config }

// OpenSSLDir is where this site's OpenSSL has its default trust store.
func (s *Site) OpenSSLDir() string { return s.OSFamily.OpenSSLDir() }

// ControlDir is [arex] controldir.
func (s *Site) ControlDir() string { return s.text("arex", "controldir", "/var/spool/arc/jobstatus") }

// ClientCADirs are the directories that x509_cert_dir names for client
// certificates, in order: a colon separates several (arc-behaviour C8), an
// empty value means the default.
func (s *Site) ClientCADirs() []string { return s.caDirs(s.Release.Clients) }

// caDirs are the directories of CAs for a purpose.
func (s *Site) caDirs(c release.CAs) []string {
	named := cmp.Or(c.Default, GridCADir)
	if !c.Dir.IsZero() {
		named = s.text(c.Dir.Block, c.Dir.Option, named)
	}
	var dirs []string
	for dir := range strings.SplitSeq(named, ":") {
		if dir != "" {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// Hostname is the name that the CE goes by: [common] hostname, else the host of
// [arex/ws] wsurl, "" where neither is written in arc.conf.
func (s *Site) Hostname() string {
	if v := s.Value("common", "hostname"); v.Origin == arcconf.Admin && v.Text != "" {
		return v.Text
	}
	v := s.Value("arex/ws", "wsurl")
	if u, err := url.Parse(v.Text); v.Origin == arcconf.Admin && err == nil {
		return u.Hostname()
	}
	return ""
}
