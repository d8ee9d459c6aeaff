package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/events"
	"github.com/spikelane/spikelane/internal/random"
	"github.com/spikelane/spikelane/tensor"
	"github.com/spikelane/spikelane/train"
)

// source is data to learn from that can be told from others.
type source interface {
	train.Source
	sum() string // a hash of all samples
}

// first is the beginning of a source.
type first struct {
	source
	n int
}

func (f first) Len() int { return f.n }

// eventSource holds samples that were coded as events once, [T, 1, features].
type eventSource struct {
	samples []*tensor.Events
	classes []int
	steps   int
	// move, if not nil, changes a sample for an epoch of training.
	move func(x *tensor.Events, sample, epoch int) *tensor.Events
}

func (e eventSource) Len() int { return len(e.samples) }

func (e eventSource) sum() string {
	h := sha256.New()
	fmt.Fprintln(h, e.steps, e.classes)
	for _, x := range e.samples {
		fmt.Fprintln(h, x.T, x.B, x.Features, x.Rows)
		binary.Write(h, binary.LittleEndian, x.Index)
		binary.Write(h, binary.LittleEndian, x.Value)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Batch puts samples side by side.
func (e eventSource) Batch(places []int, epoch int) (train.Batch, error) {
	x := tensor.NewEvents(len(places), e.samples[0].Features...)
	moved := make([]*tensor.Events, len(places))
	b := train.Batch{Inputs: []tensor.Signal{x}}
	for k, p := range places {
		moved[k] = e.samples[p]
		if e.move != nil && epoch >= 0 {
			moved[k] = e.move(moved[k], p, epoch)
		}
		b.Targets = append(b.Targets, train.Target{Class: e.classes[p]})
	}
	for x.T = range e.steps {
		for _, m := range moved {
			if x.T < m.T {
				index, value := m.Row(x.T, 0)
				x.Index, x.Value = append(x.Index, index...), append(x.Value, value...)
			}
			x.Rows = append(x.Rows, len(x.Index))
		}
	}
	x.T = e.steps
	return b, nil
}

// each loads the samples of a list, several at once, in order.
func each(n int, load func(i int) (*tensor.Events, error)) ([]*tensor.Events, error) {
	samples, errs := make([]*tensor.Events, n), make([]error, n)
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				samples[i], errs[i] = load(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
	return samples, errors.Join(errs...)
}

// recordings loads a folder of N-MNIST as in its files train1K.txt and
// test100.txt, binned into steps; samples to learn from are moved by up to
// shift pixels.
func recordings(sensor events.Sensor, steps int, bin time.Duration, shift int) func(dir string) (data, test source, err error) {
	return func(dir string) (data, test source, err error) {
		var sources [2]eventSource
		for k, labels := range []string{"train1K.txt", "test100.txt"} {
			list, err := listRecordings(dir, filepath.Join(dir, labels))
			if err != nil {
				return nil, nil, err
			}
			r := run{Bin: bin}
			sources[k].steps = steps
			sources[k].samples, err = each(len(list), func(i int) (*tensor.Events, error) {
				b, err := r.open(list[i], sensor)
				if err != nil {
					return nil, err
				}
				defer b.Close()
				return b.Next(steps)
			})
			if err != nil {
				return nil, nil, err
			}
			for _, rec := range list {
				sources[k].classes = append(sources[k].classes, *rec.class)
			}
		}
		sources[0].move = shifted(sensor, shift)
		return sources[0], sources[1], nil
	}
}

// shifted moves the events of a sample by up to so many pixels each way, anew
// in every epoch; those that leave the sensor are lost.
func shifted(sensor events.Sensor, most int) func(x *tensor.Events, sample, epoch int) *tensor.Events {
	key := random.New(0, "shift")
	return func(x *tensor.Events, sample, epoch int) *tensor.Events {
		by := func(axis uint32) int {
			return int(key.Uniform(uint32(epoch), uint64(sample), axis)*float64(2*most+1)) - most
		}
		down, right := by(0), by(1)
		y := tensor.NewEvents(1, x.Features...)
		for t := range x.T {
			index, value := x.Row(t, 0)
			for k, i := range index {
				row, column := int(i)/sensor.Width%sensor.Height+down, int(i)%sensor.Width+right
				if uint(row) < uint(sensor.Height) && uint(column) < uint(sensor.Width) {
					y.Index = append(y.Index, i+int32(down*sensor.Width+right))
					y.Value = append(y.Value, value[k])
				}
			}
			y.Rows = append(y.Rows, len(y.Index))
		}
		y.T = x.T
		return y
	}
}

// spokenDigits loads the Free Spoken Digit Dataset with its official split:
// recordings 0 to 4 of every digit and speaker are for the test.
func spokenDigits(bands, steps int, threshold float32) func(dir string) (data, test source, err error) {
	return func(dir string) (data, test source, err error) {
		files, err := filepath.Glob(filepath.Join(dir, "*.wav"))
		if err != nil {
			return nil, nil, err
		}
		if len(files) == 0 {
			return nil, nil, fmt.Errorf("%s: %w: no *.wav", dir, os.ErrNotExist)
		}
		bank, err := encode.NewMel(encode.Mel{Rate: 8000, Frame: 256, Hop: 80, Bands: bands, Low: 60})
		if err != nil {
			return nil, nil, err
		}
		all, err := each(len(files), func(i int) (*tensor.Events, error) { return spoken(files[i], bank, steps, threshold) })
		if err != nil {
			return nil, nil, err
		}
		var learned, judged eventSource
		learned.steps, judged.steps = steps, steps
		for i, path := range files {
			class, number, err := spokenName(path)
			if err != nil {
				return nil, nil, err
			}
			to := &learned
			if number < 5 {
				to = &judged
			}
			to.samples, to.classes = append(to.samples, all[i]), append(to.classes, class)
		}
		return learned, judged, nil
	}
}

// spoken codes one recording by the changes of its mel energies. It is given
// silence before it, so that it begins with what changes.
func spoken(path string, bank *encode.Mel, steps int, threshold float32) (*tensor.Events, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s, err := encode.ReadWAV(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if s.Rate != bank.Rate {
		return nil, fmt.Errorf("%s: %d Hz, not %d", path, s.Rate, bank.Rate)
	}
	x := bank.Energies(append(make([]float32, bank.Frame), s.Samples...))
	if n := x.Shape[0]; n > steps {
		x = tensor.Of(x.Data[:steps*bank.Bands], steps, 1, bank.Bands)
	}
	return encode.Delta(x, threshold)
}

// spokenName is the digit and the number in a name like 7_jackson_32.wav.
func spokenName(path string) (class, number int, err error) {
	parts := strings.Split(strings.TrimSuffix(filepath.Base(path), ".wav"), "_")
	if len(parts) == 3 {
		var first, second error
		class, first = strconv.Atoi(parts[0])
		number, second = strconv.Atoi(parts[2])
		if first == nil && second == nil && class >= 0 && class < 10 {
			return class, number, nil
		}
	}
	return 0, 0, fmt.Errorf("%s: the name is not like 7_jackson_32.wav", path)
}
