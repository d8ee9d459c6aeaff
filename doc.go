// Package spikelane is the front door of a library for spiking neural networks
// on CPUs: it holds nothing but the map of the house. ARCHITECTURE.md follows a
// spike through it, forward and back.
//
// To describe, run and train networks:
//
//	forward      graphs of layers, models, states: start here
//	snn          layers: neurons, products, convolutions, pooling
//	train        losses, optimizers, backpropagation through time
//	surrogate    spike functions: a threshold with a derivative
//	equation     the language in which neurons are written
//	tensor       the three kinds of signal: spikes, events, dense numbers
//	encode       event recordings, digits, sounds, and how they become signals
//	dataset      samples in files, as sources to train and to judge by
//	simd         the kernels, from slices to slices: AVX2, NEON, pure Go
//
// Files, and networks from elsewhere:
//
//	format/model        a graph and its weights in one file
//	format/safetensors  the format of that file
//	format/nir          NIR graphs and recordings
//	format/statedict    weights of snnTorch and SpikingJelly
//	format/npy          NumPy arrays
//	format/events       recordings of event cameras and cochleas
//	format/events/live  events from a network port, and from files that grow
//
// Neurons under the names, arguments and defaults of other frameworks:
//
//	preset/all           all of these, for model files that name them
//	preset/jaxpike       jaxpike
//	preset/lava          Lava-DL
//	preset/mlgenn        mlGeNN
//	preset/norse         Norse
//	preset/rockpool      Rockpool
//	preset/sinabs        sinabs
//	preset/slax          slax
//	preset/snnax         SNNAX
//	preset/snntorch      snnTorch
//	preset/spikingjelly  SpikingJelly
//	preset/spyx          spyx
//
// Packages that nobody but these imports:
//
//	internal/microcode         neurons as programs of vector operations
//	internal/detmath           exp, log and the like, with the same bits everywhere
//	internal/random            numbers by seed and place
//	internal/half              16-bit floats
//	internal/panics            panics of users' code as errors
//	internal/filelock          one training at a time
//	internal/atomicfile        files that are written as a whole, or not at all
//	internal/presetkit         what the presets have in common
//	internal/hdf5              HDF5 files
//
// Beside the library, each a module of its own: cmd/spikelane, the command; asm,
// the generators of the kernels; bench, the measurements; format/events/aedat4,
// which makes format/events read AEDAT 4 recordings.
//
// The same network gives the same spikes on every machine.
package spikelane
