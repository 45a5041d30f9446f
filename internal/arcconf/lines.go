package arcconf

import "iter"

// linesOf gives the offsets of each line of text without its end. A line ends
// in \n, \r\n or \r alone, as in Python's text mode, and in no other character:
// form feeds, U+0085 and U+2028 stand inside lines.
func linesOf(text string) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		from := 0
		for i := 0; i < len(text); i++ {
			if text[i] != '\n' && text[i] != '\r' {
				continue
			}
			to := i
			if text[i] == '\r' && i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			if !yield(from, to) {
				return
			}
			from = i + 1
		}
		if from < len(text) {
			yield(from, len(text))
		}
	}
}
