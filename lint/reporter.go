package lint

// Reporter collects what one rule finds.
type Reporter struct {
	rule     *Rule
	findings []Finding
	skips    []Skip
}
