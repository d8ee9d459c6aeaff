"""Turns a PyTorch checkpoint into a safetensors file, which spikelane reads.

    python convert_pt.py net.pt net.safetensors [--key state_dict]

The checkpoint is what torch.save wrote: a state dict, or a dict that holds one
under a key ("state_dict", "model_state_dict", "model", "net" or what --key
says). It is read with weights_only=True: a file that needs code of its own,
such as a whole pickled module, is refused (save module.state_dict() instead).
Tensors keep their names and their types. Needs PyTorch 2.6 or later and
nothing else.
"""

import argparse
import json
import pickle
import struct
import sys

import torch

KEYS = "state_dict", "model_state_dict", "model", "net"

TYPES = {
    torch.float64: "F64",
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
}


def state_dict(checkpoint, key=None):
    """The tensors by name."""
    if not isinstance(checkpoint, dict):
        raise ValueError(f"it holds a {type(checkpoint).__name__}, not a dict")
    if key is None:
        found = [k for k in KEYS if isinstance(checkpoint.get(k), dict)]
        if len(found) > 1:
            raise ValueError(f"it has {', '.join(found)}: say which with --key")
        key = found[0] if found else None
    if key is not None:
        if not isinstance(checkpoint.get(key), dict):
            raise ValueError(f"it has no dict {key!r}")
        checkpoint = checkpoint[key]
    if not checkpoint:
        raise ValueError("it holds no tensors")
    for name, t in checkpoint.items():
        if not isinstance(t, torch.Tensor):
            raise ValueError(f"{name!r} is a {type(t).__name__}, not a tensor: say with --key where the state dict is")
        if t.layout != torch.strided or t.is_quantized or t.dtype not in TYPES:
            raise ValueError(f"{name!r} is a {t.layout} tensor of {t.dtype}, which a safetensors file does not hold")
    return checkpoint


def save(tensors, path):
    """Writes a safetensors file."""
    header, parts, end = {}, [], 0
    for name, t in tensors.items():
        t = t.detach().cpu().contiguous().reshape(-1)
        part = t.view(torch.uint8).numpy().tobytes() if t.numel() else b""
        header[name] = {"dtype": TYPES[t.dtype], "shape": list(tensors[name].shape), "data_offsets": [end, end + len(part)]}
        end += len(part)
        parts.append(part)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def main(argv=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("checkpoint")
    p.add_argument("out")
    p.add_argument("--key", help="where the state dict is within the checkpoint")
    args = p.parse_args(argv)
    try:
        save(state_dict(torch.load(args.checkpoint, map_location="cpu", weights_only=True), args.key), args.out)
    except pickle.UnpicklingError:
        # PyTorch's own message suggests to load it as a program.
        sys.exit(f"{args.checkpoint}: it holds more than tensors, and is not run: torch.save(module.state_dict(), ...) first")
    except (OSError, ValueError) as e:
        sys.exit(f"{args.checkpoint}: {e}")


if __name__ == "__main__":
    main()
