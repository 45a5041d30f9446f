package gridsec

import "arclint/internal/source"

// Misread is a line that ARC does not read as it was probably meant.
type Misread struct {
	Span     source.Span
	Headline string // what is wrong, without capital and period
	Effect   string // what ARC makes of it, in sentences
	Action   string // what to do
}
