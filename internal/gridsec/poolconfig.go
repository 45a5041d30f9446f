package gridsec

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/ini.v1"

	"arclint/internal/rootfs"
	"arclint/internal/source"
)

// PoolConfig is the file config of a pool. No such file is no error.
type PoolConfig struct {
	Path     string
	Info     rootfs.Info
	Source   *source.File // nil where there is none, or where it could not be read
	Err      error
	Days     uint32 // after which the account of a lease may go to another subject; 0: never
	Problems []Misread
}

// defaultDays is SELFUNMAP_TIME of simplemap.h.
const defaultDays = 10

func (r *Reader) poolConfig(path string) *PoolConfig {
	c := &PoolConfig{Path: path, Days: defaultDays}
	c.Source, c.Info, c.Err = r.readText(path)
	switch {
	case errors.Is(c.Err, fs.ErrNotExist):
		c.Err = nil
	case c.Err == nil:
		c.parse()
	}
	return c
}

// lifetime is Days as ARC counts them: seconds in 32 bits.
func (c *PoolConfig) lifetime() time.Duration {
	return time.Duration(c.Days*secondsOfDay) * time.Second
}

const secondsOfDay = 24 * 60 * 60

// maxDays is the most that does not run over in ARC's 32 bits.
const maxDays = (1<<32 - 1) / secondsOfDay

// parse reads as the constructor of SimpleMap does: the bytes before the first
// "=" of a line must be timeout, with no blank around it, and those behind it a
// number and nothing more. arc.conf.reference says INI, so go-ini says what was
// meant.
func (c *PoolConfig) parse() {
	for n := 1; n <= c.Source.Lines(); n++ {
		line := wholeLine(c.Source, n)
		key, value, ok := strings.Cut(line.Text(), "=")
		if !ok || key != poolTimeout {
			c.checkLine(line, ok)
			continue
		}
		days, err := parseDays(value)
		if err != nil {
			c.misread(line, "the value of timeout is not a number of days", notRead, "Write the number right after the equals sign, and nothing after it.")
			continue
		}
		if days > maxDays {
			c.misread(line, "timeout is more than "+strconv.Itoa(maxDays)+" days", "ARC counts seconds in 32 bits, which overflow.",
				"Write fewer days, or 0 for no end.")
		}
		c.Days = days
	}
}

const poolTimeout = "timeout"

// parseDays is Arc::stringto for an unsigned number: blanks before it are
// passed over, anything behind it is an error, and a minus sign wraps.
func parseDays(text string) (uint32, error) {
	text = strings.TrimLeft(text, " \t\r\n\v\f")
	negative := strings.HasPrefix(text, "-")
	digits := text
	if negative || strings.HasPrefix(text, "+") {
		digits = text[1:]
	}
	days, err := strconv.ParseUint(digits, 10, 32)
	if negative {
		days = -days
	}
	return uint32(days), err
}

// checkLine says where a line that ARC passes over was meant as a setting.
func (c *PoolConfig) checkLine(line source.Span, setting bool) {
	meant := iniKeys(line.Text())
	switch {
	case slices.Contains(meant, poolTimeout) && setting:
		c.misread(line, "timeout is not all that is before the equals sign", notRead, "Write timeout=days, without blanks.")
	case slices.Contains(meant, poolTimeout):
		c.misread(line, "timeout has no equals sign after it", notRead, "Write timeout=days.")
	case len(meant) > 0:
		c.misread(line, "ARC knows no such setting of a pool", notRead, "Write timeout=days, or remove the line.")
	}
}

// iniKeys are the keys that a line of an INI file sets.
func iniKeys(line string) []string {
	file, err := ini.LoadSources(ini.LoadOptions{
		IgnoreInlineComment:     true,
		IgnoreContinuation:      true,
		SkipUnrecognizableLines: true,
		Insensitive:             true,
	}, []byte(line))
	if err != nil {
		return nil
	}
	return file.Section("").KeyStrings()
}

const notRead = "ARC does not read the line."

func (c *PoolConfig) misread(at source.Span, headline, effect, action string) {
	c.Problems = append(c.Problems, Misread{at, headline, effect, action})
}
