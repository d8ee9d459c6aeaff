"""Losses of outputs [T, 1, n], their gradients, and the classes, by the
frameworks' own functions."""

import json
import sys

from norse.torch.functional.decode import sum_decode
import snntorch.functional as SF
import torch
import torch.nn.functional as F



LOSSES = {
    "snntorch.ce_count_loss": lambda y, c, v: SF.ce_count_loss()(y, c),
    "snntorch.ce_rate_loss": lambda y, c, v: SF.ce_rate_loss()(y, c).squeeze(),
    "snntorch.ce_max_membrane_loss": lambda y, c, v: SF.ce_max_membrane_loss()(y, c),
    "snntorch.ce_temporal_loss": lambda y, c, v: SF.ce_temporal_loss()(y, c),
    "snntorch.mse_count_loss": lambda y, c, v: SF.mse_count_loss(correct_rate=v[0], incorrect_rate=v[1])(y, c),
    "norse.sum": lambda y, c, v: F.cross_entropy(sum_decode(y), c),
    "norse.max": lambda y, c, v: F.nll_loss(F.log_softmax(torch.max(y, 0)[0], dim=1), c),
    "norse.last": lambda y, c, v: F.nll_loss(F.log_softmax(y[-1], dim=1), c),
    "norse.regression": lambda y, c, v: F.mse_loss(torch.max(y, 0)[0], torch.tensor([v], dtype=torch.float32)),
    "torch.mean": lambda y, c, v: F.cross_entropy(y.mean(0), c),
}

CLASSES = {
    "snntorch.accuracy_rate": lambda y, c: SF.accuracy_rate(y, c),
    "snntorch.accuracy_temporal": lambda y, c: SF.accuracy_temporal(y, c),
}

with open(sys.argv[1]) as f:
    cases = json.load(f)
results = []
for case in cases:
    y = torch.tensor(case["y"], dtype=torch.float32).unsqueeze(1)  # a batch of one
    label = torch.tensor([case["class"]])
    result = {"losses": {}, "gradients": {}, "classes": {}}
    for name, loss in LOSSES.items():
        if name == "snntorch.ce_temporal_loss" and not case["spikes"]:
            continue
        x = y.clone().requires_grad_()
        value = loss(x, label, case["rates"] if "mse_count" in name else case["values"])
        value.backward()
        result["losses"][name] = value.item()
        result["gradients"][name] = x.grad.flatten().tolist()
    for name, accuracy in CLASSES.items():
        if "temporal" in name and not case["spikes"]:
            continue
        right = [k for k in range(y.shape[-1]) if float(accuracy(y, torch.tensor([k]))) == 1]
        assert len(right) == 1, right
        result["classes"][name] = right[0]
    results.append(result)
with open(sys.argv[2], "w") as f:
    json.dump(results, f)
