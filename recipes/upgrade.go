package recipes

import (
	"errors"

	"arclint/internal/site"
)

var upgrade = Recipe{
	ID:    "upgrade",
	Title: "make arc.conf ready for the release of --target",
	Plan:  func(*site.Site, Params) (Plan, error) { return Plan{}, errors.New("not written yet") },
}
