// Package refdiff writes the difference of two arc.conf.reference files: for
// people, and as JSON. It decides nothing and sorts nothing.
package refdiff

import (
	"io"

	"arclint/internal/arcref"
	"arclint/internal/report"
)

// The types below are the machine contract, version 1; arrays are never null. A
// default that is not there is "undefined", as ARC's reference writes it.

type changesJSON struct {
	Version           int              `json:"version"`
	From              referenceJSON    `json:"from"`
	To                referenceJSON    `json:"to"`
	BlocksAdded       []blockJSON      `json:"blocks_added"`
	BlocksRemoved     []removedJSON    `json:"blocks_removed"`
	BlocksChanged     []blockFlagJSON  `json:"blocks_changed"`
	OptionsAdded      []optionJSON     `json:"options_added"`
	OptionsRemoved    []lostJSON       `json:"options_removed"`
	OptionsMoved      []movedJSON      `json:"options_moved"`
	DefaultsChanged   []defaultJSON    `json:"defaults_changed"`
	AllowedChanged    []allowedJSON    `json:"allowed_changed"`
	PropertiesChanged []optionFlagJSON `json:"properties_changed"`
}

type referenceJSON struct {
	Reference string `json:"reference"`
}

type blockJSON struct {
	Block     string       `json:"block"`
	Named     bool         `json:"named"`
	Mandatory bool         `json:"mandatory"`
	Options   []optionJSON `json:"options"`
}

type removedJSON struct {
	Block     string   `json:"block"`
	Named     bool     `json:"named"`
	Mandatory bool     `json:"mandatory"`
	Options   []string `json:"options"`
	Migration string   `json:"migration"`
}

type blockFlagJSON struct {
	Block    string `json:"block"`
	Property string `json:"property"`
	From     bool   `json:"from"`
	To       bool   `json:"to"`
}

type optionJSON struct {
	Block       string   `json:"block"`
	Option      string   `json:"option"`
	Default     string   `json:"default"`
	Allowed     []string `json:"allowed"`
	Multivalued bool     `json:"multivalued"`
	Sequenced   bool     `json:"sequenced"`
	Mandatory   bool     `json:"mandatory"`
	Deprecated  bool     `json:"deprecated"`
	ReadBy      string   `json:"read_by"`
}

type lostJSON struct {
	Block     string `json:"block"`
	Option    string `json:"option"`
	Default   string `json:"default"`
	ReadBy    string `json:"read_by"`
	Migration string `json:"migration"`
}

type movedJSON struct {
	Block    string `json:"block"`
	Option   string `json:"option"`
	ToBlock  string `json:"to_block"`
	ToOption string `json:"to_option"`
}

type defaultJSON struct {
	Block  string `json:"block"`
	Option string `json:"option"`
	From   string `json:"from"`
	To     string `json:"to"`
}

type allowedJSON struct {
	Block   string   `json:"block"`
	Option  string   `json:"option"`
	From    []string `json:"from"`
	To      []string `json:"to"`
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
}

type optionFlagJSON struct {
	Block    string `json:"block"`
	Option   string `json:"option"`
	Property string `json:"property"`
	From     bool   `json:"from"`
	To       bool   `json:"to"`
}

// JSON writes the changes as one object. read_by names the ARC file that reads
// an option although one of the two references is silent about it.
func JSON(w io.Writer, c arcref.Changes) error {
	out := changesJSON{
		Version: 1, From: referenceJSON{c.From}, To: referenceJSON{c.To},
		BlocksAdded: []blockJSON{}, BlocksRemoved: []removedJSON{}, BlocksChanged: []blockFlagJSON{},
		OptionsAdded: []optionJSON{}, OptionsRemoved: []lostJSON{}, OptionsMoved: []movedJSON{},
		DefaultsChanged: []defaultJSON{}, AllowedChanged: []allowedJSON{}, PropertiesChanged: []optionFlagJSON{},
	}
	for _, b := range c.Blocks {
		out.block(b)
	}
	return report.JSON(w, out)
}

func (out *changesJSON) block(b arcref.BlockChange) {
	switch {
	case b.Old == nil:
		added := blockJSON{Block: b.Name, Named: b.New.Named, Mandatory: b.New.Mandatory, Options: []optionJSON{}}
		for _, o := range b.New.Documented() {
			added.Options = append(added.Options, optionOf(b.Name, o))
		}
		out.BlocksAdded = append(out.BlocksAdded, added)
	case b.New == nil:
		removed := removedJSON{Block: b.Name, Named: b.Old.Named, Mandatory: b.Old.Mandatory, Options: []string{}, Migration: arcref.Known().Migration(b.Name, "")}
		for _, o := range b.Old.Documented() {
			removed.Options = append(removed.Options, o.Name)
		}
		out.BlocksRemoved = append(out.BlocksRemoved, removed)
	}
	for _, f := range b.Flags() {
		out.BlocksChanged = append(out.BlocksChanged, blockFlagJSON{b.Name, f.Flag, !f.Set, f.Set})
	}
	for _, o := range b.Options {
		out.option(b.Name, o)
	}
}

func (out *changesJSON) option(block string, o arcref.OptionChange) {
	switch {
	case o.Old == nil:
		added := optionOf(block, o.New)
		added.ReadBy = o.ReadBy
		out.OptionsAdded = append(out.OptionsAdded, added)
	case o.New == nil && o.Moved != nil:
		out.OptionsMoved = append(out.OptionsMoved, movedJSON{block, o.Name, o.Moved.Block, o.Moved.Option})
	case o.New == nil:
		out.OptionsRemoved = append(out.OptionsRemoved, lostJSON{block, o.Name, o.Old.DefaultText(), o.ReadBy, arcref.Known().Migration(block, o.Name)})
	default:
		out.changed(block, o)
	}
}

func (out *changesJSON) changed(block string, o arcref.OptionChange) {
	if o.DefaultChanged() {
		out.DefaultsChanged = append(out.DefaultsChanged, defaultJSON{block, o.Name, o.Old.DefaultText(), o.New.DefaultText()})
	}
	if added, removed := o.Allowed(); len(added)+len(removed) > 0 {
		out.AllowedChanged = append(out.AllowedChanged, allowedJSON{
			block, o.Name, report.OrEmpty(o.Old.Allowed), report.OrEmpty(o.New.Allowed), report.OrEmpty(added), report.OrEmpty(removed),
		})
	}
	for _, f := range o.Flags() {
		out.PropertiesChanged = append(out.PropertiesChanged, optionFlagJSON{block, o.Name, f.Flag, !f.Set, f.Set})
	}
}

func optionOf(block string, o *arcref.Option) optionJSON {
	return optionJSON{
		Block: block, Option: o.Name, Default: o.DefaultText(), Allowed: report.OrEmpty(o.Allowed),
		Multivalued: o.Multivalued, Sequenced: o.Sequenced, Mandatory: o.Mandatory, Deprecated: o.Deprecated,
	}
}
