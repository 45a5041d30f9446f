//go:build !linux

package sandbox

// Enter does nothing: only Linux is known here.
func Enter(...string) Held { return Held{Missing: "this system is not Linux"} }
