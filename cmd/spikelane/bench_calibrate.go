package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

const (
	// calibrated is how near a rate comes to the one that is asked for.
	calibrated = 0.05
	// calibrateBatch is on how many samples rates are measured.
	calibrateBatch = 16
	// calibrateTries is how often a layer's weights are changed.
	calibrateTries = 30
)

// calibrate multiplies the weights of every hidden layer, one after another, by
// what makes its neurons spike at the rate that is asked for: new weights alone
// make networks that hardly fire, which flatters whatever is measured.
func (b bench) calibrate(ctx context.Context, m *forward.Model) (*forward.Model, error) {
	small := b
	small.Batch = min(b.Batch, calibrateBatch)
	x, err := small.input(m)
	if err != nil {
		return nil, err
	}
	params := m.Params()
	layers := m.Graph().Layers()
	for i := 0; i+2 < len(layers); i += 2 {
		if m, err = b.calibrateLayer(ctx, m.Graph(), params, layers[i], layers[i+1], x); err != nil {
			return nil, err
		}
	}
	return m.With(forward.Workers(b.Workers)), nil
}

// calibrateLayer finds the factor of a layer's weights, between two that are too
// small and too great, and leaves them multiplied.
func (b bench) calibrateLayer(ctx context.Context, g *forward.Graph, params map[string]*tensor.Tensor, linear, neurons string, x *tensor.Spikes) (*forward.Model, error) {
	plain := map[string]*tensor.Tensor{}
	for name, p := range params {
		if strings.HasPrefix(name, linear+".") {
			plain[name] = p
		}
	}
	low, high := 1.0/1024, 1024.0
	for range calibrateTries {
		factor := math.Sqrt(low * high)
		for name, p := range plain {
			scaled := p.Clone()
			for i, v := range p.Data {
				scaled.Data[i] = v * float32(factor)
			}
			params[name] = scaled
		}
		m, err := g.Load(params)
		if err != nil {
			return nil, err
		}
		rate, err := rateOf(ctx, m, neurons, x)
		if err != nil {
			return nil, err
		}
		if math.Abs(rate-b.HiddenRate) <= calibrated*b.HiddenRate {
			return m, nil
		}
		if rate < b.HiddenRate {
			low = factor
		} else {
			high = factor
		}
	}
	return nil, fmt.Errorf("--hidden-rate %v: no weights make %s spike that often; 0 leaves new weights as they are", b.HiddenRate, neurons)
}

// rateOf is how often the neurons of a layer spike at a step.
func rateOf(ctx context.Context, m *forward.Model, layer string, x *tensor.Spikes) (float64, error) {
	var c forward.Counters
	if _, err := m.With(forward.Count(&c)).Run(ctx, m.NewState(x.B), x); err != nil {
		return 0, err
	}
	for _, l := range c.Layers() {
		if l.Layer == layer {
			return l.Rate, nil
		}
	}
	return 0, nil
}
