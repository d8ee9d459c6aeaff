"""What the frameworks' layers make of an input [T, B, features], and how their
initializers draw."""

import json
import sys

import equinox
import jax
import numpy
import norse.torch as norse
import snntorch
import torch
from spikingjelly.activation_based import neuron


def torches(module):
    """A PyTorch module, step by step."""

    def run(x, params):
        m = module()
        m.eval()
        m.load_state_dict({**m.state_dict(), **params})
        return torch.stack([m(step) for step in x])

    return run


def equinoxes(module):
    """An Equinox module, sample by sample."""

    def run(x, params):
        m = module()
        for name, value in params.items():
            m = equinox.tree_at(lambda m: getattr(m, name), m, jax.numpy.asarray(value.numpy()))
        return torch.tensor(numpy.asarray(jax.vmap(jax.vmap(m))(jax.numpy.asarray(x.numpy()))))

    return run


def norse_li_box(x, params):
    cell = norse.LIBoxCell(norse.LIBoxParameters(tau_mem_inv=torch.tensor(100.0)), dt=0.001)
    state, out = None, []
    for step in x:
        if state is None:
            state = norse.LIBoxState(torch.zeros_like(step))
        v, state = cell(step, state)
        out.append(v)
    return torch.stack(out)


def snntorch_leaky(x, params):
    cell = snntorch.Leaky(beta=0.8, reset_mechanism="none")
    mem, out = cell.init_leaky(), []
    for step in x:
        _, mem = cell(step, mem)
        out.append(mem)
    return torch.stack(out)


def spikingjelly_li(x, params):
    v = neuron.NonSpikingLIFNode(tau=4.0)(x)
    return v if isinstance(v, torch.Tensor) else torch.stack(v)


key = jax.random.key(0)
nn = torch.nn
LAYERS = {
    "torch.Linear": torches(lambda: nn.Linear(12, 7)),
    "torch.Conv1d": torches(lambda: nn.Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2)),
    "torch.Conv2d": torches(lambda: nn.Conv2d(4, 6, (3, 2), stride=(1, 2), padding=(2, 1), dilation=(2, 1), groups=2)),
    "torch.AvgPool2d": torches(lambda: nn.AvgPool2d((3, 2), stride=(2, 1), padding=(1, 1))),
    "torch.MaxPool2d": torches(lambda: nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 1))),
    "torch.BatchNorm1d": torches(lambda: nn.BatchNorm1d(12)),
    "torch.BatchNorm2d": torches(lambda: nn.BatchNorm2d(4)),
    "torch.LayerNorm": torches(lambda: nn.LayerNorm((4, 5, 6))),
    "equinox.Linear": equinoxes(lambda: equinox.nn.Linear(12, 7, key=key)),
    "equinox.LayerNorm": equinoxes(lambda: equinox.nn.LayerNorm((4, 5, 6))),
    "norse.LIBox": norse_li_box,
    "snntorch.Leaky": snntorch_leaky,
    "spikingjelly.NonSpikingLIFNode": spikingjelly_li,
}


def filled(init, *shape, **options):
    w = torch.empty(*shape)
    init(w, **options)
    return w


INITS = {
    "torch.Linear weight": lambda: nn.Linear(300, 200).weight,
    "torch.Linear bias": lambda: nn.Linear(5, 60000).bias,
    "torch.Conv1d weight": lambda: nn.Conv1d(40, 300, 5).weight,
    "torch.Conv2d weight": lambda: nn.Conv2d(32, 150, 5, groups=2).weight,
    "torch.Conv2d bias": lambda: nn.Conv2d(2, 60000, (3, 2)).bias,
    "equinox.Linear weight": lambda: equinox.nn.Linear(300, 200, key=key).weight,
    "equinox.Linear bias": lambda: equinox.nn.Linear(5, 60000, key=key).bias,
    "equinox.Conv2d weight": lambda: equinox.nn.Conv2d(32, 150, 5, groups=2, key=key).weight,
    "equinox.Conv2d bias": lambda: equinox.nn.Conv2d(2, 60000, (3, 2), key=key).bias,
    "torch.kaiming_uniform_": lambda: filled(nn.init.kaiming_uniform_, 150, 16, 5, 5, nonlinearity="relu"),
    "torch.kaiming_normal_": lambda: filled(nn.init.kaiming_normal_, 150, 16, 5, 5, nonlinearity="relu"),
    "torch.xavier_uniform_": lambda: filled(nn.init.xavier_uniform_, 150, 16, 5, 5, gain=1.5),
    "torch.xavier_normal_": lambda: filled(nn.init.xavier_normal_, 150, 16, 5, 5, gain=1.5),
    "torch.xavier_uniform_ linear": lambda: filled(nn.init.xavier_uniform_, 300, 200),
    "torch.trunc_normal_": lambda: filled(nn.init.trunc_normal_, 60000),
    "torch.trunc_normal_ to one side": lambda: filled(nn.init.trunc_normal_, 60000, mean=0.5, std=2.0, a=-1.0, b=4.0),
    "torch.trunc_normal_ far above": lambda: filled(nn.init.trunc_normal_, 60000, mean=0.0, std=1.0, a=9.0, b=10.0),
    "torch.trunc_normal_ far below": lambda: filled(nn.init.trunc_normal_, 60000, mean=0.0, std=1.0, a=-10.0, b=-9.0),
}

with open(sys.argv[1]) as f:
    cases = json.load(f)
torch.manual_seed(1)
results = {"layers": {}, "inits": {}}
for name, case in cases.items():
    array = lambda a: torch.tensor(a["Data"], dtype=torch.float32).reshape(a["Shape"])
    with torch.no_grad():
        y = LAYERS[name](array(case["x"]), {k: array(v) for k, v in case["params"].items()})
    results["layers"][name] = y.flatten().tolist()
assert set(cases) == set(LAYERS)
for name, init in INITS.items():
    w = init()
    w = w.detach().numpy() if isinstance(w, torch.Tensor) else numpy.asarray(w)
    results["inits"][name] = numpy.sort(w.flatten()).tolist()
with open(sys.argv[2], "w") as f:
    json.dump(results, f)
