"""Runs NIR files in Python frameworks, step by step.

usage: run.py OUTPUT.json JOBS.json

A job has the framework (snntorch, norse or spikingjelly), the file, dt, and the
numbers of every step; OUTPUT gets, for each job, those of the network's output.
snnTorch ignores dt: its importer takes a step for 1e-4.
"""

import json
import sys
from functools import partial

import nir
import nirtorch
import torch
from norse.torch.utils.import_nir import _import_norse_module
from snntorch.import_nir import import_from_nir
from spikingjelly.activation_based.nir_exchange import from_nir


def network(framework, graph, dt):
    if framework == "snntorch":
        return import_from_nir(graph)
    if framework == "spikingjelly":
        return from_nir.import_from_nir(graph, dt=dt)
    # Norse's from_nir goes through an older part of nirtorch, which does not
    # follow loops; its modules are the same.
    module = partial(_import_norse_module, dt=dt)
    return nirtorch.nir_to_torch(graph, {t: module for t in (nir.Affine, nir.Linear, nir.IF, nir.LIF, nir.CubaLIF)})


results = []
for job in json.load(open(sys.argv[2])):
    net, state, outputs = network(job["framework"], nir.read(job["file"]), job["dt"]), None, []
    with torch.no_grad():
        for x in job["steps"]:
            y, state = net(torch.tensor([x], dtype=torch.float32), state)
            outputs.append(y.flatten().tolist())
    results.append(outputs)
json.dump(results, open(sys.argv[1], "w"))
