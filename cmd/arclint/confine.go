package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"arclint/internal/prose"
	"arclint/internal/sandbox"
)

// confineKey is where an App keeps what confines its process, where it is one of
// its own.
const confineKey = "confine"

// confine gives up what reading the site does not need, once its root is open,
// and says what the kernel holds where --verbose asks. The command must not write,
// run or connect afterwards.
func (o opened) confine(c *cli.Context) {
	enter, ok := c.App.Metadata[confineKey].(func(...string) sandbox.Held)
	if !ok {
		return
	}
	held := enter(o.dirs...)
	if c.Bool("verbose") {
		// Where this cannot be written, the answer matters more.
		_, _ = fmt.Fprintln(c.App.ErrWriter, "arclint: "+prose.Safe(held.String()))
	}
}
