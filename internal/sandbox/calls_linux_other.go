//go:build linux && !amd64

package sandbox

// alsoRefused is empty: the other architectures have the newer calls only.
var alsoRefused []uint32
