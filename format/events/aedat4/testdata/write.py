"""AEDAT 4 recordings as dv-processing writes them, with every compression.

    write.py OUT.json

writes recordings beside OUT.json, and into it how many events each has, and the
sums of their times, x, y and polarities, as dv-processing reads them again.
"""
import json
import os
import sys

import dv_processing as dv
import numpy as np

here = os.path.dirname(sys.argv[1])
rng = np.random.default_rng(5)
result = {}
for name, compression in {
    "none": dv.CompressionType.NONE, "lz4": dv.CompressionType.LZ4, "lz4high": dv.CompressionType.LZ4_HIGH,
    "zstd": dv.CompressionType.ZSTD, "zstdhigh": dv.CompressionType.ZSTD_HIGH,
}.items():
    path = os.path.join(here, name + ".aedat4")
    config = dv.io.MonoCameraWriter.Config("DVXplorer_here", compression)
    config.addEventStream((320, 240))
    writer = dv.io.MonoCameraWriter(path, config)
    t = 1700000000000000
    for _ in range(5):
        store = dv.EventStore()
        for _ in range(2000):
            t += int(rng.integers(0, 30))
            store.push_back(t, int(rng.integers(0, 320)), int(rng.integers(0, 240)), bool(rng.integers(0, 2)))
        writer.writeEvents(store)
    del writer
    reader = dv.io.MonoCameraRecording(path)
    sums = [0, 0, 0, 0, 0]
    while reader.isRunning():
        store = reader.getNextEventBatch()
        if store is None:
            break
        for e in store:
            for i, v in enumerate((1, e.timestamp() - 1700000000000000, e.x(), e.y(), int(e.polarity()))):
                sums[i] += int(v)
    result[name] = sums
json.dump(result, open(sys.argv[1], "w"))
