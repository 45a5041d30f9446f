package arcref

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// compareVersions orders two ARC versions by their numbers and gives -1, 0 or
// 1. Missing numbers count as 0 and what follows the numbers does not count:
// "7", "7.0.0rc1" and "7.0.0-1" are all equal. What is not a version comes
// before all versions.
func compareVersions(a, b string) int {
	x, _, errA := splitVersion(a)
	y, _, errB := splitVersion(b)
	if errA != nil || errB != nil {
		return cmp.Compare(boolInt(errA == nil), boolInt(errB == nil))
	}
	for i := range max(len(x), len(y)) {
		if c := cmp.Compare(at(x, i), at(y, i)); c != 0 {
			return c
		}
	}
	return 0
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func at(numbers []uint64, i int) uint64 {
	if i < len(numbers) {
		return numbers[i]
	}
	return 0
}

// splitVersion takes "7.2.0-1" apart: the numbers and the rest.
func splitVersion(version string) (numbers []uint64, rest string, err error) {
	rest = version
	for {
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		n, err := strconv.ParseUint(digits, 10, 64)
		if err != nil {
			return nil, "", fmt.Errorf("%q is not a version, want one such as 7.2.0", version)
		}
		numbers, rest = append(numbers, n), rest[len(digits):]
		if len(rest) < 2 || rest[0] != '.' || rest[1] < '0' || rest[1] > '9' {
			return numbers, rest, nil
		}
		rest = rest[1:]
	}
}

// isRelease says whether what follows the numbers is the mark of a packager
// ("-1", "+b2", "-1.el9") and not that of a development version ("rc1", "~rc1").
func isRelease(rest string) bool {
	return rest == "" || rest[0] == '-' || rest[0] == '+'
}
