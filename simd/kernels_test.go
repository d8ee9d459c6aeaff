package simd

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// tested is a kernel without state under one signature: the float slices, bit
// slices and numbers each in the order of args.
type tested struct {
	name string
	args []argKind
	call func(f [][]float32, b [][]uint64, p []float32)
}

type argKind uint8

const (
	output argKind = iota
	bitsOut
	input
	bitsIn
	param
)

func (k argKind) isBits() bool { return k == bitsOut || k == bitsIn }

// lengths are 0..257 and a dozen primes; fewer on an emulator.
func lengths() []int {
	var ns []int
	for n := range 258 {
		if !emulated || n <= 67 {
			ns = append(ns, n)
		}
	}
	primes := []int{263, 293, 401, 509, 1021, 2053, 4099, 5003, 6007, 7919, 9001, 9973}
	if emulated {
		primes = []int{263, 509, 1021, 2053}
	}
	return append(ns, primes...)
}

// trial is one call of a kernel: its arguments' contents, and what came out.
type trial struct {
	k      tested
	n      int
	floats [][]float32
	bits   [][]uint64
	params []float32
}

// newTrial draws the contents.
func newTrial(k tested, r *rand.Rand, n int) trial {
	tr := trial{k: k, n: n}
	for _, a := range k.args {
		switch {
		case a.isBits():
			b := make([]uint64, words(n))
			for i := range b {
				b[i] = r.Uint64()
			}
			tr.bits = append(tr.bits, b)
		case a == param:
			tr.params = append(tr.params, number(r))
		default:
			tr.floats = append(tr.floats, numbers(r, n))
		}
	}
	return tr
}

// memory is a field for each argument.
type memory struct {
	floats []*field[float32]
	bits   []*field[uint64]
}

// run calls the kernel with a copy of the contents at a place, and returns what
// is there afterwards. In place, the first output is the first input.
func (tr trial) run(t testing.TB, m *memory, at place, inPlace bool) (floats [][]float32, bits [][]uint64) {
	for i, f := range tr.floats {
		floats = append(floats, m.floats[i].put(f, at))
	}
	for i, b := range tr.bits {
		bits = append(bits, m.bits[i].put(b, at))
	}
	args := slices.Clone(floats)
	if inPlace {
		args[0] = args[slices.Index(tr.k.args, input)]
	}
	tr.k.call(args, bits, tr.params)
	for i, a := range floats {
		m.floats[i].check(t, tr.k.name)
		floats[i] = slices.Clone(a)
	}
	for i, b := range bits {
		m.bits[i].check(t, tr.k.name)
		bits[i] = slices.Clone(b)
	}
	return floats, bits
}

func (k tested) canBeInPlace() bool {
	return k.args[0] == output && slices.Contains(k.args, input)
}

// same runs a trial in pure Go and in assembly and compares every bit.
func (tr trial) same(t testing.TB, m *memory, tier string, at place, inPlace bool) (spikes int) {
	var wantFloats, gotFloats [][]float32
	var wantBits, gotBits [][]uint64
	onTier(t, Go, func() { wantFloats, wantBits = tr.run(t, m, at, inPlace) })
	onTier(t, tier, func() { gotFloats, gotBits = tr.run(t, m, at, inPlace) })
	what := fmt.Sprintf("%s: %d elements at %d, in place %v", tr.k.name, tr.n, at, inPlace)
	for i := range wantFloats {
		requireSame(t, wantFloats[i], gotFloats[i], "%s, floats %d", what, i)
	}
	for i := range wantBits {
		spikes += requireSameBits(t, wantBits[i], gotBits[i], what)
	}
	return spikes
}

func requireSameBits(t testing.TB, want, got []uint64, what string) (spikes int) {
	for j, w := range want {
		if w != got[j] {
			require.FailNowf(t, "different bits", "%s, word %d: want %x, got %x", what, j, w, got[j])
		}
		spikes += bits.OnesCount64(w)
	}
	return spikes
}

func newMemory(t testing.TB, k tested, floats int) *memory {
	m := &memory{}
	for _, a := range k.args {
		if a.isBits() {
			m.bits = append(m.bits, newField[uint64](t, words(floats)))
		} else if a != param {
			m.floats = append(m.floats, newField[float32](t, floats))
		}
	}
	return m
}

// Every kernel gives the bits of its pure-Go twin, at every length and place,
// and touches nothing outside.
func TestKernelsMatchGo(t *testing.T) {
	require.NotEmpty(t, elementwiseKernels)
	forEachAssembly(t, func(t *testing.T, tier string) {
		for i, k := range elementwiseKernels {
			t.Run(k.name, func(t *testing.T) {
				r := random(uint64(i))
				m := newMemory(t, k, 20_100)
				spikes := 0
				for _, n := range append(lengths(), 16_411) { // the last takes several calls
					tr := newTrial(k, r, n)
					at := places()
					if n > 67 {
						at = []place{atEnd, at[1+n%(len(at)-1)]}
					}
					for _, at := range at {
						spikes += tr.same(t, m, tier, at, false)
						if k.canBeInPlace() {
							tr.same(t, m, tier, at, true)
						}
					}
				}
				if k.args[0] == bitsOut {
					require.Positive(t, spikes)
				}
			})
		}
	})
}

// A slice of the wrong length panics before anything is written.
func TestKernelsRefuseLengths(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		for i, k := range elementwiseKernels {
			for short, kind := range k.args {
				if kind == param {
					continue
				}
				tr, f, b := newTrial(k, random(uint64(i)), 65), 0, 0
				for _, a := range k.args[:short] {
					if a.isBits() {
						b++
					} else {
						f++
					}
				}
				if kind.isBits() {
					tr.bits[b] = tr.bits[b][1:]
				} else {
					tr.floats[f] = tr.floats[f][1:]
				}
				before := newTrial(k, random(uint64(i)), 65)
				require.Panics(t, func() { k.call(tr.floats, tr.bits, tr.params) }, "%s with a short argument %d", k.name, short)
				for j, a := range tr.floats {
					requireSame(t, before.floats[j][len(before.floats[j])-len(a):], a, "%s was written", k.name)
				}
			}
		}
	})
}
