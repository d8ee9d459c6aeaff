package main

import (
	"fmt"

	"github.com/alecthomas/kong"
)

// given are the flags of a command that its user wrote.
type given struct{ flags map[string]bool }

// AfterApply is called by kong.
func (g *given) AfterApply(k *kong.Context) error {
	g.flags = map[string]bool{}
	for _, p := range k.Path {
		if p.Flag != nil && !p.Resolved {
			g.flags[p.Flag.Name] = true
		}
	}
	return nil
}

// unused reports the first of some flags that was given, since it does nothing
// for that reason.
func (g given) unused(reason string, flags ...string) error {
	for _, name := range flags {
		if g.flags[name] {
			return fmt.Errorf("--%s is not used: %s", name, reason)
		}
	}
	return nil
}

// nirFlags are those of discretization.
var nirFlags = []string{"as", "dt", "method", "gain", "reset", "timing", "start", "arrival", "tie", "lenient"}
