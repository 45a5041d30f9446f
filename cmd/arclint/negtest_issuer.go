package main

import (
	"context"
	"crypto"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v2"

	"arclint/internal/gridsec"
	"arclint/internal/jose"
	"arclint/internal/live"
	"arclint/internal/mint"
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
	_, _ = fmt.Fprintln(c.App.ErrWriter, report.Safe(fmt.Sprintf(format, args...)))
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
	shown := &certificate{made: made}
	done, err := serve(c, issuer, made, shown)
	if err != nil {
		return config, nothing, err
	}
	config.Present = shown.present
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

// certificate is the one that the issuer's server shows.
type certificate struct {
	made mint.Issuer
	id   atomic.Value // of the faulty one, "" for the good one
}

func (s *certificate) present(id string) { s.id.Store(id) }

func (s *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if id, _ := s.id.Load().(string); id != "" {
		faulty := s.made.Faulty[id]
		return &faulty, nil
	}
	return &s.made.Server, nil
}

// serve serves the issuer until done.
func serve(c *cli.Context, issuer *url.URL, made mint.Issuer, shown *certificate) (done func(), err error) {
	address := c.String("listen")
	if address == "" {
		port := issuer.Port()
		if port == "" {
			port = "443"
		}
		address = ":" + port
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, usageError("--listen %s: %w", address, err)
	}
	server := &http.Server{
		Handler:           live.Handler(issuer.String(), made.Kid, made.Key.Public(), made.Other.Public()),
		ReadHeaderTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() {
		// It ends with done; a CE that cannot reach it fails the positive control.
		_ = server.Serve(tls.NewListener(listener, &tls.Config{GetCertificate: shown.get, SessionTicketsDisabled: true}))
	}()
	return func() { _ = server.Close() }, nil
}

const betweenTries = 2 * time.Second

// waitFor waits until the CE lets the good token in.
func waitFor(ctx context.Context, c *cli.Context, config live.Config) error {
	limited, cancel := context.WithTimeout(ctx, c.Duration("wait"))
	defer cancel()
	tries := int(c.Duration("wait")/betweenTries) + 1
	progress := report.NewProgress(c.App.ErrWriter, tries)
	defer progress.Done()
	last := "it was not asked"
	for range tries {
		progress.Step("waiting until the CE is prepared: " + last)
		why, err := live.ControlPasses(limited, config)
		if err != nil || why == "" {
			return err
		}
		if limited.Err() == nil {
			last = why
		}
		if live.Sleep(limited, betweenTries) != nil {
			break
		}
	}
	return exitError{code: exitUnreadable, err: fmt.Errorf("inconclusive: the CE does not let the throw-away issuer in: %s; if the script has run, roll it back", last)}
}
