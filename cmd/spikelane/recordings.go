package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/forward"
)

const bs2 = ".bs2"

// recording is a file of events, and its class if that is known.
type recording struct {
	name, path string
	class      *int
}

// listRecordings lists those in the labels, in their order, or all of the
// folder, in the order of the numbers they are named by.
func listRecordings(dir, labels string) ([]recording, error) {
	var list []recording
	if labels != "" {
		f, err := os.Open(labels)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		known, err := encode.ReadLabels(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", labels, err)
		}
		for _, l := range known {
			list = append(list, recording{l.Name, filepath.Join(dir, l.Name+bs2), &l.Class})
		}
	} else {
		if s, err := os.Stat(dir); err == nil && !s.IsDir() {
			return nil, fmt.Errorf("%s: not a folder of recordings: name the folder, and in --labels which of it", dir)
		}
		files, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			if name, ok := strings.CutSuffix(f.Name(), bs2); ok {
				list = append(list, recording{name: name, path: filepath.Join(dir, f.Name())})
			}
		}
		slices.SortStableFunc(list, func(a, b recording) int {
			x, errX := strconv.Atoi(a.name)
			y, errY := strconv.Atoi(b.name)
			if errX != nil || errY != nil {
				return cmp.Compare(a.name, b.name)
			}
			return cmp.Compare(x, y)
		})
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no recordings in %s: they are named *%s", cmp.Or(labels, dir), bs2)
	}
	return list, nil
}

// checkClasses reports a class that the network has no output for.
func checkClasses(list []recording, labels string, m *forward.Model) error {
	outputs := m.Graph().Shape(m.Graph().Outputs()[0]).Size()
	for _, r := range list {
		if r.class != nil && (*r.class < 0 || *r.class >= outputs) {
			return fmt.Errorf("%s: recording %s is of class %d, the network has %d outputs, 0 to %d", labels, r.name, *r.class, outputs, outputs-1)
		}
	}
	return nil
}

// sensorOf is the sensor that a model is made for.
func sensorOf(m *forward.Model) (events.Sensor, error) {
	in := m.Graph().Inputs()
	if len(in) != 1 || len(in[0].Shape) != 3 || in[0].Shape[0] != 2 {
		return events.Sensor{}, errors.New("its input is not [2, height, width], the events of one camera")
	}
	return events.Sensor{Height: in[0].Shape[1], Width: in[0].Shape[2]}, nil
}

// binned is an open recording.
type binned struct {
	*encode.Binner
	recording *events.Reader
}

// open begins to bin a recording.
func (r run) open(rec recording, sensor events.Sensor) (*binned, error) {
	f, err := events.Open(rec.path, events.Options{Sensor: sensor})
	if err != nil {
		return nil, err
	}
	b, err := encode.NewBinner(f.All(), encode.Binning{Sensor: sensor, Width: encode.Width(r.Bin), SwapXY: r.SwapXY, Ordered: true})
	if err != nil {
		f.Close()
		return nil, err
	}
	return &binned{b, f}, nil
}

// Close closes the file.
func (b *binned) Close() {
	b.Binner.Close()
	b.recording.Close()
}
