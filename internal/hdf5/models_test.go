package hdf5

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/shared"
)

// models are the published models, with what testdata/hash.py printed of them,
// which reads them with h5py.
var models = []struct {
	name     string
	datasets int
	hash     string
}{
	{"braille_noDelay_bias_zero.nir", 30, "a2d23a8fcec0b38bcf875435c99eab9e902cdc0d2449620101f70a25cbadbb5b"},
	{"braille_noDelay_bias_zero_subgraph.nir", 36, "66593830274938b377a0d81668dd8725001b919f2746425ca5e160103dfba686"},
	{"braille_noDelay_noBias_subtract.nir", 27, "62463a5ab010694b028d4f1335cf980451bbdccf847925742050b4056a607b43"},
	{"braille_noDelay_noBias_subtract_subgraph.nir", 33, "f4cddd3eeaf810b020160f1278fcdcfcab850624fca89562b3839cb2796d8915"},
	{"cnn_sinabs.nir", 64, "48879a4a9b98d0ff19c61c1eddcb50d2809d28105d914ff1d10867227003bc27"},
	{"lif_norse.nir", 15, "ae114df7917bce2a42b4941ab209e5c037a3811ae0b00de0137c81f84eb210f9"},
	{"lif_rockpool.nir", 14, "a94664ad5c90b59d0cee7ad01e9868ad7d304eddedd85dae4824c401c8c883f1"},
	{"two_lif_neurons.nir", 21, "fbc38db0ca754172d631e55e5bfe12f4a3097be8c3ef1e099daa1f4339096bd9"},
}

// digest hashes what a group holds, in the order of names, and counts datasets.
func digest(h hash.Hash, path string, g *Group) (datasets int) {
	for _, name := range slices.Sorted(maps.Keys(g.Members)) {
		switch n := g.Members[name].(type) {
		case *Group:
			datasets += digest(h, path+"/"+name, n)
		case *Dataset:
			datasets++
			fmt.Fprintf(h, "%s/%s %s %d\n", path, name, strings.TrimPrefix(fmt.Sprintf("%T", n.Data), "[]"), n.Shape)
			if list, ok := n.Data.([]string); ok {
				for _, s := range list {
					fmt.Fprintln(h, s)
				}
				continue
			}
			_ = binary.Write(h, le, n.Data)
		}
	}
	return datasets
}

// Every value of the published models is h5py's, before and after we wrote it.
func TestPublishedModels(t *testing.T) {
	total := 0
	for _, m := range models {
		f, err := os.Open(shared.Path(t, "data", "nir", m.name))
		require.NoError(t, err)
		defer f.Close()
		info, err := f.Stat()
		require.NoError(t, err)
		read, err := Read(f, info.Size(), 0)
		require.NoError(t, err)
		b, err := Encode(read)
		require.NoError(t, err)
		again, err := Decode(b, 0)
		require.NoError(t, err)
		for _, g := range []*Group{read, again} {
			h := sha256.New()
			require.Equal(t, m.datasets, digest(h, "", g), m.name)
			require.Equal(t, m.hash, hex.EncodeToString(h.Sum(nil)), m.name)
		}
		total += m.datasets
	}
	require.Equal(t, 240, total)
}

func BenchmarkDecode(b *testing.B) {
	data, err := os.ReadFile(shared.Path(b, "data", "nir", "cnn_sinabs.nir"))
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(data, 0); err != nil {
			b.Fatal(err)
		}
	}
}
