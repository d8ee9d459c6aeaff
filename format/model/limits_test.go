package model_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
)

// sealed is a model file of a graph, without weights.
func sealed(t *testing.T, graph string) []byte {
	t.Helper()
	zeros := strings.Repeat("0", 64)
	data, err := safetensors.Encode(nil, map[string]string{"spikelane.version": "1", "spikelane.graph": graph, "spikelane.sha256": zeros})
	require.NoError(t, err)
	sum := sha256.Sum256(data)
	return []byte(strings.Replace(string(data), zeros, hex.EncodeToString(sum[:]), 1))
}

// A small file that asks for more memory than is sane is an error, and takes
// none; who wants that much says so.
func TestSmallFilesWithLargeCosts(t *testing.T) {
	many := "spike = fires(x, 1)"
	for i := range 40 {
		many += fmt.Sprintf("; v%d = v%[1]d + x", i)
	}
	for name, c := range map[string]struct{ graph, says string }{
		"a delay of everything":        {`{"inputs": [{"name": "x", "shape": [1000000]}], "layers": [{"type": "Delay", "options": {"steps": 65536}}]}`, "a state of"},
		"more than an int32 of states": {`{"inputs": [{"name": "x", "shape": [60000000]}], "layers": [{"type": "Equations", "options": {"text": "` + many + `"}}]}`, "a state of"},
		"a late edge":                  {`{"inputs": [{"name": "x", "shape": [1000000]}], "layers": [{"name": "a", "type": "Identity"}, {"name": "b", "type": "LI", "sources": ["a"], "delays": [30000]}]}`, "a state of"},
		"states that add up":           {`{"inputs": [{"name": "x", "shape": [1000000]}], "layers": [` + strings.Repeat(`{"type": "Delay", "options": {"steps": 400}},`, 3) + `{"type": "LI"}]}`, "a state of"},
		"weights":                      {`{"inputs": [{"name": "x", "shape": [60000]}], "layers": [{"type": "Linear", "options": {"out": 30000}}]}`, "the parameters"},
	} {
		t.Run(name, func(t *testing.T) {
			data := sealed(t, c.graph)
			require.Less(t, len(data), 1500)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := model.Parse(data)
			runtime.ReadMemStats(&after)
			require.ErrorIs(t, err, forward.ErrLimit)
			require.ErrorContains(t, err, c.says)
			// They ask for 240 MB and more; to read 41 equations takes 3 MB.
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
		})
	}
	ok := sealed(t, `{"inputs": [{"name": "x", "shape": [1000]}], "layers": [{"type": "Delay", "options": {"steps": 100}}]}`)
	_, err := model.Parse(ok)
	require.NoError(t, err)
	_, err = model.Parse(ok, model.Within(forward.Limits{State: 399_999}))
	require.ErrorIs(t, err, forward.ErrLimit)
	_, err = model.Parse(ok, model.Within(forward.Limits{State: 400_000}))
	require.NoError(t, err)
}
