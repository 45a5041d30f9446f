package recipes

import (
	"fmt"
	"strings"

	"arclint/internal/gridsec"
	"arclint/internal/site"
	"arclint/internal/source"
)

var anchorWithPolicy = Recipe{
	ID:     policy,
	Title:  "trust the issuer's CA with a signing policy that admits no client",
	Keys:   []string{"path"},
	Issuer: true,
	Plan:   planAnchorWithPolicy,
}

func planAnchorWithPolicy(s *site.Site, p Params) (Plan, error) {
	roots, err := p.roots(s)
	if err != nil {
		return Plan{}, err
	}
	if s.GridDir == nil || s.GridDir.Err != nil {
		return Plan{}, fmt.Errorf("%s cannot be read", site.GridCADir)
	}
	title := "trust the CA of " + p.Issuer + ", with a signing policy that admits no client"
	if p.Issuer == "" {
		title = "give the public CA a signing policy that admits no client"
	}
	plan := Plan{
		Meant:    Meant{Issuer: p.Issuer, CAs: true},
		Title:    title,
		Why:      "The key fetch needs the issuer's CA in " + site.GridCADir + ". Client certificates are checked against the same directory, so a signing policy goes along that admits none of that CA (arc-behaviour H2).",
		Strategy: policy,
		Table:    strategies(s.Release, policy),
	}
	if !s.Release.SigningPolicies {
		plan.Notes = append(plan.Notes, "WARNING: ARC "+s.Release.Measured+" reads no signing policy (arc-behaviour E2): it ACCEPTS the client certificates of this CA, and `all=yes` or a rule with `!` lets their holders in. Use pin-issuer or split-trust instead.")
	}
	for _, r := range roots {
		if e := anchorOf(s.GridDir, r); e != nil && packaged(s.GridDir, e.File) {
			return Plan{}, fmt.Errorf("%s is a CA of the grid distribution (%s) and has its own signing policy: %w", r.SubjectName, e.Path, ErrNothing)
		}
		deny := denyPolicy(s, r)
		if deny == nil {
			return Plan{}, fmt.Errorf("the name %s cannot stand in a signing policy", r.SubjectName)
		}
		file := site.GridCADir + "/" + fileName(r) + ".pem"
		plan.Notes = append(plan.Notes, origin(r))
		plan.Actions = append(plan.Actions, deny)
		if anchorOf(s.GridDir, r) == nil {
			plan.Actions = append(plan.Actions, WriteFile{Path: file, Content: pemOf(r), Mode: 0o644})
			plan.Verify = append(plan.Verify, Anchored{Dir: site.GridCADir, PEM: file})
		}
	}
	plan.Actions = append(plan.Actions, anchorLinks(s.GridDir, roots, "")...)
	return plan, nil
}

// denyPolicy is a signing policy that admits the root itself and nothing that
// it signs. nil where the root's name cannot be written in one: it stands
// between quotes, and there is no escape for them (arc-behaviour E4).
func denyPolicy(s *site.Site, r *gridsec.Certificate) Action {
	if strings.ContainsAny(r.SubjectName, "'\"\n\r") {
		return nil
	}
	path := site.GridCADir + "/" + hashName(r.Hash) + ".signing_policy"
	text := "# This CA may vouch for the servers of token issuers. It may sign no client:\n" +
		"# nothing but the CA itself is admitted.\n" +
		"access_id_CA  X509   '" + r.SubjectName + "'\n" +
		"pos_rights    globus CA:sign\n" +
		"cond_subjects globus '\"" + r.SubjectName + "\"'\n"
	var was *source.File
	if e := entryOf(s.GridDir, hashName(r.Hash)+".signing_policy"); e != nil && e.File != nil {
		was = e.File.Source
	}
	return WriteFile{Path: path, Content: []byte(text), Mode: 0o644, Was: was}
}
