package snn

// Spiking is an [Op] that says whether its output is what neurons send:
// spikes, of which a step may have several, or which are worth something. An
// output of bits is that anyway.
type Spiking interface {
	Op
	Spiking() bool
}

// Spiking reports whether the neurons fire: integrators do not.
func (c *cell) Spiking() bool { return c.membrane.k.spiking }
