"""The spikes of bench/peers/equations.py, and gradients of the currents by autograd and by hand."""
import json
import pathlib
import sys

import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "peers"))
import equations

with open(sys.argv[1]) as f:
    given = json.load(f)
x, g = (torch.tensor(given[k]["Data"]).reshape(given[k]["Shape"]) for k in ("X", "G"))
x.requires_grad_(True)


def autograd(fires):
    spikes, *_ = equations.steps(x, *equations.zeros(x[0]), fires=fires)
    return spikes, *torch.autograd.grad(spikes, x, g)


spikes, by_function = autograd(equations.Fires.apply)
same, by_formula = autograd(equations.fires)
assert torch.equal(spikes, same)
with torch.no_grad():
    by_hand, *_ = equations.back(x, g, *equations.zeros(x[0]), *equations.zeros(x[0]))
flat = lambda t: t.detach().flatten().tolist()
with open(sys.argv[2], "w") as f:
    json.dump({"Spikes": flat(spikes), "Function": flat(by_function), "Formula": flat(by_formula), "ByHand": flat(by_hand)}, f)
