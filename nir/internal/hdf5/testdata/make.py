"""Writes HDF5 files in many forms, each with what it holds as JSON beside it.

usage: make.py DIR [small]

With "small", only those that are kept as fixtures.
"""

import json
import os
import sys

import h5py
import numpy as np

where, small = sys.argv[1], len(sys.argv) > 2
rng = np.random.default_rng(1)


def plain(v):
    if isinstance(v, bytes):
        return v.decode()
    v = v.tolist() if isinstance(v, (np.ndarray, np.generic)) else v
    if isinstance(v, list):
        return [plain(x) for x in v]
    return v.decode() if isinstance(v, bytes) else v


def content(obj):
    attributes = {k: plain(v) for k, v in obj.attrs.items()}
    if isinstance(obj, h5py.Dataset):
        data = obj[()] if obj.shape is not None else None
        flat = plain(np.asarray(data).ravel()) if obj.dtype.kind != "O" else [plain(x) for x in np.asarray(data, object).ravel()]
        return {"shape": list(obj.shape), "data": flat, "attributes": attributes}
    return {"members": {k: content(obj[k]) for k in obj}, "attributes": attributes}


def write(name, fill, fixture=True, **how):
    if small and not fixture:
        return
    path = os.path.join(where, name)
    with h5py.File(path + ".h5", "w", **how) as f:
        fill(f)
    with h5py.File(path + ".h5") as f, open(path + ".json", "w") as out:
        json.dump(content(f), out)


def types(f):
    for t in ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">f4", ">f8", ">i4", ">u2", ">i8"]:
        f[t.replace(">", "big_")] = np.arange(6).reshape(2, 3).astype(t)
    f["scalar"] = np.float64(2.5)
    f["bool"] = np.array([True, False, True])
    f["text"] = "a tau of 10 ms: τ"
    f.create_dataset("texts", data=np.array(["one", "", "three"], dtype=object), dtype=h5py.string_dtype())
    f["fixed"] = np.array([b"ab", b"c"], dtype="S3")
    f["empty"] = np.zeros((0, 3), "f4")


def filters(f):
    data = np.round(rng.normal(size=(13, 7)), 2).astype("f4")
    f.create_dataset("gzip", data=data, chunks=(4, 3), compression="gzip")
    f.create_dataset("one", data=data, chunks=(13, 7), compression="gzip")
    f.create_dataset("all", data=data, chunks=(5, 7), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("plain", data=data, chunks=(4, 4))
    f.create_dataset("grows", data=data, chunks=(4, 4), maxshape=(40, 30))
    f.create_dataset("unlimited", data=data, chunks=(4, 4), maxshape=(None, None), compression="gzip")
    partly = f.create_dataset("partly", (20, 4), "i4", chunks=(3, 4), fillvalue=7)
    partly[6:9] = 1


def groups(n):
    def fill(f):
        g = f.create_group("many")
        for i in range(n):
            g["member number %d" % i] = np.int16(i)
        f.create_group("a/b/c")["d"] = 1
    return fill


def attributes(n):
    def fill(f):
        f.attrs["dt"] = 1e-4
        f.attrs["__type__"] = "NIRGraphData"
        f["x"] = [1.5, 2.5]
        for i in range(n):
            f["x"].attrs["attribute %d" % i] = np.arange(i)
    return fill


for version in ["earliest", "latest"]:
    how = {"libver": version}
    write("types_" + version, types, **how)
    write("filters_" + version, filters, **how)
    write("groups_" + version, groups(12), **how)
    write("thousands_" + version, groups(3000), fixture=False, **how)
    write("attributes_" + version, attributes(4), **how)
    write("long_" + version, lambda f: f.create_dataset("x", data=np.arange(5000, dtype="f8"), chunks=(2,)), fixture=False, **how)
write("attributes_many", attributes(20), libver="latest")


def refused(name, fill):
    os.makedirs(os.path.join(where, "refused"), exist_ok=True)
    with h5py.File(os.path.join(where, "refused", name + ".h5"), "w") as f:
        fill(f)


refused("lzf", lambda f: f.create_dataset("x", data=np.zeros(100), chunks=(10,), compression="lzf"))
refused("soft link", lambda f: f.update({"x": 1, "y": h5py.SoftLink("/x")}))
refused("compound", lambda f: f.update({"x": np.zeros(3, [("a", "f4"), ("b", "i4")])}))
refused("null", lambda f: f.update({"x": h5py.Empty("f4")}))
