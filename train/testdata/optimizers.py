"""Weights after every step of PyTorch's optimizers, and the rates of its
schedules."""

import json
import sys

import torch

OPTIMISERS = {
    "SGD": torch.optim.SGD,
    "Adam": torch.optim.Adam,
    "AdamW": torch.optim.AdamW,
    "Adamax": torch.optim.Adamax,
    "RMSprop": torch.optim.RMSprop,
}

with open(sys.argv[1]) as f:
    cases = json.load(f)
results = []
for case in cases:
    w = torch.tensor(case["weights"], requires_grad=True, dtype=torch.float32)
    options = dict(case["options"])
    if "betas" in options:
        options["betas"] = tuple(map(float, options["betas"]))
    optimizer = OPTIMISERS[case["optimizer"]]([w], lr=case["rate"], **options)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, case["every"], case["factor"])
    weights = []
    for gradient in case["gradients"]:
        w.grad = torch.tensor(gradient, dtype=torch.float32)
        optimizer.step()
        schedule.step()
        weights.append(w.tolist())
    results.append(weights)
with open(sys.argv[2], "w") as f:
    json.dump(results, f)
