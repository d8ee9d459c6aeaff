package snn

import (
	"math/bits"

	"github.com/spikelane/spikelane/simd"
	"github.com/spikelane/spikelane/tensor"
)

// sparse is the active inputs of each row of a signal: Index[Rows[r]:Rows[r+1]]
// ascending, with their values, or nil for ones.
type sparse struct {
	rows  []int
	index []int32
	value []float32
}

func (s sparse) row(r int) (index []int32, value []float32) {
	lo, hi := s.rows[r], s.rows[r+1]
	if s.value == nil {
		return s.index[lo:hi], nil
	}
	return s.index[lo:hi], s.value[lo:hi]
}

// upTo moves what is active below an input, of each row from next on, into
// another list, which has room for it.
func (s sparse) upTo(end int, next []int, to sparse) {
	k := 0
	to.rows[0] = 0
	for r, from := range next {
		last := from
		for last < s.rows[r+1] && int(s.index[last]) < end {
			last++
		}
		copy(to.index[k:], s.index[from:last])
		if s.value != nil {
			copy(to.value[k:], s.value[from:last])
		}
		k += last - from
		next[r], to.rows[r+1] = last, k
	}
}

// sparseOf lists what is active in x, or reports that it is a larger share
// than limit.
func sparseOf(x tensor.Signal, limit float64, scratch *Scratch) (sparse, bool) {
	steps, batch, features := x.Dims()
	n, r := features.Size(), steps*batch
	most := int(limit * float64(r*n))
	switch x := x.(type) {
	case *tensor.Events:
		return sparse{x.Rows, x.Index, x.Value}, x.Rows[r]-x.Rows[0] <= most
	case *tensor.Spikes:
		return sparseOfBits(x.Bits, r, n, most, scratch)
	case *tensor.Tensor:
		return sparseOfDense(x.Data, r, n, most, scratch)
	}
	panic("snn: unknown kind of signal")
}

// fewWords is how many words are listed before it is known how many bits are
// set: there is room for all.
const fewWords = 1 << 12

// sparseOfBits lists the bits that are set in r rows of n.
func sparseOfBits(words []uint64, r, n, most int, scratch *Scratch) (sparse, bool) {
	room := 64 * len(words)
	if len(words) > fewWords {
		room = 0
		for _, w := range words {
			room += bits.OnesCount64(w)
		}
		if room > most {
			return sparse{}, false
		}
	}
	s := sparse{rows: scratch.Rows(r + 1), index: scratch.Index(room + simd.ListRoom)}
	perRow := tensor.Words(n)
	s.rows[0] = 0
	simd.ListRows(s.index, s.rows, words[:r*perRow], perRow)
	s.index = s.index[:s.rows[r]]
	return s, s.rows[r] <= most
}

// sparseOfDense lists the numbers that are not zero.
func sparseOfDense(data []float32, r, n, most int, scratch *Scratch) (sparse, bool) {
	perRow := tensor.Words(n)
	words := scratch.Words(r * perRow)
	for i := range r {
		simd.NonzeroBits(words[i*perRow:(i+1)*perRow], data[i*n:(i+1)*n])
	}
	s, ok := sparseOfBits(words, r, n, most, scratch)
	if !ok {
		return s, false
	}
	s.value = scratch.Floats(len(s.index))
	for i := range r {
		row := data[i*n : (i+1)*n]
		for k := s.rows[i]; k < s.rows[i+1]; k++ {
			s.value[k] = row[s.index[k]]
		}
	}
	return s, true
}

// denseOf is the numbers of x, row by row.
func denseOf(x tensor.Signal, scratch *Scratch) []float32 {
	if x, ok := x.(*tensor.Tensor); ok {
		return x.Data
	}
	steps, batch, features := x.Dims()
	data := scratch.Floats(steps * batch * features.Size())
	CopyDense(data, x)
	return data
}

// CopyDense stores the numbers of x, whatever its kind, as [T, B, features].
func CopyDense(dst []float32, x tensor.Signal) {
	steps, batch, features := x.Dims()
	n := features.Size()
	switch x := x.(type) {
	case *tensor.Tensor:
		copy(dst, x.Data)
	case *tensor.Spikes:
		w := tensor.Words(n)
		for r := range steps * batch {
			simd.Unpack(dst[r*n:(r+1)*n], x.Bits[r*w:(r+1)*w])
		}
	case *tensor.Events:
		clear(dst[:steps*batch*n])
		for r := range steps * batch {
			row := dst[r*n : (r+1)*n]
			for k := x.Rows[r]; k < x.Rows[r+1]; k++ {
				row[x.Index[k]] = x.Value[k]
			}
		}
	}
}

// eachActive calls f with every feature of x that is not zero, over all steps
// and samples.
func eachActive(x tensor.Signal, f func(feature int)) {
	_, _, features := x.Dims()
	n := features.Size()
	switch x := x.(type) {
	case *tensor.Events:
		for _, i := range x.Index[x.Rows[0]:x.Rows[x.T*x.B]] {
			f(int(i))
		}
	case *tensor.Spikes:
		perRow := tensor.Words(n)
		for k, w := range x.Bits {
			for ; w != 0; w &= w - 1 {
				f(k%perRow<<6 + bits.TrailingZeros64(w))
			}
		}
	case *tensor.Tensor:
		for i, v := range x.Data {
			if v != 0 {
				f(i % n)
			}
		}
	}
}
