package forward

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"

	"github.com/spikelane/spikelane/tensor"
)

// Hasher computes the spike hash, by which two machines can tell that they
// computed the same spikes: for each sample, SHA-256 over layers, steps and
// the little-endian words of the packed spikes; then SHA-256 over these sums
// in the order of the samples.
//
// Where a layer sends several spikes a step, or graded ones, its outputs are not
// bits: its words are then those of its float32 numbers, of all features, four
// bytes each, little-endian, every zero as +0 and every NaN as 7FC00000. It does
// not matter whether they come as events or as dense numbers.
type Hasher struct{ total hash.Hash }

// NewHasher starts a hash over no samples.
func NewHasher() *Hasher { return &Hasher{sha256.New()} }

// Add appends the samples of the given layers' outputs, in the order of the
// layers in the network. All have the same steps and samples.
func (h *Hasher) Add(layers ...tensor.Signal) {
	if len(layers) == 0 {
		return
	}
	rows := make([]func(t, b int) []byte, len(layers))
	for k, s := range layers {
		rows[k] = rowBytesOf(s)
	}
	_, batch, _ := layers[0].Dims()
	for b := range batch {
		sample := sha256.New()
		for k, s := range layers {
			steps, _, _ := s.Dims()
			for t := range steps {
				sample.Write(rows[k](t, b))
			}
		}
		h.total.Write(sample.Sum(nil))
	}
}

// rowBytesOf is what is hashed of a row. The bytes are valid until the next.
func rowBytesOf(s tensor.Signal) func(t, b int) []byte {
	var row []byte
	if s, ok := s.(*tensor.Spikes); ok {
		return func(t, b int) []byte {
			row = row[:0]
			for _, w := range s.Row(t, b) {
				row = binary.LittleEndian.AppendUint64(row, w)
			}
			return row
		}
	}
	data := s.Dense().Data
	_, batch, features := s.Dims()
	n := features.Size()
	return func(t, b int) []byte {
		row = row[:0]
		for _, v := range data[(t*batch+b)*n:][:n] {
			word := math.Float32bits(v)
			switch {
			case v == 0:
				word = 0
			case v != v:
				word = 0x7fc00000
			}
			row = binary.LittleEndian.AppendUint32(row, word)
		}
		return row
	}
}

// Sum is the hash of what has been added.
func (h *Hasher) Sum() [sha256.Size]byte { return [sha256.Size]byte(h.total.Sum(nil)) }
