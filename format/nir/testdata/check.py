"""Reads files with the Python package nir, and reports what it made of them.

usage: check.py OUTPUT.json FILE...

Of every file either the error, or the types of the nodes by their names.
"""

import json
import sys

import nir


def types(graph):
    found = {}
    for name, node in graph.nodes.items():
        found[name] = type(node).__name__
        if isinstance(node, nir.NIRGraph):
            found.update({name + "." + inner: t for inner, t in types(node).items()})
    return found


files = {}
for path in sys.argv[2:]:
    try:
        files[path] = {"nodes": types(nir.read(path))}
    except Exception as e:  # whatever it raises
        files[path] = {"error": repr(e)}
json.dump(files, open(sys.argv[1], "w"))
