package dataset

import (
	"fmt"
	"reflect"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/tensor"
)

// Join puts sets one after another, whose samples become input in the same way.
func Join(sets ...*Set) (*Set, error) {
	if len(sets) == 0 {
		return nil, fmt.Errorf("dataset: %w: no sets to join", ErrData)
	}
	if len(sets) == 1 {
		return sets[0], nil
	}
	type place struct {
		set *Set
		at  int
	}
	var from []place
	all := &samples{cheap: true}
	s := &Set{input: sets[0].input, augment: sets[0].augment, all: all}
	labelled, opens := true, true
	for _, part := range sets {
		if !reflect.DeepEqual(s.input, part.input) {
			return nil, fmt.Errorf("dataset: %w: samples of two kinds: %s, of the classes %q; %s, of %q, or with other options",
				ErrData, s.input, s.input.Classes, part.input, part.input.Classes)
		}
		all.origin = join(all.origin, part.Sum())
		labelled = labelled && part.Labelled()
		opens = opens && part.all.open != nil
		for i := range part.Len() {
			all.names = append(all.names, part.Name(i))
			all.groups = append(all.groups, part.Group(i))
			all.classes = append(all.classes, part.Class(i))
			s.places = append(s.places, len(from))
			from = append(from, place{part, i})
		}
	}
	if !labelled {
		all.classes = nil
	}
	all.load = func(i, epoch int, _ encode.Augment) (tensor.Signal, error) {
		return from[i].set.steps(from[i].at, epoch)
	}
	if opens {
		all.open = func(i int) (*opened, error) {
			p := from[i]
			return p.set.all.open(p.set.places[p.at])
		}
	}
	return s, nil
}
