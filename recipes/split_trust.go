package recipes

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"arclint/internal/arcconf"
	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/source"
)

var splitTrust = Recipe{
	ID:     split,
	Title:  "trust the issuer's CA for the key fetch and keep it from client certificates",
	Keys:   []string{"path", accessKey},
	Issuer: true,
	Plan:   planSplitTrust,
}

const (
	clientDir  = site.GridSecurity + "/client-certificates"
	anchorDir  = site.GridSecurity + "/issuer-anchors"
	syncTool   = "/usr/local/sbin/arclint-sync-client-certificates"
	syncUnit   = "arclint-client-certificates"
	arex       = "arc-arex"
	arexWS     = "arc-arex-ws"
	restartWhy = "arc-arex-ws reads arc.conf when it starts"
)

//go:embed shell/sync-client-certificates.py
var syncProgram []byte

// planSplitTrust makes the order safe: the directory for client certificates
// stands and is in use before the root comes where both looked until then.
func planSplitTrust(s *site.Site, p Params) (Plan, error) {
	roots, err := p.roots(s)
	if err != nil {
		return Plan{}, err
	}
	if s.GridDir == nil || s.GridDir.Err != nil {
		return Plan{}, fmt.Errorf("%s cannot be read", site.GridCADir)
	}
	current, err := clientCADir(s)
	if err != nil {
		return Plan{}, err
	}
	plan := splitPlan(s, p)
	for _, r := range roots {
		if err := mayExclude(s, r, &plan); err != nil {
			return Plan{}, err
		}
		plan.Notes = append(plan.Notes, origin(r))
	}
	if current != site.GridCADir && current != clientDir {
		if len(s.ClientDirs) == 0 || s.ClientDirs[0].Err != nil {
			return Plan{}, fmt.Errorf("x509_cert_dir names %q, which cannot be read, so clients are refused today: repair that first", current)
		}
		return alreadySplit(s, plan, roots, current)
	}
	plan.Actions = append(plan.Actions, Mkdir{Path: anchorDir, Mode: 0o755})
	for _, r := range roots {
		plan.Actions = append(plan.Actions, WriteFile{Path: anchorFile(r), Content: pemOf(r), Mode: 0o644})
	}
	plan.Actions = append(plan.Actions, denyPolicies(s, roots)...)
	plan.Actions = append(plan.Actions, farm()...)
	if current != clientDir {
		edit, err := pointClientsTo(s, p, clientDir)
		if err != nil {
			return Plan{}, err
		}
		if s.Host != nil && s.Host.CertPath != "" {
			plan.Actions = append(plan.Actions, Assert{StillVerifies{s.Host.CertPath, site.GridCADir, clientDir}})
		}
		plan.Restarts = []string{arexWS}
		plan.Actions = append(plan.Actions, edit, restartWS(restartWhy))
	}
	plan.Actions = append(plan.Actions, anchorLinks(s.GridDir, roots, "../issuer-anchors/")...)
	for _, r := range roots {
		plan.Verify = append(plan.Verify, Anchored{Dir: site.GridCADir, PEM: anchorFile(r)}, Anchored{Dir: clientDir, PEM: anchorFile(r), Not: true})
	}
	return plan, nil
}

func splitPlan(s *site.Site, p Params) Plan {
	title := "trust the CA of " + p.Issuer + " for the key fetch only"
	if p.Issuer == "" {
		title = "keep the public CA for the key fetch and take it from client certificates"
	}
	return Plan{
		Meant: Meant{Issuer: p.Issuer, CAs: true},
		Title: title,
		Why: "The key fetch looks in " + site.GridCADir + " whatever arc.conf says, client certificates are checked against x509_cert_dir (arc-behaviour H1). " +
			"So x509_cert_dir moves to a directory of links to the same CAs without the issuer's, and the issuer's CA goes only where the key fetch looks.",
		Strategy: split,
		Table:    strategies(s.Release, split),
		Notes: []string{
			clientDir + " holds links, so an updated CA file or CRL counts at once. Names that come and go are followed by a systemd path unit, and hourly.",
			"fetch-crl and the CA packages go on writing to " + site.GridCADir + ".",
			"Other services that read [common] x509_cert_dir, such as the data staging of A-REX, follow at their next start: servers that they contact must then have a certificate of a CA in " + clientDir + ".",
			"Files in " + anchorDir + " say which CAs clients must not use; a root that the system's store drops stays trusted here until its file is removed.",
		},
	}
}

func anchorFile(r *gridsec.Certificate) string { return anchorDir + "/" + fileName(r) + ".pem" }

// farm makes the directory of links and keeps it current.
func farm() []Action {
	return []Action{
		WriteFile{Path: syncTool, Content: syncProgram, Mode: 0o755},
		Mkdir{Path: clientDir, Mode: 0o755},
		RunTool{
			Path: syncTool, Undo: []string{"--remove"}, Needs: []string{"python3"},
			Why:    "fill " + clientDir + " with links to every CA but those of " + anchorDir,
			Expect: "the same CAs, CRLs and signing policies as in " + site.GridCADir + ", without the issuer's CA",
		},
		InstallTimer{
			Unit: syncUnit, Description: "Keep the CAs for client certificates in step", Exec: syncTool,
			Every: "1h", Jitter: "5min", Watch: site.GridCADir, Writes: []string{clientDir}, Limit: "5min",
		},
	}
}

// denyPolicies are, for 6.17, signing policies that admit nobody: they protect
// should x509_cert_dir ever be set back (arc-behaviour H2).
func denyPolicies(s *site.Site, roots []*gridsec.Certificate) []Action {
	var actions []Action
	for _, r := range roots {
		if a := denyPolicy(s, r); a != nil && s.Release.SigningPolicies {
			actions = append(actions, a)
		}
	}
	return actions
}

// mayExclude refuses to keep a root from clients that the grid's own CAs or the
// CE itself stand on.
func mayExclude(s *site.Site, r *gridsec.Certificate, plan *Plan) error {
	if e := anchorOf(s.GridDir, r); e != nil {
		if packaged(s.GridDir, e.File) {
			return fmt.Errorf("%s is a CA of the grid distribution (%s): it is trusted for clients on purpose, nothing is to be split: %w", r.SubjectName, e.Path, ErrNothing)
		}
		for _, c := range certificatesOf(s.GridDir) {
			if c.IssuerName == r.SubjectName && c.SubjectName != r.SubjectName && c.IssuedBy(r) {
				return fmt.Errorf("%s stands under %s: without that root its certificates would be refused", c.SubjectName, r.SubjectName)
			}
		}
	}
	if !standsOn(s, r) {
		return nil
	}
	if s.Release.StrictStart {
		return fmt.Errorf("the host certificate stands under %s: ARC %s does not start where x509_cert_dir lacks the CA of the host certificate (arc-behaviour C1); use a host certificate of a grid CA", r.SubjectName, s.Release.Measured)
	}
	plan.Notes = append(plan.Notes, "The host certificate stands under the same root: `arcctl service verify` will warn, since x509_cert_dir no longer holds its CA.")
	return nil
}

// standsOn follows the names from the host certificate up through the
// directory of CAs.
func standsOn(s *site.Site, r *gridsec.Certificate) bool {
	if s.Host == nil || s.Host.Cert == nil || len(s.Host.Cert.Certificates) == 0 {
		return false
	}
	known := slices.Concat(s.Host.Cert.Certificates, certificatesOf(s.GridDir))
	name := s.Host.Cert.Certificates[0].IssuerName
	for range 16 {
		if name == r.SubjectName {
			return true
		}
		i := slices.IndexFunc(known, func(c *gridsec.Certificate) bool { return c.SubjectName == name && c.IssuerName != name })
		if i < 0 {
			return false
		}
		name = known[i].IssuerName
	}
	return false
}

// alreadySplit is for a site whose x509_cert_dir is another directory already:
// only the root is missing.
func alreadySplit(s *site.Site, plan Plan, roots []*gridsec.Certificate, current string) (Plan, error) {
	plan.Notes = append(plan.Notes, "x509_cert_dir is "+current+" already, so that is where client certificates are checked: it is left as it is.")
	plan.Actions = append(plan.Actions, Mkdir{Path: anchorDir, Mode: 0o755})
	for _, r := range roots {
		for _, d := range s.ClientDirs {
			for _, f := range d.Files {
				if bears(f, []*gridsec.Certificate{r}) {
					return Plan{}, fmt.Errorf("%s holds the root for clients already: remove it with the recipe remove-anchor", f.Path)
				}
			}
		}
		plan.Actions = append(plan.Actions, WriteFile{Path: anchorFile(r), Content: pemOf(r), Mode: 0o644})
		plan.Verify = append(plan.Verify, Anchored{Dir: site.GridCADir, PEM: anchorFile(r)}, Anchored{Dir: current, PEM: anchorFile(r), Not: true})
	}
	plan.Actions = append(plan.Actions, denyPolicies(s, roots)...)
	plan.Actions = append(plan.Actions, anchorLinks(s.GridDir, roots, "../issuer-anchors/")...)
	return plan, nil
}

// clientCADir is the one directory that x509_cert_dir names.
func clientCADir(s *site.Site) (string, error) {
	for _, v := range s.Conf.Values("common", "x509_cert_dir", s.Release.Ref) {
		if v.Origin == arcconf.Unresolved {
			return "", fmt.Errorf("[common] x509_cert_dir is computed by ARC: %s", v.Reason)
		}
	}
	if s.Conf.Block("common") == nil {
		return "", errors.New("arc.conf has no block [common]")
	}
	options := s.Conf.Block("common").All("x509_cert_dir")
	dirs := s.ClientCADirs()
	if len(options) > 1 {
		dirs = nil
		for _, o := range options {
			dirs = append(dirs, o.Value.Text)
		}
	}
	for i, d := range dirs {
		dirs[i] = strings.TrimRight(d, "/")
	}
	dirs = slices.Compact(dirs)
	if len(dirs) != 1 {
		return "", fmt.Errorf("x509_cert_dir names %s: decide which one holds the CAs of the clients, and keep that", strings.Join(dirs, " and "))
	}
	if err := checkPath(dirs[0]); err != nil {
		return "", fmt.Errorf("x509_cert_dir: %w", err)
	}
	return dirs[0], nil
}

// pointClientsTo sets [common] x509_cert_dir: the first line that sets it is
// changed, further ones go, since two values break TLS (arc-behaviour C7).
func pointClientsTo(s *site.Site, p Params, dir string) (Action, error) {
	options := s.Conf.Block("common").All("x509_cert_dir")
	line := "x509_cert_dir=" + dir
	if len(options) == 0 {
		if p.ConfD && s.Release.ConfD {
			return WriteFile{Path: s.ConfigPath() + ".d/50-arclint-client-certificates.conf", Content: []byte("[common]\n" + line + "\n"), Mode: 0o644}, nil
		}
		return insertOption(s.Conf.Block("common"), line)
	}
	edits := setOption(options, line)
	return editsOfOneFile(edits)
}

// setOption makes the first of the options' lines say what is wanted and
// removes the others.
func setOption(options []*arcconf.Option, line string) []source.Edit {
	var edits []source.Edit
	for i, o := range options {
		if i == 0 {
			edits = append(edits, source.Edit{Span: o.Line, New: line})
		} else {
			edits = append(edits, source.Edit{Span: o.Line.Lines()})
		}
	}
	return edits
}

// insertOption writes a line below the header of the block, with the line end
// that the header has.
func insertOption(b *arcconf.Block, line string) (Action, error) {
	if b == nil || len(b.Sections) == 0 {
		return nil, errors.New("the block to write to is not in arc.conf")
	}
	header := b.Sections[0].Line
	end := "\n"
	if rest := header.File.Data[header.End:]; len(rest) > 0 && rest[0] == '\r' {
		end = "\r\n"
	}
	at := source.Span{File: header.File, Start: header.End, End: header.End}
	return EditConf{Path: header.Path(), Edits: []source.Edit{{Span: at, New: end + line}}}, nil
}

func editsOfOneFile(edits []source.Edit) (Action, error) {
	f, err := fileOf(edits)
	if err != nil {
		return nil, err
	}
	for _, e := range edits {
		if e.Span.File != f {
			return nil, fmt.Errorf("the option is set in %s and in %s: keep it in one of them first", f.Path, e.Span.Path())
		}
	}
	return EditConf{Path: f.Path, Edits: edits}, nil
}

func restartWS(why string) Action {
	return Run{Argv: []string{"systemctl", "try-restart", arexWS}, Why: why, Expect: "arc-arex-ws is active again", OnChange: true}
}
