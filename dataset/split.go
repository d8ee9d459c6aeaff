package dataset

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/internal/random"
)

// HoldOut takes a share of the samples away, of every class the same, rounded,
// and at least one; they are drawn by the seed. It is an error if a class would
// have none left to learn from.
func (s *Set) HoldOut(share float64, seed uint64) (rest, held *Set, err error) {
	if !(share > 0 && share < 1) {
		return nil, nil, fmt.Errorf("dataset: %w: a share of %v is held out; it is above 0 and below 1", ErrData, share)
	}
	in := make([]bool, s.Len())
	for _, of := range s.byClass() {
		n := max(1, int(float64(share*float64(len(of)))+0.5))
		if n >= len(of) {
			return nil, nil, fmt.Errorf("dataset: %w: class %s has %d samples: too few to hold %v of them out", ErrData, s.className(of[0]), len(of), share)
		}
		for _, i := range shuffled(of, seed)[:n] {
			in[i] = true
		}
	}
	rest, held = s.split(in)
	return rest, held, nil
}

// HoldOutGroups takes the samples of some groups away, as of a speaker.
func (s *Set) HoldOutGroups(groups ...string) (rest, held *Set, err error) {
	in := make([]bool, s.Len())
	for _, g := range groups {
		found := false
		for i := range in {
			if s.Group(i) == g {
				in[i], found = true, true
			}
		}
		if !found {
			return nil, nil, fmt.Errorf("dataset: %w: no sample belongs to %q; the groups are %q", ErrData, g, s.Groups())
		}
	}
	rest, held = s.split(in)
	if rest.Len() == 0 {
		return nil, nil, fmt.Errorf("dataset: %w: all samples belong to %q", ErrData, groups)
	}
	return rest, held, nil
}

// Groups are the groups that samples belong to.
func (s *Set) Groups() []string {
	var groups []string
	for i := range s.Len() {
		if g := s.Group(i); g != "" {
			groups = append(groups, g)
		}
	}
	slices.Sort(groups)
	return slices.Compact(groups)
}

// Fold holds out the k-th, from 0, of so many parts of about the same size and
// share of every class. Every sample is held out in one of them.
func (s *Set) Fold(k, folds int, seed uint64) (rest, held *Set, err error) {
	if folds < 2 || k < 0 || k >= folds || folds > s.Len() {
		return nil, nil, fmt.Errorf("dataset: %w: fold %d of %d, of %d samples", ErrData, k, folds, s.Len())
	}
	in := make([]bool, s.Len())
	place := 0
	for _, of := range s.byClass() {
		for _, i := range shuffled(of, seed) {
			in[i] = place%folds == k
			place++
		}
	}
	rest, held = s.split(in)
	return rest, held, nil
}

// split are the samples outside and inside.
func (s *Set) split(in []bool) (rest, held *Set) {
	var out, inside []int
	for i, held := range in {
		if held {
			inside = append(inside, i)
		} else {
			out = append(out, i)
		}
	}
	return s.Part(out), s.Part(inside)
}

// byClass are the places of the samples of each class.
func (s *Set) byClass() [][]int {
	of := map[int][]int{}
	var classes []int
	for i := range s.Len() {
		c := s.Class(i)
		if of[c] == nil {
			classes = append(classes, c)
		}
		of[c] = append(of[c], i)
	}
	slices.Sort(classes)
	var all [][]int
	for _, c := range classes {
		all = append(all, of[c])
	}
	return all
}

func (s *Set) className(i int) string {
	if c := s.Class(i); c >= 0 && c < len(s.input.Classes) {
		return s.input.Classes[c]
	}
	return fmt.Sprint(s.Class(i))
}

// shuffled are places in another order, which follows from the seed (Fisher and
// Yates).
func shuffled(places []int, seed uint64) []int {
	key := random.New(seed, "hold out")
	p := slices.Clone(places)
	for i := len(p) - 1; i > 0; i-- {
		j := int(key.Uniform(0, uint64(places[0]), uint32(i)) * float64(i+1))
		p[i], p[j] = p[j], p[i]
	}
	return p
}
