package snn

import "github.com/spikelane/spikelane/simd"

// RowPadder is an [Op] whose rows of dense numbers may lie further apart than
// they are long, so that they are whole groups of lanes, which kernels read and
// write without a copy. Where they do, [Scratch].In and Out are the distances.
type RowPadder interface {
	Op
	// PadsOutput and PadsInput say which of them may.
	PadsOutput() bool
	PadsInput() bool
}

// PaddedRow is how far apart rows of n numbers lie that are padded.
func PaddedRow(n int) int { return simd.Padded(n) }

// PadsOutput is true: the kernels write whole vectors.
func (l *linear) PadsOutput() bool { return true }

// PadsInput is false: spikes are looked for in rows side by side.
func (l *linear) PadsInput() bool { return false }

// PadsOutput is false: what neurons send is packed, or goes to the user.
func (c *cell) PadsOutput() bool { return false }

// PadsInput is true of neurons with one input.
func (c *cell) PadsInput() bool { return c.membrane.k.inputCount() == 1 }
