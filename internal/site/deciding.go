package site

import (
	"path"
	"slices"
	"strings"

	"arclint/internal/authgroup"
	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// DecidingKind is a kind of file or directory that decides about trust, about
// access, or about what runs as root.
type DecidingKind struct {
	What    string // as a document names it
	Decides string // what whoever can write it decides, as the end of a sentence
	Rule    string // the rule that speaks of the thing itself; "": host/writable, as of the directories above it
	Owned   bool   // an owner who is not root, and his group, may be meant: a manager of software
}

// The kinds.
var (
	confFile   = &DecidingKind{What: "arc.conf and the files of arc.conf.d", Decides: "who gets in, and what runs as root"}
	confDir    = &DecidingKind{What: "arc.conf.d and its directories", Decides: "who gets in, and what runs as root"}
	hostCert   = &DecidingKind{What: "[common] x509_host_cert", Decides: "which certificate the CE shows", Rule: "host/cert-mode"}
	hostKey    = &DecidingKind{What: "[common] x509_host_key", Decides: "which key the CE has", Rule: "host/key-mode"}
	gridDir    = &DecidingKind{What: "/etc/grid-security and its certificates, [common] x509_cert_dir", Decides: "whom the CE trusts", Rule: "trust/trust-dir-writable"}
	vomsDir    = &DecidingKind{What: "[common] x509_voms_dir, with the folders of VOs and their files", Decides: "whose signature makes members of a VO"}
	controlDir = &DecidingKind{What: "[arex] controldir", Decides: "the jobs, and the pinned keys of issuers", Rule: "host/directory-mode"}
	pinnedDir  = &DecidingKind{What: "tokenissuers below controldir, with what is pinned there", Decides: "whose tokens the CE takes"}
	mapFile    = &DecidingKind{What: "[authgroup] file, [mapping] map_with_file", Decides: "who is a member of a group, or which account he gets", Rule: "authz/mapfile-writable"}
	poolDir    = &DecidingKind{What: "[mapping] map_to_pool", Decides: "which account a member gets", Rule: "authz/pool-writable"}
	program    = &DecidingKind{What: "programs of [authgroup] plugin, [mapping] map_with_plugin, [arex] statecallout and helper, [arex/cache/cleaner] cachespacetool, [arex/ganglia] gmetric_bin_path", Decides: "what ARC runs, as root or to let somebody in"}
	programDir = &DecidingKind{What: "[lrms] *_bin_path and lsf_profile_path", Decides: "what ARC runs as root to ask the batch system"}
	opensslCnf = &DecidingKind{What: "openssl.cnf of the system's OpenSSL and what it includes", Decides: "which signatures and protocols OpenSSL takes, and which modules it loads"}
)

// DecidingKinds lists them, for the document that tells of them.
func DecidingKinds() []*DecidingKind {
	return []*DecidingKind{confFile, confDir, hostCert, hostKey, gridDir, vomsDir, controlDir, pinnedDir, mapFile, poolDir, program, programDir, opensslCnf,
		cryptoPolicy, systemCAs, runtimeDir, backEnd, startFile, unitFile, renewalFile}
}

// Deciding is one path of a kind, as far as something stands there.
type Deciding struct {
	*DecidingKind
	Path  string
	From  source.Span // the value that names it; zero where none does
	Info  Named       // what it leads to
	Above []Named     // the directories above it, those of links on the way too, from the top
}

// readDeciding looks at all that decides, and at the directories above.
func (s *Site) readDeciding(fsys rootfs.FS) {
	d := deciding{site: s, resolver: rootfs.NewResolver(fsys), seen: map[string]bool{}}
	for _, f := range s.Conf.Files {
		d.add(confFile, f.Path, source.Span{})
	}
	for _, f := range s.Conf.Files[min(1, len(s.Conf.Files)):] {
		d.add(confDir, path.Dir(f.Path), source.Span{})
	}
	if s.Release.ConfD {
		d.add(confDir, s.Config+".d", source.Span{})
	}
	d.add(hostCert, s.Host.CertPath, source.Span{})
	d.add(hostKey, s.Host.KeyPath, source.Span{})
	for _, dir := range append([]string{GridCADir}, s.ClientCADirs()...) {
		d.add(gridDir, dir, source.Span{})
	}
	d.addVOMS()
	d.add(controlDir, s.ControlDir(), source.Span{})
	for _, p := range s.Pinned {
		for _, name := range []string{path.Dir(p.Dir), p.Dir, p.Dir + "/issuer", p.Dir + "/metadata", p.Dir + "/keys"} {
			d.add(pinnedDir, name, source.Span{})
		}
	}
	for _, m := range s.Maps {
		d.add(mapFile, m.Path, source.Span{})
	}
	for _, p := range s.Pools {
		d.add(poolDir, p.Dir, source.Span{})
	}
	d.addPrograms()
	d.add(opensslCnf, s.OpenSSLDir()+"/openssl.cnf", source.Span{})
	d.addHost(fsys)
}

// deciding collects what decides, each path once.
type deciding struct {
	site     *Site
	resolver *rootfs.Resolver
	seen     map[string]bool
}

func (d *deciding) add(kind *DecidingKind, name string, from source.Span) {
	if !path.IsAbs(name) || d.seen[path.Clean(name)] || len(d.seen) >= maxNamed {
		return
	}
	d.seen[path.Clean(name)] = true
	info, err := d.resolver.Stat(name)
	if err != nil {
		return
	}
	all := d.above(path.Clean(name))
	for _, dir := range d.above(info.Path) {
		if !slices.ContainsFunc(all, func(have Named) bool { return have.Path == dir.Path }) {
			all = append(all, dir)
		}
	}
	d.site.Deciding = append(d.site.Deciding, Deciding{DecidingKind: kind, Path: name, From: from, Info: Named{Info: info}, Above: all})
}

// above are the directories above the clean path, from the top.
func (d *deciding) above(name string) []Named {
	var dirs []Named
	for i := range name {
		if name[i] != '/' {
			continue
		}
		if info, err := d.resolver.Stat(name[:max(i, 1)]); err == nil && info.Path != name {
			dirs = append(dirs, Named{Info: info})
		}
	}
	return dirs
}

func (d *deciding) addVOMS() {
	d.add(vomsDir, d.site.VOMS.Path, source.Span{})
	for _, vo := range d.site.VOMS.VOs {
		d.add(vomsDir, vo.Path, source.Span{})
		for _, lsc := range vo.LSCs {
			d.add(vomsDir, lsc.Path, source.Span{})
		}
		for _, c := range vo.Certificates {
			d.add(vomsDir, c.Path, source.Span{})
		}
	}
}

// addPrograms adds the programs that arc.conf names: the first absolute path of
// each value, behind a time limit or the dot of helper.
func (d *deciding) addPrograms() {
	for _, rule := range authgroup.Rules[*authgroup.Plugin](d.site.Access) {
		d.addFirst(program, rule.Test.At)
	}
	for _, m := range d.site.Access.MapRules(authgroup.MapWithPlugin) {
		d.addFirst(program, m.Target.Span)
	}
	for _, name := range []string{"statecallout", "helper"} {
		for _, o := range d.site.Conf.Block("arex").All(name) {
			d.addFirst(program, o.Value.Span)
		}
	}
	for _, at := range [][2]string{{"arex/cache/cleaner", "cachespacetool"}, {"arex/ganglia", "gmetric_bin_path"}} {
		for _, o := range d.site.Conf.Block(at[0]).All(at[1]) {
			d.addFirst(program, o.Value.Span)
		}
	}
	if lrms := d.site.Conf.Block("lrms"); lrms != nil {
		for _, o := range lrms.Options {
			if strings.HasSuffix(o.Name.Text, "_bin_path") || o.Name.Text == "lsf_profile_path" {
				d.addFirst(programDir, o.Value.Span)
			}
		}
	}
}

func (d *deciding) addFirst(kind *DecidingKind, value source.Span) {
	for word := range strings.FieldsSeq(value.Text()) {
		if path.IsAbs(word) {
			d.add(kind, word, value)
			return
		}
	}
}
