package main

import (
	"cmp"
	"context"
	"crypto"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"arclint/internal/gridsec"
	"arclint/internal/jose"
	"arclint/internal/live"
	"arclint/internal/mint"
	"arclint/internal/prose"
	"arclint/internal/report"
	"arclint/internal/site"
	"arclint/recipes"
)

// readKey reads the key of --issuer-key, and warns where others can.
func readKey(c *cli.Context) (crypto.Signer, error) {
	name := c.String("issuer-key")
	data, err := readSmall(c, name)
	if err != nil {
		return nil, exitError{code: exitUnreadable, err: fmt.Errorf("--issuer-key %s: %w", name, reason(err))}
	}
	if info, err := os.Stat(name); err == nil && info.Mode().Perm()&0o077 != 0 {
		tell(c, "warning: --issuer-key %s: mode is %04o, want 0600: whoever reads this key can sign tokens of the issuer", name, info.Mode().Perm())
	}
	key, err := jose.ParsePrivate(data)
	if err != nil {
		return nil, exitError{code: exitUnreadable, err: fmt.Errorf("--issuer-key %s: %w", name, err)}
	}
	return key, nil
}

// tell writes to standard error, beside the answer.
func tell(c *cli.Context, format string, args ...any) {
	// There is no place left to report that it cannot be written.
	_, _ = fmt.Fprintln(c.App.ErrWriter, prose.Safe(fmt.Sprintf(format, args...)))
}

// testIssuer makes an issuer, writes the script that prepares the CE for it,
// serves it, and waits until the CE lets it in. done ends it.
func testIssuer(ctx context.Context, c *cli.Context, ce *url.URL, s *site.Site, config live.Config) (live.Config, func(), error) {
	nothing := func() {}
	issuer, err := issuerURL(c)
	if err != nil {
		return config, nothing, err
	}
	made, err := mint.NewIssuer(config.Good.Now, issuer.Hostname())
	if err != nil {
		return config, nothing, err
	}
	audience := "https://" + ce.Hostname()
	if err := writePreparation(c, s, issuer.String(), audience, made); err != nil {
		return config, nothing, err
	}
	server, err := live.Serve(listenAt(c, issuer), issuer.String(), made)
	if err != nil {
		return config, nothing, usageError("--listen %s: %w", listenAt(c, issuer), err)
	}
	done := func() { _ = server.Close() } // what has been asked is answered
	config.Present = server.Present
	config.Signer, config.Other, config.Kid, config.Chains = made.Key, made.Other, made.Kid, made.Chains
	config.Issuer, config.Good = issuer.String(), live.GoodClaims(issuer.String(), audience, config.Good.Now)
	tell(c, "run this as root on the CE: sh %s", c.String("prepare"))
	if err := waitFor(ctx, c, config); err != nil {
		done()
		return config, nothing, err
	}
	now, err := nowOf(c)
	config.Good = live.GoodClaims(issuer.String(), audience, now)
	return config, func() {
		done()
		tell(c, "now take it back on the CE, as root: sh /var/backups/arclint/negtest-issuer-TIME/rollback.sh (the script has named it)")
	}, err
}

func issuerURL(c *cli.Context) (*url.URL, error) {
	text := c.String("issuer")
	if text == "" {
		host, err := os.Hostname()
		if err != nil {
			return nil, usageError("this machine has no name, give --issuer: %w", err)
		}
		text = "https://" + host + ":8447/arclint-negtest"
	}
	u, err := live.ParseCE(strings.TrimSuffix(text, "/"))
	if err != nil || u.Path == "" {
		return nil, usageError("--issuer %q, want a URL with a path at which the CE reaches this arclint, such as https://ce.example.org:8447/negtest", text)
	}
	return u, nil
}

// writePreparation writes the script to a file that is not there yet.
func writePreparation(c *cli.Context, s *site.Site, issuer, audience string, made mint.Issuer) error {
	answers, err := answersOf(c)
	if err != nil {
		return err
	}
	recipe, _ := recipes.Find("negtest-issuer")
	for key := range answers {
		if !slices.Contains(recipe.Keys, key) {
			return unknownAnswer(recipe, key)
		}
	}
	answers["audience"], answers["subject"], answers["crl"] = audience, made.Subject(), string(made.CRL)
	answers["others"] = strings.Join(live.Issuers(issuer)[1:], " ")
	plan, err := recipe.Make(s, recipes.Params{
		Issuer: issuer, Keys: live.KeySet(made.Kid, made.Key.Public()), Args: answers, Roots: []*gridsec.Certificate{made.Root.Certificates[0]},
	})
	if err != nil {
		return usageError("%w", err)
	}
	name := c.String("prepare")
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return usageError("--prepare %s: %w: want a file that is not there yet", name, reason(err))
	}
	err = errors.Join(recipes.Shell(file, plan), file.Close())
	if err != nil {
		return exitError{code: exitUnreadable, err: fmt.Errorf("--prepare %s: %w", name, err)}
	}
	return nil
}

// listenAt is --listen, or the port of the issuer.
func listenAt(c *cli.Context, issuer *url.URL) string {
	if address := c.String("listen"); address != "" {
		return address
	}
	return ":" + cmp.Or(issuer.Port(), "443")
}

// waitFor waits until the CE lets the good token in.
func waitFor(ctx context.Context, c *cli.Context, config live.Config) error {
	most := c.Duration("wait")
	progress := report.NewProgress(c.App.ErrWriter, live.Tries(most))
	defer progress.Done()
	config.Progress = progress.Step
	err := live.Await(ctx, config, most)
	if not := new(live.NotLetIn); errors.As(err, &not) {
		return exitError{code: exitUnreadable, err: fmt.Errorf("inconclusive: %w; if the script has run, roll it back", not)}
	}
	return err
}
