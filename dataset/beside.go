package dataset

import "github.com/spikelane/spikelane/tensor"

// beside puts samples of one kind, [T, 1, features...], side by side: what is
// shorter than the steps ends in silence, what is longer is cut.
func beside(parts []tensor.Signal, steps int) tensor.Signal {
	_, _, features := parts[0].Dims()
	switch parts[0].(type) {
	case *tensor.Events:
		return besideEvents(parts, steps, features)
	case *tensor.Spikes:
		x := tensor.NewSpikes(steps, len(parts), features...)
		for b, p := range parts {
			p := p.(*tensor.Spikes)
			for t := range min(steps, p.T) {
				copy(x.Row(t, b), p.Row(t, 0))
			}
		}
		return x
	}
	n := features.Size()
	x := tensor.New(append(tensor.Shape{steps, len(parts)}, features...)...)
	for b, p := range parts {
		data := p.Dense().Data
		for t := range min(steps, len(data)/n) {
			copy(x.Data[(t*len(parts)+b)*n:], data[t*n:(t+1)*n])
		}
	}
	return x
}

func besideEvents(parts []tensor.Signal, steps int, features tensor.Shape) *tensor.Events {
	x := tensor.NewEvents(len(parts), features...)
	for t := range steps {
		for _, p := range parts {
			if e := p.(*tensor.Events); t < e.T {
				index, value := e.Row(t, 0)
				x.Index, x.Value = append(x.Index, index...), append(x.Value, value...)
			}
			x.Rows = append(x.Rows, len(x.Index))
		}
	}
	x.T = steps
	return x
}
