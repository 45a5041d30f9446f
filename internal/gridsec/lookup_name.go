package gridsec

// ParseChainName takes apart a name as ChainName makes it; ok is false for a
// name that the hash lookup never asks for (upper case, leading zeros, more or
// fewer than eight digits).
func ParseChainName(name string) (hash uint32, suffix string, number int, ok bool) {
	h, ok := parseHashName(name)
	return h.hash, h.suffix, h.number, ok
}
