package ber

// result is how the reading of one field ended.
type result int

const (
	bad     result = iota
	absent         // another element stands there, and the field is optional
	present        // read
)

// decoder reads by templates (asn1_item_embed_d2i and asn1_template_ex_d2i).
type decoder struct {
	build bool // whether Values are made
	loose bool // something was not in DER
}

// field reads one field of a SEQUENCE or CHOICE.
func (d *decoder) field(f Field, data []byte) (*Value, []byte, result) {
	if !f.Explicit {
		return d.item(f.Type, data, f)
	}
	in, r := d.enter(data, Context, f.Tag, f.Optional)
	if r != present {
		return nil, nil, r
	}
	if !in.constructed {
		return nil, nil, bad
	}
	v, rest, r := d.item(f.Type, in.data, Field{})
	if r != present {
		return nil, nil, bad
	}
	after, ok := in.leave(rest)
	if !ok {
		return nil, nil, bad
	}
	if !d.build {
		return nil, after, present
	}
	return &Value{Class: Context, Tag: f.Tag, Constructed: true, Whole: data[:len(data)-len(after)], Parts: []*Value{v}}, after, present
}

// item reads a value; the field says which tag it has and whether it may be missing.
func (d *decoder) item(t *Type, data []byte, f Field) (*Value, []byte, result) {
	class, tag := Universal, t.tag
	if f.Tagged && !f.Explicit {
		class, tag = Context, f.Tag
	}
	switch t.kind {
	case sequence:
		return d.sequence(t, data, class, tag, f.Optional)
	case listOf:
		return d.list(t, data, class, tag, f.Optional)
	case choice:
		return d.choice(t, data, f.Optional)
	}
	return d.primitive(t, data, class, tag, f.Optional)
}

// contents are those of a constructed element that is being read.
type contents struct {
	header
	data  []byte // where open, all that follows
	after []byte // what follows, where not open
}

// enter reads the header of an element with that tag.
func (d *decoder) enter(data []byte, class, tag int, optional bool) (contents, result) {
	h, ok := readHeader(data)
	switch {
	case !ok:
		return contents{}, bad
	case h.class != class || h.tag != tag:
		if optional {
			return contents{}, absent
		}
		return contents{}, bad
	}
	d.loose = d.loose || !h.minimal
	in := contents{header: h, data: data[h.size : h.size+h.length]}
	if !h.open {
		in.after = data[h.size+h.length:]
	}
	return in, present
}

// leave says what follows the element whose contents were read up to rest.
func (c contents) leave(rest []byte) (after []byte, ok bool) {
	if !c.open {
		return c.after, len(rest) == 0
	}
	if !isEnd(rest) {
		return nil, false
	}
	return rest[2:], true
}

func (d *decoder) sequence(t *Type, data []byte, class, tag int, optional bool) (*Value, []byte, result) {
	in, r := d.enter(data, class, tag, optional)
	if r != present {
		return nil, nil, r
	}
	if !in.constructed {
		return nil, nil, bad
	}
	var parts []*Value
	if d.build {
		parts = make([]*Value, len(t.fields))
	}
	rest := in.data
	for i, f := range t.fields {
		if len(rest) == 0 || isEnd(rest) {
			if !f.Optional {
				return nil, nil, bad
			}
			continue
		}
		if i == len(t.fields)-1 {
			f.Optional = false // what is left must be this one
		}
		v, after, r := d.field(f, rest)
		switch r {
		case bad:
			return nil, nil, bad
		case absent:
			continue
		}
		rest = after
		if d.build {
			parts[i] = v
		}
	}
	return d.made(in, data, rest, class, tag, parts)
}

func (d *decoder) made(in contents, data, rest []byte, class, tag int, parts []*Value) (*Value, []byte, result) {
	after, ok := in.leave(rest)
	if !ok {
		return nil, nil, bad
	}
	if !d.build {
		return nil, after, present
	}
	return &Value{Class: class, Tag: tag, Constructed: true, Whole: data[:len(data)-len(after)], Parts: parts}, after, present
}

// list reads a SEQUENCE OF or SET OF; OpenSSL does not ask whether it is marked as
// constructed.
func (d *decoder) list(t *Type, data []byte, class, tag int, optional bool) (*Value, []byte, result) {
	in, r := d.enter(data, class, tag, optional)
	if r != present {
		return nil, nil, r
	}
	d.loose = d.loose || !in.constructed
	var parts []*Value
	rest := in.data
	for len(rest) > 0 && !isEnd(rest) {
		v, after, r := d.item(t.of, rest, Field{})
		if r != present {
			return nil, nil, bad
		}
		rest = after
		if d.build {
			parts = append(parts, v)
		}
	}
	return d.made(in, data, rest, class, tag, parts)
}

func (d *decoder) choice(t *Type, data []byte, optional bool) (*Value, []byte, result) {
	for _, f := range t.fields {
		f.Optional = true
		if v, rest, r := d.field(f, data); r != absent {
			return v, rest, r
		}
	}
	if optional {
		return nil, nil, absent
	}
	return nil, nil, bad
}

// primitive is asn1_d2i_ex_primitive.
func (d *decoder) primitive(t *Type, data []byte, class, tag int, optional bool) (*Value, []byte, result) {
	h, ok := readHeader(data)
	if !ok {
		return nil, nil, bad
	}
	kind := t.tag // the universal type whose rules hold
	switch t.kind {
	case oneString:
		if h.class != Universal || h.tag > 30 || t.tags&(1<<h.tag) == 0 {
			return missing(optional)
		}
		kind = h.tag
	case anything:
		if kind = h.tag; h.class != Universal {
			return d.whole(h, data)
		}
	default:
		if tag == Unsigned {
			tag = Integer
		}
		if h.class != class || h.tag != tag {
			return missing(optional)
		}
	}
	if kind == Sequence || kind == Set {
		if !h.constructed {
			return nil, nil, bad
		}
		return d.whole(h, data)
	}
	if kind == 0 {
		return d.whole(h, data)
	}
	return d.string(h, data, kind)
}

func missing(optional bool) (*Value, []byte, result) {
	if optional {
		return nil, nil, absent
	}
	return nil, nil, bad
}

// whole keeps an element as it is.
func (d *decoder) whole(h header, data []byte) (*Value, []byte, result) {
	e, rest, ok := First(data)
	if !ok {
		return nil, nil, bad
	}
	d.loose = d.loose || !h.minimal
	if !d.build {
		return nil, rest, present
	}
	return &Value{Class: e.Class, Tag: e.Tag, Constructed: e.Constructed, Whole: e.Whole, Content: notNil(e.Content)}, rest, present
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func (d *decoder) string(h header, data []byte, kind int) (*Value, []byte, result) {
	content, rest := data[h.size:h.size+h.length], data[h.size+h.length:]
	if h.constructed {
		if inOnePiece(kind) {
			return nil, nil, bad
		}
		text, after, ok := joined(content, h.open, 0)
		if !ok {
			return nil, nil, bad
		}
		if content = text; h.open {
			rest = after
		}
	}
	if !sound(kind, content) {
		return nil, nil, bad
	}
	written := canonical(kind, content)
	d.loose = d.loose || !h.minimal || h.constructed || string(written) != string(content)
	if !d.build {
		return nil, rest, present
	}
	return &Value{Class: h.class, Tag: h.tag, Whole: data[:len(data)-len(rest)], Content: notNil(written)}, rest, present
}
