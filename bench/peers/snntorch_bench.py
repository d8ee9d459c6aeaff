"""snnTorch Leaky (beta 0.9, reset by subtraction, fast_sigmoid(10) surrogate)."""
import common as c
args = c.parse()
import torch
import torch.nn.functional as F
torch.set_num_threads(args.threads)
torch.set_flush_denormal(True)
import snntorch as snn
from snntorch import surrogate
import torch_common as tc
R = c.Runner("snntorch", args)


def leaky():
    return snn.Leaky(beta=c.BETA, threshold=c.THRESH, spike_grad=surrogate.fast_sigmoid(slope=10))


class FW:
    scale = 1.0
    _l = leaky()

    @staticmethod
    def lif_seq(X):
        mem = torch.zeros_like(X[0])
        out = []
        for x in X.unbind(0):
            s, mem = FW._l(x, mem)
            out.append(s)
        return torch.stack(out)

    @staticmethod
    def lif_chunk(X, mem):
        out = []
        for x in X.unbind(0):
            s, mem = FW._l(x, mem)
            out.append(s)
        return torch.stack(out), mem

    @staticmethod
    def net(ws):
        ls = [leaky() for _ in ws]

        def one(x, m0, m1, m2):
            s, m0 = ls[0](F.linear(x, ws[0]), m0)
            s, m1 = ls[1](F.linear(s, ws[1]), m1)
            s, m2 = ls[2](F.linear(s, ws[2]), m2)
            return s, m0, m1, m2
        return one

    @staticmethod
    def make_user(ws, step_compile=False):
        one = FW.net(ws)
        if step_compile:
            one = tc.fresh_compile(one)

        def f(X):
            m = [torch.zeros(X.shape[1], w.shape[0]) for w in ws]
            out = []
            for t in range(X.shape[0]):
                s, *m = one(X[t], *m)
                out.append(s)
            return torch.stack(out).sum(0)
        return f

    @staticmethod
    def make_stream(ws, compiled):
        one = FW.net(ws)
        if compiled:
            one = tc.fresh_compile(one)
        st = {}

        def reset():
            st["m"] = [torch.zeros(1, w.shape[0]) for w in ws]

        def go(x):
            s, *st["m"] = one(x, *st["m"])
            return s
        return reset, go

    @staticmethod
    def make_cells(n):
        def mk():
            out = []
            for _ in range(n):
                l = snn.Leaky(beta=c.BETA, threshold=c.THRESH, init_hidden=True)
                out.append(l)
            return out
        return mk


tc.run_all(R, FW, args)
