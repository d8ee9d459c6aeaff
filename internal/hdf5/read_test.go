package hdf5

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/python"
)

// content is what testdata/make.py says that h5py finds in a file.
type content struct {
	Members    map[string]content
	Shape      []int
	Data       []any
	Attributes map[string][]any
}

// requireContent compares a node with what h5py found.
func requireContent(t *testing.T, path string, want content, got Node) {
	t.Helper()
	var attributes map[string]*Dataset
	switch got := got.(type) {
	case *Group:
		require.NotNil(t, want.Members, path)
		require.Len(t, got.Members, len(want.Members), path)
		for name, member := range want.Members {
			require.NotNil(t, got.Members[name], "%s/%s", path, name)
			requireContent(t, path+"/"+name, member, got.Members[name])
		}
		attributes = got.Attributes
	case *Dataset:
		require.Equal(t, append([]int{}, want.Shape...), append([]int{}, got.Shape...), path)
		requireData(t, path, want.Data, got.Data)
		attributes = got.Attributes
	}
	require.Len(t, attributes, len(want.Attributes), path)
	for name, value := range want.Attributes {
		require.Contains(t, attributes, name, path)
		requireData(t, path+" @"+name, value, attributes[name].Data)
	}
}

func requireData(t *testing.T, path string, want []any, got any) {
	t.Helper()
	v := reflect.ValueOf(got)
	require.Equal(t, len(want), v.Len(), path)
	for i, w := range want {
		g := v.Index(i).Interface()
		if number, ok := w.(json.Number); ok {
			if v.Type().Elem().Kind() < reflect.Float32 { // a float64 would not hold all integers
				g = json.Number(fmt.Sprint(g))
			} else {
				f, err := number.Float64()
				require.NoError(t, err)
				w, g = any(f), v.Index(i).Float()
			}
		}
		if w != g {
			require.Equal(t, w, g, "%s[%d]", path, i)
		}
	}
}

// requireFiles compares all files of a folder with what h5py finds in them.
func requireFiles(t *testing.T, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.h5"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			require.NoError(t, err)
			got, err := Decode(b, 0)
			require.NoError(t, err)
			text, err := os.ReadFile(strings.TrimSuffix(file, ".h5") + ".json")
			require.NoError(t, err)
			var want content
			d := json.NewDecoder(strings.NewReader(string(text)))
			d.UseNumber()
			require.NoError(t, d.Decode(&want))
			requireContent(t, "", want, got)

			// What we write of it holds the same.
			b, err = Encode(got)
			require.NoError(t, err)
			again, err := Decode(b, 0)
			require.NoError(t, err)
			require.Equal(t, got, again)
		})
	}
}

// Files of h5py, of the oldest and the latest version of the format.
func TestFilesOfH5py(t *testing.T) { requireFiles(t, "testdata") }

// What is not read is said, with its place.
func TestRefused(t *testing.T) {
	for name, want := range map[string]string{
		"lzf":              "hdf5: /x: unsupported HDF5 feature: filter 32000 (lzf)",
		"scaleoffset":      "hdf5: /x: unsupported HDF5 feature: filter 6 (scaleoffset)",
		"soft link":        `hdf5: /: unsupported HDF5 feature: soft link "y"`,
		"soft link latest": `hdf5: /g: unsupported HDF5 feature: soft link "y"`,
		"external link":    `hdf5: /g: unsupported HDF5 feature: link "y" of kind 64`,
		"compound":         "hdf5: /x: unsupported HDF5 feature: compound datatype",
		"complex":          "hdf5: /x: unsupported HDF5 feature: compound datatype",
		"opaque":           "hdf5: /x: unsupported HDF5 feature: opaque datatype",
		"array":            "hdf5: /x: unsupported HDF5 feature: array datatype",
		"reference":        "hdf5: /x: unsupported HDF5 feature: reference datatype",
		"committed":        "hdf5: /t: unsupported HDF5 feature: committed datatype",
		"virtual":          "hdf5: /x: unsupported HDF5 feature: virtual dataset",
		"external data":    "hdf5: /x: unsupported HDF5 feature: data in another file",
		"null":             "hdf5: /x: unsupported HDF5 feature: null dataspace",
		"null attribute":   `hdf5: /x: attribute "a": unsupported HDF5 feature: null dataspace`,
	} {
		b, err := os.ReadFile(filepath.Join("testdata", "refused", name+".h5"))
		require.NoError(t, err)
		_, err = Decode(b, 0)
		require.ErrorIs(t, err, ErrUnsupported, name)
		require.ErrorContains(t, err, want, name)
	}
}

// The same, made anew, and longer ones: thousands of links, lists of chunks in
// pages. What h5py reads of the file that we write of one is the same again.
func TestNewFilesOfH5py(t *testing.T) {
	dir := t.TempDir()
	python.Run(t, "testdata/make.py", dir)
	requireFiles(t, dir)

	files, err := filepath.Glob(filepath.Join(dir, "*.h5"))
	require.NoError(t, err)
	var pairs []string
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		g, err := Decode(b, 0)
		require.NoError(t, err)
		b, err = Encode(g)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file+".ours", b, 0o644))
		pairs = append(pairs, file, file+".ours")
	}
	python.Run(t, "testdata/same.py", pairs...)
}
