package nir

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/hdf5"
	"github.com/spikelane/spikelane/internal/shared"
)

// requireSound reads any file strictly and leniently: what is accepted can be
// written and read again, and becomes a network or an error.
func requireSound(t *testing.T, data []byte) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	strict, err := Parse(data)
	var repairs []Repair
	lenient, lenientErr := Parse(data, Lenient(&repairs))
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20+4096*len(data)))
	encoded := func(g *Graph) []byte {
		data, err := Encode(g)
		require.NoError(t, err)
		return data
	}
	if err == nil {
		require.NoError(t, lenientErr)
		require.Empty(t, repairs)
		require.Equal(t, encoded(strict), encoded(lenient))
	}
	if lenientErr != nil {
		return
	}
	again := encoded(lenient)
	back, err := Parse(again)
	require.NoError(t, err)
	require.Equal(t, again, encoded(back))
	shapes, err := lenient.Shapes()
	require.NoError(t, err)
	total := 0
	for _, s := range shapes {
		total += s.Size()
	}
	if total < 1<<16 && total >= 0 {
		for _, name := range []string{"nir", "sinabs", "spikelane"} {
			d, err := As(name, 0.01)
			require.NoError(t, err)
			if m, report, err := lenient.Model(d); err == nil {
				require.NotEmpty(t, report.String())
				_, _, _ = Export(m, 0.01)
			}
		}
	}
}

// FuzzParse reads anything.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(shared.Path(f, "data", "nir"), "*.nir"))
	require.NoError(f, err)
	for _, path := range files {
		data, err := os.ReadFile(path)
		require.NoError(f, err)
		f.Add(data)
	}
	data, err := hdf5.Encode(good(f))
	require.NoError(f, err)
	f.Add(data)
	f.Fuzz(requireSound)
}

// interesting are values to put where others were.
var interesting = []Array{
	One(int64(0)), One(int64(-1)), One(int64(1 << 40)), One("x"), One("same"), One("LIF"), One("NIRGraph"), One("Output"), One(0.5),
	Of([]int64{}), Of([]int64{3}), Of([]int64{2, 3}), Of([]int64{1 << 20, 1 << 20}), Of([]int64{2, 4, 5}), Of([]float64{1}), Of([]float64{1, 2, 3}),
	Of(make([]float32, 36), 3, 12), Of(make([]float32, 9), 3, 3), Of(make([]float64, 12)), Of([]bool{true}), Of([]string{"a", "b"}, 1, 2),
	Of([]string{"input", "input"}, 1, 2), Of([]string{"input", "conv", "conv", "conv"}, 2, 2), Of([]string{"lif", "lif", "input", "lif"}, 2, 2),
}

// FuzzSpoiled changes values of a good file: each two bytes name one, and what
// becomes of it.
func FuzzSpoiled(f *testing.F) {
	f.Add([]byte{0, 0})
	f.Add([]byte{9, 9, 3, 1, 80, 12})
	f.Fuzz(func(t *testing.T, program []byte) {
		file := good(t)
		for ; len(program) >= 2 && len(program) <= 40; program = program[2:] {
			var places []func(a *Array)
			var visit func(g *hdf5.Group)
			visit = func(g *hdf5.Group) {
				for _, name := range slices.Sorted(maps.Keys(g.Members)) {
					places = append(places, func(a *Array) {
						if a == nil {
							delete(g.Members, name)
						} else {
							set(g, name, *a)
						}
					})
					if inner, ok := g.Members[name].(*hdf5.Group); ok {
						visit(inner)
					}
				}
			}
			visit(file)
			if len(places) == 0 {
				break
			}
			change := places[int(program[0])%len(places)]
			if k := int(program[1]) % (len(interesting) + 1); k < len(interesting) {
				change(&interesting[k])
			} else {
				change(nil)
			}
		}
		data, err := hdf5.Encode(file)
		if err == nil {
			requireSound(t, data)
		}
	})
}
