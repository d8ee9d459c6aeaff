// Package forward runs graphs of layers.
//
// A [Graph] is the description, checked once: layers, edges, delays, shapes. A
// [Model] is a graph with weights, immutable and safe for concurrent use. A
// [State] is what one stream, or one batch of streams, remembers.
//
//	g, err := forward.Sequential(tensor.Shape{700},
//		snn.Linear{Out: 256}, snn.LIF{Decay: 0.9},
//		snn.Linear{Out: 20}, snn.LI{Decay: 0.9})
//	m, err := g.Init(seed)
//	s := m.NewState(batch)
//	out, err := m.Run(ctx, s, in)     // in [T, B, 700] -> out [T, B, 20]
//	y, err := m.Step(s, spikes)       // one step of a live stream
//
// # Time
//
// Every edge has a delay in steps: with delay d the output of step t arrives
// at step t+d. Two rules give the delays that are not set one by one, after
// SNNAX's two forward functions:
//
//   - [RuleDefault]: 0 from a layer to a later one, 1 from a layer to itself or to
//     an earlier one. Every layer takes its input of the same step.
//   - [RuleDelayed]: 1 for every edge between layers, so that a chain of n layers
//     answers x(t-(n-1)). Model inputs are not delayed.
//
// Edges without delay must not form a cycle.
//
// # What goes wrong
//
// Wrong data is an error that wraps a sentinel and names the layer: shapes,
// weights, states ([ErrState]), graphs ([ErrGraph]), networks that ask for more
// memory than [Limits] allow ([ErrLimit]). A panic in a layer or a loss of a
// user's own is one, too, with its stack ([ErrPanic]), and so are NaN and
// infinite numbers ([ErrNotFinite]), unless [CheckFinite] says otherwise. A
// [Model.Run] ends within milliseconds of its context, at a step that all samples
// have made.
//
// # Bits
//
// A sequence gives the same bits run at once, in chunks, or step by step, with
// any number of workers, in any batch, from spikes, events or dense numbers,
// and on every machine.
package forward
