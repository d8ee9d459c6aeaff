"""Recordings as the packages that people use write and read them.

    write.py OUT.json

writes recordings of random events beside OUT.json, and into it, for each, what
the package that wrote it reads again.
"""
import json
import os
import sys

import event_stream
import numpy as np
from expelliarmus import Wizard

here = os.path.dirname(sys.argv[1])
rng = np.random.default_rng(5)
n = 5000


def events(dtype, names, most):
    a = np.zeros(n, dtype=dtype)
    t, x, y, p = names
    a[t] = np.cumsum(rng.integers(0, most, n)) + 1000
    a[x] = rng.integers(0, 300, n)
    a[y] = rng.integers(0, 200, n)
    a[p] = rng.integers(0, 2, n)
    return a


def rows(a, names):
    return [[int(e[k]) for k in names] for e in a]


result = {}
wizard = [("t", "<i8"), ("x", "<i2"), ("y", "<i2"), ("p", "u1")]
for encoding, most in (("dat", 1000000), ("evt2", 1000000), ("evt3", 1000)):
    name = encoding + (".dat" if encoding == "dat" else ".raw")
    path = os.path.join(here, name)
    Wizard(encoding=encoding).save(path, events(wizard, "txyp", most))
    result[name] = rows(Wizard(encoding=encoding, fpath=path).read(), "txyp")

path = os.path.join(here, "dvs.es")
names = ("t", "x", "y", "on")
a = events(event_stream.dvs_dtype, names, 1000)
with event_stream.Encoder(path, "dvs", 304, 240) as encoder:
    encoder.write(a)
with event_stream.Decoder(path) as decoder:
    result["dvs.es"] = [r for packet in decoder for r in rows(packet, names)]

# As tonic and others have structured arrays: in other orders, with other types
# and with gaps.
for name, dtype in {
    "tonic.npy": [("x", "<i2"), ("y", "<i2"), ("t", "<i8"), ("p", "<i2")],
    "big.npy": [("p", "?"), ("t", ">u4"), ("y", ">u2"), ("x", ">u2")],
    "gaps.npy": np.dtype([("x", "u1"), ("t", "<f8"), ("y", "<u2"), ("p", "i1")], align=True),
    "units.npy": [("t", "<m8[us]"), ("x", "<i4"), ("y", "<i4"), ("p", "i1")],
}.items():
    a = events(np.dtype(dtype), "txyp", 400)
    if name == "gaps.npy":
        a["p"] = a["p"] * 2 - 1
    np.save(os.path.join(here, name), a)
    result[name] = [[int(e["t"].astype("i8")), int(e["x"]), int(e["y"]), int(e["p"] > 0)] for e in a]

a = events(np.dtype(wizard), "txyp", 400)
np.savez_compressed(os.path.join(here, "columns.npz"), **{k: a[k] for k in "txyp"})
result["columns.npz"] = rows(a, "txyp")
import h5py

a = events(np.dtype(wizard), "txyp", 400)
with h5py.File(os.path.join(here, "group.h5"), "w") as f:
    for k, dtype in zip("txyp", ("u8", "u2", "u2", "u1")):
        f.create_dataset("events/" + k, data=a[k].astype(dtype), compression="gzip", chunks=(700,), shuffle=True)
    f["ms_to_idx"] = np.arange(10)
result["group.h5"] = rows(a, "txyp")

# The layout of the Heidelberg digits.
lists = h5py.vlen_dtype(np.dtype("f4")), h5py.vlen_dtype(np.dtype("u2"))
with h5py.File(os.path.join(here, "spikes.h5"), "w") as f:
    times, units = f.create_dataset("spikes/times", (30,), lists[0]), f.create_dataset("spikes/units", (30,), lists[1])
    for i in range(30):
        n = int(rng.integers(20, 60))
        times[i] = np.sort(rng.random(n)).astype("f4")
        units[i] = (rng.integers(0, 350, n) + 350 * (i % 2)).astype("u2")
    f["labels"] = np.arange(30, dtype="u2") % 2
    f["extra/speaker"] = np.arange(30, dtype="u1") % 5
    f.create_dataset("extra/keys", data=[b"low", b"high"])
    result["spikes.h5"] = [[round(float(t) * 1e6), int(u), 0, 1] for t, u in zip(times[3], units[3])]
json.dump(result, open(sys.argv[1], "w"))
