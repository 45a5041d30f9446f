package catalog_test

import (
	"slices"
	"testing"

	"arclint/lint"
	"arclint/lint/catalog"
)

// TestReported: on each input that was reported, arclint says what is right of it,
// and not what it once said wrongly. Golden files are easily written anew; this
// table is not.
func TestReported(t *testing.T) {
	for _, tt := range []struct {
		site string
		says []string // "severity rule"
		not  []string // rules
	}{
		{"conf-06-conf-only-root", nil, []string{"authz/mapfile-missing", "host/cert-missing", "trust/trust-dir-missing"}},
		{"conf-07-second-benchmark", nil, []string{"conf/benchmark"}},
		{"conf-11-arc5", []string{"error conf/arc5"}, []string{"conf/unknown-option", "conf/quoted-value", "conf/missing-block", "conf/upgrade-removed-block"}},
		{"conf-12-previously", []string{"warning conf/unknown-option"}, nil},
		{"conf-14-admindomain-unset", []string{"warning conf/admindomain-name"}, nil},
		{"conf-15-tls13-word", []string{"note conf/tls-protocols"}, nil},
		{"conf-16-http-deliveryservice", []string{"warning conf/plain-delivery"}, nil},
		{"report-28-certificates-cvmfs", nil, []string{"trust/trust-dir-missing", "host/cert-untrusted", "trust/lsc-ca-absent"}},
		{"report-29-envproxy-default", []string{"warning authz/default-proxy"}, nil},
		{"report-60-crl-dying", []string{"warning trust/crl-ending"}, []string{"trust/crl-expired", "trust/crl-not-renewed"}},
		{"report-66-egi-entitlement", []string{"warning authz/token-rule-fields"}, nil},
	} {
		t.Run(tt.site, func(t *testing.T) {
			t.Parallel()
			s := storyOf(t, "../cases/"+tt.site).load(t)
			var said []string
			for _, f := range lint.Run(s, catalog.All()).Findings {
				said = append(said, string(f.Severity)+" "+f.Rule)
				if slices.Contains(tt.not, f.Rule) {
					t.Errorf("%s: %s", f.Rule, text(f))
				}
			}
			for _, want := range tt.says {
				if !slices.Contains(said, want) {
					t.Errorf("no %s among %q", want, said)
				}
			}
		})
	}
}
