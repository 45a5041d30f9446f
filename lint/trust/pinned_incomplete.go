package trust

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"arclint/internal/evidence"
	"arclint/internal/site"
	"arclint/internal/source"
	"arclint/internal/trust"
	"arclint/lint"
)

var pinnedIncomplete = &lint.Rule{
	ID:    "trust/pinned-incomplete",
	Title: "ARC does not use the pinned keys of a token issuer",
	Why: "ARC 7 reads controldir/tokenissuers/NAME at start. The files issuer, metadata and keys must exist and not be empty, and metadata must be JSON. " +
		"issuer must equal the claim of the tokens byte for byte: a newline at its end makes it another issuer. " +
		"Otherwise ARC fetches the keys as if nothing were pinned, and where the CA is missing it refuses every token.",
	Source:   "arc-behaviour G1, G2, G3, H3; S72 src/services/a-rex/arex.cpp:988-1021",
	Impact:   lint.Outage,
	Facts:    []string{"G1", "G2", "G3", "H3"},
	Severity: lint.Error,
	Where:    func(r site.Release) bool { return r.PinnedIssuers },
	Recipe:   "trust-issuer",
	Check: func(s *site.Site, r *lint.Reporter) {
		for _, p := range s.Pinned {
			switch {
			case errors.Is(p.Err, fs.ErrPermission):
				r.Skip("%s may not be read by this user, run as root to look at it", p.Dir)
				continue
			case s.Pinned.Unread(p.Issuer) == p.Dir:
				r.Skip("%s was not read, so it is not known whether keys are pinned there: %s", p.Dir, strings.ReplaceAll(p.Err.Error(), "\n", ", "))
				continue
			case p.Err != nil:
				reportUnreadPin(r, p)
				continue
			}
			if p.Odd != "" && !isNamed(s, p) {
				r.Path(p.Source.Path, "the file is %s", p.Odd).Means("ARC uses the keys beside it for no token of an issuer.").
					Do("Write the URL of the issuer on one line, without a newline.").About(p.Dir).With("path", p.Dir).Offer("undo-arcctl-deploy")
				continue
			}
			if trimmed := strings.TrimSpace(p.Issuer); p.Odd == "" && trimmed != p.Issuer {
				r.Path(p.Source.Path, "the file issuer has a blank or newline around the URL").Means("ARC reads it as another issuer than %s.", trimmed).
					Do("Write the URL alone, without a newline.").About(p.Dir).With("issuer", trimmed).With("path", p.Dir)
			}
		}
	},
}

// isNamed says whether a rule names what the file issuer has, byte for byte: an issuer
// that is no URL works where its keys are pinned (arc-behaviour G3).
func isNamed(s *site.Site, p *evidence.Pinned) bool {
	return slices.ContainsFunc(trust.Issuers(s), func(it trust.IssuerTrust) bool { return p.Is(it.Issuer) })
}

func reportUnreadPin(r *lint.Reporter, p *evidence.Pinned) {
	if p.Source == nil && p.Metadata == nil && p.Keys == nil {
		r.Path(p.Dir, "ARC finds no pinned issuer here").Means("What is here has no effect.").
			Do("Make it a directory with the files issuer, metadata (JSON) and keys, or remove it.").As(lint.Warning).Offer("undo-arcctl-deploy").About(p.Dir).With("path", p.Dir)
		return
	}
	f := r.Path(p.Dir, "ARC does not read this pinned issuer: %s", whyUnread(p)).Means("ARC fetches its keys as if nothing were pinned.").
		Do("Write the files issuer, metadata (JSON) and keys; none may be empty.").About(p.Dir).With("path", p.Dir)
	if name := strings.TrimSpace(p.Issuer); name != "" {
		f.With("issuer", name)
	}
}

// whyUnread names the files that keep ARC from reading the directory.
func whyUnread(p *evidence.Pinned) string {
	var missing []string
	for _, part := range []struct {
		name string
		file *source.File
	}{{"issuer", p.Source}, {"metadata", p.Metadata}, {"keys", p.Keys}} {
		if part.file == nil {
			missing = append(missing, part.name)
		}
	}
	if len(missing) == 0 {
		return strings.ReplaceAll(strings.ReplaceAll(p.Err.Error(), ": ", " "), "\n", ", ")
	}
	return strings.Join(missing, " and ") + " missing or empty"
}
