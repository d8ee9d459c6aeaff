"""A network of snnTorch, exported to NIR, and the spikes that it sends itself.

    trained.py OUT.json

writes trained.nir, x.npy [T, B, 20] and y.npy [T, B, 10] beside OUT.json.
"""
import json
import os
import sys

import nir
import numpy as np
import snntorch as snn
import torch
from snntorch import utils
from snntorch.export_nir import export_to_nir

here = os.path.dirname(sys.argv[1])
torch.manual_seed(3)
net = torch.nn.Sequential(
    torch.nn.Linear(20, 40), snn.Leaky(beta=torch.full((40,), 0.9), threshold=torch.ones(40), init_hidden=True),
    torch.nn.Linear(40, 10), snn.Leaky(beta=torch.full((10,), 0.8), threshold=torch.full((10,), 0.5), init_hidden=True, output=True),
)
with torch.no_grad():
    net[0].weight *= 3
x = (torch.rand(100, 30, 20) < 0.3).float()
nir.write(os.path.join(here, "trained.nir"), export_to_nir(net, x[0][0]))
utils.reset(net)
with torch.no_grad():
    y = torch.stack([net(x[t])[0] for t in range(len(x))])
np.save(os.path.join(here, "x.npy"), x.numpy())
np.save(os.path.join(here, "y.npy"), y.numpy())
json.dump({"spikes": int(y.sum())}, open(sys.argv[1], "w"))
