// Package nir reads and writes NIR files, the exchange format of spiking
// networks (github.com/neuromorphs/NIR), and makes networks of them and files of
// networks.
//
//	g, err := nir.ReadFile("braille.nir")
//	d, err := nir.As("snntorch", 1e-4)    // what the file does not say
//	m, report, err := g.Model(d)          // a forward.Model
//	g, report, err = nir.Export(m, 1e-4)
//	err = nir.WriteFile("mine.nir", g)
//
// # Primitives
//
// A [Graph] holds nodes by their names, each a struct of this package whose doc
// comment has its equation. What they become:
//
//	primitive             layer
//	Input, Output         inputs and outputs of the network
//	Affine, Linear        snn.Linear
//	Conv1d, Conv2d        the same
//	SumPool2d, AvgPool2d  the same
//	Flatten               snn.Flatten, of all dimensions
//	Scale                 snn.Scale
//	Delay                 a delay on the edges into it, the rest a snn.Delay
//	Threshold             snn.LIF that forgets, and does not reset
//	I, LI, CubaLI         snn.LI, with a Synapse for the current
//	IF                    snn.IF
//	LIF, CubaLIF          snn.LIF, with a Synapse for the current
//	NIRGraph              its nodes, in its place
//
// Edges into a node add up. A loop gets a delay of one step on the edge that
// leaves its neuron, so that of lif -> w_rec -> lif w_rec reads the spikes of
// the step before.
//
// # Discretization
//
// NIR is continuous in time: a file says neither the length of a step nor how to
// step, where membranes begin, what a spike resets, or what a tie is. [Discretization] says all of it,
// and [As] knows the ways of the frameworks:
//
//	as            method  gain        reset     tie  time, and more
//	nir           Euler   integrated  v_reset   >    the letter of NIR 1.0.8
//	norse         Euler   integrated  v_reset   >    membranes begin at v_leak
//	snntorch      Euler   scaled      zero      >    its importer takes a step for 1e-4
//	spikingjelly  Euler   integrated  v_reset   >=   membranes begin at v_reset; IF: v + dt*r*x
//	spyx          Euler   absorbed    subtract  >    tests the membrane of the step before
//	jaxpike       exact   integrated  zero      >
//	sinabs        exact   decayed     subtract  >=   several spikes; IF has a floor; times are in steps
//	rockpool      exact   decayed     subtract  >=   several spikes
//	spikelane     as nir, but for what Export wrote into the metadata
//
// Norse, snnTorch, sinabs, Rockpool and spyx recorded one neuron for the NIR
// paper: their presets make the same spikes, with the same bits of the membrane
// as snnTorch, sinabs and spyx (given its input with the weight that it ignores),
// and within 1e-7 of Norse's and Rockpool's. Tests run snnTorch, Norse and
// SpikingJelly beside their presets. That of jaxpike is after its source.
//
// The [Report] that comes with a network says what was assumed, and of every
// node whether its layer is faithful. What no layer can do is an error, never a
// guess.
//
// # Files
//
// Reading is as strict as the Python package; [Lenient] repairs what others
// wrote wrongly, and says what it repaired. Values keep their types and bits
// both ways. Hostile files are errors that name the place, and take no more
// memory and time than their size allows. [ReadData] and [EncodeData] are for
// recordings, NIRGraphData.
package nir
