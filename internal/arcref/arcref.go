// Package arcref knows which blocks and options each ARC release knows: their
// defaults, allowed values and multiplicity. The tables are made from the
// arc.conf.reference files of the released packages by internal/arcref/gen; no
// description is copied.
//
// What the reference does not say but ARC's code does stands in a small table
// with the file that proves it (see WithCode). What a release does with a value
// is not known here.
package arcref

// Reference is what one release's arc.conf.reference says. The references that
// For and Nearest give are shared: do not change them.
type Reference struct {
	Version string   // "7.2.0"; the file's name for a reference given by the user
	Blocks  []*Block // in ARC's block order
}

// Block is one block: "arex/ws/jobs", or "authgroup" where Named is set.
//
// No reference marks a mandatory block. Mandatory is the list of ARC's
// validators, which is the same in all releases (arc-checks b1.16, b2.9, b3).
// It is not what a service needs in order to start: ARC 6.17 refuses to start
// without one of them, ARC 7 only without [arex/ws], [mapping] or [lrms]
// (arc-behaviour C1).
type Block struct {
	Name      string
	Named     bool // carries an identifier: [authgroup:name]
	Mandatory bool
	Free      bool // [custom:name]: holds what other programs want, ARC reads none of it
	Options   []*Option
	Moved     []Moved // names that the reference lists only to say where they went
	Was       string  // its name in ARC 5, where the reference says "previously"
}

// Option is one option of a block.
type Option struct {
	Name        string
	Default     string // verbatim, may hold $VAR{}, $EXEC{}, $EVAL{}
	HasDefault  bool   // false: "undefined"
	Allowed     []string
	Multivalued bool
	Sequenced   bool   // order among the options of the block counts
	Mandatory   bool   // starred in the reference; ARC's validators enforce [lrms] lrms alone
	Deprecated  bool   // the reference calls it obsolete or removed, and still lists it
	Rule        bool   // a rule of [authgroup]: the name may carry the prefixes + - !
	Was         string // its name in ARC 5, where the reference says "previously"

	// Unlisted: the release's arc.parser.defaults lacks the option, because the
	// reference does not give it in the form that ARC's extractor reads or does
	// not give it at all. ARC reads it all the same, but `arcctl config verify`
	// of ARC 7 calls it an error (arc-checks b5.7), no default is filled in, and
	// ARC 6.17 does not start on it unless another block has an option of that
	// name (arc-checks b1.7).
	Unlisted bool

	// Source is the ARC file that reads the option, where the reference is
	// silent or incomplete about it. Empty: the reference says it all.
	Source string
}

// Moved is a name that is no option any more: ARC does not read it here.
type Moved struct {
	Name          string
	Block, Option string // what to write instead
}
