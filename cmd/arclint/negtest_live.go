package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"arclint/internal/admission"
	"arclint/internal/gridsec"
	"arclint/internal/jose"
	"arclint/internal/live"
	"arclint/internal/report"
	"arclint/internal/report/doors"
	"arclint/internal/rootfs"
	"arclint/internal/site"
)

func liveFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "ce", Usage: "the `URL` of a CE that is yours, as its wsurl says"},
		&cli.BoolFlag{Name: "test-issuer", Usage: "ask with a throw-away issuer that arclint serves while it runs"},
		&cli.StringFlag{Name: "prepare", Usage: "with --test-issuer, write the script that prepares the CE to `FILE`"},
		&cli.StringFlag{Name: "listen", Usage: "with --test-issuer, serve the issuer on `ADDRESS` (default: the port of --issuer)"},
		&cli.DurationFlag{Name: "wait", Value: 10 * time.Minute, Usage: "with --test-issuer, wait so long until the CE is prepared, `DURATION`"},
		&cli.StringSliceFlag{Name: "set", Usage: "with --test-issuer, answer what the recipe asks for: account=NAME"},
		&cli.StringFlag{Name: "issuer", Usage: "the `URL` of the issuer: where the CE reaches this arclint, or that of --issuer-key"},
		&cli.StringFlag{Name: "issuer-key", Usage: "ask with the private key in `FILE` (PEM, RSA or EC P-256) of an issuer that the CE trusts"},
		&cli.StringFlag{Name: "kid", Usage: "`ID` of that key in the issuer's key set"},
		&cli.StringFlag{Name: "claims", Usage: "`FILE` with claims that are to get in, as JSON (default: from the rules of the site)"},
		&cli.StringFlag{Name: "token", Usage: "ask with the token in `FILE`, - for standard input, and what can be made of it"},
		&cli.Float64Flag{Name: "rate", Value: live.DefaultRate, Usage: "at most `N` questions per second, 20 at the highest"},
		&cli.StringFlag{Name: "ca-dir", Usage: "`DIR` with CAs for the certificate of the CE, beside those of the system (default: those of the site)"},
		&cli.BoolFlag{Name: "insecure", Hidden: true},
	}
}

func liveFlagNames() []string {
	var names []string
	for _, f := range liveFlags() {
		names = append(names, f.Names()[0])
	}
	return names
}

// liveNegtest asks a running CE.
func liveNegtest(c *cli.Context) error {
	format, err := formatOf(c, "text", "json", "junit")
	if err != nil {
		return err
	}
	if err := checkLive(c); err != nil {
		return err
	}
	ce, err := live.ParseCE(c.String("ce"))
	if err != nil {
		return usageError("--ce: %w", err)
	}
	s, err := siteIfThere(c)
	if err != nil {
		return err
	}
	trust, err := trustFor(c, s)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(c.Context, os.Interrupt)
	defer stop()
	config, done, err := liveConfig(ctx, c, ce, s, live.Client(ce, trust))
	if err != nil {
		return err
	}
	defer done()
	run := doors.LiveRun{CE: ce.String()}
	if run.Report, err = askAll(ctx, c, config); err != nil {
		return exitError{code: exitUnreadable, err: err}
	}
	if s != nil {
		made, err := madeFor(s)
		if err != nil {
			return err
		}
		run.Static = admission.StaticFor(s, made, live.Operation).Results
	}
	write := map[string]func() error{
		"text":  func() error { return doors.LiveText(c.App.Writer, run) },
		"json":  func() error { return doors.LiveJSON(c.App.Writer, run) },
		"junit": func() error { return doors.LiveJUnit(c.App.Writer, run) },
	}
	if err := write[format](); err != nil {
		return err
	}
	switch {
	case slices.ContainsFunc(run.Report.Results, live.Result.Hole):
		return exitError{code: exitFindings}
	case !run.Report.Conclusive():
		return exitError{code: exitUnreadable, err: errors.New("the answers are inconclusive, which is no pass")}
	}
	return nil
}

// usedWith are the flags beside which a flag counts, nil where it always does.
func usedWith(name string) []string {
	switch name {
	case "prepare", "listen", "wait", "set":
		return []string{"test-issuer"}
	case "kid", "claims":
		return []string{"issuer-key"}
	case "issuer":
		return []string{"issuer-key", "test-issuer"}
	}
	return nil
}

func checkLive(c *cli.Context) error {
	for _, name := range liveFlagNames() {
		if others := usedWith(name); others != nil {
			if err := needs(c, name, others...); err != nil {
				return err
			}
		}
	}
	ways := 0
	for _, given := range []bool{c.Bool("test-issuer"), c.IsSet("issuer-key"), c.IsSet("token")} {
		if given {
			ways++
		}
	}
	switch {
	case ways != 1:
		return usageError("--ce needs one of --test-issuer, --issuer-key and --token")
	case c.IsSet("operation"):
		return usageError("--operation is for --static: a running CE is asked for its jobs (%s) only", live.Operation)
	case c.Bool("insecure"):
		return usageError("--insecure is refused: every question carries a token, which goes only to a CE whose certificate was checked; give the CA of the CE with --ca-dir DIR")
	case c.Bool("test-issuer") && !c.IsSet("prepare"):
		return usageError("--test-issuer needs --prepare FILE, for the script that prepares the CE")
	case c.IsSet("issuer-key") && !c.IsSet("issuer"):
		return usageError("--issuer-key needs --issuer URL, as tokens carry it")
	case c.Float64("rate") <= 0 || c.Float64("rate") > live.MaxRate:
		return usageError("--rate %v, want more than 0 and at most %v questions per second", c.Float64("rate"), live.MaxRate)
	}
	return nil
}

// siteIfThere reads the site. Only --test-issuer cannot do without one, since its
// recipe is for one.
func siteIfThere(c *cli.Context) (*site.Site, error) {
	s, err := openFree(c)
	var exit exitError
	if err != nil && !c.Bool("test-issuer") && !c.IsSet("root") && errors.As(err, &exit) && exit.code == exitUnreadable {
		return nil, nil
	}
	return s, err
}

// trustFor says which CAs may vouch for the CE.
func trustFor(c *cli.Context, s *site.Site) (*tls.Config, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without a store
	}
	dirs, err := caDirs(c, s)
	for _, d := range dirs {
		for _, f := range d.Files {
			for _, ca := range f.Certificates {
				pool.AddCert(ca.Certificate)
			}
		}
	}
	return &tls.Config{RootCAs: pool}, err
}

// caDirs are the directory of --ca-dir, or those of the site.
func caDirs(c *cli.Context, s *site.Site) ([]*gridsec.Dir, error) {
	if name := c.String("ca-dir"); name != "" {
		return readCADir(name)
	}
	if s == nil {
		return nil, nil
	}
	return slices.DeleteFunc(append([]*gridsec.Dir{s.GridDir}, s.ClientDirs...), func(d *gridsec.Dir) bool { return d == nil }), nil
}

// readCADir reads a directory as one of a site is read: links may lead out of it,
// and nothing but regular files of a bounded size is opened.
func readCADir(name string) ([]*gridsec.Dir, error) {
	whole, err := filepath.Abs(name)
	if err != nil {
		return nil, usageError("--ca-dir %s: %w", name, err)
	}
	tree, err := rootfs.Dir("/")
	if err != nil {
		return nil, usageError("--ca-dir %s: %w", name, reason(err))
	}
	defer tree.Close()
	d := gridsec.NewReader(tree).Dir(whole)
	if d.Err != nil {
		return nil, usageError("--ca-dir %s: %w", name, reason(d.Err))
	}
	return []*gridsec.Dir{d}, nil
}

// liveConfig says with what the CE is asked. done ends what serves it.
func liveConfig(ctx context.Context, c *cli.Context, ce *url.URL, s *site.Site, ask live.Asker) (config live.Config, done func(), err error) {
	done = func() {}
	now, err := nowOf(c)
	if err != nil {
		return config, done, err
	}
	config = live.Config{Ask: ask, Rate: c.Float64("rate"), Good: admission.Sound{Now: now}}
	switch {
	case c.Bool("test-issuer"):
		return testIssuer(ctx, c, ce, s, config)
	case c.IsSet("token"):
		data, err := readSmall(c, c.String("token"))
		if err == nil {
			config.Token = string(data)
			_, err = jose.Parse(config.Token)
		}
		if err != nil {
			return config, done, exitError{code: exitUnreadable, err: fmt.Errorf("--token %s: %w", c.String("token"), reason(err))}
		}
		return config, done, nil
	}
	config.Kid = c.String("kid")
	if config.Signer, err = readKey(c); err != nil {
		return config, done, err
	}
	config.Good, err = soundOf(c, s, now)
	return config, done, err
}

// soundOf are the claims that are to get in: those of --claims with the times of
// now, or what a rule of the site asks for.
func soundOf(c *cli.Context, s *site.Site, now time.Time) (admission.Sound, error) {
	issuer := c.String("issuer")
	if name := c.String("claims"); name != "" {
		data, err := readSmall(c, name)
		claims := map[string]any{}
		if err == nil {
			err = json.Unmarshal(data, &claims)
		}
		if err != nil {
			return admission.Sound{}, exitError{code: exitUnreadable, err: fmt.Errorf("--claims %s: %w", name, reason(err))}
		}
		claims["iss"] = issuer
		claims["iat"], claims["nbf"], claims["exp"] = now.Add(-time.Minute).Unix(), now.Add(-time.Minute).Unix(), now.Add(time.Hour).Unix()
		return admission.Sound{Claims: claims, Issuer: issuer, Now: now}, nil
	}
	if s != nil {
		if good, ok := admission.SoundFor(s, live.Operation, issuer); ok {
			return good, nil
		}
	}
	return admission.Sound{}, usageError("no rule of the site here lets tokens of %s read jobs: give claims that get in with --claims", issuer)
}

func askAll(ctx context.Context, c *cli.Context, config live.Config) (live.Report, error) {
	progress := report.NewProgress(c.App.ErrWriter, len(admission.All(live.Operation))*5/4)
	defer progress.Done()
	config.Progress = progress.Step
	return live.Run(ctx, config)
}
