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
    attributes = {k: plain(np.asarray(v).ravel()) for k, v in obj.attrs.items()}
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
    for t in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
        low, high = np.iinfo(t).min, np.iinfo(t).max
        values = np.array([low, low + 1, 3, 77, high - 1, high], t).reshape(2, 3)
        f[t], f["big_" + t] = values, values.astype(">" + t)
    for t in ["f2", "f4", "f8"]:
        info = np.finfo(t)
        values = np.array([-info.max, info.smallest_subnormal, 1 / 3, -0.0, info.tiny, 1.5], t).reshape(2, 3)
        f[t], f["big_" + t] = values, values.astype(">" + t)
    f["scalar"] = np.float64(2.5)
    f["bool"] = np.array([True, False, True])
    f["text"] = "a tau of 10 ms: τ"
    f.create_dataset("texts", data=np.array(["one", "", "three"], dtype=object), dtype=h5py.string_dtype())
    f["fixed"] = np.array([b"ab", b"c"], dtype="S3")
    f["fixed_utf8"] = np.array(["τ".encode(), b"tau"], h5py.string_dtype("utf-8", 4))
    f["enum"] = np.array([2, 7], h5py.enum_dtype({"A": 2, "B": 7}, "i2"))
    f["cube"] = np.arange(24, dtype="u2").reshape(2, 3, 4)
    f.create_dataset("late", (2, 3), "f4")
    f.create_dataset("filled", (5,), "f8", fillvalue=2.5)
    f["again"] = f["cube"]
    f["empty"] = np.zeros((0, 3), "f4")


def stored(f, name, data, chunks=None, layout=None, early=False):
    """Writes a dataset in a way that h5py's own interface does not offer."""
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    if chunks:
        plist.set_chunk(chunks)
    if layout is not None:
        plist.set_layout(layout)
    if early:
        plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    space = h5py.h5s.create_simple(data.shape)
    d = h5py.h5d.create(f.id, name.encode(), h5py.h5t.py_create(data.dtype), space, plist)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def filters(f):
    data = np.round(rng.normal(size=(13, 7)), 2).astype("f4")
    f.create_dataset("gzip", data=data, chunks=(4, 3), compression="gzip")
    f.create_dataset("one", data=data, chunks=(13, 7), compression="gzip")
    f.create_dataset("all", data=data, chunks=(5, 7), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("plain", data=data, chunks=(4, 4))
    f.create_dataset("grows", data=data, chunks=(4, 4), maxshape=(40, 30))
    f.create_dataset("unlimited", data=data, chunks=(4, 4), maxshape=(None, None), compression="gzip")
    f.create_dataset("long", data=data, chunks=(4, 4), maxshape=(None, 30))
    f.create_dataset("wide", data=data, chunks=(2, 2), maxshape=(20, None), compression="gzip", shuffle=True)
    stored(f, "compact", data, layout=h5py.h5d.COMPACT)
    stored(f, "implicit", data, chunks=(4, 4), early=True)
    masked = f.create_dataset("masked", (8,), "i4", chunks=(4,), compression="gzip", shuffle=True)
    masked[:4] = 5
    masked.id.write_direct_chunk((4,), np.arange(4, dtype="i4").tobytes(), filter_mask=3)
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
        f["x"].attrs["flags"] = [True, False]
        f["x"].attrs["τ"] = ["a", "", "ü"]
        f["x"].attrs["fixed"] = np.bytes_("abc")
        f["x"].attrs["matrix"] = np.eye(2, dtype=">f4")
        f.create_group("g").attrs["none"] = np.zeros((0, 2), "i4")
        for i in range(n):
            f["x"].attrs["attribute %d" % i] = np.arange(i)
    return fill


for version in ["earliest", "latest"]:
    how = {"libver": version}
    write("types_" + version, types, **how)
    write("filters_" + version, filters, **how)
    write("groups_" + version, groups(12), **how)
    write("thousands_" + version, groups(1500), fixture=False, **how)
    write("attributes_" + version, attributes(4), **how)
    write("long_" + version, lambda f: f.create_dataset("x", data=np.arange(5000, dtype="f8"), chunks=(2,)), fixture=False, **how)

def lists(f):
    f.create_dataset("pages", data=np.arange(5000, dtype="f8"), chunks=(2,))
    holes = f.create_dataset("holes", (5000,), "i2", chunks=(2,), fillvalue=-1)
    holes[4100:4104] = 1
    f.create_dataset("growing", data=np.arange(3000), chunks=(1,), maxshape=(None,))
    # Enough chunks for blocks in pages, most of them never written.
    sparse = f.create_dataset("sparse", (140000,), "i1", chunks=(1,), maxshape=(None,))
    for at in [0, 3, 4, 60, 5000, 131060, 131077, 134200, 139999]:
        sparse[at] = at % 100 + 1
    sparse = f.create_dataset("square", (400, 300), "i1", chunks=(1, 1), maxshape=(500, None), compression="gzip")
    for at in [(0, 0), (3, 7), (399, 0), (20, 280), (398, 299)]:
        sparse[at] = sum(at) % 100 + 1
    tree = f.create_dataset("tree", (300, 300), "i1", chunks=(1, 2), maxshape=(None, None))
    tree[100:140, 100:200] = 5


write("lists_latest", lists, fixture=False, libver="latest")
write("version 2", types, libver="v108", fixture=False)
write("userblock", groups(2), fixture=False, userblock_size=1024)
write("attributes_many", attributes(20), libver="latest")


def refused(name, fill, **how):
    os.makedirs(os.path.join(where, "refused"), exist_ok=True)
    with h5py.File(os.path.join(where, "refused", name + ".h5"), "w", **how) as f:
        fill(f)


def virtual(f):
    layout = h5py.VirtualLayout((2,), "i4")
    layout[:] = h5py.VirtualSource("other.h5", "x", (2,))
    f.create_virtual_dataset("x", layout)


def null_attribute(f):
    f["x"] = 1
    f["x"].attrs["a"] = h5py.Empty("f4")


def committed(f):
    f["t"] = np.dtype("f4")


refused("lzf", lambda f: f.create_dataset("x", data=np.zeros(100), chunks=(10,), compression="lzf"))
refused("scaleoffset", lambda f: f.create_dataset("x", data=np.arange(9), chunks=(9,), scaleoffset=0))
refused("soft link", lambda f: f.update({"x": 1, "y": h5py.SoftLink("/x")}))
refused("soft link latest", lambda f: f.create_group("g").update({"x": 1, "y": h5py.SoftLink("/x")}), libver="latest")
refused("external link", lambda f: f.create_group("g").update({"y": h5py.ExternalLink("other.h5", "/x")}), libver="latest")
refused("compound", lambda f: f.update({"x": np.zeros(3, [("a", "f4"), ("b", "i4")])}))
refused("complex", lambda f: f.update({"x": np.zeros(3, "c8")}))
refused("opaque", lambda f: f.update({"x": np.zeros(3, "V5")}))
refused("array", lambda f: f.create_dataset("x", (2,), "(3,)i4"))
refused("reference", lambda f: f.create_dataset("x", data=f.ref, dtype=h5py.ref_dtype))
refused("committed", committed)
refused("virtual", virtual, libver="latest")
refused("external data", lambda f: f.create_dataset("x", (4,), "i1", external="x.raw"))
refused("null", lambda f: f.update({"x": h5py.Empty("f4")}))
refused("null attribute", null_attribute)
