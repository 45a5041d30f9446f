package main

import (
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"arclint/internal/release"
)

// siteFlags are the flags of every command that reads a site.
func siteFlags(own ...cli.Flag) []cli.Flag {
	return append(own,
		&cli.StringFlag{Name: "root", Value: "/", Usage: "the site: a `DIR` or a tar archive that holds etc/arc.conf and etc/grid-security"},
		&cli.StringFlag{Name: "config", Usage: "`PATH` of arc.conf inside the root (default: /etc/arc.conf)"},
		&cli.StringFlag{Name: "arc-version", Usage: "judge as ARC `X.Y.Z` (default: the installed release)"},
		&cli.StringFlag{Name: "os-family", Usage: "`FAMILY` of the system, debian or rhel: where OpenSSL has its trust store (default: from os-release)"},
		&cli.StringFlag{Name: "evidence", Usage: "`DIR` with the chains that issuers serve, as <host>.pem, leaf first (arclint probe writes it)"},
		&cli.StringFlag{Name: "reference", Usage: "lint against another arc.conf.reference `FILE`, such as that of an unreleased ARC"},
		&cli.StringFlag{Name: "now", Usage: "the time at which to judge, `RFC3339` (default: the clock)"},
		&cli.BoolFlag{Name: "verbose", Usage: "show each finding whole and lists without end, and say on standard error what the kernel keeps this process from"},
		&cli.StringFlag{Name: "color", Value: colours[0], Usage: "`WHEN` to colour: auto, always, never; auto is on a terminal without NO_COLOR"},
		&cli.StringFlag{Name: "example", Usage: "read the example `NAME` inside the binary in place of a root: dune, upgrade"},
	)
}

func targetFlag(known release.Table) cli.Flag {
	return &cli.StringFlag{Name: "target", Usage: "the newer release `X.Y.Z` to which the site is to be upgraded: " + strings.Join(known.Versions()[1:], ", ")}
}

// noSiteIgnores is the flag of who judges a site that another keeps.
const noSiteIgnores = "no-site-ignores"

func ignoresFlag() cli.Flag {
	return &cli.BoolFlag{Name: noSiteIgnores, Usage: "report what \"# arclint:ignore\" lines of the site hide: for who audits a site of others"}
}

func formatFlag(formats ...string) cli.Flag {
	return &cli.StringFlag{Name: "format", Value: formats[0], Usage: "`FORMAT`: " + strings.Join(formats, ", ")}
}

func formatOf(c *cli.Context, formats ...string) (string, error) {
	format := c.String("format")
	if !slices.Contains(formats, format) {
		return "", usageError("format %q is unknown, want %s", format, strings.Join(formats, " or "))
	}
	return format, nil
}

// soundFlags refuses what every command refuses in its flags.
func soundFlags(c *cli.Context) error {
	if when := c.String("color"); when != "" && !slices.Contains(colours, when) {
		return usageError("--color %q is unknown; it is one of %s", when, strings.Join(colours, ", "))
	}
	return givenOnce(c)
}

func noArguments(c *cli.Context) error {
	if c.NArg() > 0 {
		return usageError("%s takes no arguments, got %q", c.Command.Name, c.Args().First())
	}
	return nil
}

// nowOf is the time of --now, or the clock: the one place that reads it.
func nowOf(c *cli.Context) (time.Time, error) {
	text := c.String("now")
	if text == "" {
		return time.Now(), nil
	}
	now, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, usageError("--now %q is no RFC 3339 time, want one such as 2026-11-23T12:00:00Z", text)
	}
	return now, nil
}
