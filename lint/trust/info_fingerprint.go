package trust

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"slices"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/lint"
)

var infoFingerprint = &lint.Rule{
	ID:       "trust/info-fingerprint",
	Title:    "The fingerprint in a .info file is not that of the CA's certificate",
	Why:      "The .info file of a CA has the SHA-1 fingerprint of its certificate. If they differ, one of the two files was replaced: the certificate is not the one that IGTF distributed with this file. EGI's probe of the CA distribution then reports critical.",
	Source:   "IGTF .info format (sha1fp.0); EGI probe check_ca_dist",
	Impact:   lint.Intrusion,
	Risk:     lint.Low,
	Severity: lint.Error,
	Action:   "Install the package of this CA again.",
	Recipe:   "restore-igtf",
	Check: func(s *site.Site, r *lint.Reporter) {
		for d := range readableDirs(s) {
			for _, ca := range d.Files {
				if !d.finds(ca) {
					continue
				}
				for _, file := range d.companions(ca) {
					if file.CAInfo != nil && file.CAInfo.SHA1.Text != "" && !hasFingerprint(ca, file.CAInfo.SHA1.Text) {
						r.At(file.CAInfo.SHA1.Span, "sha1fp.0 is not the fingerprint of %s", commonName(ca.Certificates[0].SubjectName)).
							Means("One of the two files was replaced, so the CA may not be the one that IGTF distributed. Its fingerprint is %s.", fingerprint(ca.Certificates[0])).
							About(ca.Path).RelatePath(ca.Path, "the certificate")
					}
				}
			}
		}
	},
}

func hasFingerprint(ca *gridsec.File, text string) bool {
	want, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(text), ":", ""))
	return err == nil && slices.ContainsFunc(ca.Certificates, func(c *gridsec.Certificate) bool {
		sum := sha1.Sum(c.Raw)
		return bytes.Equal(sum[:], want)
	})
}

// fingerprint is the SHA-1 of the certificate as .info files write it.
func fingerprint(c *gridsec.Certificate) string {
	sum := sha1.Sum(c.Raw)
	digits := strings.ToUpper(hex.EncodeToString(sum[:]))
	var pairs []string
	for i := 0; i < len(digits); i += 2 {
		pairs = append(pairs, digits[i:i+2])
	}
	return strings.Join(pairs, ":")
}
