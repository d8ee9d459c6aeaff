package dataset

import (
	"fmt"
	"strconv"
	"time"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/tensor"
)

// openCollection reads a file of many recordings, in the layout of the
// Heidelberg digits. Speakers are the groups.
func openCollection(path string, o Options) (*Set, error) {
	c, err := events.OpenCollection(path)
	if err != nil {
		return nil, err
	}
	if c.Len() == 0 {
		return nil, fmt.Errorf("%s: %w: no recordings are in it", path, ErrData)
	}
	var in encode.Input
	if o.Input != nil {
		in, err = *o.Input, o.Input.Check()
	} else {
		in, err = collectionInput(c, o)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := &Set{input: in, all: &samples{}}
	var labels []string
	for i := range c.Len() {
		s.all.names = append(s.all.names, strconv.Itoa(i))
		s.places = append(s.places, i)
		if c.Speakers != nil {
			s.all.groups = append(s.all.groups, strconv.Itoa(c.Speakers[i]))
		}
		if c.Labels != nil {
			labels = append(labels, strconv.Itoa(c.Labels[i]))
		}
	}
	if labels != nil {
		var names []string
		if s.all.classes, names, err = classesOf(labels, nil); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if len(c.Keys) >= len(names) {
			names = c.Keys
		}
		if in.Classes == nil {
			s.input.Classes = names
		}
	}
	if s.all.origin, err = collectionSum(c, labels); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	read := readOptions(in, o)
	s.all.load = func(i, epoch int, a encode.Augment) (tensor.Signal, error) {
		r, err := c.Recording(i, read)
		if err != nil {
			return nil, err
		}
		seq := r.All()
		if epoch >= 0 {
			seq = a.Events(seq, r.Sensor(), i, epoch)
		}
		x, err := in.Events(seq, false)
		if err != nil {
			return nil, fmt.Errorf("%s: recording %d: %w", path, i, err)
		}
		return x, nil
	}
	return s, nil
}

// collectionInput is the input of a cochlea: one channel, 10 ms a step, and as
// many as the longest has.
func collectionInput(c *events.Collection, o Options) (encode.Input, error) {
	in := encode.Input{Of: encode.SampleEvents, Step: encode.Duration(10 * time.Millisecond), Values: encode.ValuesSigned, Steps: 1, Sensor: [2]int{events.Channels, 1}}
	if o.Read.Sensor.Known() {
		in.Sensor = [2]int{o.Read.Sensor.Width, o.Read.Sensor.Height}
	}
	longest, most := time.Duration(0), 0
	for i := range c.Len() {
		r, err := c.Recording(i, events.Options{Backward: events.BackwardKeep})
		if err != nil {
			return in, err
		}
		n := 0
		for e, err := range r.All() {
			if err != nil {
				return in, err
			}
			longest = max(longest, e.Time)
			n++
		}
		most = max(most, n)
	}
	in.Steps = stepsFor(&in, longest, most, o)
	return adjusted(in, o)
}

// collectionSum is a hash of the first and the last events of all recordings, of
// how many there are, and of the labels.
func collectionSum(c *events.Collection, labels []string) (string, error) {
	parts := labels
	for i := range c.Len() {
		r, err := c.Recording(i, events.Options{Backward: events.BackwardKeep})
		if err != nil {
			return "", err
		}
		n, sum := 0, time.Duration(0)
		for e, err := range r.All() {
			if err != nil {
				return "", fmt.Errorf("recording %d: %w", i, err)
			}
			n++
			sum += e.Time + time.Duration(e.X)
		}
		parts = append(parts, fmt.Sprint(n, sum))
	}
	return join(parts...), nil
}
