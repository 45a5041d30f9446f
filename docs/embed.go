// Package docs holds the pages that the program itself shows.
package docs

import _ "embed"

//go:embed arc-behaviour.md
var behaviour string

// Behaviour is the page of the measured facts, arc-behaviour.md, as Markdown.
func Behaviour() string { return behaviour }
