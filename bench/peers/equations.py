"""A neuron that no framework has, in torch: bench/work.TextNeuron, operation by operation.

Two adaptation currents of different time constants, a threshold that moves with both, reset by
that threshold; SuperSpike(10), with the gradient of the reset and of the currents attached:
    adaptation = fast + slow
    level = threshold + coupling*adaptation
    v1 = decay*v + gain*(x - adaptation)
    spike = v1 >= level
    fast = fast_decay*fast + fast_gain*spike
    slow = slow_decay*slow + slow_gain*spike
    v = v1 - spike*level
"""
import torch

DECAY, GAIN, THRESHOLD, COUPLING = 0.9, 0.8, 0.6, 0.5
FAST_DECAY, FAST_GAIN, SLOW_DECAY, SLOW_GAIN = 0.7, 0.25, 0.97, 0.05


class Fires(torch.autograd.Function):
    """1 where v reaches the level; the derivative is SuperSpike's, 1/(1 + 10|v - level|)."""
    @staticmethod
    def forward(ctx, v, level):
        ctx.save_for_backward(v, level)
        return (v >= level).to(v.dtype)

    @staticmethod
    def backward(ctx, g):
        v, level = ctx.saved_tensors
        g = g / (1.0 + 10.0 * (v - level).abs())
        return g, -g


def fires(v, level):
    """The same as a formula of the distance: torch.compile then saves that for the way back, where
    of the Function it saves truth values, which takes five times as long."""
    d = v - level
    return (d >= 0).to(v.dtype) + (d - d.detach()) * (1.0 / (1.0 + 10.0 * d.abs())).detach()


def spike(v, level):
    """For runs without a gradient."""
    return (v >= level).to(v.dtype)


def zeros(x):
    """States v, fast and slow, or their gradients."""
    return [torch.zeros_like(x) for _ in range(3)]


def membrane(x, v, fast, slow):
    """Before the reset, and the level."""
    adaptation = fast + slow
    level = THRESHOLD + COUPLING * adaptation
    return DECAY * v + GAIN * (x - adaptation), level


def reset(v1, level, fast, slow, fires):
    """Spikes, and the states after them."""
    s = fires(v1, level)
    fast = FAST_DECAY * fast + FAST_GAIN * s
    slow = SLOW_DECAY * slow + SLOW_GAIN * s
    return s, v1 - s * level, fast, slow


def steps(X, v, fast, slow, fires=spike):
    """Spikes of some steps, and the states after them."""
    out = []
    for x in X.unbind(0):  # X[t] would make the backward O(T^2): each select fills a [T,B,N] gradient
        s, v, fast, slow = reset(*membrane(x, v, fast, slow), fast, slow, fires)
        out.append(s)
    return torch.stack(out), v, fast, slow


def back(X, G, v, fast, slow, gv, gfast, gslow):
    """Gradients of the currents of some steps, from the states before them, which are
    computed once more, and the gradients of those after them."""
    V, L = [], []
    for x in X.unbind(0):
        v1, level = membrane(x, v, fast, slow)
        V.append(v1)
        L.append(level)
        s, v, fast, slow = reset(v1, level, fast, slow, spike)
    return walk(V, L, G, gv, gfast, gslow)


def keeping(X, v, fast, slow):
    """Spikes of some steps, their membranes and levels, and the states after them."""
    S, V, L = [], [], []
    for x in X.unbind(0):
        v1, level = membrane(x, v, fast, slow)
        V.append(v1)
        L.append(level)
        s, v, fast, slow = reset(v1, level, fast, slow, spike)
        S.append(s)
    return torch.stack(S), torch.stack(V), torch.stack(L), v, fast, slow


def back_kept(V, L, G, gv, gfast, gslow):
    """back, from the membranes and levels of those steps."""
    return walk(V.unbind(0), L.unbind(0), G, gv, gfast, gslow)


def walk(V, L, G, gv, gfast, gslow):
    """From the last step to the first."""
    out = []
    for v1, level, g in zip(reversed(V), reversed(L), reversed(G.unbind(0))):
        g = g - level * gv + FAST_GAIN * gfast + SLOW_GAIN * gslow
        g = g / (1.0 + 10.0 * (v1 - level).abs())
        glevel = -g - spike(v1, level) * gv
        gv1 = gv + g
        gx = GAIN * gv1
        ga = COUPLING * glevel - gx
        gv, gfast, gslow = DECAY * gv1, FAST_DECAY * gfast + ga, SLOW_DECAY * gslow + ga
        out.append(gx)
    return torch.stack(out[::-1]), gv, gfast, gslow
