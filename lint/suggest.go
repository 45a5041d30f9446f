package lint

import "arclint/internal/arcref"

// DidYouMean adds the nearest of the names to the headline, if one is near
// enough to be meant.
func (f *Finding) DidYouMean(name string, among []string) *Finding {
	f.Suggest(name, among)
	return f
}

// Suggest is DidYouMean for those who can put the name in the place of the
// other: ok where the two differ by one slip. What is only alike is a question
// and no repair.
func (f *Finding) Suggest(name string, among []string) (near string, ok bool) {
	if near, ok = arcref.Suggest(name, among); ok {
		f.Headline += "; did you mean " + near + "?"
	}
	return near, ok && arcref.IsTypo(name, near)
}
