package site

import (
	"path"
	"strings"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// The kinds that stand outside arc.conf.
var (
	cryptoPolicy = &DecidingKind{What: CryptoPolicies + ", with its policy and the files for OpenSSL", Decides: "which signatures and protocols OpenSSL takes"}
	systemCAs    = &DecidingKind{What: "the CAs of the system's OpenSSL", Decides: "which servers the host trusts, those of issuers' keys among them"}
	runtimeDir   = &DecidingKind{What: "[arex] runtimedir and rte below controldir, with what is in them", Decides: "what jobs run, on this host and on the nodes", Owned: true}
	backEnd      = &DecidingKind{What: ARCData + " with its scripts, /usr/lib*/arc and /usr/libexec/arc", Decides: "what the services run, as root too"}
	startFile    = &DecidingKind{What: "/etc/sysconfig and /etc/default: nordugrid, a-rex, arched and arc-*", Decides: "what the services run as root when they start"}
	unitFile     = &DecidingKind{What: "units arc-* of systemd with their drop-ins, and the EnvironmentFile= and programs that these name", Decides: "what systemd runs as root"}
	renewalFile  = &DecidingKind{What: "what renews CRLs: its timer or its entry of cron, fetch-crl, its .conf and .d", Decides: "what runs as root, and which CRLs the CE has"}
)

// Bounds of the trees that are looked through.
const (
	maxDecidingDepth = 4   // of runtimedir: names have two parts mostly, as ENV/PROXY
	maxDecidingFiles = 500 // of one directory or tree
)

// addHost adds what no option of arc.conf names but runtimedir.
func (d *deciding) addHost(fsys rootfs.FS) {
	w := decidingWalk{deciding: d, fsys: fsys}
	if d.site.OpenSSL != nil {
		for _, f := range d.site.OpenSSL.Files {
			d.add(opensslCnf, f.Path, source.Span{})
		}
	}
	for _, name := range []string{"", "/config", "/state/current", "/back-ends", "/back-ends/opensslcnf.config", "/back-ends/openssl.config"} {
		d.add(cryptoPolicy, CryptoPolicies+name, source.Span{})
	}
	for _, name := range append(d.site.OSFamily.Bundles(), d.site.OSFamily.CABundle(), d.site.OpenSSLDir()+"/certs", d.site.OpenSSLDir()+"/cert.pem") {
		d.add(systemCAs, name, source.Span{})
	}
	for _, v := range d.site.Conf.Block("arex").All("runtimedir") {
		for word := range strings.FieldsSeq(v.Value.Text) {
			w.tree(runtimeDir, word, v.Value.Span, maxDecidingDepth)
		}
	}
	w.tree(runtimeDir, path.Join(d.site.ControlDir(), "rte"), source.Span{}, maxDecidingDepth)
	for _, dir := range []string{ARCData, "/usr/lib/arc", "/usr/lib64/arc", "/usr/libexec/arc"} {
		w.tree(backEnd, dir, source.Span{}, 1)
	}
	for _, dir := range []string{"/etc/sysconfig", "/etc/default"} {
		w.named(startFile, dir, func(name string) bool {
			return name == "nordugrid" || name == "a-rex" || name == "arched" || strings.HasPrefix(name, "arc-")
		})
	}
	w.units()
	w.renewal()
}

// decidingWalk looks for what has no name in arc.conf.
type decidingWalk struct {
	*deciding
	fsys rootfs.FS
}

// list are the names in a directory, as many as are looked at; none where it is not
// there or may not be read.
func (w decidingWalk) list(dir string) []string {
	entries, err := rootfs.List(w.fsys, dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries[:min(len(entries), maxDecidingFiles)] {
		names = append(names, e.Name())
	}
	return names
}

// named adds what is in the directory under such a name.
func (w decidingWalk) named(kind *DecidingKind, dir string, is func(string) bool) {
	for _, name := range w.list(dir) {
		if is(name) {
			w.add(kind, path.Join(dir, name), source.Span{})
		}
	}
}

// tree adds a directory with what is in it, so many levels down.
func (w decidingWalk) tree(kind *DecidingKind, name string, from source.Span, depth int) {
	if !path.IsAbs(name) || strings.HasPrefix(name, "/cvmfs/") {
		return
	}
	w.add(kind, name, from)
	if info, err := w.resolver.Stat(name); depth == 0 || err != nil || !info.Mode.IsDir() {
		return
	}
	for _, entry := range w.list(name) {
		w.tree(kind, path.Join(name, entry), from, depth-1)
	}
}

// units adds the units of ARC, their drop-ins and what these name.
func (w decidingWalk) units() {
	for _, dir := range unitDirs() {
		for _, name := range w.list(dir) {
			at := path.Join(dir, name)
			switch {
			case !strings.HasPrefix(name, "arc-") && !strings.HasPrefix(name, "arched"):
			case strings.HasSuffix(name, ".service"):
				w.unit(at)
			case strings.HasSuffix(name, ".service.d"):
				w.add(unitFile, at, source.Span{})
				for _, part := range w.list(at) {
					w.unit(path.Join(at, part))
				}
			}
		}
	}
}

func (w decidingWalk) unit(at string) {
	w.add(unitFile, at, source.Span{})
	data, _, err := rootfs.Read(w.fsys, at, maxEntry)
	if err != nil {
		return // what it names is not known
	}
	for line := range strings.Lines(string(data)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if key != "EnvironmentFile" && !strings.HasPrefix(key, "Exec") {
			continue
		}
		program, _, _ := strings.Cut(strings.TrimLeft(value, "-@:+!"), " ")
		w.add(unitFile, program, source.Span{})
	}
}

// renewal adds what renews CRLs. The crontab of a user who is not root runs as he.
func (w decidingWalk) renewal() {
	if found := w.site.Renewal.Found; !strings.HasPrefix(found, spoolDir) || path.Base(found) == "root" {
		w.add(renewalFile, found, source.Span{})
	}
	for _, name := range []string{"/etc/fetch-crl.conf", "/etc/fetch-crl.d", "/usr/sbin/fetch-crl", "/usr/bin/fetch-crl"} {
		w.tree(renewalFile, name, source.Span{}, 1)
	}
}
