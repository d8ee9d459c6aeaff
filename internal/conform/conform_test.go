package conform_test

import (
	"encoding/binary"
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/internal/conform"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

var update = flag.Bool("update", false, "write the table of hashes anew")

// The table has every neuron that there is, and every tier agrees with it.
func TestHashes(t *testing.T) {
	if *update {
		require.NoError(t, os.WriteFile("hashes.txt", []byte(conform.Hashes()), 0o644))
		return
	}
	defer func(tier string) { require.NoError(t, simd.Use(tier)) }(simd.Tier())
	for _, tier := range simd.Tiers() {
		require.NoError(t, simd.Use(tier))
		require.Equal(t, conform.Hashes(), conform.KnownHashes)
		results := conform.Self()
		require.Greater(t, len(results), 300)
		for _, r := range results {
			require.NoError(t, r.Err, r.Case)
			require.Greater(t, r.Spikes+r.Gradients, 50, r.Case)
		}
	}
}

// A case that differs by one spike fails, and says where.
func TestDifferenceIsFound(t *testing.T) {
	data, err := os.ReadFile(shared.Path(t, "golden", "neuron.snntorch.Leaky.subtract.delay.atan.from0.safetensors"))
	require.NoError(t, err)
	start := 8 + binary.LittleEndian.Uint64(data)
	var header struct {
		Spikes struct {
			Offsets [2]uint64 `json:"data_offsets"`
			Shape   []int
		}
	}
	require.NoError(t, json.Unmarshal(data[8:start], &header))
	neurons := header.Spikes.Shape[2]
	at := start + header.Spikes.Offsets[0] + uint64(4*(neurons*header.Spikes.Shape[1]+3)) // step 1, sample 0, neuron 3
	was := math.Float32frombits(binary.LittleEndian.Uint32(data[at:]))
	binary.LittleEndian.PutUint32(data[at:], math.Float32bits(1-was))
	path := filepath.Join(t.TempDir(), "case.safetensors")
	require.NoError(t, os.WriteFile(path, data, 0o644))
	c, err := vectors.ReadFile(path)
	require.NoError(t, err)
	require.ErrorContains(t, conform.Run(c, "").Err, "spikes of sample 0: step 1, place 3")
}

// A case of which one tensor does not go with the others fails, whichever it
// is; nothing crashes.
func TestBadCases(t *testing.T) {
	for _, name := range []string{
		"neuron.snntorch.RLeaky.all_to_all.zero.delay.from0", "neuron.norse.LSNN.recurrent.fromrand", "neuron.sinabs.ALIF.from0",
		"neuron.snnax.SigmaDelta.fromrand", "neuron.jaxpike.LIF.zero.from0", "neuron.rockpool.LIFTorch.rec.from0",
	} {
		data, err := os.ReadFile(shared.Path(t, "golden", name+".safetensors"))
		require.NoError(t, err)
		f, err := safetensors.Read(data)
		require.NoError(t, err)
		for _, bad := range append([]string{"nothing"}, f.Names()...) {
			var tensors []safetensors.Named
			for _, n := range f.Names() {
				x, err := f.Tensor(n)
				require.NoError(t, err)
				if n == bad {
					x = tensor.Of([]float32{float32(math.NaN()), 1, 2}, 3)
				}
				tensors = append(tensors, safetensors.Named{Name: n, Tensor: x})
			}
			broken, err := safetensors.Encode(tensors, f.Metadata)
			require.NoError(t, err)
			path := filepath.Join(t.TempDir(), "case.safetensors")
			require.NoError(t, os.WriteFile(path, broken, 0o644))
			c, err := vectors.ReadFile(path)
			require.NoError(t, err)
			if r := conform.Run(c, ""); bad == "nothing" {
				require.NoError(t, r.Err, "%s as it is", name)
			} else {
				require.Error(t, r.Err, "%s without its %s", name, bad)
			}
		}
	}
}

// emulated runs leave out what takes minutes.
func emulated() bool { return os.Getenv("SPIKELANE_EMULATED") != "" }

// Every case of the other frameworks, on every tier.
func TestGoldens(t *testing.T) {
	events := filepath.Join(shared.Path(t, "data"), "nmnist")
	paths, err := filepath.Glob(filepath.Join(shared.Path(t, "golden"), "*.safetensors"))
	require.NoError(t, err)
	require.Greater(t, len(paths), 300)
	defer func(tier string) { require.NoError(t, simd.Use(tier)) }(simd.Tier())
	for _, tier := range simd.Tiers() {
		require.NoError(t, simd.Use(tier))
		for _, path := range paths {
			c, err := vectors.ReadFile(path)
			require.NoError(t, err)
			if c.Kind == "nmnist" && emulated() {
				continue // takes too long
			}
			t.Run(tier+"/"+strings.TrimSuffix(filepath.Base(path), ".safetensors"), func(t *testing.T) {
				r := conform.Run(c, events)
				require.NoError(t, r.Err)
				require.LessOrEqual(t, r.Worst, 1.0)
			})
		}
	}
}
