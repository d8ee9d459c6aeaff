// Package spikelane is the front door of a library for spiking neural networks
// on CPUs: it holds nothing but the map of the house.
//
//	forward      graphs of layers, models, states: start here
//	snn          layers: neurons, products, convolutions, pooling
//	surrogate    spike functions: a threshold with a derivative
//	tensor       the three kinds of signal: spikes, events, dense numbers
//	simd         the kernels, from slices to slices: AVX2, NEON, pure Go
//	encode       event recordings, digits, and how they become signals
//	modelfile    a graph and its weights in one file
//	safetensors  the format of that file
//
// The same network gives the same spikes on every machine.
package spikelane
