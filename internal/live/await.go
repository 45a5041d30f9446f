package live

import (
	"context"
	"fmt"
	"time"
)

const betweenTries = 2 * time.Second

// NotLetIn is the error of a CE that did not let the positive control in.
type NotLetIn struct{ Why string } // of the last try

func (e *NotLetIn) Error() string {
	return fmt.Sprintf("the CE does not let the throw-away issuer in: %s", e.Why)
}

// Tries is how often Await asks in that time.
func Tries(most time.Duration) int { return int(most/betweenTries) + 1 }

// Await asks with the positive control until the CE lets it in, for most at the
// longest, and calls c.Progress before each try. The error is a *NotLetIn where
// the CE did not, or that of the configuration.
func Await(ctx context.Context, c Config, most time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	wait := c.Wait
	if wait == nil {
		wait = sleep
	}
	progress := c.Progress
	c.Progress = nil // of the cases, which come later
	last := "it was not asked"
	for range Tries(most) {
		if progress != nil {
			progress("waiting until the CE is prepared: " + last)
		}
		why, err := controlPasses(ctx, c)
		if err != nil || why == "" {
			return err
		}
		if ctx.Err() == nil {
			last = why
		}
		if wait(ctx, betweenTries) != nil {
			break
		}
	}
	return &NotLetIn{Why: last}
}

// controlPasses asks only whether the positive control with a token gets in, and
// says why not.
func controlPasses(ctx context.Context, c Config) (why string, err error) {
	m, err := newMaker(c)
	if err != nil {
		return "", err
	}
	control := m.control(byToken)
	if control == nil {
		return "", ErrConfig
	}
	r := &run{Config: c, pace: newPace(c)}
	return r.passes(ctx, byToken, *control), nil
}
