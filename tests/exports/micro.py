#!/usr/bin/env python3
"""TFLite Micro alone: micro.py MODEL.tflite IN.i8 OUT.i8

IN.i8 holds cases back to back, OUT.i8 what must come out for them, byte for byte and in
this order, in one interpreter, as a chip runs them. Exit 1 with the first difference.
"""
import sys
from pathlib import Path

import numpy as np
from tflite_micro.python.tflite_micro import runtime


def main(path, inputs, outputs):
    interpreter = runtime.Interpreter.from_bytes(Path(path).read_bytes(), arena_size=1 << 22)
    shape = interpreter.get_input_details(0)["shape"]
    values = int(np.prod(shape))
    given = np.frombuffer(Path(inputs).read_bytes(), np.int8).reshape(-1, *shape)
    wanted = np.frombuffer(Path(outputs).read_bytes(), np.int8).reshape(len(given), -1)
    for number, case in enumerate(given):
        interpreter.set_input(case, 0)
        interpreter.invoke()
        found = interpreter.get_output(0).ravel()
        if not np.array_equal(found, wanted[number]):
            sys.exit(f"micro: case {number}: TFLite Micro gives {found}, expected {wanted[number]}")
    if len(given) == 0:
        sys.exit(f"micro: {inputs} holds no case of {values} values")
    print(f"micro: {len(given)} cases equal")


if __name__ == "__main__":
    main(*sys.argv[1:])
