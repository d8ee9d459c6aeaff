package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// The digits come with a module that this one requires: they are there.
func TestDemo(t *testing.T) {
	d := demo{Digits: 600, Steps: 5, Batch: 250, Workers: 2, Seed: 1}
	if emulated() {
		d.Digits = 50
	}
	require.NoError(t, d.Run(context.Background()))
	d.Data = t.TempDir()
	require.ErrorContains(t, d.Run(context.Background()), "t10k-images-idx3-ubyte")
	d.Data, d.Batch = "", 0
	require.ErrorContains(t, d.Run(context.Background()), "at least 1")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	d.Batch = 250
	require.ErrorIs(t, d.Run(cancelled), context.Canceled)
}
