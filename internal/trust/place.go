package trust

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/openssl"
	"arclint/internal/site"
)

// For gives the Engine that answers for this CE: where its release looks for
// the purpose, with the OpenSSL that it was measured with. Its Steps say where
// and why. It is made once for a site: do not change it.
func For(s *site.Site, p Purpose) *openssl.Engine {
	return site.Once(s, engineKey(p), func() *openssl.Engine { return newEngine(s, p) })
}

type (
	engineKey Purpose
	memoryKey struct{}
)

// memoryOf is what the stores of a site share: they have most certificates in common.
func memoryOf(s *site.Site) *openssl.Memory { return site.Once(s, memoryKey{}, openssl.NewMemory) }

func newEngine(s *site.Site, p Purpose) *openssl.Engine {
	e := &openssl.Engine{Profile: profileOf(s.Release)}
	e.Profile.Level = SecurityLevel(s)
	e.Profile.RefusesSHA1, e.Profile.SHA1Unseen = RefusesSHA1(s)
	places := clientPlaces(s)
	if p == Issuer {
		places = issuerPlaces(s)
	}
	places.describe(e)
	var files []*gridsec.File
	if places.file != nil && places.file.File != nil {
		files = append(files, places.file.File)
	}
	if f := places.file; f != nil && f.FileErr != nil && !errors.Is(f.FileErr, fs.ErrNotExist) {
		e.Unseen = f.FilePath
	}
	for _, d := range places.dirs {
		if d != nil && errors.Is(d.Err, fs.ErrNotExist) && s.NotCopied(d.Path) {
			e.Unseen = d.Path
		}
	}
	e.Store = memoryOf(s).Store(places.dirs, files)
	if p == Client {
		e.Leaf = curveOf(s)
	}
	if places.policies != nil {
		e.Callback = policyCheck(places.policies)
	}
	return e
}

// places are where a release looks.
type places struct {
	dirs     []*gridsec.Dir
	grid     []*gridsec.Dir  // those of them that x509_cert_dir names
	file     *gridsec.System // its file only; nil: none
	policies *gridsec.Dir
	steps    []Step
}

func (p *places) because(text, source string) {
	p.steps = append(p.steps, Step{Text: text, Source: source})
}

func (p *places) describe(e *openssl.Engine) {
	e.Steps = append(e.Steps, p.steps...)
	for _, d := range p.dirs {
		switch {
		case d == nil:
		case d.Err != nil:
			e.Steps = append(e.Steps, Step{Text: "looked for HASH.0 in " + d.Path + ", which cannot be read: " + d.Err.Error(), Path: d.Path})
		default:
			e.Steps = append(e.Steps, Step{Text: "looked for HASH.0 in " + d.Path, Path: d.Path})
		}
	}
	if p.file == nil {
		return
	}
	step := Step{Text: "looked in OpenSSL's default file " + p.file.FilePath, Path: p.file.FilePath}
	if p.file.File == nil {
		step.Text += ", which is not there"
	}
	e.Steps = append(e.Steps, step)
}

func (p *places) addSystemDir(s *site.Site) {
	if s.System != nil {
		p.dirs = append(p.dirs, s.System.Dir)
	}
}

func (p *places) addSystemFile(s *site.Site) {
	if s.System != nil {
		p.file = s.System
	}
}

func (p *places) addGridDir(s *site.Site) {
	if s.GridDir != nil {
		p.dirs = append(p.dirs, s.GridDir)
	}
}

const (
	sourceStart = "src/services/a-rex/arc-arex-ws-start.in"
	sourceFetch = "src/hed/libs/common/UserConfig.cpp"
)

// issuerPlaces are where the fetch of issuer keys looks.
func issuerPlaces(s *site.Site) *places {
	p := new(places)
	policy, written := policyOf(s, s.Release.Fetch.Policy.Block, s.Release.Fetch.Policy.Option)
	switch {
	case !s.Release.CertPolicy.Known():
		p.because("the fetch of issuer keys looks in "+fetchPlace(s)+", whatever x509_cert_dir says", "arc-behaviour H1")
		p.addFetchDirs(s)
	case policy == "grid":
		p.because("x509_cert_policy is grid: the fetch of issuer keys looks in "+fetchPlace(s)+", whatever x509_cert_dir says", "arc-behaviour H1")
		p.addFetchDirs(s)
	case s.Release.CertPolicy.OthersAreSystem():
		p.because("x509_cert_policy is "+written+", not exactly grid: the fetch looks only in OpenSSL's default places", "arc-behaviour C9")
		p.addSystemFile(s)
		p.addSystemDir(s)
	default:
		use := systemUse(policy)
		p.because("x509_cert_policy is "+written+": the fetch looks in OpenSSL's default places ("+use.String()+") and always in "+fetchPlace(s), sourceFetch)
		if use.dir {
			p.addSystemDir(s)
		}
		if use.file {
			p.addSystemFile(s)
		}
		p.addFetchDirs(s)
	}
	return p
}

// clientPlaces are where the check of a client's certificate looks.
func clientPlaces(s *site.Site) *places {
	p := new(places)
	policy, written := policyOf(s, s.Release.Clients.Policy.Block, s.Release.Clients.Policy.Option)
	switch {
	case !s.Release.CertPolicy.Known():
		p.addClientDirs(s)
	case policy == "grid":
		p.because("x509_cert_policy is grid: clients are checked against x509_cert_dir"+withoutPolicies(s), "arc-behaviour E2")
		p.addClientDirs(s)
	case s.Release.CertPolicy.OthersAreSystem():
		p.because("x509_cert_policy is "+written+", not exactly grid: clients are checked against OpenSSL's default places only", "arc-behaviour C9")
		p.addSystemFile(s)
		p.addSystemDir(s)
	default:
		p.addKnownPolicy(s, policy, written)
	}
	if s.Release.SigningPolicies && len(p.dirs) > 0 {
		p.policies = p.dirs[0]
		p.because("signing policies in "+p.policies.Path+" count", "arc-behaviour E2")
	}
	return p
}

// withoutPolicies says so of a release that reads none.
func withoutPolicies(s *site.Site) string {
	if s.Release.SigningPolicies {
		return ""
	}
	return ", without signing policies"
}

func (p *places) addKnownPolicy(s *site.Site, policy, written string) {
	use := systemUse(policy)
	if !use.known {
		p.because("x509_cert_policy is "+written+": the start script of 7.2.0 then writes an element that the service does not know, and clients are checked against OpenSSL's default file only", sourceStart)
		p.addSystemFile(s)
		return
	}
	p.because("x509_cert_policy is "+written+": clients are checked against OpenSSL's default places ("+use.String()+")", sourceStart)
	if use.dir {
		p.addSystemDir(s)
	}
	if use.file {
		p.addSystemFile(s)
	}
	if use.grid {
		p.because("and against x509_cert_dir"+withoutPolicies(s), "arc-behaviour E2")
		p.addClientDirs(s)
	}
}

// use is what an x509_cert_policy of 7.2.0 means.
type use struct{ dir, file, grid, known bool }

func (u use) String() string {
	switch {
	case u.dir && u.file:
		return "directory and file"
	case u.dir:
		return "directory"
	}
	return "file"
}

// systemUse knows the values that 7.2.0's start script compares with; all
// others become "system".
func systemUse(policy string) use {
	switch policy {
	case "any":
		return use{dir: true, file: true, grid: true, known: true}
	case "any.nofile":
		return use{dir: true, grid: true, known: true}
	case "any.onlyfile":
		return use{file: true, grid: true, known: true}
	case "system.nofile":
		return use{dir: true, known: true}
	case "system.onlyfile":
		return use{file: true, known: true}
	}
	return use{dir: true, file: true}
}

// policyOf is x509_cert_policy, or whatever chooses for the purpose, as the start
// script compares it, and how to name
// it in a message. An option that stands twice gives two lines, which equal
// nothing.
func policyOf(s *site.Site, block, option string) (policy, written string) {
	values := writtenValues(s, block, option)
	switch len(values) {
	case 0:
		return "grid", "grid"
	case 1:
		return values[0], strconv.Quote(values[0])
	}
	return strings.Join(values, "\n"), "set " + strconv.Itoa(len(values)) + " times"
}

// writtenValues are the values that arc.conf itself gives to an option, evaluated.
func writtenValues(s *site.Site, block, option string) []string {
	if s.Conf == nil || s.Conf.Block(block).First(option) == nil {
		return nil
	}
	var texts []string
	for _, v := range s.Conf.Values(block, option, nil) {
		texts = append(texts, v.Text)
	}
	return texts
}

// fetchPlace names the directory of the key fetch.
func fetchPlace(s *site.Site) string {
	if dir := s.Release.Fetch.Dir; !dir.IsZero() {
		return "the directory of " + dir.String()
	}
	return site.GridCADir
}

// addFetchDirs adds the directory that no option names, or what one names.
func (p *places) addFetchDirs(s *site.Site) {
	dir := s.Release.Fetch.Dir
	if dir.IsZero() {
		p.addGridDir(s)
		return
	}
	p.addNamed(s, dir.Block, dir.Option)
}

// addClientDirs adds what x509_cert_dir names (arc-behaviour C8).
func (p *places) addClientDirs(s *site.Site) {
	before := len(p.dirs)
	defer func() { p.grid = p.dirs[before:] }()
	p.addNamed(s, s.Release.Clients.Dir.Block, s.Release.Clients.Dir.Option)
}

// addNamed adds the directories that an option names.
func (p *places) addNamed(s *site.Site, block, option string) {
	values := writtenValues(s, block, option)
	switch {
	case len(values) > 1:
		p.because(option+" is set "+strconv.Itoa(len(values))+" times: the value that ARC hands on names no directory", "arc-behaviour C7")
		return
	case len(values) == 0 || values[0] == "" && !s.Release.StrictStart:
		p.because(option+" is not set: the default is /etc/grid-security/certificates", "arc-behaviour C8")
		p.addGridDir(s)
		return
	case values[0] == "":
		p.because(option+" is empty: 6.17.0 does not start", "arc-behaviour C8")
		return
	}
	for name := range strings.SplitSeq(values[0], ":") {
		if name != "" {
			p.addRead(s, option, name)
		}
	}
}

func (p *places) addRead(s *site.Site, option, name string) {
	if !path.IsAbs(name) {
		p.because(option+" names "+strconv.Quote(name)+", which is no absolute path: nothing is found there", "arc-behaviour C8")
		return
	}
	for _, d := range slices.Concat([]*gridsec.Dir{s.GridDir}, s.ClientDirs, s.FetchDirs) {
		if d != nil && path.Clean(d.Path) == path.Clean(name) {
			p.dirs = append(p.dirs, d)
			return
		}
	}
	p.because(option+" names "+strconv.Quote(name)+", which was not read: nothing is found there", "arc-behaviour C8")
}

// curveOf is what tlscurve adds for the certificate of a client.
func curveOf(s *site.Site) func(*gridsec.Certificate, openssl.Purpose) *openssl.Refusal {
	curve := s.Release.Curve
	if values := writtenValues(s, "arex/ws", "tlscurve"); len(values) > 0 {
		curve = strings.Join(values, "\n")
	}
	return func(c *gridsec.Certificate, p openssl.Purpose) *openssl.Refusal {
		if p != openssl.Client {
			return nil
		}
		if refused, why := CurveRefuses(s.Release.TLS13, curve, c); refused {
			return &openssl.Refusal{Reason: openssl.WeakKey, Text: why, Source: "arc-behaviour D10"}
		}
		return nil
	}
}
