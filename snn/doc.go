// Package snn holds the layers: neurons, products, convolutions, pooling.
//
// A [Layer] is a description: a struct of options whose zero values are the
// documented defaults. Build turns it, once the shape of its input is known,
// into a [Plan], and the plan's Prepare, once its parameters are known, into
// an [Op], which advances samples by blocks of steps. The package forward does
// all that; who only uses networks needs the structs and nothing else:
//
//	forward.Sequential(tensor.Shape{700},
//		snn.Linear{Out: 256}, snn.LIF{Decay: 0.9},
//		snn.Linear{Out: 20}, snn.LI{Decay: 0.9})
//
// Every layer gives the same bits however its input is stored (spikes, events
// or dense numbers), however the steps are split into blocks, and on every
// machine.
package snn
