#!/usr/bin/env python3
"""Fill in the predictions of a model folder's rows.json, in double precision and without Lakeprop's code.

    python3 predictions.py v1

Reads model.json and theta.safetensors by what io.lakeprop.model's page says of format version 1.
"""
import bisect
import json
import math
import pathlib
import statistics
import struct
import sys

folder = pathlib.Path(__file__).parent / sys.argv[1]
model = json.loads((folder / "model.json").read_text("utf-8"))
raw = (folder / "theta.safetensors").read_bytes()
length = struct.unpack("<Q", raw[:8])[0]
header = json.loads(raw[8:8 + length])


def tensor(name):
    start, end = header[name]["data_offsets"]
    flat = struct.unpack("<%df" % ((end - start) // 4), raw[8 + length + start:8 + length + end])
    shape = header[name]["shape"]
    return list(flat) if len(shape) == 1 else [flat[i:i + shape[1]] for i in range(0, len(flat), shape[1])]


def share(values, shares, x):
    at = bisect.bisect_left(values, x)
    if at < len(values) and values[at] == x:
        return shares[at]
    if at == 0:
        return shares[0] / 2
    if at == len(values):
        return (1 + shares[-1]) / 2
    part = (x - values[at - 1]) / (values[at] - values[at - 1])
    return shares[at - 1] + part * (shares[at] - shares[at - 1])


def transform(t, log, x):
    x = math.copysign(math.log1p(abs(x)), x) if log else x
    if t["type"] == "affine":
        return (x - t["center"]) / t["scale"]
    p = min(1 - 1e-7, max(1e-7, share(t["values"], t["shares"], x)))
    return statistics.NormalDist().inv_cdf(p)


def category(f, value):
    own = 1 + f["missing"] + (f["rare"] != "none")
    if value is None:
        return 1 if f["missing"] else 0
    if value in f["values"]:
        return own + f["values"].index(value)
    return 1 + f["missing"] if value in f["rare_values"] or f["rare"] == "rest" else 0


def encode(row):
    numbers, ids = [], []
    for f in model["features"]:
        value = row.get(f["name"])
        if f["type"] == "numeric":
            numbers.append(0.0 if value is None else transform(f["transform"], f["log"], value))
            numbers += [float(value is None)] if f["indicator"] else []
        elif f["type"] == "vector":
            for i in range(f["length"]):
                t = f["transforms"][i if len(f["transforms"]) > 1 else 0]
                numbers.append(0.0 if value is None else transform(t, f["log"], value[i]))
            numbers += [float(value is None)] if f["indicator"] else []
        else:
            ids.append(category(f, value))
    for c, i in zip(model["network"]["categories"], ids):
        if c["encoding"] == "embedding":
            numbers += tensor("input." + c["name"] + ".weight")[i]
        else:
            numbers += [float(k == i) for k in range(1, c["cardinality"])]
    return numbers


def predict(row):
    x = encode(row)
    for layer in model["network"]["layers"]:
        if layer["type"] == "linear":
            w, b = tensor(layer["name"] + ".weight"), tensor(layer["name"] + ".bias")
            x = [sum(p * q for p, q in zip(ws, x)) + bias for ws, bias in zip(w, b)]
        elif layer["type"] == "activation":
            assert layer["function"] == "gelu"
            x = [v * 0.5 * math.erfc(-v / math.sqrt(2)) for v in x]
    assert model["loss"] == "softmax_cross_entropy"
    e = [math.exp(v - max(x)) for v in x]
    return [v / sum(e) for v in e]


rows = json.loads((folder / "rows.json").read_text("utf-8"))
for row in rows:
    row["predictions"] = predict(row["values"])
(folder / "rows.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
