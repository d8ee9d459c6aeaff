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
		h.AddSample([sha256.Size]byte(sample.Sum(nil)))
	}
}

// AddSample appends a sample by its own hash, which a [SampleHasher] computes.
func (h *Hasher) AddSample(sum [sha256.Size]byte) { h.total.Write(sum[:]) }

// SampleHasher computes the hash of one sample whose steps come block by block.
// It keeps the packed spikes of all layers but the first until the end.
type SampleHasher struct {
	first hash.Hash
	later [][]byte // of every layer after the first
}

// NewSampleHasher starts a hash over no steps.
func NewSampleHasher() *SampleHasher { return &SampleHasher{first: sha256.New()} }

// Add appends the next steps of the given layers' outputs, of one sample, in the
// order of the layers in the network: always the same layers.
func (h *SampleHasher) Add(layers ...tensor.Signal) {
	for len(h.later)+1 < len(layers) {
		h.later = append(h.later, nil)
	}
	for k, s := range layers {
		row := rowBytesOf(s)
		steps, _, _ := s.Dims()
		for t := range steps {
			if k == 0 {
				h.first.Write(row(t, 0))
			} else {
				h.later[k-1] = append(h.later[k-1], row(t, 0)...)
			}
		}
	}
}

// Sum is the hash of the sample, for [Hasher.AddSample]. Nothing is added
// afterwards.
func (h *SampleHasher) Sum() [sha256.Size]byte {
	for _, layer := range h.later {
		h.first.Write(layer)
	}
	return [sha256.Size]byte(h.first.Sum(nil))
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
