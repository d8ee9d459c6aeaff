package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/internal/panics"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// Set is a set of samples: a [train.Source]. It may be used by several
// goroutines at once.
type Set struct {
	input   encode.Input
	augment encode.Augment
	all     *samples
	places  []int // of these
}

// samples are all that a source has; sets are parts of them.
type samples struct {
	names   []string
	classes []int    // -1 of samples without one; nil if none has
	groups  []string // nil if there are none
	origin  string   // a hash of what they are made of
	// load makes the steps of a sample, [T, 1, features...]; of those that are
	// augmented, for an epoch from 0 on.
	load loader
	// open begins to bin a recording; nil of samples that are none.
	open func(sample int) (*opened, error)
	kept cache
	// cheap says that samples are made of what is in memory already, and are not
	// kept a second time.
	cheap bool
}

// loader makes the steps of a sample.
type loader func(sample, epoch int, a encode.Augment) (tensor.Signal, error)

// Len is the number of samples.
func (s *Set) Len() int { return len(s.places) }

// Input says how the samples become input; its Classes are the names of the
// classes.
func (s *Set) Input() encode.Input { return s.input }

// Name is that of sample i: of its file, or its number.
func (s *Set) Name(i int) string { return s.all.names[s.places[i]] }

// Class is that of sample i, or -1 if it has none.
func (s *Set) Class(i int) int {
	if s.all.classes == nil {
		return -1
	}
	return s.all.classes[s.places[i]]
}

// Group is what sample i belongs to, such as a speaker; "" if nothing says.
func (s *Set) Group(i int) string {
	if s.all.groups == nil {
		return ""
	}
	return s.all.groups[s.places[i]]
}

// Labelled reports whether every sample has a class.
func (s *Set) Labelled() bool {
	return s.all.classes != nil && !slices.ContainsFunc(s.places, func(p int) bool { return s.all.classes[p] < 0 })
}

// Counts are how many samples each class has.
func (s *Set) Counts() []int {
	counts := make([]int, len(s.input.Classes))
	for i := range s.places {
		if c := s.Class(i); c >= 0 && c < len(counts) {
			counts[c]++
		}
	}
	return counts
}

// Sum is a hash of what the samples are made of and how: another set, other
// files, or another input have another.
func (s *Set) Sum() string {
	in, err := json.Marshal(s.input) // its String leaves options out
	if err != nil {
		in = fmt.Append(nil, err) // of an input that Check has refused
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %+v %v", s.all.origin, in, s.augment, s.places)
	return hex.EncodeToString(h.Sum(nil))
}

// Augmented are the same samples, changed at random in every epoch of training.
// Only recordings can be.
func (s *Set) Augmented(a encode.Augment) (*Set, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	if s.input.Of != encode.SampleEvents {
		return nil, fmt.Errorf("dataset: %w: samples of kind %s are not augmented, recordings are", ErrData, s.input.Of)
	}
	t := *s
	t.augment = a
	return &t, nil
}

// Part are the samples at some places.
func (s *Set) Part(places []int) *Set {
	t := *s
	t.places = nil
	for _, p := range places {
		t.places = append(t.places, s.places[p])
	}
	return &t
}

// Sample are the steps of sample i, [T, 1, features...], to be judged.
func (s *Set) Sample(i int) (tensor.Signal, error) {
	return s.steps(i, -1)
}

// steps are those of a sample in an epoch; they are not changed.
func (s *Set) steps(i, epoch int) (tensor.Signal, error) {
	place := s.places[i]
	a := s.augment
	if epoch < 0 {
		a = encode.Augment{}
	}
	fresh := a != encode.Augment{}
	if x, ok := s.all.kept.get(place); ok && !fresh {
		return x, nil
	}
	x, err := s.all.load(place, epoch, a)
	if err != nil {
		return nil, err
	}
	if !fresh && !s.all.cheap {
		s.all.kept.put(place, x)
	}
	return x, nil
}

// Batch puts samples side by side, each with the set's number of steps.
func (s *Set) Batch(places []int, epoch int) (train.Batch, error) {
	if len(places) == 0 {
		return train.Batch{}, fmt.Errorf("dataset: %w: a batch of no samples", ErrData)
	}
	parts, errs := make([]tensor.Signal, len(places)), make([]error, len(places))
	var workers panics.Group
	var mutex sync.Mutex
	next := 0
	for range min(runtime.GOMAXPROCS(0), len(places)) {
		workers.Go(func() error {
			for {
				mutex.Lock()
				k := next
				next++
				mutex.Unlock()
				if k >= len(places) {
					return nil
				}
				parts[k], errs[k] = s.steps(places[k], epoch)
			}
		})
	}
	if err := workers.Wait(); err != nil {
		return train.Batch{}, err
	}
	b := train.Batch{}
	for k, p := range places {
		if errs[k] != nil {
			return train.Batch{}, errs[k]
		}
		b.Targets = append(b.Targets, train.Target{Class: s.Class(p)})
	}
	b.Inputs = []tensor.Signal{beside(parts, s.input.Steps)}
	return b, nil
}
