package npy_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/tensor"
)

// archive is a ZIP archive of such members.
func archive(t testing.TB, members ...[2]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.Create(m[0])
		require.NoError(t, err)
		_, err = w.Write([]byte(m[1]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func open(data []byte) (*npy.Archive, error) {
	return npy.NewArchive(bytes.NewReader(data), int64(len(data)))
}

func TestArchiveRoundTrip(t *testing.T) {
	var arrays []npy.Named
	for code, data := range every(12) {
		arrays = append(arrays, npy.Named{Name: code, Array: npy.Array{Shape: tensor.Shape{3, 4}, Data: data}})
	}
	var one, two bytes.Buffer
	require.NoError(t, npy.WriteArchive(&one, arrays...))
	require.NoError(t, npy.WriteArchive(&two, arrays...))
	require.Equal(t, one.Bytes(), two.Bytes())
	a, err := open(one.Bytes())
	require.NoError(t, err)
	require.NoError(t, a.Close())
	for i, name := range a.Names() {
		require.Equal(t, arrays[i].Name, name)
		got, err := a.Read(name)
		require.NoError(t, err)
		require.Equal(t, arrays[i].Array, got)
	}
	_, err = a.Read("b1.npy")
	require.ErrorIs(t, err, npy.ErrNotFound)
}

func TestArchiveRefuses(t *testing.T) {
	good := string(shaped("(2,)", 8))
	for name, members := range map[string][][2]string{
		"no array":          {{"readme.txt", "hello"}},
		"a name twice":      {{"a.npy", good}, {"a.npy", good}},
		"a directory":       {{"a/", ""}},
		"a name without it": {{"a", good}},
	} {
		_, err := open(archive(t, members...))
		require.ErrorIs(t, err, npy.ErrFormat, name)
	}
	whole := archive(t, [2]string{"a.npy", good}, [2]string{"b.npy", good[:len(good)-1]}, [2]string{"../c.npy", good})
	a, err := open(whole)
	require.NoError(t, err)
	_, err = a.Read("a")
	require.NoError(t, err)
	_, err = a.Read("../c") // a name, not a path
	require.NoError(t, err)
	_, err = a.Read("b")
	require.ErrorIs(t, err, npy.ErrFormat)
	require.ErrorContains(t, err, `"b"`)
	for n := range len(whole) {
		_, err := open(whole[:n])
		require.ErrorIs(t, err, npy.ErrFormat, n)
	}

	array := npy.Array{Shape: tensor.Shape{}, Data: []int8{1}}
	for name, arrays := range map[string][]npy.Named{
		"a name twice": {{Name: "a", Array: array}, {Name: "a", Array: array}},
		"no name":      {{Array: array}},
	} {
		require.ErrorIs(t, npy.WriteArchive(&bytes.Buffer{}, arrays...), npy.ErrFormat, name)
	}
	err = npy.WriteArchive(&bytes.Buffer{}, npy.Named{Name: "z", Array: npy.Array{Shape: tensor.Shape{2}, Data: []int8{1}}})
	require.ErrorIs(t, err, tensor.ErrShape)
	require.ErrorContains(t, err, `npy: array "z": `)
}

// A member that unpacks to more than the limit is an error, whether the
// archive owns up to it or not, and costs no more than the limit.
func TestArchiveBomb(t *testing.T) {
	const size = 16 << 20
	bomb := archive(t, [2]string{"a.npy", string(shaped("(4194304,)", size))})
	require.Less(t, len(bomb), size/500)
	liar := bytes.Clone(bomb)
	at := bytes.Index(liar, []byte("PK\x01\x02")) // its entry in the directory
	copy(liar[at+24:], []byte{200, 0, 0, 0})      // the unpacked size
	for name, data := range map[string][]byte{"honest": bomb, "liar": liar} {
		a, err := open(data)
		require.NoError(t, err, name)
		a.Limit = 1 << 20
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = a.Read("a")
		runtime.ReadMemStats(&after)
		require.ErrorIs(t, err, npy.ErrFormat, name)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(6<<20), name)
	}
	a, err := open(bomb)
	require.NoError(t, err)
	x, err := a.Read("a")
	require.NoError(t, err, "the standard limit is larger")
	require.Len(t, x.Data, size/4)
}

// FuzzArchive opens anything and reads all arrays in it.
func FuzzArchive(f *testing.F) {
	f.Add(archive(f, [2]string{"a.npy", string(shaped("(2,)", 8))}, [2]string{"b.npy", string(file(head("'>i2'", "True", "(2, 3)"), 12))}))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := open(data)
		if err != nil {
			require.ErrorIs(t, err, npy.ErrFormat)
			return
		}
		a.Limit = 1 << 20
		for _, name := range a.Names() {
			if _, err := a.Read(name); err != nil {
				require.True(t, errors.Is(err, npy.ErrFormat) || errors.Is(err, npy.ErrUnsupported), err)
			}
		}
	})
}
