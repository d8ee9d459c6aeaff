package simd

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// pass is a pass of a compiled neuron.
type pass struct {
	k   *Kernel
	run func(c *Call)
}

// passes are all of them.
func passes() []pass {
	var list []pass
	for i := range Neurons {
		n := Neuron(i)
		list = append(list, pass{n.Forward(), n.Advance})
		if n.general() == n {
			list = append(list, pass{n.Backward(), n.Back})
		}
	}
	return list
}

// newCall draws the contents of a call. Rows over time are a little further
// apart than they are long.
func newCall(k *Kernel, r *rand.Rand, n, steps int, optional bool) *Call {
	c := &Call{N: n, Steps: steps, Optional: optional}
	c.State = numbers(r, Layout{n, k.States, k.Lanes}.Size())
	c.Params = numbers(r, Layout{n, k.Params, k.Lanes}.Size())
	c.Sums = numbers(r, Layout{n, k.Sums, k.Lanes}.Size())
	for _, kind := range k.Streams {
		var s Stream
		if kind.Role == RoleSpikes {
			s.Stride = words(n) + r.IntN(2)
			s.Bits = make([]uint64, max(0, (steps-1)*s.Stride+words(n))*min(1, steps))
			for i := range s.Bits {
				s.Bits[i] = r.Uint64()
			}
		} else {
			s.Stride = kind.Arrays*Padded(n) + r.IntN(4)
			s.Floats = numbers(r, max(0, (steps-1)*s.Stride+kind.Arrays*Padded(n))*min(1, steps))
		}
		c.Streams = append(c.Streams, s)
	}
	return c
}

// ground is a field for every array of a call.
type ground struct {
	panels  [3]*field[float32]
	streams []*memory
}

func newGround(t testing.TB, k *Kernel, floats int) *ground {
	g := &ground{}
	for i := range g.panels {
		g.panels[i] = newField[float32](t, floats)
	}
	for range k.Streams {
		g.streams = append(g.streams, &memory{floats: []*field[float32]{newField[float32](t, floats)}, bits: []*field[uint64]{newField[uint64](t, floats/32)}})
	}
	return g
}

// run runs a pass on a copy of a call at a place, and returns the copy.
func (g *ground) run(t testing.TB, p pass, c *Call, at place) *Call {
	d := *c
	d.State, d.Params, d.Sums = g.panels[0].put(c.State, at), g.panels[1].put(c.Params, at), g.panels[2].put(c.Sums, at)
	d.Streams = slices.Clone(c.Streams)
	for i := range d.Streams {
		d.Streams[i].Floats = g.streams[i].floats[0].put(c.Streams[i].Floats, at)
		d.Streams[i].Bits = g.streams[i].bits[0].put(c.Streams[i].Bits, at)
	}
	p.run(&d)
	for _, f := range g.panels {
		f.check(t, p.k.Name)
	}
	d.State, d.Params, d.Sums = slices.Clone(d.State), slices.Clone(d.Params), slices.Clone(d.Sums)
	for i, s := range d.Streams {
		g.streams[i].floats[0].check(t, p.k.Name)
		g.streams[i].bits[0].check(t, p.k.Name)
		d.Streams[i].Floats, d.Streams[i].Bits = slices.Clone(s.Floats), slices.Clone(s.Bits)
	}
	return &d
}

// requireSameCall compares every bit of what two runs left, and counts spikes.
func requireSameCall(t testing.TB, want, got *Call, what string) (spikes int) {
	requireSame(t, want.State, got.State, "%s, state", what)
	requireSame(t, want.Params, got.Params, "%s, parameters", what)
	requireSame(t, want.Sums, got.Sums, "%s, sums", what)
	for i, s := range want.Streams {
		requireSame(t, s.Floats, got.Streams[i].Floats, "%s, stream %d", what, i)
		spikes += requireSameBits(t, s.Bits, got.Streams[i].Bits, fmt.Sprintf("%s, stream %d", what, i))
	}
	return spikes
}

// Every pass of every neuron gives the bits of its pure-Go twin, for every
// number of neurons and at every place, and touches nothing outside.
func TestNeuronsMatchGo(t *testing.T) {
	forEachAssembly(t, func(t *testing.T, tier string) {
		for i, p := range passes() {
			t.Run(p.k.Name, func(t *testing.T) {
				r, g, spikes := random(uint64(i)), newGround(t, p.k, 40_000), 0
				for _, n := range lengths() {
					if n > 600 {
						break
					}
					for _, steps := range []int{0, 1, 2, 5} {
						if n > 67 && steps != 2 {
							continue
						}
						at := places()
						c := newCall(p.k, r, n, steps, steps != 1)
						for _, at := range []place{atEnd, at[n%len(at)]} {
							var want, got *Call
							onTier(t, Go, func() { want = g.run(t, p, c, at) })
							onTier(t, tier, func() { got = g.run(t, p, c, at) })
							spikes += requireSameCall(t, want, got, fmt.Sprintf("%s: %d neurons at %d, %d steps", p.k.Name, n, at, steps))
						}
					}
				}
				if slices.ContainsFunc(p.k.Streams, func(k Kind) bool { return k.Role == RoleSpikes }) {
					require.Positive(t, spikes)
				}
			})
		}
	})
}

// Many neurons, and long sequences, take several pieces.
func TestNeuronsAcrossPieces(t *testing.T) {
	forEachAssembly(t, func(t *testing.T, tier string) {
		for i, p := range passes() {
			r := random(uint64(i) + 1000)
			for _, size := range [][2]int{{2 * 8192 / 3, 3}, {33, p.k.Elements/48 + 3}} {
				c := newCall(p.k, r, size[0], size[1], true)
				g := newGround(t, p.k, 16*(size[0]+16)*(size[1]+16))
				var want, got *Call
				onTier(t, Go, func() { want = g.run(t, p, c, 3) })
				onTier(t, tier, func() { got = g.run(t, p, c, 3) })
				requireSameCall(t, want, got, p.k.Name)
				if emulated {
					break
				}
			}
		}
	})
}

// What is not asked for is not needed, and changes nothing else.
func TestOptionalEffectsChangeNothingElse(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		for i, p := range passes() {
			for _, n := range []int{1, 16, 37} {
				all := newCall(p.k, random(uint64(i)), n, 5, true)
				some := newCall(p.k, random(uint64(i)), n, 5, false)
				some.Sums = nil
				for j, kind := range p.k.Streams {
					if kind.optional(p.k.Back) {
						some.Streams[j] = Stream{}
					}
				}
				before := slices.Clone(all.State)
				p.run(all)
				p.run(some)
				requireSame(t, all.State, some.State, "%s, state", p.k.Name)
				for j, kind := range p.k.Streams {
					if !kind.optional(p.k.Back) {
						requireSame(t, all.Streams[j].Floats, some.Streams[j].Floats, "%s, stream %d", p.k.Name, j)
						requireSameBits(t, all.Streams[j].Bits, some.Streams[j].Bits, p.k.Name)
					}
				}
				require.GreaterOrEqual(t, differs(before, all.State), 0, "%s left its state as it was", p.k.Name)
			}
		}
	})
}

// An array of the wrong length panics before anything is written.
func TestNeuronsRefuseLengths(t *testing.T) {
	forEachTier(t, func(t *testing.T) {
		for i, p := range passes() {
			var spoil []func(c *Call)
			spoil = append(spoil,
				func(c *Call) { c.State = c.State[1:] }, func(c *Call) { c.Params = c.Params[1:] },
				func(c *Call) { c.Streams = c.Streams[1:] }, func(c *Call) { c.N = -1 }, func(c *Call) { c.Steps++ })
			if p.k.Sums > 0 {
				spoil = append(spoil, func(c *Call) { c.Sums = c.Sums[1:] })
			}
			for j, kind := range p.k.Streams {
				spoil = append(spoil, func(c *Call) {
					s := &c.Streams[j]
					if kind.Role == RoleSpikes {
						s.Bits = s.Bits[1:]
					} else {
						s.Floats = s.Floats[4:] // more than the gap between rows
					}
				})
			}
			for j, f := range spoil {
				c, before := newCall(p.k, random(uint64(i)), 65, 2, true), newCall(p.k, random(uint64(i)), 65, 2, true)
				f(c)
				f(before)
				require.Panics(t, func() { p.run(c) }, "%s, spoilt %d", p.k.Name, j)
				c.N, c.Steps, before.N, before.Steps = 65, 2, 65, 2
				requireSameCall(t, before, c, p.k.Name+" was written")
			}
		}
	})
}
