package statedict_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/statedict"
)

// FuzzLoad loads any file into the networks of the tests: it must not panic,
// and what fits is written and fits again.
func FuzzLoad(f *testing.F) {
	var graphs []network
	for name, n := range networks() {
		graphs = append(graphs, n)
		data, err := os.ReadFile(filepath.Join("testdata", name+".safetensors"))
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tensors, err := statedict.Read(data)
		if err != nil {
			return
		}
		for _, n := range graphs {
			m, report, err := statedict.Load(n.graph(t), tensors, nil)
			if err != nil {
				continue
			}
			path := filepath.Join(t.TempDir(), "again.safetensors")
			require.NoError(t, statedict.WriteFile(path, m, report.Names()))
			again, _ := n.load(t, path)
			require.Equal(t, m.Params(), again.Params())
		}
	})
}
