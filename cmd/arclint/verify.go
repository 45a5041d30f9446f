package main

import (
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"arclint/internal/gridsec"
	"arclint/internal/report"
	"arclint/internal/rootfs"
	"arclint/internal/trust"
)

func verifyCommand() *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "ask what this CE would do with a certificate chain",
		ArgsUsage: "CHAIN.pem",
		Description: "CHAIN.pem holds the chain as it is sent, end-entity certificate first. The answer is what an\n" +
			"ARC CE of this release does with it, with each step of the reasoning.\n\n" +
			"   arclint verify --purpose client user-chain.pem\n" +
			"   arclint verify --purpose issuer --host cilogon.org chain.pem\n\n" +
			"Exit: 0 accepted, 1 refused, 2 usage, 3 the site or the chain could not be read.",
		Flags: siteFlags(
			formatFlag("text", "json"),
			&cli.StringFlag{Name: "purpose", Usage: "`PURPOSE`, issuer: the server that the key fetch meets; or client: an incoming client"},
			&cli.StringFlag{Name: "host", Usage: "`NAME` that the issuer goes by: told where the certificate is for another (ARC does not look)"},
		),
		Action: verifyChain,
	}
}

func verifyChain(c *cli.Context) error {
	format, err := formatOf(c, "text", "json")
	if err != nil {
		return err
	}
	purpose := trust.Purpose(c.String("purpose"))
	if purpose != trust.Issuer && purpose != trust.Client {
		return usageError("--purpose %q, want issuer or client", purpose)
	}
	if purpose == trust.Client && c.IsSet("host") {
		return usageError("--host is the name that an issuer goes by, want --purpose issuer with it")
	}
	if c.IsSet("evidence") {
		return usageError("verify judges the chain that you name, leave --evidence out")
	}
	if c.NArg() != 1 {
		return usageError("verify takes one file, the chain in PEM, end-entity certificate first")
	}
	chain, err := readChain(c.Args().First())
	if err != nil {
		return exitError{code: exitUnreadable, err: fmt.Errorf("%s: %w", c.Args().First(), reason(err))}
	}
	s, err := openSite(c)
	if err != nil {
		return err
	}
	verdict := trust.Chain(s, purpose, chain)
	if host := c.String("host"); host != "" && purpose == trust.Issuer {
		verdict = trust.NoteHost(verdict, chain[0], host)
	}
	if format == "json" {
		err = report.VerdictJSON(c.App.Writer, verdict)
	} else {
		err = text(c).Verdict(verdict)
	}
	if err == nil && (!verdict.Accepted || !verdict.Known()) {
		return exitError{code: exitFindings}
	}
	return err
}

// readChain reads the certificates of a file of this machine, in their order.
func readChain(name string) ([]*gridsec.Certificate, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	tree, err := rootfs.Dir("/")
	if err != nil {
		return nil, err
	}
	return gridsec.ReadChain(tree, name)
}
