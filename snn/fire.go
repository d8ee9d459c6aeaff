package snn

import (
	"fmt"
	"math"

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

// params adds the parameters of neurons whose spikes reset the membrane, and
// checks what goes with what.
func (f fireOptions) params(n *neuron) {
	n.fail(resetNames.check(f.reset))
	n.fail(timingNames.check(f.timing))
	f.test(n)
	if f.reset == ResetToValue || f.reset == ResetToZeroPlus {
		n.param("reset", f.resetTo.Or(0), -unbounded, unbounded, paramValue)
	} else if f.resetTo != 0 {
		n.fail(fmt.Errorf("%w: ResetTo goes with the resets to a value", ErrOption))
	}
	if f.reset == ResetToZero {
		n.constant(paramValue, 0)
	}
	if f.amount != 0 {
		n.param("amount", f.amount.Or(0), -unbounded, unbounded, paramAmount)
	} else if f.reset == ResetSubtract {
		n.derive(paramAmount, func(v values) []float32 { return v["threshold"] }, claim{by: "threshold"})
	}
	if f.graded != 0 {
		n.graded = true
		n.param("graded", f.graded.Or(0), -unbounded, unbounded)
	}
	f.check(n)
}

// test adds the threshold, and what of it the kernel tests.
func (f fireOptions) test(n *neuron) {
	n.spikes(f.surrogate, f.detach)
	if f.several {
		n.param("threshold", f.threshold.Or(1), math.SmallestNonzeroFloat32, unbounded, paramThreshold)
		return
	}
	n.param("threshold", f.threshold.Or(1), -unbounded, unbounded)
	n.derive(paramTest, func(v values) []float32 {
		if f.strict {
			return strictly(v["threshold"])
		}
		return v["threshold"]
	}, claim{by: "threshold"})
}

// addBias adds a constant current, unless the kernel has none.
func (f fireOptions) addBias(n *neuron) {
	if f.unbiased() == nil {
		f.addConstant(n)
	}
}

// addConstant adds a constant current, or what changes nothing.
func (f fireOptions) addConstant(n *neuron) {
	if f.bias == 0 {
		n.constant(paramBias, negativeZero)
		return
	}
	n.param("bias", f.bias.Or(0), -unbounded, unbounded, paramBias)
}

// negativeZero is what added to a number changes no bit of it.
var negativeZero = float32(math.Copysign(0, -1))

// rest adds what neurons with a floor have, and those that rest after a spike.
func (f fireOptions) rest(n *neuron) {
	n.fail(checkEach("MaxSpikes", []float32{f.most.Or(unbounded)}, 1, unbounded))
	switch {
	case f.floor != 0:
		n.param("floor", f.floor.Or(0), -unbounded, unbounded, paramLowest)
	case f.counts():
		n.constant(paramLowest, -unbounded)
	}
	if f.several {
		n.constant(paramMaxSpikes, f.most.Or(unbounded))
	}
	if f.refractory != 0 {
		n.param("refractory", float32(f.refractory), 0, 1<<24, paramPeriod)
	}
}

// check reports choices that do not go together.
func (f fireOptions) check(n *neuron) {
	never := func(bad bool, what string) {
		if bad {
			n.fail(fmt.Errorf("%w: %s", ErrOption, what))
		}
	}
	never(f.amount != 0 && f.reset != ResetSubtract, "Amount goes with the reset by subtraction")
	never(f.timing == TimingUndelayedNext && f.reset == ResetSubtract, "the timing undelayed next with the reset by subtraction")
	never(f.reset == ResetNone && f.timing != TimingThisStep, "a Timing without a reset")
	never(f.reset == ResetNone && f.detach != DetachNone, "Detach without a reset")
	old := f.timing == TimingOldMembrane || f.timing == TimingOldMembraneDecayed
	never(old && f.graded != 0, "the test of the old membrane with Graded")
	special := f.counts() || f.refractory != 0
	never(special && f.timing != TimingThisStep, "Floor, MultiSpike, Refractory and the reset ResetToZeroPlus happen this step")
	never(f.counts() && f.refractory != 0, "Refractory with Floor, MultiSpike or the reset ResetToZeroPlus")
	never(f.counts() && (f.reset == ResetToValue || f.reset == ResetNone), "Floor and MultiSpike go with the resets ResetSubtract, ResetToZero and ResetToZeroPlus")
	never(f.refractory != 0 && f.reset == ResetNone, "Refractory without a reset")
	never(f.most != 0 && !f.several, "MaxSpikes goes with MultiSpike")
	never(f.several && f.strict, "MultiSpike with Strict")
	never(f.several && f.graded != 0, "MultiSpike with Graded")
}

// counts reports whether the neuron is one with a floor.
func (f fireOptions) counts() bool { return f.several || f.floor != 0 || f.reset == ResetToZeroPlus }

// kernel is that of leaky integrate-and-fire neurons.
func (f fireOptions) kernel() *kernel {
	subtracts := f.reset == ResetSubtract
	pick := func(subtract, other *kernel) *kernel {
		if subtracts {
			return subtract
		}
		return other
	}
	switch {
	case f.several:
		return pick(&lifCountSubtract, &lifCountAdd)
	case f.counts():
		return pick(&lifFloorSubtract, &lifFloorAdd)
	case f.refractory != 0:
		return pick(&lifRefractorySubtract, &lifRefractoryValue)
	case f.reset == ResetNone:
		return &lifNoReset
	}
	if k := f.unbiased(); k != nil {
		return k
	}
	switch f.timing {
	case TimingNextStep:
		return pick(&lifSubtractNext, &lifValueNext)
	case TimingNextStepDecayed:
		return pick(&lifSubtractNextDecayed, &lifValueNextDecayed)
	case TimingRemembered:
		return pick(&lifSubtractRemembered, &lifValueRemembered)
	case TimingUndelayed:
		return pick(&lifSubtractUndelayed, &lifValueUndelayed)
	case TimingUndelayedNext:
		return &lifValueUndelayedNext
	case TimingOldMembrane:
		return pick(&lifSubtractOld, &lifValueOld)
	case TimingOldMembraneDecayed:
		return pick(&lifSubtractOldDecayed, &lifValueOldDecayed)
	}
	return pick(&lifSubtract, &lifValue)
}

// unbiased is the kernel of neurons without a constant current, if they have one
// of their own.
func (f fireOptions) unbiased() *kernel {
	if f.bias != 0 || f.counts() || f.refractory != 0 || f.reset == ResetNone {
		return nil
	}
	subtracts := f.reset == ResetSubtract
	switch {
	case f.timing == TimingThisStep && subtracts:
		return &lifSubtractUnbiased
	case f.timing == TimingThisStep:
		return &lifValueUnbiased
	case f.timing == TimingNextStep && subtracts:
		return &lifSubtractNextUnbiased
	case f.timing == TimingNextStep:
		return &lifValueNextUnbiased
	case f.timing == TimingNextStepDecayed && subtracts:
		return &lifSubtractNextDecayedUnbiased
	case f.timing == TimingNextStepDecayed:
		return &lifValueNextDecayedUnbiased
	case f.timing == TimingUndelayed && subtracts:
		return &lifSubtractUndelayedUnbiased
	case f.timing == TimingUndelayed:
		return &lifValueUndelayedUnbiased
	case f.timing == TimingUndelayedNext:
		return &lifValueUndelayedNextUnbiased
	}
	return nil
}

// byReset is the kernel of a neuron that resets in the same step, by
// subtraction or to a value.
func (f fireOptions) byReset(n *neuron, subtract, value *kernel) *kernel {
	switch f.reset {
	case ResetSubtract:
		return subtract
	case ResetToZero, ResetToValue:
		return value
	}
	n.fail(fmt.Errorf("%w: this neuron has no reset %v", ErrOption, f.reset))
	return value
}

// strictly are the least numbers above: v > threshold is v >= the next number.
func strictly(threshold []float32) []float32 {
	test := make([]float32, len(threshold))
	for i, t := range threshold {
		test[i] = math.Nextafter32(t, float32(math.Inf(1)))
	}
	return test
}
