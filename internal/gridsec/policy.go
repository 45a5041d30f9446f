package gridsec

// Policy is a *.signing_policy file (EACL, as Globus writes it).
type Policy struct{}

// Namespaces is a *.namespaces file (EUGridPMA). No ARC release reads it (arc-behaviour E1).
type Namespaces struct{}

// CAInfo is a *.info file of the IGTF distribution.
type CAInfo struct{}
