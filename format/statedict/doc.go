// Package statedict brings weights from PyTorch: state dicts of snnTorch,
// SpikingJelly and plain torch.nn modules, and back.
//
//	tensors, err := statedict.ReadFile("net.safetensors")
//	m, report, err := statedict.Load(g, tensors, nil)
//	err = statedict.WriteFile("ours.safetensors", m, report.Names())
//
// A state dict names its tensors <module>.<parameter>: fc1.weight, lif1.beta,
// 6.w. The script convert_pt.py beside this file makes a safetensors file of a
// .pt or .pth checkpoint. The graph is built first, of the layers that the
// Python code says, with snnTorch's and SpikingJelly's presets as neurons: a
// state dict holds numbers and no equations. [Load] finds out which module is
// which layer; which of a module's tensors is which of a layer's parameters is
// one table, in table.go. Nothing is guessed: a tensor that nothing uses, a
// layer that nothing fills, and modules that two layers could be are errors
// that list them.
//
// Where a state dict does say what a module computes, it is compared with the
// graph: snnTorch's reset_mechanism_val, graded_spikes_factor and time_step.
// What it does not say must be right in the graph: reset_delay, SpikingJelly's
// tau, v_threshold, v_reset and decay_input, the epsilon of a batch norm.
package statedict
