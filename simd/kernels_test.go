package simd

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// The generated tables append every kernel here, under one signature.
var kernels []tested

type tested struct {
	name     string
	overTime bool
	training bool
	args     []testedArg
	// call takes the float slices, bit slices and numbers each in the order
	// of args; steps and a stride for each streamed argument over time, or, in
	// training, one for all numbers and one for all bits.
	call func(f [][]float32, b [][]uint64, p []float32, steps int, strides []int)
}

type testedArg struct {
	name string
	kind argKind
}

type argKind uint8

const (
	output argKind = iota
	bitsOut
	state
	input
	bitsIn
	param
)

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
	k       tested
	n       int
	steps   int
	strides []int
	floats  [][]float32
	bits    [][]uint64
	params  []float32
}

// newTrial draws the contents. Rows over time are a little further apart than
// they are long.
func newTrial(k tested, r *rand.Rand, n, steps int) trial {
	tr := trial{k: k, n: n, steps: steps}
	drawn := map[bool]int{} // of training: the gaps of numbers and of bits
	rows := func(n, gap int, bits bool) int {
		if first, ok := drawn[bits]; ok && k.training {
			gap = first
		} else {
			tr.strides = append(tr.strides, n+gap)
			drawn[bits] = gap
		}
		return max(0, (steps-1)*(n+gap)+n) * min(1, steps)
	}
	for _, a := range k.args {
		floats, words := n, words(n)
		if k.overTime && a.kind != state && a.kind != param {
			if a.kind == bitsOut || a.kind == bitsIn {
				words = rows(words, r.IntN(2), true)
			} else {
				floats = rows(floats, r.IntN(4), false)
			}
		}
		switch {
		case a.kind == bitsOut || a.kind == bitsIn:
			b := make([]uint64, words)
			for i := range b {
				b[i] = r.Uint64()
			}
			tr.bits = append(tr.bits, b)
		case a.kind == param && !k.overTime:
			tr.params = append(tr.params, number(r))
		default:
			tr.floats = append(tr.floats, numbers(r, floats))
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
	args, strides := slices.Clone(floats), slices.Clone(tr.strides)
	if inPlace {
		in := slices.IndexFunc(tr.k.args, func(a testedArg) bool { return a.kind == input })
		if !tr.k.overTime || tr.k.training {
			args[0] = args[in]
		} else { // dst, v, x: of the strides, the first and the second
			args[0], strides[0] = args[in], strides[1]
		}
	}
	tr.k.call(args, bits, tr.params, tr.steps, strides)
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
	return !k.training && k.args[0].kind == output && slices.ContainsFunc(k.args, func(a testedArg) bool { return a.kind == input })
}

// same runs a trial in pure Go and in assembly and compares every bit.
func (tr trial) same(t testing.TB, m *memory, tier string, at place, inPlace bool) (spikes int) {
	var wantFloats, gotFloats [][]float32
	var wantBits, gotBits [][]uint64
	onTier(t, Go, func() { wantFloats, wantBits = tr.run(t, m, at, inPlace) })
	onTier(t, tier, func() { gotFloats, gotBits = tr.run(t, m, at, inPlace) })
	what := fmt.Sprintf("%s: %d elements at %d, %d steps, in place %v", tr.k.name, tr.n, at, tr.steps, inPlace)
	for i := range wantFloats {
		requireSame(t, wantFloats[i], gotFloats[i], "%s, floats %d", what, i)
	}
	for i := range wantBits {
		for j, w := range wantBits[i] {
			if w != gotBits[i][j] {
				require.FailNowf(t, "different bits", "%s, bits %d, word %d: want %x, got %x", what, i, j, w, gotBits[i][j])
			}
			spikes += bits.OnesCount64(w)
		}
	}
	return spikes
}

func newMemory(t testing.TB, k tested, floats, words int) *memory {
	m := &memory{}
	for _, a := range k.args {
		if a.kind == bitsOut || a.kind == bitsIn {
			m.bits = append(m.bits, newField[uint64](t, words))
		} else if a.kind != param || k.overTime {
			m.floats = append(m.floats, newField[float32](t, floats))
		}
	}
	return m
}

// Every kernel gives the bits of its pure-Go twin, at every length and place,
// and touches nothing outside.
func TestKernelsMatchGo(t *testing.T) {
	require.NotEmpty(t, kernels)
	forEachAssembly(t, func(t *testing.T, tier string) {
		for i, k := range kernels {
			t.Run(k.name, func(t *testing.T) {
				r := random(uint64(i))
				m := newMemory(t, k, 18*10_100, 18*170)
				spikes := 0
				for _, n := range lengths() {
					steps := []int{1}
					if k.overTime {
						steps = []int{0, 1, 2, 3, 17}
						if n > 300 || k.training && n%16 > 1 {
							steps = []int{3}
						}
					}
					for _, s := range steps {
						tr := newTrial(k, r, n, s)
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
				}
				if k.args[0].kind == bitsOut {
					require.Positive(t, spikes)
				}
			})
		}
	})
}

// Long arrays and sequences take several calls.
func TestKernelsAcrossCalls(t *testing.T) {
	forEachAssembly(t, func(t *testing.T, tier string) {
		for i, k := range kernels {
			r := random(uint64(i) + 1000)
			m := newMemory(t, k, 4*callElements, callElements)
			if !k.overTime {
				newTrial(k, r, 2*callElements+13, 1).same(t, m, tier, atEnd, false)
				continue
			}
			newTrial(k, r, callElements+13, 2).same(t, m, tier, atEnd, false)
			newTrial(k, r, 33, callSteps(33)/2).same(t, m, tier, atEnd, false)
		}
		// More steps than one call takes, of a few neurons.
		k := kernels[slices.IndexFunc(kernels, func(k tested) bool { return k.name == "lifSubtract" })]
		steps := callSteps(1) + 3
		m := newMemory(t, k, 4*steps+16, 2*steps+16)
		newTrial(k, random(1), 1, steps).same(t, m, tier, atEnd, false)
	})
}

// A slice of the wrong length panics before anything is written.
func TestKernelsRefuseLengths(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		for i, k := range kernels {
			for short := range len(k.args) {
				tr := newTrial(k, random(uint64(i)), 65, 2)
				if k.args[short].kind == param && !k.overTime {
					continue
				}
				f, b := 0, 0
				for _, a := range k.args[:short] {
					if a.kind == bitsOut || a.kind == bitsIn {
						b++
					} else if a.kind != param || k.overTime {
						f++
					}
				}
				if a := k.args[short]; a.kind == bitsOut || a.kind == bitsIn {
					tr.bits[b] = tr.bits[b][1:]
				} else {
					tr.floats[f] = tr.floats[f][1:]
				}
				before := newTrial(k, random(uint64(i)), 65, 2)
				require.Panics(t, func() { k.call(tr.floats, tr.bits, tr.params, tr.steps, tr.strides) },
					"%s with a short %s", k.name, k.args[short].name)
				for j, a := range tr.floats {
					requireSame(t, before.floats[j][len(before.floats[j])-len(a):], a, "%s was written", k.name)
				}
			}
		}
	})
}
