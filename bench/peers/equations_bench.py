"""The neuron of equations.py alone, in torch: eager, torch.compile of a few steps at a time
and of all, autograd, and backward passes written by hand. compare gives the currents that ours
get, and every cell says how many spikes it counts."""
import common as c
args = c.parse()
import ctypes
import functools

import numpy as np
import torch
import equations as e
torch.set_num_threads(args.threads)
torch.set_flush_denormal(True)
R = c.Runner("torch-equations", args)
tt = torch.from_numpy


def compiled(f):
    return torch.compile(f, dynamic=False, fullgraph=True)


# Spikes and gradients stay in pieces of C steps: to join them, or to fill one large array, takes
# longer than all else, for the system has to clear fresh memory each time. What is freed is kept:
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
if hasattr(ctypes.CDLL(None), "mallopt"):
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 1 << 25)
    ctypes.CDLL(None).mallopt(M_TRIM_THRESHOLD, -1)

# ---- Forward: f(X) are the spikes.

def infer(C=None):
    """The loop, or C steps to a graph."""
    g = compiled(e.steps) if C else e.steps

    def f(X):
        states, out = e.zeros(X[0]), []
        for x in X.split(C or len(X)):
            s, *states = g(x, *states)
            out.append(s)
        return out
    return f


# ---- Forward and backward: f(X, G) are the spikes and the gradients of the currents.

def autograd(C=None, fires=e.Fires.apply):
    """autograd through the loop, or through compiled graphs of C steps."""
    def steps(X, *states):
        return e.steps(X, *states, fires=fires)
    g = compiled(steps) if C else steps

    def f(X, G):
        states, out = e.zeros(X[0]), []
        xs = [x.detach().requires_grad_(True) for x in X.split(C or len(X))]
        for x in xs:
            s, *states = g(x, *states)
            out.append(s)
        torch.autograd.backward(out, G.split(C or len(X)))
        return out, [x.grad for x in xs]
    return f


def recomputed(C):
    """Written by hand, C steps to a graph: the way back computes the C steps once more from
    the states before them."""
    g, b = compiled(e.steps), compiled(e.back)

    @torch.no_grad()
    def f(X, G):
        states, before, out, back = e.zeros(X[0]), [], [], []
        xs, gs = X.split(C), G.split(C)
        for x in xs:
            before.append(states)
            s, *states = g(x, *states)
            out.append(s)
        k = e.zeros(X[0])
        for x, g_, states in zip(reversed(xs), reversed(gs), reversed(before)):
            gx, *k = b(x, g_, *states, *k)
            back.append(gx)
        return out, back[::-1]
    return f


def kept(C):
    """Written by hand, C steps to a graph: the way back reads membranes and levels that the
    way forward kept."""
    g, b = compiled(e.keeping), compiled(e.back_kept)

    @torch.no_grad()
    def f(X, G):
        states, traces, out, back = e.zeros(X[0]), [], [], []
        for x in X.split(C):
            s, v, l, *states = g(x, *states)
            traces.append((v, l))
            out.append(s)
        k = e.zeros(X[0])
        for trace, g_ in zip(reversed(traces), reversed(G.split(C))):
            gx, *k = b(*trace, g_, *k)
            back.append(gx)
        return out, back[::-1]
    return f


FORWARD, BACK = {"eager": infer}, {"loop-autograd": autograd}
for n in (1, 2, 5, 10, 25, 100):
    FORWARD["compile-c%d" % n] = lambda n=n: infer(n)
for n in (2, 5, 10, 25, 100):
    BACK["compile-autograd-c%d" % n] = lambda n=n: autograd(n)
    BACK["compile-formula-autograd-c%d" % n] = lambda n=n: autograd(n, e.fires)
    BACK["hand-bptt-compiled-c%d" % n] = lambda n=n: kept(n)
    BACK["hand-bptt-recomputed-c%d" % n] = lambda n=n: recomputed(n)


# ---- Checks: all variants give the spikes and the gradients of the eager loop.

def count(spikes):
    """How many there are in all pieces."""
    return sum(int(s.count_nonzero()) for s in spikes)


def fresh(make):
    torch._dynamo.reset()
    return make()


class Eager:
    """What the eager loop gives, computed once it is wanted."""
    def __init__(self, X, G):
        self.X, self.G = X, G

    @functools.cached_property
    def spikes(self):
        with torch.inference_mode():
            return infer()(self.X)[0]

    @functools.cached_property
    def gradient(self):
        return autograd()(self.X, self.G)[1][0]

    def check(self, spikes, gradient=None):
        differ = int((torch.cat(spikes).detach() != self.spikes).sum())
        if differ:
            raise AssertionError("%d spikes are not those of the eager loop" % differ)
        if gradient is None:
            return
        off = ((torch.cat(gradient) - self.gradient).abs() / self.gradient.abs().clamp_min(0.02)).max().item()
        if not off < 1e-4:
            raise AssertionError("gradients are %g off those of the eager loop" % off)


if __name__ == "__main__" and R.want("W8"):
    P = dict(T=100, B=256, N=1024)
    X, G = tt(np.load(args.currents) if args.currents else c.currents()), tt(c.upstream())
    want = Eager(X, G)

    def forward(make):
        def setup():
            f = fresh(make)

            def run():
                with torch.inference_mode():
                    return f(X)
            S = run()
            want.check(S)
            return run, "rate=%.4f" % (count(S) / X.numel()), count(S)
        return setup

    def back(make):
        def setup():
            f = fresh(make)
            S, gX = f(X, G)
            want.check(S, gX)
            return lambda: f(X, G), "", count(S)
        return setup

    for mode, make in FORWARD.items():
        R.cell("W8", "fwd " + mode, P, forward(make))
    for mode, make in BACK.items():
        R.cell("W8", "fwd+bwd " + mode, P, back(make))
