package snn

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/surrogate"
)

// fireOptions are what neurons with a fixed threshold have in common.
type fireOptions struct {
	bias       Value
	threshold  Value
	strict     bool
	reset      Reset
	timing     Timing
	amount     Value
	resetTo    Value
	floor      Value
	several    bool
	most       Value
	refractory int
	graded     Value
	surrogate  surrogate.Func
	detach     Detach
}

// params adds the parameters and checks what goes with what.
func (f fireOptions) params(n *neuron) {
	n.fail(resetNames.check(f.reset))
	n.fail(timingNames.check(f.timing))
	n.spikes(f.surrogate, f.detach)
	low := float32(-unbounded)
	if f.several {
		low = math.SmallestNonzeroFloat32
	}
	n.param("threshold", f.threshold.Or(1), low, unbounded)
	if f.bias != 0 {
		n.param("bias", f.bias.Or(0), -unbounded, unbounded)
	}
	if f.reset == ToValue || f.reset == ToZeroPlus {
		n.param("reset", f.resetTo.Or(0), -unbounded, unbounded)
	} else if f.resetTo != 0 {
		n.fail(fmt.Errorf("%w: ResetTo goes with the resets to a value", ErrOption))
	}
	if f.amount != 0 {
		n.param("amount", f.amount.Or(0), -unbounded, unbounded)
	}
	if f.floor != 0 {
		n.param("floor", f.floor.Or(0), -unbounded, unbounded)
	}
	if f.graded != 0 {
		n.graded = true
		n.param("graded", f.graded.Or(0), -unbounded, unbounded)
	}
	n.fail(checkEach("Most", []float32{f.most.Or(unbounded)}, 1, unbounded))
	if f.refractory != 0 {
		n.param("refractory", float32(f.refractory), 0, 1<<24)
	}
	n.old = f.timing == OldMembrane || f.timing == OldMembraneDecayed
	f.check(n)
}

// check reports choices that do not go together.
func (f fireOptions) check(n *neuron) {
	never := func(bad bool, what string) {
		if bad {
			n.fail(fmt.Errorf("%w: %s", ErrOption, what))
		}
	}
	never(f.amount != 0 && f.reset != Subtract, "Amount goes with the reset by subtraction")
	never(f.timing == UndelayedNext && f.reset == Subtract, "the timing undelayed next with the reset by subtraction")
	never(n.old && f.graded != 0, "the test of the old membrane with Graded")
	special := f.counts() || f.refractory != 0
	never(special && f.timing != ThisStep, "Floor, Several, Refractory and the reset ToZeroPlus happen this step")
	never(f.counts() && f.refractory != 0, "Refractory with Floor, Several or the reset ToZeroPlus")
	never(f.counts() && (f.reset == ToValue || f.reset == NoReset), "Floor and Several go with the resets Subtract, ToZero and ToZeroPlus")
	never(f.refractory != 0 && f.reset == NoReset, "Refractory without a reset")
	never(f.most != 0 && !f.several, "Most goes with Several")
	never(f.several && f.strict, "Several with Strict")
	never(f.several && f.graded != 0, "Several with Graded")
}

// counts reports whether the neuron is one with a floor.
func (f fireOptions) counts() bool { return f.several || f.floor != 0 || f.reset == ToZeroPlus }

// kernel is the name of the kernel for neurons with or without a leak.
func (f fireOptions) kernel(leaky bool) string {
	reset := "Value"
	if f.reset == Subtract {
		reset = "Subtract"
	}
	switch {
	case f.counts():
		name := "lifFloor"
		if f.several {
			name = "lifCount"
		}
		if f.reset == Subtract {
			return name + "Subtract"
		}
		return name + "Add"
	case f.refractory != 0:
		return "lifRefractory" + reset
	}
	name := "if"
	if leaky {
		name = "lif"
	}
	if f.bias != 0 {
		name = "lifBiased"
	}
	if f.reset == NoReset {
		return name + "NoReset"
	}
	return name + reset + map[Timing]string{
		ThisStep: "", NextStep: "Next", NextStepDecayed: "NextDecayed", Remembered: "Remembered",
		Undelayed: "Undelayed", UndelayedNext: "UndelayedNext", OldMembrane: "Next", OldMembraneDecayed: "NextDecayed",
	}[f.timing]
}

// suffix ends the name of a kernel that resets by subtraction or to a value,
// in the same step.
func (f fireOptions) suffix(n *neuron) string {
	switch f.reset {
	case Subtract:
		return "Subtract"
	case ToZero, ToValue:
		return "Value"
	}
	n.fail(fmt.Errorf("%w: this neuron has no reset %v", ErrOption, f.reset))
	return "Value"
}

// deriveTest adds the level that a spike reaches.
func (f fireOptions) deriveTest(v values) {
	v["test"] = v["threshold"]
	if f.strict {
		v["test"] = strictly(v["threshold"])
	}
}

// derive adds what the kernels read.
func (f fireOptions) derive(v values) {
	f.deriveTest(v)
	if f.amount == 0 {
		v["amount"] = v["threshold"]
	}
	v["value"] = v["reset"] // nil, for zero, without
	v["lowest"] = v["floor"]
	if f.floor == 0 {
		v["lowest"] = constant(-unbounded, len(v["test"]))
	}
	if v["decay"] == nil {
		v["decay"] = constant(1, len(v["test"]))
	}
	if f.several {
		v["most"] = constant(f.most.Or(unbounded), len(v["test"]))
	}
	v["period"] = v["refractory"]
}

// strictly are the least numbers above: v > threshold is v >= the next number.
func strictly(threshold []float32) []float32 {
	test := make([]float32, len(threshold))
	for i, t := range threshold {
		test[i] = math.Nextafter32(t, float32(math.Inf(1)))
	}
	return test
}

func constant(c float32, n int) []float32 {
	v := simd.Apart(n)
	for i := range v {
		v[i] = c
	}
	return v
}
