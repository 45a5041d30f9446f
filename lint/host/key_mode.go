package host

import (
	"errors"
	"fmt"
	"io/fs"

	"arclint/internal/site"
	"arclint/lint"
)

var keyMode = &lint.Rule{
	ID:       "host/key-mode",
	Title:    "Others than root may read or change the host key",
	Why:      "Whoever can read the host key can pose as this CE. ARC 6.17 does not start unless the mode is 0400 or 0600; ARC 7 reports an error in verify and starts all the same.",
	Source:   "arc-checks b1.9, b4 (mode & 0177)",
	Severity: lint.Error,
	Recipe:   "fix-modes",
	Check: func(s *site.Site, r *lint.Reporter) {
		if errors.Is(s.Host.KeyErr, fs.ErrNotExist) || s.Host.KeyInfo.Path == "" {
			return
		}
		if mode := s.Host.KeyInfo.Mode.Perm(); mode&0o177 != 0 {
			r.Path(s.Host.KeyPath, "mode is %04o, want 0400 or 0600: whoever reads this key can pose as the CE", mode).
				With("path", s.Host.KeyPath).With("mode", fmt.Sprintf("%04o", 0o400))
		}
	},
}
