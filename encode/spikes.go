package encode

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/internal/detmath"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/tensor"
)

// Rate codes numbers from 0 to 1, [B, features], as spikes that come at random
// with these probabilities a step: Poisson or rate coding, snnTorch's
// spikegen.rate, which clips other numbers, too. What is drawn is a function of
// the seed, of the number of the sample's stream, of the step, counted from
// first on, and of the feature: the same on every machine, in chunks or whole.
// streams may be nil: 0, 1, ...
func Rate(x *tensor.Tensor, steps, first int, seed uint64, streams []uint32) (*tensor.Spikes, error) {
	batch, n, err := samples(x)
	if err != nil {
		return nil, fmt.Errorf("encode: rate: %w", err)
	}
	if streams != nil && len(streams) != batch {
		return nil, fmt.Errorf("encode: rate: %w: %d streams for %d samples", tensor.ErrShape, len(streams), batch)
	}
	if first < 0 || first > math.MaxInt-max(0, steps) {
		return nil, fmt.Errorf("encode: rate: %w: the first step is %d", ErrRange, first)
	}
	s, err := silence("rate", steps, batch, x.Shape[1:])
	if err != nil {
		return nil, err
	}
	key := random.New(seed, "rate")
	for t := range steps {
		for b := range batch {
			stream := uint32(b)
			if streams != nil {
				stream = streams[b]
			}
			for i, p := range x.Data[b*n : (b+1)*n] {
				if p > 0 && key.Uniform(stream, uint64(first+t), uint32(i)) < float64(p) {
					s.Set(t, b, i)
				}
			}
		}
	}
	return s, nil
}

// Latency codes numbers from 0 to 1, [B, features], as one spike each, the
// greater the earlier, at step
//
//	(steps-1) * (1-x)
//
// in float32, rounded, halves to even: snnTorch's spikegen.latency with linear,
// normalize and clip, and least as its threshold. What is below least never
// spikes, nor does 0.
func Latency(x *tensor.Tensor, steps int, least float32) (*tensor.Spikes, error) {
	batch, n, err := samples(x)
	if err != nil {
		return nil, fmt.Errorf("encode: latency: %w", err)
	}
	if !(least >= 0 && least <= 1) {
		return nil, fmt.Errorf("encode: latency: %w: least is %v; it is from 0 to 1", ErrRange, least)
	}
	for i, v := range x.Data {
		if v < 0 || v > 1 {
			return nil, fmt.Errorf("encode: latency: %w: number %d of %v is %v; they are from 0 to 1", ErrRange, i, x.Shape, v)
		}
	}
	s, err := silence("latency", steps, batch, x.Shape[1:])
	if err != nil {
		return nil, err
	}
	last := float32(steps - 1)
	latest := float32((1 - float64(least)) * float64(steps-1))
	for k, v := range x.Data {
		if v > 0 && v >= least {
			at := min(float32(last*(1-v)), latest)
			s.Set(int(math.RoundToEven(float64(at))), k/n, k%n)
		}
	}
	return s, nil
}

// silence is a signal to fill; errors name the encoder.
func silence(encoder string, steps, batch int, features tensor.Shape) (*tensor.Spikes, error) {
	if steps < 1 {
		return nil, fmt.Errorf("encode: %s: %w: %d steps", encoder, ErrRange, steps)
	}
	if err := bounded(wordBytes, steps, batch, tensor.Words(features.Size())); err != nil {
		return nil, fmt.Errorf("encode: %s: %w", encoder, err)
	}
	return tensor.NewSpikes(steps, batch, features...), nil
}

// mostChanges is how many thresholds a signal may cross in a step: more than a
// float32 can count.
const mostChanges = 1 << 24

// Delta codes a signal over time, [T, B, n], by its changes: each feature has a
// level, at first its first value, and moves it towards the signal in steps of
// threshold; feature i of the output is how many steps up, i+n how many down.
// It is what a dynamic vision sensor does with brightness.
//
// The level is the first value plus a whole number of thresholds, so that
// roundings do not add up. Over 2^24 thresholds in one step are an error.
func Delta(x *tensor.Tensor, threshold float32) (*tensor.Events, error) {
	if err := numbers(x); err != nil {
		return nil, fmt.Errorf("encode: delta: %w", err)
	}
	if len(x.Shape) != 3 {
		return nil, fmt.Errorf("encode: delta: %w: a signal of %v is not [T, B, n]", tensor.ErrShape, x.Shape)
	}
	if !(threshold > 0 && threshold <= math.MaxFloat32) {
		return nil, fmt.Errorf("encode: delta: %w: the threshold is %v; it is above 0 and finite", ErrRange, threshold)
	}
	steps, batch, n := x.Shape[0], x.Shape[1], x.Shape[2]
	if err := (tensor.Shape{2, n}).Check(); err != nil {
		return nil, fmt.Errorf("encode: delta: %w", err)
	}
	e := tensor.NewEvents(batch, 2*n)
	start, level := x.Data[:batch*n], make([]float64, batch*n) // level: in thresholds above start
	moves := make([]float64, n)
	for t := range steps {
		for b := range batch {
			for i, v := range x.Data[(t*batch+b)*n:][:n] {
				k := b*n + i
				off := (float64(v)-float64(start[k]))/float64(threshold) - level[k]
				moves[i] = math.Trunc(off)
				if math.Abs(moves[i]) > mostChanges {
					return nil, fmt.Errorf("encode: delta: %w: step %d, sample %d, feature %d changes by %.3g thresholds of %v; at most 2^24 are counted",
						ErrRange, t, b, i, math.Abs(off), threshold)
				}
				level[k] += moves[i]
			}
			put(e, moves, 0, 1)
			put(e, moves, n, -1)
			e.Rows = append(e.Rows, len(e.Index))
		}
		e.T++
	}
	return e, nil
}

// put appends the moves in one direction to the row that is being made.
func put(e *tensor.Events, moves []float64, first int, direction float64) {
	for i, m := range moves {
		if m*direction > 0 {
			e.Index, e.Value = append(e.Index, int32(first+i)), append(e.Value, float32(m*direction))
		}
	}
}

// Population codes each number as the currents of several neurons with bell
// curves, whose centres are spread evenly from low to high:
//
//	y[i*neurons+k] = exp(-(x[i] - centre[k])^2 / (2*width^2))
//
// The last dimension grows by that factor; width is the distance of the
// centres.
func Population(x *tensor.Tensor, neurons int, low, high float64) (*tensor.Tensor, error) {
	if err := numbers(x); err != nil {
		return nil, fmt.Errorf("encode: population: %w", err)
	}
	if len(x.Shape) == 0 || neurons < 2 {
		return nil, fmt.Errorf("encode: population: %w: numbers of %v for %d neurons each; there are 2 at the least", ErrRange, x.Shape, neurons)
	}
	width := (high - low) / float64(neurons-1)
	if !(width > 0 && width <= math.MaxFloat64) {
		return nil, fmt.Errorf("encode: population: %w: %d centres from %v to %v", ErrRange, neurons, low, high)
	}
	if err := bounded(floatBytes, x.Shape.Size(), neurons); err != nil {
		return nil, fmt.Errorf("encode: population: %w", err)
	}
	shape := append([]int{}, x.Shape...)
	shape[len(shape)-1] *= neurons
	y := tensor.New(shape...)
	for i, v := range x.Data {
		for k := range neurons {
			z := (float64(v) - low - float64(float64(k)*width)) / width
			y.Data[i*neurons+k] = float32(detmath.Exp(-float64(z*z) / 2))
		}
	}
	return y, nil
}
