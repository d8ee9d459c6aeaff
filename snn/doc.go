// Package snn holds the layers: neurons, products, convolutions, pooling.
//
// The neurons, in the words of code (x input, v membrane, s spike, th
// threshold), and whose they are; the presets of the packages preset/snntorch,
// preset/snnax, preset/norse and so on have the frameworks' own names,
// arguments and defaults.
//
//	here           there                                                   equation
//	LI             SNNAX SimpleLI; snnTorch Leaky that never resets; Norse v = decay*v + gain*x
//	               LICell; SpikingJelly NonSpikingLIFNode; sinabs ExpLeak;
//	               spyx LI; jaxpike LeakyIntegrator
//	LIF            SNNAX SimpleLIF, LIF, LIFSoftReset; snnTorch Leaky,     v = decay*v + gain*x; s = v >= th;
//	               Synaptic, Lapicque; Norse LIFCell, LIFBox;              v = v - s*th, or 0 where s
//	               SpikingJelly LIFNode, ParametricLIFNode; sinabs LIF;
//	               spyx LIF, CuBaLIF; jaxpike LIF; slax LIF;
//	               Rockpool LIFTorch; Lava-DL CUBA; mlGeNN
//	               LeakyIntegrateFire
//	IF             SNNAX SimpleIAF, IAF; Norse IAF; SpikingJelly IFNode;   v = v + gain*x; s and v as above
//	               sinabs IAF; spyx IF
//	Synapse        the current of snnTorch Synaptic, spyx CuBaLIF, Norse   i = decay*i + gain*x
//	               LIFCell, SNNAX LIF, sinabs and Rockpool tau_syn
//	ALIF           Norse LSNN; sinabs, spyx and jaxpike ALIF               s = v >= th + coupling*a; a = adapt_decay*a + adapt_gain*s
//	AdaptiveLIF    SNNAX AdaptiveLIF; Norse AdaLIF                         v = decay*v + gain*(x + coupling*a)
//	Alpha          snnTorch Alpha                                          v = scale*(exc + inh)
//	SigmaDelta     SNNAX SigmaDelta                                        sends the changes of x
//	SpikeResponse  SNNAX SRM                                               s = x - scale*r >= th; r a trace of s
//	QIF            SpikingJelly QIFNode, IzhikevichNode                    v = v + (x + a*(v-rest)*(v-critical))/tau
//	EIF            SpikingJelly EIFNode                                    v = v + (x + rest - v + d*exp((v-rh)/d))/tau
//	Izhikevich     Norse and jaxpike Izhikevich                            v = v + 0.04*v*v + 5*v + 140 - u + x
//	ResonateFire   Izhikevich (2001)                                       (u, v) turns and shrinks, then + x
//
// The versions, here and in doc comments, are SNNAX git b7a55c6 (2024-08-29),
// snnTorch 1.0.0, Norse 1.1.0, SpikingJelly 2.0.0, sinabs 3.1.3, spyx 1.0.0,
// jaxpike 0.1.4, slax git a21191e, Rockpool 3.1.0, Lava-DL git d825ac5 and
// mlGeNN git 02114c3.
//
// The doc comments of the neurons have every choice: reset, its timing, ties, gains,
// refractory steps, several spikes a step, floors.
//
// A neuron that is not among them is written as its equations: [Equations].
//
// The other layers: [Linear], [Conv1d], [Conv2d], pools of three kinds in one
// and two dimensions, [Flatten], [BatchNorm], [LayerNorm], [Scale], [Dropout],
// [Delay], [SpikeCounter], [Identity], and [Lambda] for a function of your
// own. Recurrence and containers are in the package forward.
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
