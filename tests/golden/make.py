#!/usr/bin/env python3
"""Makes the golden cases: small int8 models, inputs, and what TFLite Micro answers.

  make.py [--check] [CASE...]

Needs requirements.txt; writes cases/NAME/{model.tflite,in.bin,out.bin}, or with
--check compares them with what it would write and exits 1 where they differ.

The models are synthetic, and packed with LiteRT's own schema classes, not with our
writer, so that reader and writer are not checked against each other. in.bin and
out.bin hold the inputs and outputs of all calls one after another, a byte a value,
in C order. A model of several inputs or outputs has in0.bin, in1.bin, ... or
out0.bin, out1.bin, ... instead. All calls go into one fresh interpreter in order.
"""
import sys
from pathlib import Path

import plan_conv
import plan_dense
import plan_moves
import plan_nets
import plan_pointwise
import plan_state
import plan_windows
from interpreter import answers
from model import Model

FOLDER = Path(__file__).resolve().parent / "cases"
PLANS = (plan_dense, plan_conv, plan_windows, plan_pointwise, plan_moves, plan_state, plan_nets)
CASES = {name: build for plan in PLANS for name, build in plan.CASES.items()}


def files(kind, arrays):
    if len(arrays) == 1:
        return {kind + ".bin": arrays[0].tobytes()}
    return {f"{kind}{i}.bin": a.tobytes() for i, a in enumerate(arrays)}


def make(name, check):
    m = Model(name)
    xs, ys = CASES[name](m)
    model, inputs = m.pack(xs, ys), [m.inputs(x) for x in xs]
    outputs = answers(model, inputs, len(ys))
    for y, rows in zip(ys, outputs):
        assert list(rows.shape[1:]) == m.shape(y), f"{name}: the interpreter's shape is {rows.shape[1:]}"
    content = {"model.tflite": model} | files("in", inputs) | files("out", outputs)
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    for file, data in content.items():
        path = folder / file
        if not check:
            path.write_bytes(data)
        elif not path.is_file() or path.read_bytes() != data:
            sys.exit(f"{path} is not what this script makes: run it without --check")
    left = {path.name for path in folder.iterdir()} - set(content)
    if left and check:
        sys.exit(f"{folder} holds {sorted(left)}, which this script does not make")
    for file in left:
        (folder / file).unlink()
    values = sum(rows.size for rows in outputs)
    low, high = (sum((rows == end).sum() for rows in outputs) / values for end in (-128, 127))
    print(f"{name}: {sum(map(len, content.values()))} bytes, {values} values, at the ends {low:.0%} and {high:.0%}")


def main(arguments):
    check = "--check" in arguments
    names = [a for a in arguments if a != "--check"]
    for name in names or CASES:
        make(name, check)
    if not names:
        strangers = {path.name for path in FOLDER.iterdir()} - set(CASES)
        if strangers:
            sys.exit(f"{FOLDER} holds {sorted(strangers)}, which no plan names: delete them")


if __name__ == "__main__":
    main(sys.argv[1:])
