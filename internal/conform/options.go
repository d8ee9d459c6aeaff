package conform

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
)

// options are the parameters of a case as the options of a layer.
type options struct {
	values  map[string]any
	numbers map[string][]numbers // by the case's names
	unused  []string             // parameters that the equation does not read
	fires   surrogate.Func
}

// oldSlopes are the slopes of spikes at membranes, with the threshold of the
// options.
func (o *options) oldSlopes(v []float32) []float32 {
	slopes := make([]float32, len(v))
	for i := range v {
		slopes[i] = v[i] - o.numbers["threshold"][0].values[0]
	}
	o.fires.Derivative(slopes, slopes)
	return slopes
}

// numbers are those of a parameter: one, or one a neuron.
type numbers struct {
	option    string
	elsewhere bool // the option is the parameter of another layer
	values    []float32
}

// options reads all parameters of a case.
func (c class) options(m *vectors.Case, p *vectors.Fields) (*options, error) {
	o := &options{values: maps.Clone(c.always), numbers: map[string][]numbers{}}
	if o.values == nil {
		o.values = map[string]any{}
	}
	f, err := c.surrogateOf(m.Meta, p)
	if err != nil {
		return nil, err
	}
	if !f.IsZero() {
		if err := o.surrogate(c.typ, f); err != nil {
			return nil, err
		}
	}
	arguments := slices.Collect(maps.Values(c.arguments))
	for _, key := range p.Keys() {
		check := c.checks[key]
		_, isWeight := c.weights[key]
		switch {
		case check != nil:
			if err := check(p); err != nil {
				return nil, fmt.Errorf("conform: %w: %w", vectors.ErrCase, err)
			}
			p.Skip(key)
		case slices.Contains(c.unused, key):
			p.Skip(key)
			o.unused = append(o.unused, key)
		case slices.Contains(c.elsewhere, key), isWeight || c.surrogate != nil && (slices.Contains(arguments, key) || key == c.named):
			// Read with the weights, and with the surrogate.
		default:
			if err := c.option(o, p, key); err != nil {
				return nil, err
			}
		}
	}
	for name, unused := range c.fit {
		if !unused(o.values) {
			continue
		}
		delete(o.values, name)
		delete(o.numbers, name)
		o.unused = append(o.unused, name)
	}
	return o, p.Err()
}

// option reads one parameter.
func (c class) option(o *options, p *vectors.Fields, key string) error {
	v := p.Peek(key)
	switch v.(type) {
	case float64, []any:
		return c.number(o, p, key)
	}
	p.Skip(key)
	name := key
	if to, ok := c.renamed[key]; ok {
		name = to
	}
	if to, ok := c.opposite[key]; ok {
		if p.Flag(key) {
			return nil
		}
		v, name = true, to
	} else if w, ok := c.words[key]; ok {
		if v, ok = w.values[v]; !ok {
			return fmt.Errorf("conform: %w: %s is %v", vectors.ErrCase, key, p.Peek(key))
		}
		name = w.option
	}
	if v != nil {
		o.values[name] = v
	} else if _, ok := c.words[key]; !ok {
		return fmt.Errorf("conform: %w: %s is null", vectors.ErrCase, key)
	}
	return nil
}

// number reads one that is a number, or some.
func (c class) number(o *options, p *vectors.Fields, key string) error {
	values, name := p.Numbers(key), key
	if to, ok := c.renamed[key]; ok {
		name = to
	}
	names := []string{name}
	if key == "decay_constants" && c.split != nil {
		names = c.split
	}
	if len(values) == 0 || len(values)%len(names) != 0 {
		return fmt.Errorf("conform: %w: %s has %d numbers", vectors.ErrCase, key, len(values))
	}
	each := len(values) / len(names)
	for i, name := range names {
		v := numbers{name, c.typ == "snnax.Response" && len(names) > 1, values[i*each : (i+1)*each]}
		o.numbers[key] = append(o.numbers[key], v)
		if !v.elsewhere {
			o.values[name] = v.values[0]
		}
	}
	return nil
}

// surrogate sets the option of a layer that is a spike function.
func (o *options) surrogate(typ string, f surrogate.Func) error {
	l, err := snn.Unmarshal(typ, nil)
	if err != nil {
		return err
	}
	t := reflect.TypeOf(l)
	for i := range t.NumField() {
		if t.Field(i).Type == reflect.TypeFor[surrogate.Func]() {
			o.values[jsonName(t.Field(i))], o.fires = f, f
			return nil
		}
	}
	return fmt.Errorf("conform: %w: %s has no surrogate", vectors.ErrCase, typ)
}

// jsonName is the name of an option in files.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
