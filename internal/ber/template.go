package ber

// Type is a type of ASN.1 as a template of OpenSSL describes it.
type Type struct {
	kind   kind
	tag    int     // of a primitive
	tags   uint32  // of the string types that one of may be
	of     *Type   // the type of the elements
	fields []Field // of a SEQUENCE or a CHOICE
}

type kind int

const (
	primitive kind = iota
	oneString      // any of some string types
	anything
	sequence
	listOf // SEQUENCE OF, SET OF
	choice
)

// Field is a member of a SEQUENCE or a CHOICE.
type Field struct {
	Type     *Type
	Optional bool
	Tagged   bool // with the tag in place of its own, or around it where Explicit
	Explicit bool
	Tag      int
}

// Prim is a primitive type.
func Prim(tag int) *Type { return &Type{kind: primitive, tag: tag} }

// Strings is a string of one of the types; each tag is below 31.
func Strings(tags ...int) *Type {
	t := &Type{kind: oneString}
	for _, tag := range tags {
		t.tags |= 1 << tag
	}
	return t
}

// Any is a value of any type. SEQUENCE, SET and what is not universal stay as they
// are.
func Any() *Type { return &Type{kind: anything} }

// Seq is a SEQUENCE.
func Seq(fields ...Field) *Type { return &Type{kind: sequence, tag: Sequence, fields: fields} }

// SeqOf is a SEQUENCE OF.
func SeqOf(of *Type) *Type { return &Type{kind: listOf, tag: Sequence, of: of} }

// SetOf is a SET OF, whose order OpenSSL does not look at.
func SetOf(of *Type) *Type { return &Type{kind: listOf, tag: Set, of: of} }

// OneOf is a CHOICE.
func OneOf(fields ...Field) *Type { return &Type{kind: choice, fields: fields} }

// F is a field that must be there.
func F(t *Type) Field { return Field{Type: t} }

// Opt is a field that may be missing.
func Opt(t *Type) Field { return Field{Type: t, Optional: true} }

// Implicit is the field with another tag.
func (f Field) Implicit(tag int) Field {
	f.Tagged, f.Tag = true, tag
	return f
}

// Within is the field in an element with that tag.
func (f Field) Within(tag int) Field {
	f.Tagged, f.Explicit, f.Tag = true, true, tag
	return f
}

// Value is what was read by a template.
type Value struct {
	Class, Tag  int
	Constructed bool     // in DER
	Whole       []byte   // as it stands
	Content     []byte   // of a primitive, in one piece, as DER writes it, or of what stays as it is; never nil
	Parts       []*Value // of a SEQUENCE one for each field, nil where it is missing; of a list the elements
}

// Read reads a value of the type from the beginning of the bytes; ok is false where
// OpenSSL refuses it.
func (t *Type) Read(data []byte) (v *Value, rest []byte, ok bool) {
	d := &decoder{build: true}
	v, rest, r := d.item(t, data, Field{})
	return v, rest, r == present
}

// Check says whether OpenSSL reads a value of the type at the beginning of the bytes
// (ok), whether it is in DER, and what follows it.
func (t *Type) Check(data []byte) (rest []byte, der, ok bool) {
	d := &decoder{}
	_, rest, r := d.item(t, data, Field{})
	return rest, !d.loose, r == present
}

// DER writes the value in DER; what stays as it is may have other forms in it.
func (v *Value) DER() []byte { return v.append(nil) }

func (v *Value) append(out []byte) []byte {
	if v.Class == Universal && v.Tag == 0 {
		return append(out, v.Whole...) // in DER it would look like the end of another element
	}
	if v.Content != nil {
		return append(appendHeader(out, v.Class, v.Tag, v.Constructed, len(v.Content)), v.Content...)
	}
	var body []byte
	for _, p := range v.Parts {
		if p != nil {
			body = p.append(body)
		}
	}
	return append(appendHeader(out, v.Class, v.Tag, true, len(body)), body...)
}
