// Package presetkit is what the presets have in common.
package presetkit

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spikelane/spikelane/surrogate"
)

// Surrogates are the spike functions of a framework, by the names it gives
// them.
type Surrogates map[string]Surrogate

// Surrogate is a spike function of a framework.
type Surrogate struct {
	// Params are the names of its arguments, each of which must be given.
	Params []string
	// Make makes it of the arguments, in that order.
	Make func(p []float32) surrogate.Func
}

// Func is the spike function of a name and arguments, each of which must be
// known. Errors wrap [surrogate.ErrSurrogate].
func (s Surrogates) Func(framework, name string, params map[string]float64) (surrogate.Func, error) {
	make, ok := s[name]
	if !ok {
		return surrogate.Func{}, fmt.Errorf("%w: %s has no function %q, but %q", surrogate.ErrSurrogate, framework, name, slices.Sorted(maps.Keys(s)))
	}
	var list []float32
	for _, p := range make.Params {
		v, ok := params[p]
		if !ok {
			return surrogate.Func{}, fmt.Errorf("%w: %s' %s wants %q", surrogate.ErrSurrogate, framework, name, p)
		}
		list = append(list, float32(v))
	}
	for _, p := range slices.Sorted(maps.Keys(params)) {
		if !slices.Contains(make.Params, p) {
			return surrogate.Func{}, fmt.Errorf("%w: %s' %s has no parameter %q, but %q", surrogate.ErrSurrogate, framework, name, p, make.Params)
		}
	}
	f := make.Make(list)
	return f, f.Check()
}

// None is a function without parameters.
func None(make func() surrogate.Func) Surrogate {
	return Surrogate{Make: func([]float32) surrogate.Func { return make() }}
}

// One is a function of one parameter.
func One(make func(a float32) surrogate.Func, param string) Surrogate {
	return Surrogate{[]string{param}, func(p []float32) surrogate.Func { return make(p[0]) }}
}

// Two is a function of two parameters.
func Two(make func(a, b float32) surrogate.Func, a, b string) Surrogate {
	return Surrogate{[]string{a, b}, func(p []float32) surrogate.Func { return make(p[0], p[1]) }}
}

// Four is a function of four parameters.
func Four(make func(a, b, c, d float32) surrogate.Func, a, b, c, d string) Surrogate {
	return Surrogate{[]string{a, b, c, d}, func(p []float32) surrogate.Func { return make(p[0], p[1], p[2], p[3]) }}
}
