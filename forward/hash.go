package forward

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"

	"github.com/spikelane/spikelane/tensor"
)

// Hasher computes the spike hash, by which two machines can tell that they
// computed the same spikes: for each sample, SHA-256 over layers, steps and
// the little-endian words of the packed spikes; then SHA-256 over these sums
// in the order of the samples.
type Hasher struct{ total hash.Hash }

// NewHasher starts a hash over no samples.
func NewHasher() *Hasher { return &Hasher{sha256.New()} }

// Add appends the samples of the given layers' spikes, in the order of the
// layers in the network. All have the same steps and samples.
func (h *Hasher) Add(layers ...*tensor.Spikes) {
	if len(layers) == 0 {
		return
	}
	var word [8]byte
	for b := range layers[0].B {
		sample := sha256.New()
		for _, s := range layers {
			for t := range s.T {
				for _, w := range s.Row(t, b) {
					binary.LittleEndian.PutUint64(word[:], w)
					sample.Write(word[:])
				}
			}
		}
		h.total.Write(sample.Sum(nil))
	}
}

// Sum is the hash of what has been added.
func (h *Hasher) Sum() [sha256.Size]byte { return [sha256.Size]byte(h.total.Sum(nil)) }
