package admission

// NoStart is what keeps the service from starting on this arc.conf, or from serving
// anybody, as check says it. Who would get in is worked out all the same.
type NoStart struct {
	Path    string
	Line    int // 0 where it is about the file as a whole
	Rule    string
	Message string
	Starts  bool // the service starts, and serves nobody
}
