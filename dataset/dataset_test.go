package dataset_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/dataset"
	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/tensor"
)

// sensor is how recordings of a camera of that size are read.
func sensor(width, height int) events.Options {
	return events.Options{Sensor: events.Sensor{Width: width, Height: height}}
}

// archive writes a .npz.
func archive(t testing.TB, arrays ...npy.Named) string {
	path := filepath.Join(t.TempDir(), "data.npz")
	require.NoError(t, npy.WriteArchiveFile(path, arrays...))
	return path
}

func floats(data []float32, shape ...int) npy.Array { return npy.Array{Shape: shape, Data: data} }

func ints(data ...int64) npy.Array {
	return npy.Array{Shape: tensor.Shape{len(data)}, Data: data}
}

// numbered are so many samples of two features, and their classes: 0, 1, 2, 0 ...
func numbered(t testing.TB, n, classes int) *dataset.Set {
	x, y := make([]float32, 2*n), make([]int64, n)
	for i := range n {
		x[2*i], x[2*i+1], y[i] = float32(i), 1, int64(i%classes)
	}
	s, err := dataset.Open(archive(t, npy.Named{Name: "x", Array: floats(x, n, 2)}, npy.Named{Name: "y", Array: ints(y...)}), dataset.Options{})
	require.NoError(t, err)
	return s
}

// Numbers are scaled and shown for some steps.
func TestNumbers(t *testing.T) {
	s := numbered(t, 11, 3)
	require.Equal(t, 11, s.Len())
	require.Equal(t, []int{4, 4, 3}, s.Counts())
	require.Equal(t, []string{"0", "1", "2"}, s.Input().Classes)
	require.Equal(t, [2]float32{0, 10}, s.Input().Range)
	b, err := s.Batch([]int{10, 0}, -1)
	require.NoError(t, err)
	x := b.Inputs[0].(*tensor.Tensor)
	require.Equal(t, tensor.Shape{10, 2, 2}, x.Shape)
	require.Equal(t, []float32{1, 0.1, 0, 0.1}, x.Data[:4])
	require.Equal(t, []int{1, 0}, []int{b.Targets[0].Class, b.Targets[1].Class})
}

// Arrays over time are input as they are.
func TestSignals(t *testing.T) {
	path := archive(t, npy.Named{Name: "x_test", Array: floats(make([]float32, 4*5*3), 4, 5, 3)}, npy.Named{Name: "y_test", Array: ints(0, 1, 0, 1)})
	s, err := dataset.Open(path, dataset.Options{Signals: true, Part: dataset.PartTest})
	require.NoError(t, err)
	require.Equal(t, 5, s.Input().Steps)
	b, err := s.Batch([]int{1}, 0)
	require.NoError(t, err)
	require.Equal(t, tensor.Shape{5, 1, 3}, b.Inputs[0].(*tensor.Tensor).Shape)
}

// Parts have nothing in common and are all there is; the same on every machine.
func TestSplits(t *testing.T) {
	s := numbered(t, 40, 3)
	names := func(sets ...*dataset.Set) (all []string) {
		for _, s := range sets {
			for i := range s.Len() {
				all = append(all, s.Name(i))
			}
		}
		return all
	}
	rest, held, err := s.HoldOut(0.25, 1)
	require.NoError(t, err)
	require.Equal(t, []int{4, 3, 3}, held.Counts())
	whole := names(rest, held)
	slices.Sort(whole)
	require.Len(t, slices.Compact(whole), 40)
	require.Equal(t, []string{"0", "3", "11", "15", "19", "20", "28", "32", "34", "39"}, names(held))
	require.NotEqual(t, s.Sum(), held.Sum())
	require.NotEqual(t, rest.Sum(), held.Sum())

	var folded []string
	for k := range 4 {
		rest, held, err := s.Fold(k, 4, 7)
		require.NoError(t, err)
		require.Equal(t, 10, held.Len())
		require.Equal(t, 30, rest.Len())
		folded = append(folded, names(held)...)
	}
	slices.Sort(folded)
	require.Len(t, slices.Compact(folded), 40)

	for _, share := range []float64{0, 1, -1, math.NaN(), 0.99} {
		_, _, err := s.HoldOut(share, 1)
		require.ErrorIs(t, err, dataset.ErrData)
	}
	_, _, err = s.Fold(4, 4, 1)
	require.ErrorIs(t, err, dataset.ErrData)
	_, _, err = s.HoldOutGroups("nobody")
	require.ErrorIs(t, err, dataset.ErrData)
}

// The real recordings: lists without endings, and with commas.
func TestRecordings(t *testing.T) {
	dir := shared.Path(t, "data", "nmnist")
	o := dataset.Options{Read: sensor(34, 34)}
	s, err := dataset.Open(dir, o)
	require.NoError(t, err)
	require.Equal(t, 1000, s.Len())
	require.Len(t, s.Input().Classes, 10)
	require.Equal(t, 5, s.Class(0))
	o.Part = dataset.PartTest
	test, err := dataset.Open(dir, o)
	require.NoError(t, err)
	require.Equal(t, 100, test.Len())
	b, err := test.Batch([]int{3, 4}, -1)
	require.NoError(t, err)
	x := b.Inputs[0].(*tensor.Events)
	require.NoError(t, x.Check())
	require.Greater(t, len(x.Index), 1000)

	list := filepath.Join(t.TempDir(), "list.csv")
	text := "path,label\n"
	for i := range 3 {
		text += fmt.Sprintf("%s,%d\n", filepath.Join(dir, test.Name(i)+".bs2"), test.Class(i))
	}
	require.NoError(t, os.WriteFile(list, []byte(text), 0o666))
	in := test.Input()
	listed, err := dataset.Open(list, dataset.Options{Input: &in})
	require.NoError(t, err)
	require.Equal(t, 3, listed.Len())
	for i := range 3 {
		require.Equal(t, test.Class(i), listed.Class(i))
		want, err := test.Sample(i)
		require.NoError(t, err)
		got, err := listed.Sample(i)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	whole, err := listed.Sample(1)
	require.NoError(t, err)
	later, steps, values := 0, 0, []float32{}
	for x, err := range listed.Blocks(1, 7, &later) {
		require.NoError(t, err)
		n, _, _ := x.Dims()
		steps += n
		values = append(values, x.Dense().Data...)
	}
	require.Equal(t, in.Steps, steps)
	require.Equal(t, whole.Dense().Data, values)
	moved, err := s.Augmented(encode.Augment{Shift: 3})
	require.NoError(t, err)
	still, err := s.Batch([]int{0}, -1)
	require.NoError(t, err)
	judged, err := moved.Batch([]int{0}, -1)
	require.NoError(t, err)
	first, err := moved.Batch([]int{0}, 0)
	require.NoError(t, err)
	second, err := moved.Batch([]int{0}, 1)
	require.NoError(t, err)
	require.Equal(t, still, judged)
	require.NotEqual(t, first, second)
	require.NotEqual(t, s.Sum(), moved.Sum())
}

// The spoken digits, with speakers as groups.
func TestSounds(t *testing.T) {
	dir := shared.Path(t, "data", "fsdd", "recordings")
	s, err := dataset.Open(dir, dataset.Options{Pattern: "{class}_{group}_{index}", Adjust: func(in *encode.Input) { in.Steps = 80 }})
	require.NoError(t, err)
	require.Equal(t, 3000, s.Len())
	require.Len(t, s.Groups(), 6)
	rest, held, err := s.HoldOutGroups("theo")
	require.NoError(t, err)
	require.Equal(t, []int{2500, 500}, []int{rest.Len(), held.Len()})
	x, err := held.Sample(0)
	require.NoError(t, err)
	_, _, features := x.Dims()
	require.Equal(t, tensor.Shape{64}, features)
	_, err = dataset.Open(dir, dataset.Options{Pattern: "{class}-{group}"})
	require.ErrorIs(t, err, dataset.ErrData)
}

// Pictures in a folder for every class.
func TestPictures(t *testing.T) {
	dir := t.TempDir()
	for _, class := range []string{"cat", "dog"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, class), 0o777))
		for i := range 2 {
			m := image.NewGray(image.Rect(0, 0, 3, 2))
			m.Pix[0] = byte(100 + i)
			var b bytes.Buffer
			require.NoError(t, png.Encode(&b, m))
			require.NoError(t, os.WriteFile(filepath.Join(dir, class, fmt.Sprint(i, ".png")), b.Bytes(), 0o666))
		}
	}
	s, err := dataset.Open(dir, dataset.Options{Adjust: func(in *encode.Input) { in.Range, in.Steps = [2]float32{}, 1 }})
	require.NoError(t, err)
	require.Equal(t, []string{"cat", "dog"}, s.Input().Classes)
	require.Equal(t, "dog/1.png", s.Name(3))
	x, err := s.Sample(3)
	require.NoError(t, err)
	require.Equal(t, []float32{101, 0, 0, 0, 0, 0}, x.Dense().Data)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "bird"), 0o777))
	_, err = dataset.Open(dir, dataset.Options{})
	require.ErrorIs(t, err, dataset.ErrData)
	require.ErrorContains(t, err, "bird")
}

// A batch of no samples, and sets of other options or classes, are errors.
func TestJoin(t *testing.T) {
	a := numbered(t, 11, 3)
	b := numbered(t, 11, 2)
	both, err := dataset.Join(a, a)
	require.NoError(t, err)
	require.Equal(t, 22, both.Len())
	require.Equal(t, a.Class(2), both.Class(13))
	x, err := a.Sample(2)
	require.NoError(t, err)
	y, err := both.Sample(13)
	require.NoError(t, err)
	require.Equal(t, x, y)
	_, err = dataset.Join(a, b)
	require.ErrorIs(t, err, dataset.ErrData)
	_, err = dataset.Join()
	require.ErrorIs(t, err, dataset.ErrData)
	_, err = a.Batch(nil, 0)
	require.ErrorIs(t, err, dataset.ErrData)
	require.NotEqual(t, a.Sum(), b.Sum())
	require.NotEqual(t, a.Sum(), both.Sum())
	mine, err := dataset.OfSignals([]tensor.Signal{tensor.New(3, 1, 2), tensor.New(4, 1, 2)}, []int{1, 0})
	require.NoError(t, err)
	batch, err := mine.Batch([]int{1, 0}, 0)
	require.NoError(t, err)
	require.Equal(t, tensor.Shape{4, 2, 2}, batch.Inputs[0].(*tensor.Tensor).Shape)
	_, err = dataset.OfSignals([]tensor.Signal{tensor.New(3, 1, 2), tensor.New(4, 1, 3)}, nil)
	require.ErrorIs(t, err, dataset.ErrData)
}

// Data that are no samples say what is wrong, and where.
func TestBadData(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
		return path
	}
	write("a.csv", "t_us,x,y,p\n1,2,3,1\n")
	named := func(name string, a npy.Array) npy.Named { return npy.Named{Name: name, Array: a} }
	bomb := filepath.Join(dir, "bomb.npz")
	f, err := os.Create(bomb)
	require.NoError(t, err)
	z := zip.NewWriter(f)
	w, err := z.Create("x.npy")
	require.NoError(t, err)
	header := fmt.Sprintf("%-117s\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 50000), }")
	_, err = w.Write([]byte("\x93NUMPY\x01\x00\x76\x00" + header))
	require.NoError(t, err)
	for range 200 {
		_, err = w.Write(make([]byte, 1e6))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())

	for name, c := range map[string]struct{ path, says string }{
		"empty folder":       {t.TempDir(), "no samples"},
		"no file":            {filepath.Join(dir, "none"), "none"},
		"label without file": {write("list1.txt", "a.csv 0\nb.csv 1\n"), "line 2"},
		"file without label": {write("list2.txt", "a.csv 0\na.csv\n"), "line 2"},
		"twice":              {write("list3.txt", "a.csv 0\na.csv 1\n"), "line 1, too"},
		"wrong rank":         {archive(t, named("x", floats([]float32{1, 2}, 2)), named("y", ints(0, 1))), "[2]"},
		"wrong length":       {archive(t, named("x", floats([]float32{1, 2}, 2, 1)), named("y", ints(0, 1, 0))), "2 samples and 3 classes"},
		"NaN":                {archive(t, named("x", floats([]float32{1, float32(math.NaN())}, 2, 1)), named("y", ints(0, 1))), "element 1, NaN"},
		"negative class":     {archive(t, named("x", floats([]float32{1, 2}, 2, 1)), named("y", ints(0, -1))), "y[1]"},
		"half a class":       {archive(t, named("x", floats([]float32{1, 2}, 2, 1)), named("y", floats([]float32{0, 0.5}, 2))), "y[1]"},
		"other names":        {archive(t, named("a", floats([]float32{1, 2}, 2, 1))), `"a"`},
		"no samples":         {archive(t, named("x", floats(nil, 0, 4)), named("y", ints())), "no samples"},
		"a bomb":             {bomb, "Limit"},
	} {
		_, err := dataset.Open(c.path, dataset.Options{})
		require.Error(t, err, name)
		require.ErrorContains(t, err, c.says, name)
	}
	in := encode.Input{Of: encode.SampleNumbers, Steps: 3, Features: tensor.Shape{1}, Classes: []string{"a", "b"}}
	_, err = dataset.Open(archive(t, named("x", floats([]float32{1, 2}, 2, 1)), named("y", ints(0, 1))), dataset.Options{Input: &in})
	require.ErrorIs(t, err, dataset.ErrData, "classes that the model does not have")
}

func BenchmarkBatch(b *testing.B) {
	dir := shared.Path(b, "data", "nmnist")
	o := dataset.Options{Read: sensor(34, 34)}
	s, err := dataset.Open(dir, o)
	require.NoError(b, err)
	s, err = s.Augmented(encode.Augment{Shift: 2})
	require.NoError(b, err)
	places := make([]int, 100)
	for i := range places {
		places[i] = i
	}
	n := 0
	for b.Loop() {
		_, err := s.Batch(places, n)
		require.NoError(b, err)
		n++
	}
	b.ReportMetric(float64(n*len(places))/b.Elapsed().Seconds(), "samples/s")
}
