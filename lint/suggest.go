package lint

import "arclint/internal/arcref"

// DidYouMean adds the nearest of the names to the message, if one is near
// enough to be meant.
func (f *Finding) DidYouMean(name string, among []string) *Finding {
	if near, ok := arcref.Suggest(name, among); ok {
		f.Message += "; did you mean " + near + "?"
	}
	return f
}
