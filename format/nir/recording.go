package nir

import (
	"fmt"
	"math"

	"github.com/spikelane/spikelane/tensor"
)

// Recording is what was observed at the nodes of a graph, NIR's NIRGraphData.
type Recording struct {
	Nodes  map[string]Observables
	Graphs map[string]*Recording // of nested graphs
}

// Observables are the signals of a node by their names, such as "spikes" or
// "v".
type Observables map[string]Observable

// Observable is a [Gridded] or an [Events].
type Observable interface {
	check() error
}

// Gridded is a signal in steps, NIR's TimeGriddedData.
type Gridded struct {
	Data Array // [samples, steps, neurons]; bool for spikes
	DT   float64
}

// Events is a signal as a list of events, NIR's EventData; with values, its
// ValuedEventData.
type Events struct {
	Index   Array // [samples, events]: the neuron, or -1 for none
	Time    Array // [samples, events]: when, +Inf for none
	Value   Array // [samples, events], or none
	Neurons int
	Until   float64 // when the recording ends
}

func (o Gridded) check() error {
	if err := o.Data.check(); err != nil {
		return err
	}
	if len(o.Data.Shape) != 3 || o.Data.Floats() == nil {
		return fmt.Errorf("%w: data of shape %v, not [samples, steps, neurons]", ErrFormat, o.Data.Shape)
	}
	return nil
}

func (o Events) check() error {
	for _, a := range []Array{o.Index, o.Time, o.Value} {
		if a.IsZero() {
			continue
		}
		if err := a.check(); err != nil {
			return err
		}
	}
	s := o.Index.Shape
	if len(s) != 2 || !o.Time.Shape.Equal(s) || !o.Value.IsZero() && !o.Value.Shape.Equal(s) {
		return fmt.Errorf("%w: events of shapes %v, %v and %v, not [samples, events]", ErrFormat, s, o.Time.Shape, o.Value.Shape)
	}
	for _, i := range o.Index.Floats() {
		if i < -1 || i >= float64(o.Neurons) {
			return fmt.Errorf("%w: an event of neuron %v of %d", ErrFormat, i, o.Neurons)
		}
	}
	return nil
}

// Grid returns a signal, [steps, samples, neurons...], as the recording of a
// node: spikes as bool, numbers as float32.
func Grid(x tensor.Signal, dt float64) Gridded {
	steps, batch, features := x.Dims()
	n, dense := features.Size(), x.Dense().Data
	out := make([]float32, len(dense))
	for t := range steps {
		for b := range batch {
			copy(out[(b*steps+t)*n:(b*steps+t+1)*n], dense[(t*batch+b)*n:])
		}
	}
	if x.Kind() != tensor.KindSpikes {
		return Gridded{Of(out, batch, steps, n), dt}
	}
	spikes := make([]bool, len(out))
	for i, v := range out {
		spikes[i] = v != 0
	}
	return Gridded{Of(spikes, batch, steps, n), dt}
}

// Signal returns the numbers as [steps, samples, neurons].
func (o Gridded) Signal() (*tensor.Tensor, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("nir: %w", err)
	}
	batch, steps, n := o.Data.Shape[0], o.Data.Shape[1], o.Data.Shape[2]
	x, data := tensor.New(steps, batch, n), o.Data.Floats()
	for t := range steps {
		for b := range batch {
			for i, v := range data[(b*steps+t)*n:][:n] {
				x.Data[(t*batch+b)*n+i] = float32(v)
			}
		}
	}
	return x, nil
}

// maxGrid bounds what a recording of few events can ask for.
const maxGrid = 1 << 28

// Grid puts events into steps of length dt, as the Python package does: an
// event is 1, or its value, the last one if there are several in a step. Events
// after the last whole step are an error, and so are over 2^28 places.
func (o Events) Grid(dt float64) (Gridded, error) {
	if err := o.check(); err != nil {
		return Gridded{}, fmt.Errorf("nir: %w", err)
	}
	samples, each := o.Index.Shape[0], o.Index.Shape[1]
	span := o.Until / dt
	if !(span >= 1 && span*float64(samples)*float64(o.Neurons) <= maxGrid) || samples < 1 || o.Neurons < 1 {
		return Gridded{}, fmt.Errorf("nir: %w: %d samples of %d neurons, for %v in steps of %v", ErrUnsupported, samples, o.Neurons, o.Until, dt)
	}
	steps := int(span)
	shape := tensor.Shape{samples, steps, o.Neurons}
	index, time, value := o.Index.Floats(), o.Time.Floats(), o.Value.Floats()
	spikes, numbers := make([]bool, shape.Size()), []float64(nil)
	if value != nil {
		numbers = make([]float64, len(spikes))
	}
	for k, i := range index {
		if i < 0 {
			continue
		}
		at := math.Floor(time[k] / dt)
		if !(at >= 0 && at < float64(steps)) {
			return Gridded{}, fmt.Errorf("nir: %w: an event at %v of %v", ErrFormat, time[k], o.Until)
		}
		place := (k/each*steps+int(at))*o.Neurons + int(i)
		spikes[place] = true
		if numbers != nil {
			numbers[place] = value[k]
		}
	}
	if numbers != nil {
		return Gridded{Of(numbers, shape...), dt}, nil
	}
	return Gridded{Of(spikes, shape...), dt}, nil
}
