// Package arcref knows which blocks and options each ARC release knows: their
// defaults, allowed values and multiplicity. The tables are made from the
// arc.conf.reference files of the released packages by internal/arcref/gen; no
// description is copied.
package arcref

// Reference is what one release's arc.conf.reference says.
type Reference struct {
	Version string // "7.2.0"; the file's name for a reference given by the user
	Blocks  []*Block
}

// Block is one block: "arex/ws/jobs", or "authgroup" where Named is set.
type Block struct {
	Name      string
	Named     bool // carries an identifier: [authgroup:name]
	Mandatory bool
	Options   []*Option
}

// Option is one option of a block.
type Option struct {
	Name        string
	Default     string // verbatim, may hold $VAR{}, $EXEC{}, $EVAL{}
	HasDefault  bool   // false: "undefined"
	Allowed     []string
	Multivalued bool
	Sequenced   bool // order among the options of the block counts
	Mandatory   bool
}
