package recipes

import "arclint/internal/site"

// The strategies for an issuer whose TLS chain ends in a public CA that the
// grid's trust anchors do not contain.
const (
	pin    = "pin-issuer"
	split  = "split-trust"
	policy = "anchor-with-policy"
	anyCA  = "x509_cert_policy=any"
)

// safest is the strategy that adds least trust on the release: pinned keys need
// no CA at all (arc-behaviour H3), but not every release reads them.
func safest(r site.Release) string {
	if r.PinnedIssuers {
		return pin
	}
	return split
}

// questions are the columns of the table of strategies.
func questions() []string {
	return []string{
		"Tokens of the issuer accepted?",
		"Client certificates of its public CA refused?",
		"Who could still pose as the issuer?",
		"When the issuer changes its keys:",
		"When the issuer changes its CA:",
	}
}

// strategies compares the strategies on the release, as measured.
func strategies(r site.Release, chosen string) Table {
	t := Table{Columns: questions(), Rows: []Row{
		{Strategy: pin, Cells: pinCells(r)},
		{Strategy: split, Cells: splitCells(r)},
		{Strategy: policy, Cells: policyCells(r)},
		{Strategy: anyCA, Cells: anyCells(r)},
	}}
	for i := range t.Rows {
		t.Rows[i].Chosen = t.Rows[i].Strategy == chosen
	}
	return t
}

func pinCells(r site.Release) []Cell {
	if !r.PinnedIssuers {
		no := Cell{"not available: this release does not read pinned issuers.", []string{"H3"}}
		return []Cell{no, no, no, no, no}
	}
	return []Cell{
		{"yes, without a fetch, if they are signed with a pinned key.", []string{"H3", "G3"}},
		{"yes, since no CA is added.", []string{"H3", "D5"}},
		{"holders of a certificate of any CA in /etc/grid-security/certificates, for any host name, who sit on the network path: " +
			"a token with an unknown key id makes the CE fetch, and what it gets replaces the pinned keys until the next restart.", []string{"S12", "S10"}},
		{"tokens with the new keys are refused until the timer has fetched them and restarted the service; " +
			"withdrawn keys are accepted until then.", []string{"G3", "S12"}},
		{"nothing, as long as the system's own store trusts the new CA; otherwise the timer fails and the old keys stay.", []string{"H3", "G3"}},
	}
}

func splitCells(r site.Release) []Cell {
	return append([]Cell{
		{"yes.", []string{"H1"}},
		{"yes, x509_cert_dir does not hold the CA.", []string{"H1"}},
	}, fetchCells(r, "H1")...)
}

func policyCells(r site.Release) []Cell {
	refused := Cell{"yes, by the signing policy alone.", []string{"H2", "E2"}}
	if !r.SigningPolicies {
		refused = Cell{"NO, they are accepted: this release reads no signing policy.", []string{"H2", "E2"}}
	}
	return append([]Cell{{"yes.", []string{"H2"}}, refused}, fetchCells(r, "H2")...)
}

// fetchCells are the answers of the strategies that let the CE fetch keys over
// the public CA.
func fetchCells(r site.Release, fact string) []Cell {
	keys := Cell{"nothing: this release fetches the keys for every request.", []string{"I5"}}
	ca := Cell{"tokens are refused at once, until the new root is installed as well.", []string{"I5", "D5"}}
	if r.KeysCached {
		keys = Cell{"nothing if they have new key ids, which are fetched at once; a new key under an old id is refused for up to an hour.", []string{"I5"}}
		ca = Cell{"known keys go on for up to an hour, then tokens are refused until the new root is installed as well.", []string{"I5", "D5"}}
	}
	return []Cell{
		{"anyone with a certificate of that public CA, or of any CA in /etc/grid-security/certificates, for any host name, who sits on the network path: " +
			"the key fetch does not compare the host name.", []string{fact, "S10"}},
		keys, ca,
	}
}

// anyCells are the answers for what arclint has no recipe for, since it opens
// the CE to the certificates of every public CA. 7.0.0 reads any as system.
func anyCells(r site.Release) []Cell {
	if !r.CertPolicy.Known() {
		c := Cell{"not available: this release does not know the option.", []string{"C9"}}
		return []Cell{c, c, c, c, c}
	}
	fact, refused, pose := "H4", "NO, client certificates of every public CA of the system's store are accepted. There is no recipe for this.",
		"anyone with a certificate of any public CA, or of any CA in /etc/grid-security/certificates, for any host name, who sits on the network path."
	if r.CertPolicy.OthersAreSystem() {
		fact, refused, pose = "C9", "NO, client certificates of every public CA of the system's store are accepted, and those of the grid CAs are not. There is no recipe for this.",
			"anyone with a certificate of any public CA, for any host name, who sits on the network path."
	}
	return []Cell{
		{"yes.", []string{fact}},
		{refused, []string{fact}},
		{pose, []string{fact, "S10"}},
		{"nothing if they have new key ids, which are fetched at once; a new key under an old id is refused for up to an hour.", []string{"I5"}},
		{"nothing, as long as the system's own store trusts the new CA.", []string{fact}},
	}
}
