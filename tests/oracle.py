#!/usr/bin/env python3
"""Runs a model in the interpreters that it is made for and compares with our answers.

  oracle.py MODEL.tflite IN.bin OUT.bin

IN.bin holds cases back to back (int8, C order), OUT.bin what our engine gave for
them. TFLite Micro must give the same bytes for every case; LiteRT, which rounds
otherwise, must name the same largest output in 99 % of them. Exit 1 with the
first difference where they don't. Needs tests/golden/requirements.txt.
"""
import sys
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from tflite_micro.python.tflite_micro import runtime

AGREEMENT = 0.99


def fail(message):
    sys.exit("oracle: " + message)


def cases(path, values):
    """The file as one row a case."""
    data = np.frombuffer(Path(path).read_bytes(), np.int8)
    if values == 0 or data.size == 0 or data.size % values:
        fail(f"{path} holds {data.size} bytes, no whole number of cases of {values}")
    return data.reshape(-1, values)


def micro(model, x, shape):
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=1 << 22)
    out = []
    for case in x:
        interpreter.set_input(case.reshape(shape), 0)
        interpreter.invoke()
        out.append(interpreter.get_output(0).ravel().copy())
    return np.stack(out)


def litert(interpreter, x, shape):
    given, wanted = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    out = []
    for case in x:
        interpreter.set_tensor(given["index"], case.reshape(shape))
        interpreter.invoke()
        out.append(interpreter.get_tensor(wanted["index"]).ravel())
    return np.stack(out)


def main(path, inputs, outputs):
    model = Path(path).read_bytes()
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    shape = interpreter.get_input_details()[0]["shape"]
    x = cases(inputs, int(np.prod(shape)))
    ours = cases(outputs, int(np.prod(interpreter.get_output_details()[0]["shape"])))
    if len(x) != len(ours):
        fail(f"{len(x)} inputs but {len(ours)} outputs")
    theirs = micro(model, x, shape)
    differing = np.argwhere(theirs != ours)
    if len(differing):
        case, value = differing[0]
        fail(
            f"case {case}, output {value}: TFLite Micro gives {theirs[case, value]}, we give {ours[case, value]}"
            f" ({len(differing)} of {ours.size} values differ)"
        )
    # Among equal outputs the first counts, here as there.
    same = litert(interpreter, x, shape).argmax(1) == ours.argmax(1)
    if same.mean() < AGREEMENT:
        fail(f"case {np.argmin(same)}: LiteRT names another output; {same.mean():.2%} of the cases agree")
    print(f"oracle: {ours.size} values of {len(x)} cases equal TFLite Micro; LiteRT agrees in {same.mean():.2%}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        fail("give MODEL.tflite IN.bin OUT.bin")
    main(*sys.argv[1:])
