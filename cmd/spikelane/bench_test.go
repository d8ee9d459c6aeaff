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
