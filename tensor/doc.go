// Package tensor holds the three kinds of signal that travel between layers,
// and the dense arrays that hold weights:
//
//   - [Spikes]: one bit a feature, packed into 64-bit words;
//   - [Events]: sparse values, the features of a row strictly ascending;
//   - [Tensor]: dense float32.
//
// A signal is time-major, as in the Python frameworks: T steps of B samples of
// some feature shape. Row t*B+b is sample b at step t; features are row-major,
// channels first (C, H, W). Every kind can be read as dense numbers with
// [Signal.Dense], and all three mean the same thing to a layer: which one it
// is given changes its speed, never its bits.
package tensor
