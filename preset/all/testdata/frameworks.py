"""Small test vectors of every framework that has a preset: what its own neurons
make of an input, and the gradient of that by its own surrogate and autograd.

    python frameworks.py    # writes frameworks.json beside this file, always the same

needs Python 3.11 and, by pip's --no-deps beside what they want to be imported,

    torch==2.13.0 jax==0.10.2 jaxlib==0.10.2 equinox==0.13.8 flax==0.12.8 chex==0.1.92 numpy==2.4.6
    snntorch==1.0.0 norse==1.1.0 spikingjelly==2.0.0 sinabs==3.1.3 rockpool==3.1.0 spyx==1.0.0
    jaxpike==0.1.4 snnax==0.0.1 slax==0.0.1
    lava-dl==0.6.0    # with --ignore-requires-python: it asks for 3.10

grain, cv2 and sklearn, which some of them import for data sets and plots, need not be
there. SNNAX's layers that are used here are, but for names, those of git b7a55c6.

mlGeNN is in no package index, and has no autograd. Its entries are its equations in
float64, with the surrogate of its e-prop, and say "run": "equation".

Inputs are drawn until every neuron spikes and no test of a threshold, or of the edge
of a surrogate, is nearer to a tie than 1e-3, so that any float32 arithmetic gives the
same spikes.
"""

import importlib
import importlib.metadata
import json
import logging
import math
import os
import sys
import types
import warnings
from unittest import mock

import jax
import jax.numpy as jnp
import numpy as np
import torch

STEPS, NEURONS, MARGIN = 20, 8, 1e-3


def load(name):
    """A module of a framework. While it is loaded, modules of others that it wants
    and that are not here are empty ones."""
    absent = {}
    while True:
        try:
            with mock.patch.dict(sys.modules, absent):
                module = importlib.import_module(name)
                loaded = {k: m for k, m in sys.modules.items() if k not in absent}
            sys.modules.update(loaded)
            return module
        except ModuleNotFoundError as e:
            if e.name.split(".")[0] == name.split(".")[0]:
                raise
            absent[e.name] = mock.MagicMock()


logging.disable(logging.WARNING)
warnings.simplefilter("ignore")
for missing in "snnax.snn.init", "snnax.functional.functional":  # from its wheel; nothing here uses them
    sys.modules[missing] = types.ModuleType(missing)

snntorch, snntorch_surrogate = load("snntorch"), load("snntorch.surrogate")
norse_modules = "lif", "lif_box", "lsnn", "leaky_integrator", "reset"
norse = types.SimpleNamespace(**{m: load("norse.torch.functional." + m) for m in norse_modules})
jelly, jelly_surrogate = load("spikingjelly.activation_based.neuron"), load("spikingjelly.activation_based.surrogate")
sinabs, sinabs_activation = load("sinabs.layers"), load("sinabs.activation")
rockpool = load("rockpool.nn.modules.torch.lif_torch")
cuba = load("lava.lib.dl.slayer.neuron.cuba")
spyx, spyx_axn, nnx = load("spyx.nn"), load("spyx.axn"), load("flax.nnx")
jaxpike, jaxpike_surrogate = load("jaxpike.neurons"), load("jaxpike.surrogate")
snnax, snnax_surrogate = load("snnax.snn"), load("snnax.functional.surrogate")
slax, slax_surrogate = load("slax.models.neurons"), load("slax.models.surrogates")

# How far the tests of a run are from a tie.
distances = []


def note(distance):
    if isinstance(distance, torch.Tensor):
        distance = distance.detach().numpy()
    if not isinstance(distance, jax.core.Tracer):
        distances.append(np.array(distance, np.float64))


def note_multiples(v, threshold):
    """Notes how far v is from the nearest of threshold, 2*threshold, and so on."""
    note(v - threshold * torch.clamp(torch.round(v / threshold), min=1))


def noted(spike_function):
    """A spike function of the distance from the threshold, which it notes."""

    def spike(x, *args):
        note(x)
        return spike_function(x, *args)

    return spike


for module in norse.lif, norse.lif_box, norse.lsnn:
    module.threshold = noted(module.threshold)


def zeros():
    return torch.zeros(NEURONS)


def stepped(step, start, stack=torch.stack):
    """Takes a neuron through the rows of an input. step(x, state) gives its output,
    its membrane and its state."""

    def run(x):
        outs, vs, state = [], [], start()
        for row in x:
            out, v, state = step(row, state)
            outs.append(out)
            vs.append(v)
        return stack(outs), stack(vs)

    return run


# Each of these makes a neuron of a framework: a function from an input [T, N] to its
# outputs, and its membranes after the steps.


def snntorch_neuron(name, spike_grad, **arguments):
    cell = getattr(snntorch, name)(spike_grad=noted(spike_grad), **arguments)

    def step(x, state):
        spikes, *state = cell(x, *state)
        return spikes, state[-1], state

    return stepped(step, lambda: [zeros()] * (2 if name == "Synaptic" else 1))


def norse_neuron(forward, parameters, start):
    def step(x, state):
        out, state = forward(x, state, parameters)
        return out, state.v, state

    return stepped(step, start)


def tensors(numbers):
    return {k: torch.as_tensor(v) for k, v in numbers.items()}


def norse_lif(method, **numbers):
    p = norse.lif.LIFParameters(method=method, **tensors(numbers))
    return norse_neuron(norse.lif.lif_feed_forward_step, p, lambda: norse.lif.LIFFeedForwardState(v=zeros(), i=zeros()))


def norse_box(reset, alpha, **numbers):
    p = norse.lif_box.LIFBoxParameters(method="triangle", alpha=alpha, reset_method=reset, **tensors(numbers))
    return norse_neuron(norse.lif_box.lif_box_feed_forward_step, p, lambda: norse.lif_box.LIFBoxFeedForwardState(v=zeros()))


def norse_lsnn(method, **numbers):
    p = norse.lsnn.LSNNParameters(method=method, **tensors(numbers))

    def start():
        return norse.lsnn.LSNNFeedForwardState(v=zeros(), i=zeros(), b=zeros() + p.v_th)

    return norse_neuron(norse.lsnn.lsnn_feed_forward_step, p, start)


def norse_li(**numbers):
    li = norse.leaky_integrator
    return norse_neuron(li.li_feed_forward_step, li.LIParameters(**tensors(numbers)), lambda: li.LIState(v=zeros(), i=zeros()))


def jelly_neuron(name, charged, surrogate, **arguments):
    """SpikingJelly works a step in one operation: charged is what its membrane v is,
    with an input x, when it is tested."""
    cell = getattr(jelly, name)(surrogate_function=surrogate, **arguments)

    def start():
        cell.reset()
        return zeros() + (cell.v_reset or 0)

    def step(x, v):
        note(charged(v, x) - cell.v_threshold)
        return cell(x), cell.v, cell.v

    return stepped(step, start)


def sinabs_neuron(name, several=True, **arguments):
    class Spikes:
        """sinabs' spike function, whose tests are noted."""

        inner = sinabs_activation.MultiSpike if several else sinabs_activation.SingleSpike
        required_states = inner.required_states

        def apply(self, v, threshold, surrogate):
            if several:
                note_multiples(v, threshold)
            else:
                note(v - threshold)
            if "min_v_mem" in arguments:
                note(v - arguments["min_v_mem"])
            return self.inner.apply(v, threshold, surrogate)

    def run(x):
        layer = getattr(sinabs, name)(spike_fn=Spikes(), record_states=True, **arguments)
        return layer(x[None])[0], layer.recordings["v_mem"][0]

    return run


def rockpool_neuron(**arguments):
    class Spikes:
        """Rockpool's spike function, whose tests, and those of its window, are noted."""

        @staticmethod
        def apply(v, threshold, window, most):
            note_multiples(v, threshold)
            note(v - (threshold - window))
            return rockpool.StepPWL.apply(v, threshold, window, most)

    def run(x):
        layer = rockpool.LIFTorch((NEURONS,), spike_generation_fn=Spikes, **arguments)
        spikes, _, recorded = layer(x[None], record=True)
        return spikes[0], recorded["vmem"][0]

    return run


def lava_neuron(**arguments):
    """Lava's neuron is of whole numbers; a scale that is large enough makes them as
    fine as float32."""

    def run(x):
        cell = cuba.Neuron(scale=1 << 20, **arguments)
        _, v = cell.dynamics(x.T[None])
        note(v - cell.threshold)
        spikes = cell.spike(v)
        return spikes[0].T, (v * (1 - spikes))[0].T

    return run


def spyx_neuron(name, activation=None, **arguments):
    if activation:
        arguments["activation"] = noted(activation)
    cell = getattr(spyx, name)((NEURONS,), rngs=nnx.Rngs(0), **arguments)

    def step(x, state):
        out, state = cell(x[None], state)
        return out[0], state[0][:NEURONS], state

    return stepped(step, lambda: cell.initial_state(1), jnp.stack)


def jaxpike_neuron(name, surrogate=None, **arguments):
    if surrogate:
        arguments["surrogate"] = noted(surrogate)
    cell = getattr(jaxpike, name)(**arguments)

    def step(x, state):
        state, out = cell(state, x)
        return out, state.v, state

    return stepped(step, lambda: cell.init_state((NEURONS,)), jnp.stack)


def snnax_neuron(name, *arguments, spike_fn, **named):
    cell = getattr(snnax, name)(*arguments, spike_fn=noted(spike_fn), **named)

    def step(x, state):
        state, out = cell(state, x)
        return out, state[0], state

    return stepped(step, lambda: cell.init_state((NEURONS,), jax.random.PRNGKey(0)), jnp.stack)


def slax_neuron(spike_fn, **arguments):
    cell = slax.LIF(spike_fn=noted(spike_fn), **arguments)

    def step(x, state):
        state, out = cell.apply({}, state, x)
        return out, state["Vmem"], state

    return stepped(step, lambda: {"Vmem": jnp.zeros(NEURONS)}, jnp.stack)


class EpropSpike(torch.autograd.Function):
    """A step with the derivative that mlGeNN's e-prop has, at a threshold of 1."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x >= 0).to(x.dtype)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * 0.3 * torch.clamp(1 - x.abs(), min=0)


def mlgenn_equation(tau_mem, v_reset, relative_reset, scale_i):
    """ml_genn.neurons.LeakyIntegrateFire of v_thresh=1, as its GeNN code says."""
    alpha = math.exp(-1 / tau_mem)

    def step(x, v):
        v = alpha * v + (1 - alpha) * x if scale_i else alpha * v + x
        note(v - 1)
        spikes = EpropSpike.apply(v - 1)
        v = v - spikes * (1 - v_reset) if relative_reset else v * (1 - spikes) + spikes * v_reset
        return spikes, v, v

    return stepped(step, lambda: zeros().double())


packages = {"lava": "lava-dl"}  # by other names
equations = {"mlgenn": "git 02114c3"}
in_jax = "jaxpike", "slax", "snnax", "spyx"
integrators = "jaxpike.LeakyIntegrator", "norse.LI", "spyx.LI"


def entries():
    """The entries: our layer, whose name begins with the framework's, its options, the
    range of the inputs, and the framework's neuron."""
    atan, fast = snntorch_surrogate.atan(alpha=2.0), snntorch_surrogate.fast_sigmoid(slope=25)
    leaky, span = {"beta": 0.85, "threshold": 0.8}, (-0.4, 1.1)
    yield "snntorch.Leaky", leaky, span, snntorch_neuron("Leaky", atan, **leaky)
    options = leaky | {"reset": "zero", "spike_grad": {"name": "FastSigmoid", "slope": 25}}
    yield "snntorch.Leaky", options, span, snntorch_neuron("Leaky", fast, reset_mechanism="zero", **leaky)
    yield "snntorch.Leaky", leaky | {"no_reset_delay": True}, span, snntorch_neuron("Leaky", atan, reset_delay=False, **leaky)
    synaptic = {"alpha": 0.7, "beta": 0.85}
    yield "snntorch.Synaptic", synaptic, (-0.5, 0.9), snntorch_neuron("Synaptic", atan, **synaptic)
    lapicque = {"R": 2.5, "C": 1.6}
    yield "snntorch.Lapicque", lapicque, (-0.4, 1.4), snntorch_neuron("Lapicque", atan, **lapicque)

    p = {"tau_syn_inv": 300.0, "tau_mem_inv": 150.0}
    yield "norse.LIF", p, (-1.0, 3.0), norse_lif("super", **p)
    p = {"tau_mem_inv": 200.0, "v_leak": 0.1, "v_reset": -0.2}
    options = p | {"method": {"name": "Triangle", "height": 0.3, "slope": 1}}
    yield "norse.LIFBox", options, (-1.0, 4.0), norse_box(norse.reset.reset_value, 0.3, **p)
    p = {"tau_mem_inv": 250.0, "tau_adapt_inv": 50.0, "beta": 0.4}
    yield "norse.LSNN", p, (-1.0, 3.0), norse_lsnn("super", **p)
    p = {"tau_syn_inv": 300.0, "tau_mem_inv": 150.0, "v_leak": 0.2}
    yield "norse.LI", p, (-1.0, 2.0), norse_li(**p)

    sigmoid, jelly_atan = jelly_surrogate.Sigmoid(alpha=4.0), jelly_surrogate.ATan(alpha=2.0)
    neuron = jelly_neuron("LIFNode", lambda v, x: v + (x - v) / 2.5, sigmoid, tau=2.5, v_reset=None)
    yield "spikingjelly.LIF", {"tau": 2.5, "soft_reset": True}, (-0.8, 3.0), neuron
    p = {"tau": 2.5, "v_threshold": 0.9, "v_reset": 0.1, "detach_reset": True}
    neuron = jelly_neuron("LIFNode", lambda v, x: v - (v - 0.1) / 2.5 + x, jelly_atan, decay_input=False, **p)
    options = p | {"no_decay_input": True, "surrogate_function": {"name": "ATan", "alpha": 2}}
    yield "spikingjelly.LIF", options, (-0.4, 1.2), neuron
    yield "spikingjelly.IF", {}, (-0.4, 0.9), jelly_neuron("IFNode", lambda v, x: v + x, sigmoid)
    neuron = jelly_neuron("ParametricLIFNode", lambda v, x: v + (x - v) / 3, sigmoid, init_tau=3.0)
    yield "spikingjelly.PLIF", {"w": round(-math.log(3 - 1), 6)}, (-0.8, 3.2), neuron

    neuron = sinabs_neuron("LIF", tau_mem=4.0, tau_syn=3.0)
    yield "sinabs.LIF", {"tau_mem": 4, "tau_syn": 3}, (-7.0, 8.0), neuron
    reset = sinabs_activation.MembraneReset()
    neuron = sinabs_neuron("LIF", several=False, tau_mem=4.0, norm_input=False, reset_fn=reset, min_v_mem=-0.3)
    options = {"tau_mem": 4, "no_norm_input": True, "single_spike": True, "membrane_reset": True, "min_v_mem": -0.3}
    yield "sinabs.LIF", options, (-0.9, 1.2), neuron
    yield "sinabs.IAF", {"spike_threshold": 0.7}, (-1.8, 2.4), sinabs_neuron("IAF", spike_threshold=0.7)

    p = {"tau_mem": 0.006, "tau_syn": 0.004, "bias": 0.05, "threshold": 0.9}
    yield "rockpool.LIFTorch", p, (-1.6, 1.8), rockpool_neuron(**p)

    p = {"current_decay": 0.25, "voltage_decay": 0.125}
    neuron = lava_neuron(threshold=1.0, tau_grad=0.01, scale_grad=10, **p)
    yield "lava.CUBA", p | {"surrogate": {"name": "Exponential", "height": 0.5, "rate": 1}}, (-0.4, 0.6), neuron

    superspike, arctan = spyx_axn.superspike(k=25), spyx_axn.arctan(k=2)
    yield "spyx.LIF", {"beta": 0.85}, (-0.4, 1.1), spyx_neuron("LIF", superspike, beta=0.85)
    p = {"alpha": 0.6, "beta": 0.8}
    options = p | {"activation": {"name": "Cauchy", "k": 2}}
    yield "spyx.CuBaLIF", options, (-0.4, 0.8), spyx_neuron("CuBaLIF", arctan, **p)
    yield "spyx.IF", {"threshold": 0.9}, (-0.4, 0.9), spyx_neuron("IF", superspike, threshold=0.9)
    yield "spyx.LI", {"beta": 0.85}, (-1.0, 1.0), spyx_neuron("LI", beta=0.85)

    tau, tau_a = {"log_tau": round(math.log(4), 6)}, {"log_tau_a": round(math.log(10), 6)}
    yield "jaxpike.LIF", tau, (-1.5, 5.0), jaxpike_neuron("LIF", jaxpike_surrogate.FastSigmoid(), tau=4.0)
    p = {"beta": 0.5, "reset": "zero"}
    neuron = jaxpike_neuron("ALIF", jaxpike_surrogate.ATan(), tau=4.0, tau_a=10.0, **p)
    yield "jaxpike.ALIF", tau | tau_a | p | {"surrogate": {"name": "ATan", "alpha": 2}}, (-1.5, 6.0), neuron
    yield "jaxpike.LeakyIntegrator", tau, (-2.0, 2.0), jaxpike_neuron("LeakyIntegrator", tau=4.0)

    superspike = snnax_surrogate.superspike_surrogate(10.0)
    yield "snnax.SimpleLIF", {"decay": 0.8}, (-2.0, 6.0), snnax_neuron("SimpleLIF", [0.8], spike_fn=superspike)
    neuron = snnax_neuron("LIF", [0.8, 0.7], reset_val=0.2, spike_fn=superspike)
    yield "snnax.LIF", {"decay": 0.8, "synapse_decay": 0.7, "reset_val": 0.2}, (-2.0, 7.0), neuron
    neuron = snnax_neuron("AdaptiveLIF", [0.8], ada_step_val=[0.5], ada_coupling_var=[0.3], spike_fn=superspike)
    yield "snnax.AdaptiveLIF", {"decay": 0.8, "ada_step_val": 0.5, "ada_coupling_var": 0.3}, (-2.0, 6.0), neuron

    yield "slax.LIF", {"tau": 1.5}, (-0.4, 1.1), slax_neuron(slax_surrogate.fast_sigmoid(), init_tau=1.5)
    gauss = {"name": "MultiGaussian", "gamma": 0.5, "h": 0.15, "mu": 0, "sigma": 0.3, "s": 6}
    neuron = slax_neuron(slax_surrogate.multi_gauss(), init_tau=1.5, subtraction_reset=False)
    yield "slax.LIF", {"tau": 1.5, "hard_reset": True, "spike_fn": gauss}, (-0.4, 1.1), neuron

    p = {"tau_mem": 5, "surrogate": {"name": "Triangle", "height": 0.3, "slope": 1}}
    yield "mlgenn.LIF", p | {"v_reset": 0.1}, (-0.4, 1.0), mlgenn_equation(5.0, 0.1, True, False)
    options = p | {"v_reset": -0.2, "absolute_reset": True, "scale_i": True}
    yield "mlgenn.LIF", options, (-1.5, 6.0), mlgenn_equation(5.0, -0.2, False, True)


def forward(framework, run, x):
    """The outputs and membranes, and how near a test of theirs is to a tie."""
    distances.clear()
    out, v = run(jnp.asarray(x) if framework in in_jax else torch.tensor(x))
    out, v = (np.array(t.detach() if isinstance(t, torch.Tensor) else t, np.float64) for t in (out, v))
    return out, v, min((np.abs(d).min() for d in distances), default=math.inf)


def backward(framework, run, x, r):
    """The gradient of sum(out*r) with respect to x."""
    if framework in in_jax:
        return np.array(jax.grad(lambda x: (run(x)[0] * r).sum())(jnp.asarray(x)), np.float64)
    x = torch.tensor(x, requires_grad=True)
    (run(x)[0] * torch.tensor(r)).sum().backward()
    return x.grad.numpy().astype(np.float64)


def draw(seed, framework, layer, run, low, high):
    """An input, loss weights, and what the neurons make of them."""
    dtype = np.float64 if framework in equations else np.float32
    for attempt in range(1000):
        random = np.random.default_rng([seed, attempt])
        x = random.uniform(low, high, (STEPS, NEURONS)).round(2)
        r = random.choice([-2, -1, 1, 2], (STEPS, NEURONS))
        out, v, margin = forward(framework, run, x.astype(dtype))
        fired = (out > 0).sum(0)
        assert (margin < math.inf) == (layer not in integrators), "the tests are those of neurons that spike"
        if layer in integrators or margin >= MARGIN and fired.min() >= 2 and fired.max() <= 0.75 * STEPS:
            return x, r, out, v, backward(framework, run, x.astype(dtype), r.astype(dtype))
    raise RuntimeError(f"no input suits {layer}, number {seed}")


def rows(values, decimals):
    """A matrix as JSON, one of its rows a line."""

    def text(v):
        return str(int(v)) if v == int(v) else repr(float(v))

    return "[\n" + ",\n".join("[" + ",".join(map(text, row)) + "]" for row in np.round(values, decimals)) + "]"


def main():
    texts = []
    for seed, (layer, options, (low, high), run) in enumerate(entries()):
        framework = layer.split(".")[0]
        x, r, out, v, grad = draw(seed, framework, layer, run, low, high)
        head = {
            "framework": framework,
            "version": equations.get(framework) or importlib.metadata.version(packages.get(framework, framework)),
            "run": "equation" if framework in equations else "framework",
            "type": layer,
            "options": options,
        }
        fields = [f"{json.dumps(k)}: {json.dumps(value)}" for k, value in head.items()]
        fields.append('"x": ' + rows(x, 2))
        if layer in integrators:
            fields.append('"membranes": ' + rows(out, 6))
        else:
            fields += ['"spikes": ' + rows(out, 0), '"v": ' + rows(v, 6)]
        digits = 5 - math.ceil(math.log10(np.abs(grad).max()))  # so that the largest has five
        fields += ['"r": ' + rows(r, 0), '"grad_x": ' + rows(grad, digits)]
        texts.append("{" + ",\n".join(fields) + "}")
        print(layer, json.dumps(options), "sends" if layer not in integrators else "gives", out.sum(0))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "frameworks.json"), "w") as f:
        f.write("[\n" + ",\n".join(texts) + "\n]\n")


main()
