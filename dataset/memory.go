package dataset

import (
	"fmt"
	"strconv"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/tensor"
)

// OfSignals makes a set of samples in memory, each [T, 1, features...] of the
// same features and kind, which are input as they are. classes may be nil; their
// names are numbers. Steps are those of the longest.
func OfSignals(signals []tensor.Signal, classes []int) (*Set, error) {
	if len(signals) == 0 || classes != nil && len(classes) != len(signals) {
		return nil, fmt.Errorf("dataset: %w: %d samples and %d classes", ErrData, len(signals), len(classes))
	}
	_, _, features := signals[0].Dims()
	in := encode.Input{Of: encode.SampleSignals, Features: features, Coding: encode.CodingNone}
	s := &Set{all: &samples{cheap: true, origin: "memory", classes: classes}}
	most := -1
	for i, x := range signals {
		steps, batch, f := x.Dims()
		if batch != 1 || !f.Equal(features) || x.Kind() != signals[0].Kind() {
			return nil, fmt.Errorf("dataset: %w: sample %d is a %s of %d samples of %v, sample 0 a %s of %v", ErrData, i, x.Kind(), batch, f, signals[0].Kind(), features)
		}
		in.Steps = max(in.Steps, steps)
		s.all.names = append(s.all.names, strconv.Itoa(i))
		s.places = append(s.places, i)
		if classes != nil {
			if classes[i] < 0 || classes[i] > maxClass {
				return nil, fmt.Errorf("dataset: %w: sample %d is of class %d", ErrData, i, classes[i])
			}
			most = max(most, classes[i])
		}
	}
	for c := range most + 1 {
		in.Classes = append(in.Classes, strconv.Itoa(c))
	}
	s.input = in
	s.all.load = func(i, _ int, _ encode.Augment) (tensor.Signal, error) { return signals[i], nil }
	return s, in.Check()
}

// HasPart reports whether an archive has arrays of a part: x_test and y_test.
func HasPart(path, part string) bool {
	a, err := npy.OpenArchive(path)
	if err != nil {
		return false
	}
	defer a.Close()
	x, _, err := arrayNames(a.Names(), part)
	return err == nil && (x == "x_"+part || x == "X_"+part)
}
