"""snnTorch's spikes of numbers: when each spikes by latency, and how often of
so many steps by rate."""

import json
import sys

import torch
from snntorch import spikegen

with open(sys.argv[1]) as f:
    given = json.load(f)
results = {"latency": [], "rate": []}
for case in given["latency"]:
    x = torch.tensor(case["x"], dtype=torch.float32)
    spikes = spikegen.latency(x, case["steps"], threshold=case["least"], linear=True, normalize=True, clip=True)
    times = torch.where(spikes.sum(0) > 0, spikes.argmax(0), -1)
    assert spikes.sum(0).max() <= 1
    results["latency"].append(times.tolist())
torch.manual_seed(0)
results["rate"] = spikegen.rate(torch.tensor(given["rate"], dtype=torch.float32), given["steps"]).sum(0).tolist()
with open(sys.argv[2], "w") as f:
    json.dump(results, f)
