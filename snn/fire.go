package snn

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

var errGainTwice = fmt.Errorf("%w: both Gain and Normalised", ErrOption)

// DefaultSurrogate is the spike function of neurons that name none: SNNAX's
// default.
var DefaultSurrogate = surrogate.SuperSpike(10)

// fireOptions are what neurons that spike have in common.
type fireOptions struct {
	threshold Value
	strict    bool
	reset     Reset
	timing    Timing
	resetTo   Value
	surrogate surrogate.Func
}

// params checks the options.
func (f fireOptions) params(in tensor.Shape) ([]Param, error) {
	threshold := f.threshold.or(1)
	err := resetNames.check(f.reset)
	if err == nil {
		err = timingNames.check(f.timing)
	}
	if err == nil {
		err = checkEach("Threshold", []float32{threshold}, -math.MaxFloat32, math.MaxFloat32)
	}
	if err == nil {
		err = f.surrogate.Check()
	}
	params := []Param{neuronParam("threshold", in, threshold)}
	if f.reset == ToValue {
		to := f.resetTo.or(0)
		params = append(params, neuronParam("reset", in, to))
		if err == nil {
			err = checkEach("ResetTo", []float32{to}, -math.MaxFloat32, math.MaxFloat32)
		}
	} else if f.resetTo != 0 && err == nil {
		err = fmt.Errorf("%w: ResetTo goes with the reset to a value", ErrOption)
	}
	return params, err
}

// prepare fills the firing part of the operation.
func (f fireOptions) prepare(op *fire, params map[string]*tensor.Tensor, in tensor.Shape) {
	op.reset, op.timing = f.reset, f.timing
	threshold := expand(params["threshold"], in)
	op.test, op.target = threshold, threshold
	if f.strict {
		// v > threshold is v >= the next number.
		op.test = make([]float32, len(threshold))
		for i, t := range threshold {
			op.test[i] = math.Nextafter32(t, float32(math.Inf(1)))
		}
	}
	switch f.reset {
	case ToZero:
		op.target = make([]float32, len(threshold))
	case ToValue:
		op.target = expand(params["reset"], in)
	}
}

// fire is a neuron that spikes: with a decay, LIF; without one, IF.
type fire struct {
	decay, gain []float32
	test        []float32 // v >= test spikes
	target      []float32 // what a reset subtracts, or sets the membrane to
	reset       Reset
	timing      Timing
}

func (f *fire) Forward(x, y tensor.Signal, state []float32, _ *Scratch) {
	steps, batch, _ := x.Dims()
	n := len(f.gain)
	w := tensor.Words(n)
	in, out := x.(*tensor.Tensor).Data, y.(*tensor.Spikes).Bits
	for b := range batch {
		f.advance(out[b*w:], state[b*n:(b+1)*n], in[b*n:], steps, batch*w, batch*n)
	}
}

// advance chooses the kernel.
func (f *fire) advance(s []uint64, v, x []float32, steps, sStride, xStride int) {
	if f.decay == nil {
		f.advanceIF(s, v, x, steps, sStride, xStride)
		return
	}
	switch {
	case f.reset == NoReset:
		simd.LIFNoReset(s, v, x, f.decay, f.gain, f.test, steps, sStride, xStride)
	case f.reset == Subtract && f.timing == ThisStep:
		simd.LIFSubtract(s, v, x, f.decay, f.gain, f.test, f.target, steps, sStride, xStride)
	case f.reset == Subtract && f.timing == NextStep:
		simd.LIFSubtractNext(s, v, x, f.decay, f.gain, f.test, f.target, steps, sStride, xStride)
	case f.reset == Subtract:
		simd.LIFSubtractNextDecayed(s, v, x, f.decay, f.gain, f.test, f.target, steps, sStride, xStride)
	case f.timing == ThisStep:
		simd.LIFValue(s, v, x, f.decay, f.gain, f.test, f.target, steps, sStride, xStride)
	case f.timing == NextStep:
		simd.LIFValueNext(s, v, x, f.decay, f.gain, f.test, f.target, steps, sStride, xStride)
	default:
		simd.LIFValueNextDecayed(s, v, x, f.decay, f.gain, f.test, f.target, steps, sStride, xStride)
	}
}

func (f *fire) advanceIF(s []uint64, v, x []float32, steps, sStride, xStride int) {
	switch {
	case f.reset == NoReset:
		simd.IFNoReset(s, v, x, f.gain, f.test, steps, sStride, xStride)
	case f.reset == Subtract && f.timing == ThisStep:
		simd.IFSubtract(s, v, x, f.gain, f.test, f.target, steps, sStride, xStride)
	case f.reset == Subtract && f.timing == NextStep:
		simd.IFSubtractNext(s, v, x, f.gain, f.test, f.target, steps, sStride, xStride)
	case f.reset == Subtract:
		simd.IFSubtractNextDecayed(s, v, x, f.gain, f.test, f.target, steps, sStride, xStride)
	case f.timing == ThisStep:
		simd.IFValue(s, v, x, f.gain, f.test, f.target, steps, sStride, xStride)
	case f.timing == NextStep:
		simd.IFValueNext(s, v, x, f.gain, f.test, f.target, steps, sStride, xStride)
	default:
		simd.IFValueNextDecayed(s, v, x, f.gain, f.test, f.target, steps, sStride, xStride)
	}
}

// denseToSpikes are the kinds of a neuron that spikes.
func denseToSpikes(tensor.Kind) (reads, writes tensor.Kind) {
	return tensor.KindDense, tensor.KindSpikes
}
