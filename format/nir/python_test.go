package nir

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/hdf5"
	"github.com/spikelane/spikelane/internal/python"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// dumped is a dataset as testdata/dump.py has it.
type dumped struct {
	Type  string
	Shape []int
	Data  []string
}

// script runs a script of testdata whose first argument is the file to write
// JSON to.
func script(t *testing.T, to any, name string, args ...string) {
	out := filepath.Join(t.TempDir(), "out.json")
	python.Run(t, filepath.Join("testdata", name), append([]string{out}, args...)...)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, to))
}

// generated are the files that testdata/generate.py makes.
func generated(t *testing.T) string {
	dir := t.TempDir()
	python.Run(t, filepath.Join("testdata", "generate.py"), dir)
	return dir
}

// requireSame compares every dataset and attribute of a file with h5py's.
func requireSame(t *testing.T, want map[string]dumped, got *hdf5.Group) {
	t.Helper()
	found := map[string]dumped{}
	var visit func(path string, n hdf5.Node)
	add := func(path string, d *hdf5.Dataset) {
		v := value(d)
		typ, shape := v.Type(), append([]int{}, v.Shape...)
		var data []string
		for i := range v.Len() {
			data = append(data, fmt.Sprint(reflect.ValueOf(v.Data).Index(i)))
		}
		found[path] = dumped{typ, shape, data}
	}
	visit = func(path string, n hdf5.Node) {
		switch n := n.(type) {
		case *hdf5.Dataset:
			add(path, n)
		case *hdf5.Group:
			for name, d := range n.Attributes {
				add(path+"/@"+name, d)
			}
			for name, m := range n.Members {
				visit(path+"/"+name, m)
			}
		}
	}
	visit("", got)
	for path, w := range want {
		if before, attribute, ok := strings.Cut(path, "@"); ok {
			path = strings.TrimSuffix(before, "/") + "/@" + attribute
		}
		g, ok := found[path]
		require.True(t, ok, "%s is not there", path)
		delete(found, path)
		require.Equal(t, w.Type, g.Type, path)
		require.Equal(t, w.Shape, g.Shape, path)
		require.Len(t, g.Data, len(w.Data), path)
		for i := range w.Data {
			if w.Type == "string" {
				require.Equal(t, w.Data[i], g.Data[i], path)
				continue
			}
			a, b := parsed(t, w.Data[i]), parsed(t, g.Data[i])
			if w.Type == "float32" {
				a, b = float64(float32(a)), float64(float32(b))
			}
			require.True(t, a == b || math.IsNaN(a) && math.IsNaN(b), "%s[%d] is %v, not %v", path, i, b, a)
		}
	}
	require.Empty(t, found)
}

func parsed(t *testing.T, text string) float64 {
	if v, err := strconv.ParseBool(text); err == nil && len(text) > 1 {
		return map[bool]float64{true: 1}[v]
	}
	v, err := strconv.ParseFloat(text, 64)
	require.NoError(t, err)
	return v
}

// Files of the Python package, in every format of h5py, and the files of the
// NIR paper: our values are h5py's, and what we write of them is read by the
// Python package, with the same values.
func TestPythonReadsWhatWeWrite(t *testing.T) {
	dir := generated(t)
	files, err := filepath.Glob(filepath.Join(dir, "*.nir"))
	require.NoError(t, err)
	papers, err := filepath.Glob(filepath.Join(shared.Path(t, "data", "nir"), "*.nir"))
	require.NoError(t, err)
	files = append(files, papers...)

	var originals map[string]map[string]dumped
	script(t, &originals, "dump.py", files...)
	written := map[string]string{} // by the name of the original
	var list []string
	for _, path := range files {
		name := filepath.Base(path)
		if name == "data.nir" {
			continue
		}
		var repairs []Repair
		g, err := ReadFile(path, Lenient(&repairs))
		if name == "lzf.nir" {
			require.ErrorIs(t, err, hdf5.ErrUnsupported)
			require.ErrorContains(t, err, "lzf")
			continue
		}
		require.NoError(t, err)
		if len(repairs) == 0 {
			file, err := fileOf(g)
			require.NoError(t, err)
			requireSame(t, originals[path], file)
		}
		written[path] = filepath.Join(dir, "written_"+name)
		list = append(list, written[path])
		require.NoError(t, WriteFile(written[path], g))
	}
	require.Len(t, list, 16)

	var foreign map[string]struct {
		Nodes map[string]string
		Error string
	}
	script(t, &foreign, "check.py", list...)
	var again map[string]map[string]dumped
	script(t, &again, "dump.py", list...)
	for original, path := range written {
		require.Empty(t, foreign[path].Error, path)
		g, err := ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, typesOf(g, ""), foreign[path].Nodes)
		file, err := fileOf(g)
		require.NoError(t, err)
		requireSame(t, again[path], file)
		if _, repaired := ReadFile(original); repaired == nil {
			require.Equal(t, originals[original], again[path], path)
		}
	}
}

func typesOf(g *Graph, path string) map[string]string {
	types := map[string]string{}
	for name, n := range g.Nodes {
		types[inside(path, name)] = n.Type()
		if nested, ok := n.(*Graph); ok {
			for k, v := range typesOf(nested, inside(path, name)) {
				types[k] = v
			}
		}
	}
	return types
}

// What the Python reader refuses of the paper's files, ours refuses too.
func TestPythonRefuses(t *testing.T) {
	papers, err := filepath.Glob(filepath.Join(shared.Path(t, "data", "nir"), "*.nir"))
	require.NoError(t, err)
	var foreign map[string]struct{ Error string }
	script(t, &foreign, "check.py", papers...)
	refused := 0
	for _, path := range papers {
		_, err := ReadFile(path)
		require.Equal(t, foreign[path].Error != "", err != nil, "%s: %v, Python: %s", path, err, foreign[path].Error)
		if err != nil {
			refused++
		}
	}
	require.Equal(t, 3, refused)
}

// Recordings keep every value both ways.
func TestPythonRecordings(t *testing.T) {
	dir := generated(t)
	path := filepath.Join(dir, "data.nir")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	r, err := ParseData(data)
	require.NoError(t, err)
	events := r.Nodes["lif"]["events"].(Events)
	require.Equal(t, []float64{0, 2, -1, 1, 1, 0}, events.Index.Floats())
	require.Equal(t, 3, events.Neurons)
	require.Equal(t, 0.4, events.Until)

	again, err := EncodeData(r)
	require.NoError(t, err)
	copied := filepath.Join(dir, "copied.nir")
	require.NoError(t, os.WriteFile(copied, again, 0o644))
	var both map[string]map[string]dumped
	script(t, &both, "dump.py", path, copied)
	require.Equal(t, both[path], both[copied])
	file, err := hdf5.Decode(data, 0)
	require.NoError(t, err)
	requireSame(t, both[path], file)
	var grids []dumped
	script(t, &grids, "grid.py", copied, "0.1")
	for k, name := range []string{"events", "values"} {
		g, err := r.Nodes["lif"][name].(Events).Grid(0.1)
		require.NoError(t, err)
		require.Equal(t, grids[k].Shape, []int(g.Data.Shape))
		for i, v := range g.Data.Floats() {
			require.Equal(t, parsed(t, grids[k].Data[i]), v)
		}
	}
	_, err = Parse(data)
	require.ErrorContains(t, err, "ReadData")
}

// The Python package accepts what we export: convolutions with
// dilations, pools, delays, loops, neurons with records.
func TestPythonReadsWhatWeExport(t *testing.T) {
	size := func(a, b int) snn.Size { return snn.Size{a, b} }
	images, err := forward.Sequential(tensor.Shape{2, 10, 9},
		snn.Conv2d{Out: 4, Kernel: size(3, 3), Padding: size(1, 1)}, snn.LIF{Refractory: 2, Floor: 0},
		snn.SumPool2d{Kernel: size(2, 2)}, snn.Conv2d{Out: 3, Kernel: size(2, 2), Stride: size(2, 1), Dilation: size(1, 2)}, snn.IF{},
		snn.AvgPool2d{Kernel: size(2, 2), Stride: size(1, 1)}, snn.Flatten{}, snn.Delay{Steps: 3}, snn.Linear{Out: 5}, snn.SpikeCounter{})
	require.NoError(t, err)
	sounds, err := forward.Sequential(tensor.Shape{2, 40}, snn.Conv1d{Out: 3, Kernel: 4, Stride: 2, Padding: 1, Dilation: 3}, snn.LIF{ResetTo: 0.5, Reset: snn.ResetToValue}, snn.Flatten{})
	require.NoError(t, err)
	loop, err := forward.New(forward.Spec{
		Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{3}}},
		Layers: []forward.Node{
			{Name: "fc", Layer: snn.Linear{Out: 4}},
			{Name: "hidden", Layer: forward.Feedback{Layer: snn.LIF{Synapse: snn.Synapse{Decay: 0.5}}, Back: snn.Linear{Out: 4}, Delay: 3}},
			{Name: "late", Layer: snn.Linear{Out: 2}, Sources: []forward.Source{forward.After(2, "hidden")}},
			{Name: "out", Layer: snn.LI{Synapse: snn.Synapse{Decay: 0.5, Arrival: snn.ArrivalLate}}},
		},
	})
	require.NoError(t, err)
	dir := t.TempDir()
	var files []string
	for i, g := range []*forward.Graph{images, sounds, loop} {
		m, err := g.Init(1)
		require.NoError(t, err)
		exported, _, err := Export(m, 1e-3)
		require.NoError(t, err)
		files = append(files, filepath.Join(dir, fmt.Sprint(i, ".nir")))
		require.NoError(t, WriteFile(files[i], exported))
	}
	var foreign map[string]struct {
		Nodes map[string]string
		Error string
	}
	script(t, &foreign, "check.py", files...)
	for _, path := range files {
		require.Empty(t, foreign[path].Error)
		g, err := ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, typesOf(g, ""), foreign[path].Nodes)
	}
}
