"""Shared parts of the peers: data, weights, and the protocol of `go run ./bench/compare`.

A framework's file is run as
    python <framework>.py --threads N --workloads W3,W5 [--only REGEX] [--skip REGEX] [--currents FILE]
and goes through its cells (work, mode, size). Of each it prints "READY {json}" once it is set up
and warm: imports, data, compilation and the first runs are not timed. Then it answers "run N" on
its input with "TIME seconds memory", the mean of N runs after one more if N is not 1, as often as
it is asked, and "next" takes it to the next cell: whoever asks can run something else in between.
"""
import argparse
import gc
import json
import re
import resource
import sys
import time
import traceback

import numpy as np

BETA = 0.9          # membrane decay per step, everywhere
THRESH = 1.0
SIZES = (700, 256, 256, 20)
T = 100
DENSITY = 0.05
# Gains on N(0,1)/sqrt(fan_in*p) weights, for v = 0.9 v + x, threshold 1,
# found once with calibrate() so that each layer fires at about 5 % per step.
GAINS = (0.473, 0.413, 0.354)
CONV_GAINS = (0.478, 0.532, 0.134, 0.074, 0.274)


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--workloads", default="W1,W2,W3,W4,W5,W6,W7,W8")
    p.add_argument("--only", default="", help="regex on 'workload mode params'")
    p.add_argument("--skip", default="", help="regex on 'workload mode params'")
    p.add_argument("--currents", default="", help="a .npy file: the input of W8")
    return p.parse_args()


class Runner:
    def __init__(self, framework, args):
        self.fw, self.args = framework, args
        self.wl = set(args.workloads.split(","))

    def want(self, workload):
        return workload in self.wl

    def cell(self, workload, mode, params, setup, inner=1, per=1, framework=None):
        """setup() -> fn, (fn, notes) or (fn, notes, number of spikes); fn() blocks until the work is done.
        inner: runs in one timing. per: what the time is divided by (steps of a run)."""
        if workload not in self.wl:
            return
        label = "%s %s %s" % (workload, mode, json.dumps(params))
        if self.args.only and not re.search(self.args.only, label):
            return
        if self.args.skip and re.search(self.args.skip, label):
            return
        cell = dict(framework=framework or self.fw, mode=mode, workload=workload, params=params, parts=inner * per, notes="", spikes=0)
        try:
            r = setup()
            fn, *more = r if isinstance(r, tuple) else (r,)
            cell.update(zip(("notes", "spikes"), more))
            fn()
            fn()
        except Exception as e:  # a failing cell is a result too
            traceback.print_exc(limit=4)
            cell["failed"] = "%s: %s" % (type(e).__name__, str(e).strip().split("\n")[0][:300])
            print("FAILED " + json.dumps(cell), flush=True)
            return
        gc.collect()
        print("READY " + json.dumps(cell), flush=True)
        for line in sys.stdin:
            if not line.startswith("run "):
                break
            n = int(line[4:]) * inner
            if n > 1:  # short work: not what it takes after a pause
                fn()
            t0 = time.perf_counter()
            for _ in range(n):
                fn()
            seconds = (time.perf_counter() - t0) / n / per
            print("TIME %.9f %d" % (seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss), flush=True)
        else:
            sys.exit(0)
        gc.collect()


def spikes(shape, density=DENSITY, seed=1):
    r = np.random.default_rng(seed)
    return (r.random(shape, dtype=np.float32) < density).astype(np.float32)


def mlp_weights(scale=1.0):
    """list of W [in, out] for v = BETA v + x.  scale=1/(1-BETA) for v = b v + (1-b) x."""
    r = np.random.default_rng(7)
    ws = []
    for i, g in enumerate(GAINS):
        fan, out = SIZES[i], SIZES[i + 1]
        w = r.standard_normal((fan, out), dtype=np.float32) * (g / np.sqrt(fan * DENSITY))
        ws.append((w * scale).astype(np.float32))
    return ws


def labels(b, n=20):
    return np.random.default_rng(3).integers(0, n, size=b).astype(np.int64)


def currents(t=100, b=256, n=1024):
    """W2 input for v = BETA v + x: N(0, 0.5) currents -> a few % firing."""
    return np.random.default_rng(5).standard_normal((t, b, n), dtype=np.float32) * np.float32(0.5)


def upstream(t=100, b=256, n=1024):
    return np.random.default_rng(6).standard_normal((t, b, n), dtype=np.float32)


def wide_weight(n, scale=1.0):
    r = np.random.default_rng(11)
    return (r.standard_normal((n, n), dtype=np.float32) * (GAINS[0] * scale / np.sqrt(n * DENSITY))).astype(np.float32)


CONV_SHAPES = [(16, 2, 5, 5), (16, 16, 3, 3), (8, 16, 3, 3)]
CONV_T, CONV_B, CONV_IN, CONV_DENSITY = 100, 16, (2, 34, 34), 0.02


def conv_weights(scale=1.0):
    r = np.random.default_rng(13)
    ws = []
    fans = [2 * 25 * CONV_DENSITY, 16 * 9 * 0.05, 16 * 9 * 0.02]
    for s, f, g in zip(CONV_SHAPES, fans, CONV_GAINS):
        ws.append((r.standard_normal(s, dtype=np.float32) * (g * scale / np.sqrt(f))).astype(np.float32))
    # 34 -> conv5 s2 p1 -> 16 -> conv3 p1 -> 16 -> pool -> 8 -> conv3 p1 -> 8 -> pool -> 4 ; 8*4*4 = 128
    ws.append((r.standard_normal((256, 128), dtype=np.float32) * (CONV_GAINS[3] * scale / np.sqrt(128 * 0.02))).astype(np.float32))
    ws.append((r.standard_normal((10, 256), dtype=np.float32) * (CONV_GAINS[4] * scale / np.sqrt(256 * 0.05))).astype(np.float32))
    return ws


def conv_input():
    return spikes((CONV_T, CONV_B) + CONV_IN, CONV_DENSITY, seed=17)


def fmt_rates(rs):
    return "rates=" + "/".join("%.3f" % float(r) for r in rs)


def lif_np(x, b=BETA):
    v = np.zeros_like(x[0])
    s = np.empty_like(x)
    for t in range(len(x)):
        v = b * v + x[t]
        s[t] = v > THRESH
        v = v - s[t]
    return s


def calibrate():
    r = np.random.default_rng(7)
    x = spikes((T, 32, SIZES[0]))
    for i in range(3):
        fan, out = SIZES[i], SIZES[i + 1]
        w0 = r.standard_normal((fan, out), dtype=np.float32) / np.sqrt(fan * DENSITY)
        lo, hi = 0.05, 3.0
        for _ in range(25):
            g = (lo + hi) / 2
            s = lif_np((x @ (w0 * g)).astype(np.float32))
            lo, hi = (g, hi) if s.mean() < 0.05 else (lo, g)
        print("layer", i, "gain", round(g, 3), "rate", s.mean())
        x = s


if __name__ == "__main__":
    calibrate()
