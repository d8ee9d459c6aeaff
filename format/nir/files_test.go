package nir_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/internal/shared"
)

// Every file of the NIR paper is read: five strictly, three with the repair
// named; and written and read again it is the same.
func TestFilesOfThePaper(t *testing.T) {
	lif := `/node/nodes/lif1/edges: the edge input -> lif names a node that is not there: "lif" was taken for "lif1" in all edges`
	for name, repair := range map[string]string{
		"braille_noDelay_bias_zero.nir":                "",
		"braille_noDelay_bias_zero_subgraph.nir":       lif,
		"braille_noDelay_noBias_subtract.nir":          "",
		"braille_noDelay_noBias_subtract_subgraph.nir": lif,
		"cnn_sinabs.nir":                               "",
		"lif_norse.nir":                                "",
		"lif_rockpool.nir":                             "/node/nodes/output/shape: 1_LIFNeuronTorch, of shape [1], is read by output, of shape [1 1 1]: made [1]",
		"two_lif_neurons.nir":                          "",
	} {
		t.Run(name, func(t *testing.T) {
			path := shared.Path(t, "data", "nir", name)
			f, err := os.Open(path)
			require.NoError(t, err)
			defer f.Close()
			info, err := f.Stat()
			require.NoError(t, err)
			var repairs []nir.Repair
			g, err := nir.Read(f, info.Size(), nir.Lenient(&repairs))
			require.NoError(t, err)
			strict, err := nir.ReadFile(path)
			if repair == "" {
				require.NoError(t, err)
				require.Empty(t, repairs)
				require.Equal(t, strict, g)
			} else {
				require.ErrorIs(t, err, nir.ErrFormat)
				require.ErrorContains(t, err, path)
				require.Len(t, repairs, 1)
				require.Equal(t, repair, repairs[0].String())
			}
			copied := filepath.Join(t.TempDir(), "copied.nir")
			require.NoError(t, nir.WriteFile(copied, g))
			back, err := nir.ReadFile(copied)
			require.NoError(t, err)
			require.Equal(t, g, back)
		})
	}
}

// Values, as h5py shows them.
func TestValues(t *testing.T) {
	g, _ := read(t, "braille_noDelay_bias_zero.nir")
	require.Equal(t, "0.2.0", g.Version)
	lif := g.Nodes["lif1.lif"].(nir.CubaLIF)
	require.Equal(t, "float64", lif.TauMem.Type())
	require.Equal(t, 38, lif.TauMem.Len())
	require.InDelta(t, 9.99999762, lif.R.Floats()[0], 1e-8)
	require.InDelta(t, 2.22222228, lif.WIn.Floats()[37], 1e-8)
	fc1 := g.Nodes["fc1"].(nir.Affine)
	require.Equal(t, []int{38, 12}, []int(fc1.Weight.Shape))
	require.Equal(t, []float32{-1.3380636, 0.0579449}, fc1.Weight.Data.([]float32)[:2])
	require.Len(t, g.Edges, 7)

	cnn, _ := read(t, "cnn_sinabs.nir")
	conv := cnn.Nodes["0"].(nir.Conv2d)
	require.Equal(t, nir.Of([]int64{34, 34}), conv.InputShape)
	require.Equal(t, nir.One(int64(1)), conv.Groups)
	require.Equal(t, float32(-0.2573422), conv.Weight.Data.([]float32)[0])
	require.Equal(t, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "input", "output"}, cnn.Names())
}

func TestNotNIR(t *testing.T) {
	path := filepath.Join(t.TempDir(), "text.nir")
	require.NoError(t, os.WriteFile(path, []byte("not a file of any format"), 0o644))
	_, err := nir.ReadFile(path)
	require.ErrorContains(t, err, path)
	_, err = nir.ReadFile(path + ".none")
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = nir.Parse(nil)
	require.Error(t, err)
	_, err = nir.ParseData([]byte("nothing"))
	require.Error(t, err)
	data, err := nir.Encode(alone(nir.Scale{Scale: nir.Of([]float32{1})}, 1))
	require.NoError(t, err)
	_, err = nir.ParseData(data)
	require.ErrorIs(t, err, nir.ErrFormat)
}

func BenchmarkParse(b *testing.B) {
	data, err := os.ReadFile(shared.Path(b, "data", "nir", "cnn_sinabs.nir"))
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := nir.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}
