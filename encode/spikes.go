package encode

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/hostmath"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/tensor"
)

// Rate codes numbers from 0 to 1, [B, features], as spikes that come at random
// with these probabilities a step: Poisson or rate coding, snnTorch's
// spikegen.rate. What is drawn is a function of the seed, of the number of the
// sample's stream, of the step, counted from first on, and of the feature: the
// same on every machine, in chunks or whole. streams may be nil: 0, 1, ...
func Rate(x *tensor.Tensor, steps, first int, seed uint64, streams []uint32) (*tensor.Spikes, error) {
	batch, n, err := rows(x)
	if err != nil || steps < 0 || streams != nil && len(streams) != batch {
		return nil, fmt.Errorf("encode: %w: %v numbers, %d steps, %d streams", tensor.ErrShape, x.Shape, steps, len(streams))
	}
	key := random.New(seed, "rate")
	s := tensor.NewSpikes(steps, batch, x.Shape[1:]...)
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
// greater the earlier: at step (steps-1)*(1-x), rounded, snnTorch's
// spikegen.latency(linear=True). What is not above least never spikes.
func Latency(x *tensor.Tensor, steps int, least float32) (*tensor.Spikes, error) {
	batch, n, err := rows(x)
	if err != nil || steps < 1 {
		return nil, fmt.Errorf("encode: %w: %v numbers, %d steps", tensor.ErrShape, x.Shape, steps)
	}
	s := tensor.NewSpikes(steps, batch, x.Shape[1:]...)
	for k, v := range x.Data {
		if v > least {
			at := int(float64(float64(steps-1)*(1-float64(v))) + 0.5)
			s.Set(min(max(at, 0), steps-1), k/n, k%n)
		}
	}
	return s, nil
}

// Delta codes a signal over time, [T, B, n], by its changes: each feature has a
// level, at first its first value, and moves it towards the signal in steps of
// threshold; feature i of the output is how many steps up, i+n how many down.
// It is what a dynamic vision sensor does with brightness.
func Delta(x *tensor.Tensor, threshold float32) (*tensor.Events, error) {
	if len(x.Shape) != 3 || x.Check() != nil || !(threshold > 0) {
		return nil, fmt.Errorf("encode: %w: a signal of %v, a threshold of %v", tensor.ErrShape, x.Shape, threshold)
	}
	steps, batch, n := x.Shape[0], x.Shape[1], x.Shape[2]
	e := tensor.NewEvents(batch, 2*n)
	level := append([]float32(nil), x.Data[:min(len(x.Data), batch*n)]...)
	down := make([]float32, n)
	for t := range steps {
		for b := range batch {
			clear(down)
			for i, v := range x.Data[(t*batch+b)*n:][:n] {
				at := &level[b*n+i]
				up := float32(0)
				for ; v-*at >= threshold; up++ {
					*at += threshold
				}
				for ; *at-v >= threshold; down[i]++ {
					*at -= threshold
				}
				if up > 0 {
					e.Index, e.Value = append(e.Index, int32(i)), append(e.Value, up)
				}
			}
			for i, v := range down {
				if v > 0 {
					e.Index, e.Value = append(e.Index, int32(n+i)), append(e.Value, v)
				}
			}
			e.Rows = append(e.Rows, len(e.Index))
		}
		e.T++
	}
	return e, nil
}

// Population codes each number as the currents of several neurons with bell
// curves, whose centres are spread evenly from low to high:
//
//	y[i*neurons+k] = exp(-(x[i] - centre[k])^2 / (2*width^2))
//
// The last dimension grows by that factor; width is the distance of the
// centres.
func Population(x *tensor.Tensor, neurons int, low, high float64) (*tensor.Tensor, error) {
	if x.Check() != nil || len(x.Shape) == 0 || neurons < 2 || !(low < high) {
		return nil, fmt.Errorf("encode: %w: %v numbers, %d neurons from %v to %v", tensor.ErrShape, x.Shape, neurons, low, high)
	}
	shape := append([]int{}, x.Shape...)
	shape[len(shape)-1] *= neurons
	y := tensor.New(shape...)
	width := (high - low) / float64(neurons-1)
	for i, v := range x.Data {
		for k := range neurons {
			z := (float64(v) - low - float64(float64(k)*width)) / width
			y.Data[i*neurons+k] = float32(hostmath.Exp(-float64(z*z) / 2))
		}
	}
	return y, nil
}

// rows is how many samples there are, of how many numbers each.
func rows(x *tensor.Tensor) (batch, n int, err error) {
	if err := x.Check(); err != nil {
		return 0, 0, err
	}
	if len(x.Shape) < 2 {
		return 0, 0, tensor.ErrShape
	}
	return x.Shape[0], x.Shape[1:].Size(), nil
}
