package events

import (
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	"github.com/spikelane/spikelane/internal/hdf5"
)

// Collection is many recordings in one HDF5 file, as the Heidelberg digits (SHD,
// SSC) have them: spikes/times in seconds and spikes/units, a list each for every
// recording, and beside them labels, extra/keys and extra/speaker, where there
// are any. It is in memory as a whole, and may be used by several goroutines.
type Collection struct {
	// Labels are the classes, nil if there are none.
	Labels []int
	// Keys are the names of the classes, nil if there are none.
	Keys []string
	// Speakers are who speaks, nil if that is not told.
	Speakers []int
	times    [][]float64
	units    [][]float64
}

// Channels is how many channels a cochlea of the Heidelberg digits has.
const Channels = 700

// OpenCollection reads a file, up to 1 GiB. Errors name it; that of a file of
// another layout wraps [ErrUnknown].
func OpenCollection(path string) (*Collection, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	root, err := hdf5.Decode(data, hdf5Limit)
	if err != nil {
		return nil, fmt.Errorf("events: %s: %w", path, formatted(err))
	}
	spikes, ok := root.Members["spikes"].(*hdf5.Group)
	if !ok {
		return nil, fmt.Errorf("events: %s: %w: no group spikes is in it; at its root are %q", path, ErrUnknown, members(root))
	}
	c, err := newCollection(root, spikes)
	if err != nil {
		return nil, fmt.Errorf("events: %s: %w", path, err)
	}
	return c, nil
}

func newCollection(root, spikes *hdf5.Group) (*Collection, error) {
	c := &Collection{}
	for name, to := range map[string]*[][]float64{"times": &c.times, "units": &c.units} {
		set, ok := spikes.Members[name].(*hdf5.Dataset)
		if !ok {
			return nil, fmt.Errorf("%w: spikes has no array %s; it has %q", ErrFormat, name, members(spikes))
		}
		if *to, ok = set.Data.([][]float64); !ok {
			return nil, fmt.Errorf("%w: spikes/%s is a %T, not a list of numbers for each recording", ErrFormat, name, set.Data)
		}
	}
	if len(c.times) != len(c.units) {
		return nil, fmt.Errorf("%w: times of %d recordings, units of %d", ErrFormat, len(c.times), len(c.units))
	}
	var err error
	if c.Labels, err = c.numbers(root, "labels"); err != nil {
		return nil, err
	}
	if extra, ok := root.Members["extra"].(*hdf5.Group); ok {
		if keys, ok := extra.Members["keys"].(*hdf5.Dataset); ok {
			c.Keys, _ = keys.Data.([]string)
		}
		if c.Speakers, err = c.numbers(extra, "speaker"); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// numbers is a whole number for each recording, nil if the group has none.
func (c *Collection) numbers(g *hdf5.Group, name string) ([]int, error) {
	set, ok := g.Members[name].(*hdf5.Dataset)
	if !ok {
		return nil, nil
	}
	v, err := floats(set)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(v) != len(c.times) {
		return nil, fmt.Errorf("%w: %d %s for %d recordings", ErrFormat, len(v), name, len(c.times))
	}
	out := make([]int, len(v))
	for i, x := range v {
		if x != math.Trunc(x) || x < 0 || x > math.MaxInt32 {
			return nil, fmt.Errorf("%w: %s[%d] is %v", ErrFormat, name, i, x)
		}
		out[i] = int(x)
	}
	return out, nil
}

// Len is the number of recordings.
func (c *Collection) Len() int { return len(c.times) }

// Recording reads a recording. Options.Sample and Unit are not looked at.
func (c *Collection) Recording(i int, o Options) (*Reader, error) {
	o.Sample, o.Unit = 0, 0
	d, h, err := c.decoder(i)
	if err != nil {
		return nil, fmt.Errorf("events: %w", err)
	}
	return Decoded(d, h, o)
}

// decoder gives out the events of a recording.
func (c *Collection) decoder(i int) (Decoder, Header, error) {
	if i < 0 || i >= len(c.times) {
		return nil, Header{}, fmt.Errorf("%w: recording %d of %d", ErrOption, i, len(c.times))
	}
	if len(c.times[i]) != len(c.units[i]) {
		return nil, Header{}, fmt.Errorf("%w: recording %d has %d times and %d units", ErrFormat, i, len(c.times[i]), len(c.units[i]))
	}
	d := &listDecoder{unit: time.Second}
	d.columns[0], d.columns[1] = c.times[i], c.units[i]
	h := Header{Unit: 1}
	if slices.IndexFunc(c.units[i], func(u float64) bool { return u >= Channels }) < 0 {
		h.Sensor = Sensor{Channels, 1}
	}
	return d, h, nil
}
