package dataset

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/tensor"
)

// openArchive reads a .npz with x and y, or with those of two parts.
func openArchive(path string, o Options) (*Set, error) {
	a, err := npy.OpenArchive(path)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	x, y, err := arrayNames(a.Names(), o.Part)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	data, err := a.Read(x)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var labels []string
	if y != "" {
		of, err := a.Read(y)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if labels, err = wholeLabels(of, y); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	s, err := arraySet(data, labels, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// arrayNames are those of the samples and their classes in an archive.
func arrayNames(names []string, part string) (x, y string, err error) {
	candidates := [][2]string{{"x", "y"}, {"X", "y"}, {"data", "target"}, {"data", "labels"}, {"images", "labels"}}
	if part == "" {
		part = PartTrain
	}
	candidates = slices.Concat([][2]string{{"x_" + part, "y_" + part}, {"X_" + part, "y_" + part}}, candidates)
	for _, c := range candidates {
		if !slices.Contains(names, c[0]) {
			continue
		}
		if !slices.Contains(names, c[1]) {
			return c[0], "", nil
		}
		return c[0], c[1], nil
	}
	return "", "", fmt.Errorf("%w: its arrays are %q; there are x of the samples and y of their classes, or x_%s and y_%s", ErrData, names, part, part)
}

// wholeLabels are classes in an array, as labels.
func wholeLabels(a npy.Array, name string) ([]string, error) {
	if len(a.Shape) != 1 && (len(a.Shape) != 2 || a.Shape[1] != 1) {
		return nil, fmt.Errorf("%w: %s is of the shape %v; it is one class for every sample", ErrData, name, a.Shape)
	}
	x, err := a.Tensor()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	labels := make([]string, len(x.Data))
	for i, v := range x.Data {
		if !(v >= 0 && v <= maxClass) || v != float32(int(v)) {
			return nil, fmt.Errorf("%w: %s[%d] is %v; classes are whole numbers from 0 to %d", ErrData, name, i, v, maxClass)
		}
		labels[i] = strconv.Itoa(int(v))
	}
	return labels, nil
}

// openArray reads a .npy of samples; it is nil if it is one of records, which are
// a recording.
func openArray(path string, o Options) (*Set, error) {
	a, err := npy.ReadFile(path)
	if errors.Is(err, npy.ErrUnsupported) || err == nil && o.Read.Columns != "" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s, err := arraySet(a, nil, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// arraySet makes a set of an array [N, features...] or [N, T, features...].
func arraySet(a npy.Array, labels []string, o Options) (*Set, error) {
	x, err := a.Rounded()
	if err != nil {
		return nil, err
	}
	signals := o.Signals || o.Input != nil && o.Input.Of == encode.SampleSignals
	rank := 2
	if signals {
		rank = 3
	}
	switch {
	case len(x.Shape) < rank:
		return nil, fmt.Errorf("%w: an array of the shape %v; samples are [N, features...], or over time [N, T, features...]", ErrData, x.Shape)
	case x.Shape[0] < 1 || x.Shape.Size() < 1:
		return nil, fmt.Errorf("%w: an array of the shape %v has no samples", ErrData, x.Shape)
	case labels != nil && len(labels) != x.Shape[0]:
		return nil, fmt.Errorf("%w: %d samples and %d classes: there is one for each", ErrData, x.Shape[0], len(labels))
	}
	low, high := extremes(x)
	var in encode.Input
	if o.Input != nil {
		in = *o.Input
		err = in.Check()
	} else {
		in, err = adjusted(arrayInput(x, signals, low, high), o)
	}
	if err != nil {
		return nil, err
	}
	all := &samples{origin: sumOf(x, labels), load: arrayLoader(x, in), cheap: true}
	s := &Set{input: in, all: all}
	for i := range x.Shape[0] {
		all.names = append(all.names, strconv.Itoa(i))
		s.places = append(s.places, i)
	}
	if labels != nil {
		if all.classes, s.input.Classes, err = classesOf(labels, in.Classes); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// extremes are the least and the greatest number.
func extremes(x *tensor.Tensor) (low, high float32) {
	low, high = x.Data[0], x.Data[0]
	for _, v := range x.Data {
		low, high = min(low, v), max(high, v)
	}
	return low, high
}

// arrayInput is the input of an array by default.
func arrayInput(x *tensor.Tensor, signals bool, low, high float32) encode.Input {
	if signals {
		return encode.Input{Of: encode.SampleSignals, Steps: x.Shape[1], Features: x.Shape[2:], Coding: encode.CodingNone}
	}
	in := encode.Input{Of: encode.SampleNumbers, Steps: numberSteps, Features: x.Shape[1:]}
	if low < high && (low != 0 || high != 1) {
		in.Range = [2]float32{low, high}
	}
	return in
}

// arrayLoader makes the steps of a sample of an array.
func arrayLoader(x *tensor.Tensor, in encode.Input) loader {
	n := len(x.Data) / x.Shape[0]
	return func(i, _ int, _ encode.Augment) (tensor.Signal, error) {
		row := x.Data[i*n : (i+1)*n]
		var y tensor.Signal
		var err error
		if in.Of == encode.SampleSignals {
			y, err = in.Signal(tensor.Of(row, append(tensor.Shape{x.Shape[1], 1}, x.Shape[2:]...)...))
		} else {
			y, err = in.Numbers(tensor.Of(row, append(tensor.Shape{1}, x.Shape[1:]...)...), []uint32{uint32(i)})
		}
		if err != nil {
			return nil, fmt.Errorf("sample %d: %w", i, err)
		}
		return y, nil
	}
}

// sumOf is a hash of samples and their classes.
func sumOf(x *tensor.Tensor, labels []string) string {
	h := sha256.New()
	fmt.Fprintln(h, x.Shape, labels)
	var b [4096]byte
	for i := 0; i < len(x.Data); i += len(b) / 4 {
		part := x.Data[i:min(len(x.Data), i+len(b)/4)]
		for k, v := range part {
			binary.LittleEndian.PutUint32(b[4*k:], math.Float32bits(v))
		}
		h.Write(b[:4*len(part)])
	}
	return hex.EncodeToString(h.Sum(nil))
}
