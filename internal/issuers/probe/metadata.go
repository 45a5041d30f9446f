package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"arclint/internal/release"
)

// bom is the byte order mark of UTF-8.
const bom = "\xef\xbb\xbf"

// metadata fetches ISS/.well-known/openid-configuration and returns jwks_uri,
// or false where ARC would get no further.
func (p *prober) metadata(ctx context.Context) (jwksURI string, ok bool) {
	doc, body, err := p.get(ctx, wellKnown(p.result.Issuer, "openid-configuration"))
	p.result.Metadata = doc
	if err != nil {
		p.unknown("unreachable", fmt.Sprintf("no metadata: %v", err))
		return "", false
	}
	members, ok := p.object(*doc, body, "metadata")
	if !ok {
		if !doc.redirects() {
			p.lookForRFC8414(ctx)
		}
		return "", false
	}
	if text, ok := members.text("error"); ok {
		p.result.add(Problem{
			Code: "error-member", Effect: Refused, Releases: releasesWhere(func(f *release.Facts) bool { return f.ErrorMemberRefused }), Source: "arc-behaviour I1",
			Message: fmt.Sprintf("the metadata have a member \"error\" (%q), which 7.x takes for a refusal", text),
		})
	}
	if issuer, ok := members.text("issuer"); ok && issuer != p.result.Issuer {
		p.result.add(Problem{
			Code: "issuer-mismatch", Effect: Unnoticed, Releases: allReleases(), Source: "arc-behaviour I1",
			Message: fmt.Sprintf("the metadata call the issuer %q, not %q: ARC ignores that, but compares the iss of each token byte for byte (arc-behaviour A3)", issuer, p.result.Issuer),
		})
	}
	return p.jwksURI(members)
}

// jwksURI reads the member and refuses what ARC refuses.
func (p *prober) jwksURI(members object) (string, bool) {
	uri, ok := members.text("jwks_uri")
	if !ok {
		p.refuseJWKS("jwks-uri-missing", "the metadata have no jwks_uri: ARC finds no keys")
		return "", false
	}
	u, err := url.Parse(uri)
	switch {
	case err != nil:
		p.refuseJWKS("jwks-uri-unreadable", fmt.Sprintf("jwks_uri: %v", err))
	case u.Scheme == "":
		p.refuseJWKS("jwks-uri-relative", fmt.Sprintf("jwks_uri is %q, want an absolute https URL: ARC does not resolve it", uri))
	case !strings.EqualFold(u.Scheme, "https"):
		p.refuseJWKS("jwks-uri-not-https", fmt.Sprintf("jwks_uri is %q, want https: ARC refuses the keys as unsafe", uri))
	default:
		return uri, true
	}
	return "", false
}

func (p *prober) refuseJWKS(code, message string) {
	p.result.add(Problem{Code: code, Effect: Refused, Releases: allReleases(), Source: "arc-behaviour I1", Message: message})
}

// lookForRFC8414 sees whether the issuer has metadata in the other places
// only, which ARC does not ask: RFC 8414 section 3 and its appended form.
func (p *prober) lookForRFC8414(ctx context.Context) {
	for _, place := range []string{rfc8414(p.result.Issuer), wellKnown(p.result.Issuer, "oauth-authorization-server")} {
		doc, body, err := p.get(ctx, place)
		if err != nil || doc.Status != 200 {
			continue
		}
		if _, err := parseObject(body); err == nil {
			p.result.add(Problem{
				Code: "rfc8414-only", Effect: Refused, Releases: allReleases(), Source: "arc-behaviour I1",
				Message: fmt.Sprintf("metadata are at %q only: ARC asks for .well-known/openid-configuration below the issuer", place),
			})
			return
		}
	}
}

// object reads a JSON object as ARC does: neither status nor content type
// matter, a redirect counts by its body (arc-behaviour I1).
func (p *prober) object(doc Document, body []byte, what string) (object, bool) {
	if rest, ok := bytes.CutPrefix(body, []byte(bom)); ok {
		body = rest
		p.result.add(Problem{
			Code: "byte-order-mark", Effect: Refused, Releases: releasesWhere(func(f *release.Facts) bool { return !f.BOMInMetadata }), Source: "measured, group I, metadata with BOM",
			Message: fmt.Sprintf("the %s begin with a byte order mark: ARC 6.17 cannot read them", what),
		})
	}
	members, err := parseObject(body)
	switch {
	case err != nil && doc.redirects():
		p.refuseJWKS("redirect", fmt.Sprintf("the %s at %q redirect to %q: ARC does not follow", what, doc.URL, doc.Location))
	case err != nil:
		p.refuseJWKS("not-json", fmt.Sprintf("the %s at %q are no JSON object (HTTP status %d, %v)", what, doc.URL, doc.Status, err))
	case doc.redirects():
		p.result.add(Problem{
			Code: "redirect-with-body", Effect: Unnoticed, Releases: allReleases(), Source: "measured, group I, metadata redirects with the JSON as body",
			Message: fmt.Sprintf("the %s at %q redirect to %q: ARC reads the body of the redirect, others follow it", what, doc.URL, doc.Location),
		})
	case doc.Status != 200:
		p.result.add(Problem{
			Code: "http-status", Effect: Unnoticed, Releases: allReleases(), Source: "arc-behaviour I1",
			Message: fmt.Sprintf("the %s at %q come with HTTP status %d: ARC does not look at it, others do", what, doc.URL, doc.Status),
		})
	}
	return members, err == nil
}

// object is a JSON object. ARC finds members without regard to the case of
// ASCII letters, the first that fits (arc-behaviour A9).
type object []member

type member struct {
	name  string
	value json.RawMessage
}

// parseObject reads the first JSON value of the body; ARC's parser does not
// look at what follows it either.
func parseObject(body []byte) (object, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	start, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	if start != json.Delim('{') {
		return nil, fmt.Errorf("it begins with %v, want an object", start)
	}
	var members object
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		members = append(members, member{name: fmt.Sprint(name), value: value})
	}
	_, err = decoder.Token()
	return members, err
}

// find is the first member of the name, nil if there is none.
func (o object) find(name string) json.RawMessage {
	for _, m := range o {
		if strings.EqualFold(m.name, name) {
			return m.value
		}
	}
	return nil
}

// text is the member of the name where it is a string.
func (o object) text(name string) (string, bool) {
	var text *string
	if err := json.Unmarshal(o.find(name), &text); err != nil || text == nil {
		return "", false
	}
	return *text, true
}

// wellKnown joins the issuer and a document as ARC does: one slash between
// them, a query kept.
func wellKnown(issuer, document string) string {
	u := parsed(issuer)
	u.Path = strings.TrimRight(u.Path, "/") + "/.well-known/" + document
	u.RawPath = ""
	return u.String()
}

// rfc8414 puts the well-known part before the path of the issuer.
func rfc8414(issuer string) string {
	u := parsed(issuer)
	u.Path, u.RawPath = "/.well-known/oauth-authorization-server"+strings.TrimRight(u.Path, "/"), ""
	return u.String()
}

// parsed is the URL of an issuer that HostPort has let pass.
func parsed(issuer string) url.URL {
	if !strings.Contains(issuer, "://") {
		issuer = "https://" + issuer
	}
	u, err := url.Parse(issuer)
	if err != nil {
		return url.URL{}
	}
	return *u
}
