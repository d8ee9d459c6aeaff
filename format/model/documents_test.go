package model_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// The networks and layers that docs/model-file.md shows can be built.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "model-file.md"))
	require.NoError(t, err)
	networks, layers, inputs := 0, 0, 0
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(text, -1) {
		var layer struct {
			Type    string
			Of      string
			Options json.RawMessage
		}
		require.NoError(t, json.Unmarshal(block[1], &layer))
		if layer.Of != "" {
			_, err := encode.ParseInput(block[1])
			require.NoError(t, err)
			inputs++
			continue
		}
		if layer.Type == "" {
			_, err := forward.ParseGraph(block[1])
			require.NoError(t, err)
			networks++
			continue
		}
		l, err := snn.Unmarshal(layer.Type, layer.Options)
		require.NoError(t, err)
		_, err = l.Build(tensor.Shape{3})
		require.NoError(t, err)
		layers++
	}
	require.Equal(t, 1, networks)
	require.Equal(t, 1, layers)
	require.Equal(t, 1, inputs)
}
