package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/snn"
)

// Every mode measures something.
func TestBench(t *testing.T) {
	for _, mode := range []string{"infer", "stream", "train"} {
		b := bench{Layers: []int{30, 20, 5}, Steps: 10, Batch: 9, Rate: 0.4, Mode: mode, Workers: 2, Neuron: "snntorch.Leaky", Time: 10 * time.Millisecond, Single: 1000}
		require.NoError(t, b.Run(context.Background()))
		m, err := b.network()
		require.NoError(t, err)
		if mode == "stream" {
			b.Batch = 1
		}
		x, err := b.input(m)
		require.NoError(t, err)
		res, err := b.measure(context.Background(), m, x)
		require.NoError(t, err)
		require.Positive(t, res.Seconds)
		require.Positive(t, res.Rates["snntorch.leaky1"])
		if mode == "stream" {
			require.Zero(t, res.Allocated)
			require.Equal(t, 1000, res.Latencies.Steps)
			require.Positive(t, res.Latencies.Median)
			require.GreaterOrEqual(t, res.Latencies.P99, res.Latencies.Median)
		}
		b.JSON = true
		require.NoError(t, b.Run(context.Background()))
		b.Rate = 2
		require.ErrorContains(t, b.Run(context.Background()), "--rate")
		b.Rate, b.Neuron = 0.5, "nobody's"
		require.ErrorIs(t, b.Run(context.Background()), snn.ErrOption)
	}
}

// Hidden neurons spike as often as asked for.
func TestHiddenRate(t *testing.T) {
	b := bench{Layers: []int{60, 50, 40, 5}, Steps: 20, Batch: 16, Rate: 0.1, HiddenRate: 0.08, Mode: "infer", Workers: 1, Neuron: "LIF", Time: time.Millisecond}
	m, err := b.network()
	require.NoError(t, err)
	m, err = b.calibrate(t.Context(), m)
	require.NoError(t, err)
	x, err := b.input(m)
	require.NoError(t, err)
	for _, layer := range []string{"lif1", "lif2"} {
		rate, err := rateOf(t.Context(), m, layer, x)
		require.NoError(t, err)
		require.InDelta(t, 0.08, rate, 0.008, layer)
	}
	b.Neuron = "LI" // which never spikes
	m, err = b.network()
	require.NoError(t, err)
	_, err = b.calibrate(t.Context(), m)
	require.ErrorContains(t, err, "--hidden-rate 0.08")
}
