package main

import (
	"github.com/urfave/cli/v2"

	"arclint/internal/report"
	"arclint/internal/trust"
)

func trustCommand() *cli.Command {
	return &cli.Command{
		Name:  "trust",
		Usage: "show which token issuers this CE trusts, through which CA, and who could pose as them",
		Description: "For every issuer that arc.conf or controldir/tokenissuers names: where its chain is known\n" +
			"from, whether the CE can fetch its keys, the trust anchor, whether a client certificate of the\n" +
			"same CA can log in, and whose certificates would let their holder pose as the issuer.\n\n" +
			"   arclint trust\n" +
			"   arclint trust --evidence ./evidence --trace\n" +
			"   arclint trust --format json --example dune\n\n" +
			"Exit: 0, 2 usage, 3 the site could not be read.",
		Flags: siteFlags(
			formatFlag("text", "json"),
			&cli.BoolFlag{Name: "trace", Usage: "show each step of the reasoning"},
		),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			format, err := formatOf(c, "text", "json")
			if err != nil {
				return err
			}
			s, err := openSite(c)
			if err != nil {
				return err
			}
			issuers := trust.Issuers(s)
			if format == "json" {
				return report.TrustJSON(c.App.Writer, issuers)
			}
			return text(c).Trust(issuers, c.Bool("trace"))
		},
	}
}
