package simd

// The generated tables append every kernel here, under one signature.
var kernels []tested

type tested struct {
	name     string
	overTime bool
	args     []testedArg
	// call takes the float slices, bit slices and numbers each in the order
	// of args; steps and a stride for each streamed argument over time.
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
