package snn

import (
	"encoding/json"
	"fmt"
	"math"
)

// Value is a number among the options of a layer. 0 stands for the documented
// default, [Zero] for zero. A number that was computed, or read, is [Num] of it:
// converted, a zero would become the default.
type Value float32

// Zero is the option that means the number zero. (It is the smallest number
// above it.)
const Zero Value = 0x1p-149

// Num is the option that means v, zero included.
func Num(v float32) Value {
	if v == 0 {
		return Zero
	}
	return Value(v)
}

// Or is the number meant, standard for the default.
func (v Value) Or(standard float32) float32 {
	switch v {
	case 0:
		return standard
	case Zero:
		return 0
	}
	return float32(v)
}

// Wide is Or in float64, where standard need not be a float32.
func (v Value) Wide(standard float64) float64 {
	if v == 0 {
		return standard
	}
	return float64(v.Or(0))
}

// MarshalJSON writes the number meant; a default is not written at all.
func (v Value) MarshalJSON() ([]byte, error) { return json.Marshal(v.Or(0)) }

// UnmarshalJSON reads a number; 0 means zero, not the default.
func (v *Value) UnmarshalJSON(data []byte) error {
	var f float32
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	*v = Num(f)
	return nil
}

// Reset is what a spike does to the membrane.
type Reset uint8

// The kinds of reset.
const (
	ResetSubtract   Reset = iota // v - s*Threshold
	ResetToZero                  // 0 where s
	ResetToValue                 // ResetTo where s
	ResetNone                    // a spike changes nothing
	ResetToZeroPlus              // 0 where s, then ResetTo is added to every membrane, as in sinabs
)

// Timing is when the reset happens.
type Timing uint8

// The times of a reset. If it is the next step, the membrane that is remembered
// and shown is the one before the reset.
const (
	TimingThisStep        Timing = iota // the step of the spike
	TimingNextStep                      // after the next step's decay and input
	TimingNextStepDecayed               // before the next step's decay and input
	TimingRemembered                    // as TimingNextStepDecayed, with the spike as a state of its own, as in SNNAX
	TimingUndelayed                     // this step, as snnTorch's reset_delay=False codes it for Leaky
	TimingUndelayedNext                 // the same for snnTorch's neurons whose reset wipes the input too

	// The test is made before the step's decay and input, on what the last step
	// left, and so is the reset: as in spyx.
	TimingOldMembrane        // the reset after decay and input
	TimingOldMembraneDecayed // the reset before decay and input
)

// Detach is what of a reset carries no gradient.
type Detach uint8

// The choices.
const (
	DetachNone         Detach = iota // all of it does
	DetachSpikeInReset               // the spike: v*(1 - stop(s)), as in snnTorch and SpikingJelly
	DetachResetTerm                  // the reset as a whole: v - stop(v*s), as in SNNAX
)

// When is d if yes holds, and DetachNone otherwise.
func (d Detach) When(yes bool) Detach {
	if yes {
		return d
	}
	return DetachNone
}

var (
	detachNames = names[Detach]{"detach", []string{"attached", "spike", "reset"}}
	resetNames  = names[Reset]{"reset", []string{"subtract", "zero", "value", "none", "zero plus"}}
	timingNames = names[Timing]{"timing", []string{"this step", "next step", "next step decayed", "remembered", "undelayed", "undelayed next", "old membrane", "old membrane decayed"}}
)

// String is the name in model files.
func (r Reset) String() string { return resetNames.of(r) }

// MarshalText writes the name.
func (r Reset) MarshalText() ([]byte, error) { return resetNames.marshal(r) }

// UnmarshalText reads the name.
func (r *Reset) UnmarshalText(text []byte) (err error) {
	*r, err = resetNames.unmarshal(text)
	return err
}

// String is the name in model files.
func (t Timing) String() string { return timingNames.of(t) }

// MarshalText writes the name.
func (t Timing) MarshalText() ([]byte, error) { return timingNames.marshal(t) }

// UnmarshalText reads the name.
func (t *Timing) UnmarshalText(text []byte) (err error) {
	*t, err = timingNames.unmarshal(text)
	return err
}

// String is the name in model files.
func (d Detach) String() string { return detachNames.of(d) }

// MarshalText writes the name.
func (d Detach) MarshalText() ([]byte, error) { return detachNames.marshal(d) }

// UnmarshalText reads the name.
func (d *Detach) UnmarshalText(text []byte) (err error) {
	*d, err = detachNames.unmarshal(text)
	return err
}

// names are the names of the values 0, 1, ... of an option.
type names[T ~uint8] struct {
	option string
	names  []string
}

func (n names[T]) of(v T) string {
	if int(v) >= len(n.names) {
		return fmt.Sprintf("%s %d", n.option, uint8(v))
	}
	return n.names[v]
}

func (n names[T]) check(v T) error {
	if int(v) >= len(n.names) {
		return fmt.Errorf("%w: there is no %s %d", ErrOption, n.option, uint8(v))
	}
	return nil
}

func (n names[T]) marshal(v T) ([]byte, error) {
	if err := n.check(v); err != nil {
		return nil, err
	}
	return []byte(n.names[v]), nil
}

func (n names[T]) unmarshal(text []byte) (T, error) {
	for i, name := range n.names {
		if name == string(text) {
			return T(i), nil
		}
	}
	return 0, fmt.Errorf("%w: there is no %s %q among %q", ErrOption, n.option, text, n.names)
}

// Size is a height and a width.
type Size [2]int

// or replaces each 0 by the default.
func (s Size) or(standard Size) Size {
	for i, v := range s {
		if v == 0 {
			s[i] = standard[i]
		}
	}
	return s
}

func (s Size) check(name string, least int) error {
	for _, v := range s {
		if v < least || v > math.MaxInt16 {
			return fmt.Errorf("%w: %s is %v", ErrOption, name, [2]int(s))
		}
	}
	return nil
}
