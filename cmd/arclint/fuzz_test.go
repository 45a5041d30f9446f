package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"testing"

	"arclint/fixtures"
	"arclint/internal/admission"
	"arclint/internal/prose"
	"arclint/internal/release"
	"arclint/internal/report"
	"arclint/internal/report/doors"
	"arclint/internal/rootfs"
	"arclint/internal/site"
	"arclint/internal/trust"
	"arclint/lint"
	"arclint/lint/catalog"
	"arclint/recipes"
)

// spoilt is a site with bytes of the fuzzer in one of its files, and what it was
// loaded with.
type spoilt struct {
	tree    rootfs.FS
	options site.Options
}

// FuzzSite puts random bytes into a random file of a sound site and asks
// everything that is asked of a site: no rule fails, no answer breaks its form,
// and no byte of the site acts on a terminal.
func FuzzSite(f *testing.F) {
	var bases []*fixtures.Site
	var names [][]string
	for _, version := range release.Default().Versions() {
		base, err := fixtures.Base(version)
		if err != nil {
			f.Fatal(err)
		}
		bases, names = append(bases, base), append(names, filesOf(f, base.Tree))
	}
	for i := range names[0] {
		f.Add(uint8(i), uint8(i), uint16(0), uint16(0), []byte("\x1b[2J\u202e\n"))
	}
	for _, text := range []string{
		"[authgroup:x]\n-!authtokens=* * * * *\nfile=/etc/passwd\n", "-----BEGIN CERTIFICATE-----\n", "\xff\xfe\x00", "[mapping]\nmap_to_pool=x /etc\n",
		"authtokensgen=!((iss=\"a\")|!(sub~\".*\"))&(aud=\"b\")\n", "!authgroup=x\n", "'/C=x/CN=\\/y'\n",
	} {
		f.Add(uint8(1), uint8(0), uint16(40), uint16(0), []byte(text))
	}
	f.Fuzz(func(t *testing.T, which, file uint8, at, gone uint16, data []byte) {
		i := int(which) % len(bases)
		s := spoil(t, bases[i], names[i][int(file)%len(names[i])], int(at), int(gone), data)
		ask(t, s)
	})
}

// filesOf are the regular files of a tree, arc.conf first, and names that the tree
// does not have and that are read where they are there.
func filesOf(f *testing.F, tree rootfs.FS) []string {
	names := []string{"/etc/arc.conf", "/etc/arc.conf.d/x.conf", "/etc/grid-security/certificates/x.pem", "/etc/grid-security/certificates/0a1b2c3d.0",
		"/etc/grid-security/certificates/0a1b2c3d.r0", "/etc/grid-security/certificates/0a1b2c3d.signing_policy", "/etc/grid-security/certificates/x.info",
		"/var/spool/arc/jobstatus/tokenissuers/x/issuer", "/var/spool/arc/jobstatus/tokenissuers/x/keys", "/etc/ssl/certs/ca-certificates.crt"}
	err := eachEntry(tree, "/", func(e rootfs.Info, _ string, _ []byte) error {
		if e.Mode.IsRegular() && !slices.Contains(names, e.Path) {
			names = append(names, e.Path)
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
	return names
}

// spoil puts data into the file in place of what stands there.
func spoil(t *testing.T, base *fixtures.Site, name string, at, gone int, data []byte) spoilt {
	tree := rootfs.Overlay(base.Tree)
	old, err := tree.ReadFile(name, 1<<20)
	if err != nil {
		old = nil
	}
	at = min(at, len(old))
	gone = min(gone, len(old)-at)
	if err := tree.WriteFile(name, slices.Concat(old[:at], data, old[at+gone:]), 0o644); err != nil {
		t.Fatal(err)
	}
	return spoilt{tree, site.Options{Root: "site", Now: base.Now, ARCVersion: base.ARCVersion, Releases: release.Default()}}
}

// ask asks all that arclint is asked of a site.
func ask(t *testing.T, sp spoilt) {
	s, err := site.Load(sp.tree, sp.options)
	if err != nil {
		return // said as an error of the program
	}
	res := lint.Run(s, catalog.All())
	for _, f := range res.Findings {
		if f.Rule == lint.PanicRule {
			t.Fatal(f.Headline)
		}
	}
	offers := recipes.Offer(s, res, nil, nil)
	who, issuers := admission.Doors(s), trust.Issuers(s)
	for what, write := range map[string]func(io.Writer) error{
		"check":           func(w io.Writer) error { return report.Text{W: w}.Check(s, offers) },
		"trust":           func(w io.Writer) error { return report.Text{W: w}.Trust(issuers, trust.VOs(s), true) },
		"access":          func(w io.Writer) error { return doors.AccessText(w, s, who) },
		"access markdown": func(w io.Writer) error { return doors.AccessMarkdown(w, s, who) },
		"check json":      func(w io.Writer) error { return report.CheckJSON(w, maker(), s, offers.Result) },
		"trust json":      func(w io.Writer) error { return report.TrustJSON(w, issuers, trust.VOs(s)) },
		"access json":     func(w io.Writer) error { return doors.AccessJSON(w, who) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if bytes.ContainsFunc(out.Bytes(), func(r rune) bool { return r != '\n' && prose.Acts(r) }) {
			t.Fatalf("%s: a byte of the site acts:\n%q", what, out.String())
		}
		if bytes.HasSuffix([]byte(what), []byte("json")) && !json.Valid(out.Bytes()) {
			t.Fatalf("%s: not JSON:\n%s", what, out.String())
		}
	}
	askRecipes(t, sp, s, offers)
}

// askRecipes makes each recipe that is offered, in each form, and applies it.
func askRecipes(t *testing.T, sp spoilt, s *site.Site, offers recipes.Offered) {
	for _, r := range recipes.All() {
		plan, err := r.Make(s, recipes.Params{Findings: offers.Findings})
		if err != nil {
			continue // it says why, and what to answer
		}
		for _, render := range []func(io.Writer, recipes.Plan) error{recipes.Shell, recipes.Text, recipes.Diff} {
			if err := render(io.Discard, plan); err != nil {
				t.Fatalf("%s: %v", r.ID, err)
			}
		}
		sp.options.Before = s
		load := func(tree rootfs.FS) (*site.Site, error) { return site.Load(tree, sp.options) }
		if _, err := recipes.Try(s, sp.tree, plan, load); err != nil && !errors.Is(err, io.EOF) {
			t.Fatalf("%s: %v", r.ID, err)
		}
	}
}
