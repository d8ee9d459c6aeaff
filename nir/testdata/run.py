"""Runs a NIR file in a Python framework, step by step.

usage: run.py snntorch|norse FILE.nir DT INPUT.json OUTPUT.json

INPUT holds the numbers of every step, OUTPUT gets those of the network's output.
snnTorch ignores DT: its importer takes a step for 1e-4.
"""

import json
import sys

import nir
import torch

framework, path, dt, source, target = sys.argv[1:]
graph = nir.read(path)
if framework == "snntorch":
    from snntorch.import_nir import import_from_nir

    net = import_from_nir(graph)
else:
    # Norse's from_nir goes through an older part of nirtorch, which does not
    # follow loops; its modules are the same.
    from functools import partial

    import nirtorch
    from norse.torch.utils.import_nir import _import_norse_module

    module = partial(_import_norse_module, dt=float(dt))
    net = nirtorch.nir_to_torch(graph, {t: module for t in (nir.Affine, nir.Linear, nir.IF, nir.LIF, nir.CubaLIF)})

state, outputs = None, []
with torch.no_grad():
    for x in json.load(open(source)):
        y, state = net(torch.tensor([x], dtype=torch.float32), state)
        outputs.append(y.flatten().tolist())
json.dump(outputs, open(target, "w"))
