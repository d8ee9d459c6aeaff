package model_test

import (
	"bytes"
	_ "embed"
	"fmt"
	"log"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

//go:embed testdata/tiny.safetensors
var tiny []byte

// A program can carry its model.
func Example_embed() {
	m, err := model.Parse(tiny)
	if err != nil {
		log.Fatal(err)
	}
	state := m.NewState(1)
	current := tensor.Of([]float32{0.5, 0.5, -0.5, 0.5}, 1, 1, 4) // one step, one sample, four features
	for range 3 {
		y, err := m.Step(state, current)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(y.Dense().Data)
	}
	// Output:
	// [0 0]
	// [0 1]
	// [0 0]
}

// The embedded file is what this network is written as.
func TestTiny(t *testing.T) {
	g, err := forward.Sequential(tensor.Shape{4}, snn.Linear{Out: 2}, snn.LIF{Decay: 0.9})
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	data, err := model.Encode(m)
	require.NoError(t, err)
	require.True(t, bytes.Equal(data, tiny))
}
