package source

import (
	"fmt"
	"sort"
)

// Edit replaces the bytes of a span by New; an empty span inserts, an empty New
// removes.
type Edit struct {
	Span Span
	New  string
}

// Apply gives the bytes of the file with the edits made. All edits speak of the
// original bytes; their order does not matter, but they must not overlap. Two
// equal edits count once (two findings may propose the same repair). An edit of
// another file, outside the file, or that overlaps another is an error.
//
// Where the file hides bytes, so does what Apply gives; ApplyReal gives what the
// file is to hold.
func Apply(f *File, edits []Edit) ([]byte, error) { return apply(f, f.Data, edits) }

// ApplyReal is Apply on the bytes that the file really holds. An edit that would
// write what is hidden is an error.
func ApplyReal(f *File, edits []Edit) ([]byte, error) {
	spared, err := Spare(f, edits)
	if err != nil {
		return nil, err
	}
	return apply(f, f.Real(), spared)
}

func apply(f *File, data []byte, edits []Edit) ([]byte, error) {
	sorted := append([]Edit(nil), edits...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Span.Start < sorted[j].Span.Start })
	var out []byte
	at := 0
	for i, e := range sorted {
		if i > 0 && e == sorted[i-1] {
			continue
		}
		switch {
		case e.Span.File != f:
			return nil, fmt.Errorf("%s: edit belongs to %s", f.Path, e.Span.Path())
		case e.Span.Start < 0 || e.Span.End > len(f.Data) || e.Span.Start > e.Span.End:
			return nil, fmt.Errorf("%s: edit of bytes %d to %d is outside the file", f.Path, e.Span.Start, e.Span.End)
		case e.Span.Start < at:
			return nil, fmt.Errorf("%s: two edits overlap at byte %d", f.Path, e.Span.Start)
		}
		out = append(out, data[at:e.Span.Start]...)
		out = append(out, e.New...)
		at = e.Span.End
	}
	return append(out, data[at:]...), nil
}
