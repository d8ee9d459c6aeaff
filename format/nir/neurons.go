package nir

import "github.com/spikelane/spikelane/tensor"

// I is an integrator:
//
//	dv/dt = R*x
type I struct {
	R Array `nir:"r,each"`
	Metadata
}

// IF is an integrate-and-fire neuron:
//
//	dv/dt = R*x
//	z = v > VThreshold
//	v = VReset where z
type IF struct {
	R          Array `nir:"r,each"`
	VThreshold Array `nir:"v_threshold,each"`
	VReset     Array `nir:"v_reset,each,optional"` // default 0
	Metadata
}

// LI is a leaky integrator:
//
//	Tau dv/dt = (VLeak - v) + R*x
type LI struct {
	Tau   Array `nir:"tau,each"`
	R     Array `nir:"r,each"`
	VLeak Array `nir:"v_leak,each"`
	Metadata
}

// LIF is a leaky integrate-and-fire neuron:
//
//	Tau dv/dt = (VLeak - v) + R*x
//	z = v > VThreshold
//	v = VReset where z
type LIF struct {
	Tau        Array `nir:"tau,each"`
	R          Array `nir:"r,each"`
	VLeak      Array `nir:"v_leak,each"`
	VThreshold Array `nir:"v_threshold,each"`
	VReset     Array `nir:"v_reset,each,optional"` // default 0
	Metadata
}

// CubaLI is a leaky integrator behind a synaptic current:
//
//	TauSyn di/dt = -i + WIn*x
//	TauMem dv/dt = (VLeak - v) + R*i
type CubaLI struct {
	TauSyn Array `nir:"tau_syn,each"`
	TauMem Array `nir:"tau_mem,each"`
	R      Array `nir:"r,each"`
	VLeak  Array `nir:"v_leak,each"`
	WIn    Array `nir:"w_in,single,optional"` // default 1
	Metadata
}

// CubaLIF is a leaky integrate-and-fire neuron behind a synaptic current:
//
//	TauSyn di/dt = -i + WIn*x
//	TauMem dv/dt = (VLeak - v) + R*i
//	z = v > VThreshold
//	v = VReset where z
type CubaLIF struct {
	TauSyn     Array `nir:"tau_syn,each"`
	TauMem     Array `nir:"tau_mem,each"`
	R          Array `nir:"r,each"`
	VLeak      Array `nir:"v_leak,each"`
	VThreshold Array `nir:"v_threshold,each"`
	VReset     Array `nir:"v_reset,each,optional"` // default 0
	WIn        Array `nir:"w_in,single,optional"`  // default 1
	Metadata
}

// Threshold is a step function, without memory:
//
//	y = x > Threshold
type Threshold struct {
	Threshold Array `nir:"threshold,each"`
	Metadata
}

// Scale multiplies, element by element:
//
//	y = Scale*x
type Scale struct {
	Scale Array `nir:"scale,each"`
	Metadata
}

// Delay delivers what came a time ago, in the unit of the time constants:
//
//	y(t) = x(t - Delay)
type Delay struct {
	Delay Array `nir:"delay,each"`
	Metadata
}

// Type returns "I".
func (I) Type() string { return "I" }

// Type returns "IF".
func (IF) Type() string { return "IF" }

// Type returns "LI".
func (LI) Type() string { return "LI" }

// Type returns "LIF".
func (LIF) Type() string { return "LIF" }

// Type returns "CubaLI".
func (CubaLI) Type() string { return "CubaLI" }

// Type returns "CubaLIF".
func (CubaLIF) Type() string { return "CubaLIF" }

// Type returns "Threshold".
func (Threshold) Type() string { return "Threshold" }

// Type returns "Scale".
func (Scale) Type() string { return "Scale" }

// Type returns "Delay".
func (Delay) Type() string { return "Delay" }

func (n I) shapes(tensor.Shape) (wants, gives tensor.Shape, err error)         { return elementwise(n) }
func (n IF) shapes(tensor.Shape) (wants, gives tensor.Shape, err error)        { return elementwise(n) }
func (n LI) shapes(tensor.Shape) (wants, gives tensor.Shape, err error)        { return elementwise(n) }
func (n LIF) shapes(tensor.Shape) (wants, gives tensor.Shape, err error)       { return elementwise(n) }
func (n CubaLI) shapes(tensor.Shape) (wants, gives tensor.Shape, err error)    { return elementwise(n) }
func (n CubaLIF) shapes(tensor.Shape) (wants, gives tensor.Shape, err error)   { return elementwise(n) }
func (n Threshold) shapes(tensor.Shape) (wants, gives tensor.Shape, err error) { return elementwise(n) }
func (n Scale) shapes(tensor.Shape) (wants, gives tensor.Shape, err error)     { return elementwise(n) }
func (n Delay) shapes(tensor.Shape) (wants, gives tensor.Shape, err error)     { return elementwise(n) }
