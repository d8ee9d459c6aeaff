package conform

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/tensor"
)

// free are the entries that say where a case comes from, in words or a number
// that nothing else in it repeats: they are not compared with anything.
var free = []string{"seed", "reference", "notes", "set"}

// remarks checks what the metadata say of the case's own tensors.
func remarks(c *vectors.Case) error {
	for _, name := range free {
		if c.Meta.Has(name) {
			c.Meta.Skip(name)
		}
	}
	for _, check := range []func(*vectors.Case) error{checkName, checkTensors, checkWords, checkLearnable, checkRates, checkMargin, checkVerified} {
		if err := check(c); err != nil {
			return err
		}
		if err := c.Meta.Err(); err != nil {
			return err
		}
	}
	return nil
}

// names are those of cases, after their kinds.
var names = regexp.MustCompile(`^[._][A-Za-z0-9_.]+$`)

// checkName wants a name to begin with the kind, and that of a neuron to end as
// its initial state says.
func checkName(c *vectors.Case) error {
	rest, ok := strings.CutPrefix(c.Name, c.Kind)
	if !ok || !names.MatchString(rest) {
		return fmt.Errorf("conform: %w: a case of the kind %s is called %q", vectors.ErrCase, c.Kind, c.Name)
	}
	if c.Kind == "neuron" {
		zero := c.Meta.Text("initial_state") == "zero"
		if strings.HasSuffix(c.Name, ".from0") && !zero || strings.HasSuffix(c.Name, ".fromrand") && zero {
			return fmt.Errorf("conform: %w: the initial state of %s is said to be %q", vectors.ErrCase, c.Name, c.Meta.Text("initial_state"))
		}
	}
	return nil
}

// checkTensors compares the list of tensors, and their shapes.
func checkTensors(c *vectors.Case) error {
	list := c.Meta.Object("tensors")
	names := c.Names()
	slices.Sort(names)
	weightless := func(name string) bool { return c.Kind == "nmnist" && isWeight(name) }
	for _, name := range list.Keys() {
		t := list.Object(name)
		shape := t.Ints("shape")
		switch {
		case !slices.Contains(names, name) && weightless(name):
		case !slices.Contains(names, name):
			return fmt.Errorf("conform: %w: there is no tensor %s", vectors.ErrCase, name)
		case !tensor.Shape(shape).Equal(c.Shape(name)):
			return fmt.Errorf("conform: %w: %s is %v, not %v", vectors.ErrCase, name, c.Shape(name), shape)
		}
	}
	for _, name := range names {
		if !list.Has(name) {
			return fmt.Errorf("conform: %w: the list of tensors has no %s", vectors.ErrCase, name)
		}
	}
	return nil
}

// checkLearnable compares the list of learnable parameters with those that have
// tensors.
func checkLearnable(c *vectors.Case) error {
	if c.Kind != "neuron" {
		return nil
	}
	list := c.Meta.Texts("learnable")
	slices.Sort(list)
	var have []string
	for _, name := range c.Names() {
		if p, ok := strings.CutPrefix(name, "param."); ok {
			have = append(have, p)
		}
	}
	slices.Sort(have)
	if !slices.Equal(list, have) {
		return fmt.Errorf("conform: %w: learnable are %v, there are tensors of %v", vectors.ErrCase, list, have)
	}
	return nil
}

// checkRates compares the rates of spikes with the recorded ones: of layers, or
// the least and the greatest of a neuron.
func checkRates(c *vectors.Case) error {
	if !c.Meta.Has("rates") {
		return nil
	}
	rates := c.Meta.Object("rates")
	want := map[string]float64{}
	for _, name := range c.Names() {
		key, ok := name, strings.HasPrefix(name, "spikes")
		if layer, out := strings.CutPrefix(name, "q."); out { // of graphs: each LIF has one
			key, name, ok = layer, "out."+layer, true
		}
		if !ok {
			continue
		}
		t, err := c.Tensor(name)
		if err != nil {
			return err
		}
		if each, all := ratesOf(t); c.Kind == "neuron" {
			want["min"], want["max"] = slices.Min(each), slices.Max(each)
		} else {
			want[key] = all
		}
	}
	for _, key := range rates.Keys() {
		got := rates.Number(key)
		w, ok := want[key]
		digits, _ := strconv.ParseFloat(strconv.FormatFloat(w, 'g', 3, 64), 64)
		if !ok || !(math.Abs(got-w) <= 1e-9 || math.Abs(got-digits) <= 1e-9) {
			return fmt.Errorf("conform: %w: the rate %s is said to be %v, and is %v", vectors.ErrCase, key, got, w)
		}
		delete(want, key)
	}
	if len(want) > 0 {
		return fmt.Errorf("conform: %w: rates are missing: %v", vectors.ErrCase, want)
	}
	return nil
}

// ratesOf are the shares of steps with a spike, of each neuron and of all.
func ratesOf(t *tensor.Tensor) (each []float64, all float64) {
	rows := t.Shape[0] * t.Shape[1]
	each = make([]float64, len(t.Data)/rows)
	for i, v := range t.Data {
		if v != 0 {
			each[i%len(each)]++
			all++
		}
	}
	for i := range each {
		each[i] /= float64(rows)
	}
	return each, all / float64(len(t.Data))
}

// checkMargin wants the measured margin to be at least that of the rule.
func checkMargin(c *vectors.Case) error {
	if !c.Meta.Has("margin") {
		return nil
	}
	m := c.Meta.Object("margin")
	rule := m.Text("rule")
	if m.IsNull("measured") {
		if c.Has("spikes") {
			return fmt.Errorf("conform: %w: a margin is not measured", vectors.ErrCase)
		}
		return nil
	}
	measured := m.Number("measured")
	if c.Has("margin") {
		each, err := c.Tensor("margin")
		if err != nil {
			return err
		}
		if least := float64(slices.Min(each.Data)); math.Abs(least-measured) > 1e-6*least {
			return fmt.Errorf("conform: %w: the margin is said to be %v, and is %v", vectors.ErrCase, measured, least)
		}
		return nil
	}
	text := number.FindString(rule)
	least, err := strconv.ParseFloat(text, 64)
	if err != nil || !(measured >= least && measured < math.MaxFloat32) {
		return fmt.Errorf("conform: %w: the margin is %v, the rule %q", vectors.ErrCase, measured, rule)
	}
	return nil
}

// checkVerified wants what the recorder compared to be what the case records,
// and its errors to be within the tolerances.
func checkVerified(c *vectors.Case) error {
	if !c.Meta.Has("verified") {
		return nil
	}
	v, tol := c.Meta.Object("verified"), c.Meta.Object("tol")
	wrong := func(name string) error {
		return fmt.Errorf("conform: %w: verified.%s is %v", vectors.ErrCase, name, v.Peek(name))
	}
	each := func(name string, bound float64, tensors func(key string) string) error {
		errors := v.Object(name)
		for _, key := range errors.Keys() {
			if e := errors.Number(key); !c.Has(tensors(key)) || !(e >= 0 && e <= bound) {
				return wrong(name + "." + key)
			}
		}
		return nil
	}
	for _, name := range v.Keys() {
		var err error
		switch name {
		case "spikes_identical":
			if !v.Flag(name) {
				err = wrong(name)
			}
		case "state_error":
			prefix := map[bool]string{true: "state."}[c.Kind == "neuron"]
			err = each(name, max(tol.Number("states"), 1e-3), func(key string) string { return prefix + key })
		case "gradient_error":
			err = each(name, 5*tol.Number("gradients"), func(key string) string { return "grad." + key })
		case "loss_relative_error", "gradient_float32_against_float64":
			if e := v.Number(name); !(e >= 0 && e <= tol.Number("gradients")) {
				err = wrong(name)
			}
		case "extra": // comparisons with models that need not agree
			extra := v.Object(name)
			for _, key := range extra.Keys() {
				if e := extra.Number(key); !(e >= 0) {
					err = wrong(name + "." + key)
				}
			}
		default:
			err = wrong(name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tolerances reads those of a case, which its metadata say in words, too:
// those of parameters of neurons are five times the others.
func (r *comparison) tolerances(c *vectors.Case) error {
	r.tol = map[string]float64{}
	tol, text := c.Meta.Object("tol"), c.Meta.Object("tolerance")
	for _, name := range tol.Keys() {
		r.tol[name] = tol.Number(name)
		if !text.Has(name) {
			return fmt.Errorf("conform: %w: the tolerance of %s is not said", vectors.ErrCase, name)
		}
		if exact := name == "spikes" || name == "y"; exact {
			if r.tol[name] != 0 {
				return fmt.Errorf("conform: %w: a tolerance of %s", vectors.ErrCase, name)
			}
			continue
		}
		if !(r.tol[name] > 0 && r.tol[name] <= 0.1) {
			return fmt.Errorf("conform: %w: the tolerance of %s is %v", vectors.ErrCase, name, r.tol[name])
		}
		for i, said := range number.FindAllString(text.Text(name), -1) {
			if v, err := strconv.ParseFloat(said, 64); err != nil || math.Abs(v-float64([]float64{1, 5}[i]*r.tol[name])) > 1e-9 {
				return fmt.Errorf("conform: %w: the tolerance of %s is %v, and %s in words", vectors.ErrCase, name, r.tol[name], said)
			}
		}
	}
	if len(text.Keys()) != len(tol.Keys()) {
		return fmt.Errorf("conform: %w: tolerances of %v are said, there are %v", vectors.ErrCase, text.Keys(), tol.Keys())
	}
	return nil
}
