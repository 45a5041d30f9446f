package live

import (
	"context"
	"time"
)

// pace keeps two questions apart.
type pace struct {
	gap   time.Duration
	wait  func(context.Context, time.Duration) error
	first bool
}

func newPace(c Config) *pace {
	rate := c.Rate
	if rate <= 0 {
		rate = DefaultRate
	}
	p := &pace{gap: time.Duration(float64(time.Second) / min(rate, MaxRate)), wait: c.Wait, first: true}
	if p.wait == nil {
		p.wait = sleep
	}
	return p
}

// next waits until the next question may be asked. The error is that of the
// context.
func (p *pace) next(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if p.first {
		p.first = false
		return nil
	}
	return p.wait(ctx, p.gap)
}

// sleep waits, or gives the error of the context where that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
