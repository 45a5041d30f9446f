package gridsec

import (
	"bytes"
	"encoding/base64"
	"strings"

	"arclint/internal/source"
)

// The labels of PEM blocks that matter (OpenSSL's pem.h).
const (
	beginMark    = "-----BEGIN "
	endMark      = "-----END "
	tailMark     = "-----"
	crlLabel     = "X509 CRL"
	certLabel    = "CERTIFICATE"
	oldCertLabel = "X509 CERTIFICATE"
	trustedLabel = "TRUSTED CERTIFICATE"
	keyLabel     = "PRIVATE KEY" // in all labels of private keys
)

func isCertificateLabel(label string) bool {
	return label == certLabel || label == oldCertLabel || label == trustedLabel
}

// pemBlock is one block as OpenSSL's PEM_read_bio meets it.
type pemBlock struct {
	label    string
	span     source.Span // from BEGIN to the end of END, or to where reading ended
	der      []byte
	header   bool   // it has header lines: only encrypted keys do
	fault    string // why OpenSSL cannot read it
	indented bool   // OpenSSL takes it for text before a block
}

// scanPEM gives the blocks of a file in order. It follows PEM_read_bio of
// OpenSSL 3 (pem_lib.c): a block begins with a line that has BEGIN at column 1
// and nothing but blanks after it, a byte order mark before it is taken away,
// lines longer than 254 bytes are cut. After a block that cannot be read it
// goes on, which OpenSSL does not. Blocks of private keys have no bytes unless
// keys is set.
func scanPEM(f *source.File, keys bool) []pemBlock {
	var blocks []pemBlock
	in := lineReader{data: f.Data}
	first := true
	for {
		line, ok := in.next()
		if !ok {
			return blocks
		}
		start := line.start
		text := line.text
		if first && len(text) > 0 {
			if rest, found := bytes.CutPrefix(text, []byte("\xef\xbb\xbf")); found {
				text, start = rest, start+3
			}
		}
		first = false
		label, indented, ok := beginLabel(text)
		if !ok {
			continue
		}
		b := pemBlock{label: label, indented: indented}
		b.span = source.Span{File: f, Start: start}
		if indented || b.isKey() && !keys {
			b.span.End = in.skip(&b, line.end)
		} else {
			b.span.End = max(in.body(&b), line.end)
		}
		blocks = append(blocks, b)
		first = true // OpenSSL looks for the mark at the start of each search
	}
}

// beginLabel reads a BEGIN line, which has its blanks at the end taken away.
func beginLabel(line []byte) (label string, indented, ok bool) {
	inner := bytes.TrimLeft(line, " \t")
	if !bytes.HasPrefix(inner, []byte(beginMark)) || !bytes.HasSuffix(inner, []byte(tailMark)) || len(inner) < len(beginMark)+len(tailMark) {
		return "", false, false
	}
	return string(inner[len(beginMark) : len(inner)-len(tailMark)]), len(inner) < len(line), true
}

// pemLine is a line without its end and the blanks before it.
type pemLine struct {
	text       []byte
	start, end int  // end is that of the text
	partial    bool // the line goes on: it was cut
}

// lineReader cuts as BIO_gets with a buffer of 255 bytes does.
type lineReader struct {
	data []byte
	at   int
}

const maxPEMLine = 254

func (r *lineReader) next() (pemLine, bool) {
	if r.at >= len(r.data) {
		return pemLine{}, false
	}
	start := r.at
	end := min(start+maxPEMLine, len(r.data))
	partial := end-start == maxPEMLine
	if n := bytes.IndexByte(r.data[start:end], '\n'); n >= 0 {
		end, partial = start+n+1, false
	}
	r.at = end
	for end > start && isPEMBlank(r.data[end-1]) {
		end--
	}
	return pemLine{r.data[start:end], start, end, partial}, true
}

// isPEMBlank: OpenSSL compares signed characters, so that bytes beyond ASCII
// count as blanks at the end of a line.
func isPEMBlank(c byte) bool { return c <= ' ' || c >= 0x80 }

// body reads what follows a BEGIN line, up to its END line, and gives the
// offset at which it ended.
func (r *lineReader) body(b *pemBlock) int {
	// The text has its room at once: a slice that grew would leave a key behind.
	text := make([]byte, 0, max(bytes.Index(r.data[r.at:], []byte(endMark)), 0))
	defer func() { clear(text) }()
	var first []byte // line of the block
	state, short, cut, end := mayBeHeader, false, false, r.at
	for {
		before := r.at
		line, ok := r.next()
		if !ok {
			b.fault = "the PEM block has no END line"
			return end
		}
		wasCut := cut
		cut = line.partial
		switch {
		case len(line.text) == 0 && wasCut:
			continue
		case len(line.text) == 0 && state == afterHeader:
			b.fault = "the PEM block has an empty line in it"
			return end
		case len(line.text) == 0:
			state, text = afterHeader, text[:0]
			continue
		case bytes.HasPrefix(line.text, []byte(endMark)):
			b.finish(line, first, text, state)
			return line.end
		case bytes.HasPrefix(line.text, []byte(beginMark)):
			b.fault = "the PEM block has no END line"
			r.at = before // the next block may be sound
			return end
		case short:
			b.fault = "the PEM block has a short line before its end"
			return line.end
		case state == afterHeader && len(line.text) > 64:
			b.fault = "the PEM block has a line of more than 64 characters after an empty line"
			return line.end
		}
		end = line.end
		short = state == afterHeader && len(line.text) < 64
		if state != afterHeader && first == nil {
			first = line.text
		}
		if state == mayBeHeader && bytes.IndexByte(line.text, ':') >= 0 {
			state = inHeader
		}
		text = appendDense(text, line.text)
	}
}

// Where in a block the reader is: only an empty line ends a header, and without
// one there was none.
const (
	mayBeHeader = iota
	inHeader
	afterHeader
)

// appendDense appends a line without the blanks in it.
func appendDense(text, line []byte) []byte {
	if bytes.IndexByte(line, ' ') < 0 && bytes.IndexByte(line, '\t') < 0 {
		return append(text, line...)
	}
	for _, c := range line {
		if c != ' ' && c != '\t' && c != '\r' {
			text = append(text, c)
		}
	}
	return text
}

// finish turns the base64 text of a block into bytes at its END line.
func (b *pemBlock) finish(line pemLine, first, text []byte, state int) {
	b.header = state != mayBeHeader && first != nil
	switch {
	case string(line.text) != endMark+b.label+tailMark:
		b.fault = "the END line of the PEM block has another label than its BEGIN line"
	case state == inHeader, b.header && !bytes.HasPrefix(first, []byte("Proc-Type:")):
		b.fault = "the PEM block has an empty line or a header in it"
	default:
		der := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
		n, err := base64.StdEncoding.Decode(der, text)
		if err != nil || n == 0 {
			clear(der)
			b.fault = "the PEM block is not base64"
			return
		}
		b.der = der[:n]
	}
}

// skip reads over a block whose contents do not matter, and gives the end of
// it.
func (r *lineReader) skip(b *pemBlock, end int) int {
	resume := r.at
	for {
		line, ok := r.next()
		if !ok {
			break
		}
		inner := line.text
		if b.indented {
			inner = bytes.TrimLeft(inner, " \t")
		}
		if string(inner) == endMark+b.label+tailMark {
			return line.end
		}
		if bytes.HasPrefix(inner, []byte(beginMark)) {
			break
		}
	}
	r.at = resume
	b.fault = "the PEM block has no END line"
	return end
}

func (b *pemBlock) isKey() bool { return strings.Contains(b.label, keyLabel) }

// blankPrivateKeys overwrites, in place, the lines of all PEM blocks of private
// keys with blanks, and says whether there was one. It finds them anywhere in a
// line, without an end and below a misspelt mark, because it is better to blank
// too much.
func blankPrivateKeys(data []byte) bool {
	found := false
	for at := 0; ; {
		n := bytes.Index(data[at:], []byte(keyLabel))
		if n < 0 {
			return found
		}
		start := bytes.LastIndexByte(data[:at+n], '\n') + 1
		before := data[start : at+n]
		at += n + len(keyLabel)
		after := data[at:]
		if end := bytes.IndexByte(after, '\n'); end >= 0 {
			after = after[:end]
		}
		tail := bytes.Index(after, []byte(tailMark))
		if bytes.Contains(before, []byte(endMark)) || tail < 0 && !bytes.Contains(before, []byte(tailMark)) {
			continue
		}
		found = true
		if tail >= 0 {
			at += tail + len(tailMark)
		} else {
			at += len(after)
		}
		end := len(data)
		if n := bytes.Index(data[at:], []byte(endMark)); n >= 0 {
			end = at + n
		}
		for i := at; i < end; i++ {
			if data[i] != '\n' && data[i] != '\r' {
				data[i] = ' '
			}
		}
		at = end
	}
}
