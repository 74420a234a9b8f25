#!/usr/bin/env python3
"""Makes the golden cases: small int8 models, inputs, and what TFLite Micro answers.

  make.py [--check] [CASE...]

Needs requirements.txt; writes cases/NAME/{model.tflite,in.bin,out.bin}, or with
--check compares them with what it would write and exits 1 where they differ.

The models are synthetic: weights and inputs come from a generator seeded with
the case's name, so that a second run writes the same bytes. They are packed
with LiteRT's own schema classes, not with our writer, so that reader and writer
are not checked against each other. in.bin and out.bin hold all inputs and all
outputs one after another, int8, in C order.
"""
import sys
import zlib
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from tflite_micro.python.tflite_micro import runtime

HERE = Path(__file__).resolve().parent
NONE, RELU, RELU6 = 0, 1, 3
FULLY_CONNECTED, SOFTMAX, RESHAPE = 9, 25, 22


class Model:
    """A model under construction; tensors are known by their index."""

    def __init__(self, name):
        self.random = np.random.default_rng(zlib.crc32(name.encode()))
        self.graph = schema.SubGraphT()
        self.graph.name = name
        self.graph.tensors, self.graph.operators = [], []
        self.model = schema.ModelT()
        self.model.version, self.model.description = 3, "golden case " + name
        self.model.subgraphs, self.model.operatorCodes = [self.graph], []
        self.model.buffers = [schema.BufferT()]

    def tensor(self, name, shape, scale, zero=0, data=None, dtype=schema.TensorType.INT8):
        t = schema.TensorT()
        t.name, t.shape, t.type, t.buffer = name, list(shape), dtype, 0
        if scale is not None:
            q = t.quantization = schema.QuantizationParametersT()
            scales = np.atleast_1d(np.asarray(scale, np.float32))
            q.scale, q.zeroPoint = scales, np.full(len(scales), zero, np.int64)
        if data is not None:
            b = schema.BufferT()
            b.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
            self.model.buffers.append(b)
            t.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(t)
        return len(self.graph.tensors) - 1

    def operator(self, code, version, inputs, outputs, kind, options):
        c = schema.OperatorCodeT()
        c.builtinCode = c.deprecatedBuiltinCode = code
        c.version = version
        self.model.operatorCodes.append(c)
        op = schema.OperatorT()
        op.opcodeIndex = len(self.model.operatorCodes) - 1
        op.inputs, op.outputs = inputs, outputs
        op.builtinOptionsType, op.builtinOptions = kind, options
        self.graph.operators.append(op)

    def dense(self, x, units, w_scale, y_scale, y_zero, activation=NONE, bias=1000, keep=False, largest=127, extreme=False):
        """FULLY_CONNECTED behind tensor x; largest is that of the weights, bias that of
        the biases, where None leaves them out and an array gives them."""
        xt = self.graph.tensors[x]
        inputs, x_scale = xt.shape[-1], xt.quantization.scale[0]
        w = self.random.integers(-largest, largest + 1, (units, inputs), np.int8)
        if extreme:
            w = np.where(w < 0, np.int8(-128), np.int8(127))
        ins = [x, self.tensor("w", w.shape, w_scale, 0, w)]
        if bias is not None:
            b = self.random.integers(-bias, bias + 1, units, np.int32) if np.isscalar(bias) else bias
            scale = np.atleast_1d(np.asarray(w_scale, np.float32)) * np.float32(x_scale)
            ins.append(self.tensor("b", b.shape, scale, 0, b, schema.TensorType.INT32))
        else:
            ins.append(-1)
        y = self.tensor("y", list(xt.shape[:-1]) + [units], y_scale, y_zero)
        o = schema.FullyConnectedOptionsT()
        o.fusedActivationFunction, o.keepNumDims = activation, keep
        self.operator(FULLY_CONNECTED, 4, ins, [y], schema.BuiltinOptions.FullyConnectedOptions, o)
        return y

    def softmax(self, x, beta=1.0):
        y = self.tensor("p", self.graph.tensors[x].shape, 1 / 256, -128)
        o = schema.SoftmaxOptionsT()
        o.beta = beta
        self.operator(SOFTMAX, 2, [x], [y], schema.BuiltinOptions.SoftmaxOptions, o)
        return y

    def reshape(self, x, shape):
        xt = self.graph.tensors[x]
        to = self.tensor("shape", [len(shape)], None, 0, np.array(shape, np.int32), schema.TensorType.INT32)
        y = self.tensor("view", shape, xt.quantization.scale, xt.quantization.zeroPoint[0])
        o = schema.ReshapeOptionsT()
        o.newShape = list(shape)
        self.operator(RESHAPE, 1, [x, to], [y], schema.BuiltinOptions.ReshapeOptions, o)
        return y

    def pack(self, x, y):
        self.graph.inputs, self.graph.outputs = [x], [y]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def inputs(self, x, cases=24):
        """Extremes first, then narrow and wide random values."""
        t = self.graph.tensors[x]
        shape, zero = [cases] + list(t.shape), t.quantization.zeroPoint[0]
        v = np.clip(np.rint(self.random.normal(zero, 30, shape)), -128, 127)
        v[cases // 2:] = self.random.integers(-128, 128, v[cases // 2:].shape)
        v[0], v[1], v[2] = -128, 127, zero
        v[3] = np.where(np.arange(v[3].size).reshape(t.shape) % 2, -128, 127)
        return v.astype(np.int8)


def one(shape, x_scale=0.05, x_zero=-3, **dense):
    """A model of one FULLY_CONNECTED."""

    def build(m):
        x = m.tensor("x", shape, x_scale, x_zero)
        args = {"units": 6, "w_scale": 0.008, "y_scale": 0.09, "y_zero": 5} | dense
        return x, m.dense(x, **args)

    return build


def probabilities(shape, scale, beta=1.0, zero=0):
    """A model of one SOFTMAX."""

    def build(m):
        x = m.tensor("x", shape, scale, zero)
        return x, m.softmax(x, beta)

    return build


def network(shape, view):
    """Two layers and a softmax, with a reshape between the layers where there is a view."""

    def build(m):
        x = m.tensor("x", shape, 0.04, 12)
        h = m.dense(x, 24, 0.006, 0.05, -128, RELU)
        if view:
            h = m.reshape(m.reshape(h, view), [1, 24])
        y = m.dense(h, 5, 0.01, 0.15, 20)
        return x, m.softmax(y)

    return build


def between_products(x_scale, w_scale, y_scale):
    """Biases half a step from a result, between the factor from scales multiplied in
    single precision and that from double: they tell which one the interpreter takes."""
    x, w, y = (np.float32(s) for s in (x_scale, w_scale, y_scale))
    factors = float(x * w) / float(y), float(x) * float(w) / float(y)
    halves = np.arange(-60, 61) + 0.5
    bias = np.rint((halves / factors[0] + halves / factors[1]) / 2).astype(np.int64)
    assert abs(bias).max() < 2**31 and abs(factors[0] / factors[1] - 1) > 2e-8
    return bias.astype(np.int32)


ODD = {"x_scale": 0.0678, "w_scale": 0.0145, "y_scale": 9000.0}


def axis_scales(low, high, units):
    return np.geomspace(low, high, units)


CASES = {
    "fc": one([1, 20]),
    "fc_relu": one([1, 20], activation=RELU),
    "fc_relu6": one([1, 20], activation=RELU6),
    "fc_relu6_coarse": one([1, 20], activation=RELU6, y_scale=2.4, w_scale=0.2, y_zero=-128),
    "fc_relu_zero_at_top": one([1, 20], activation=RELU, y_zero=127),
    "fc_no_bias": one([1, 20], bias=None),
    "fc_one_weight": one([1, 1], units=1, y_scale=0.02),
    "fc_one_unit": one([1, 37], units=1),
    "fc_300_units": one([1, 33], units=300),
    "fc_many_inputs": one([1, 1000], units=3, y_scale=0.9),
    "fc_rows": one([5, 12], units=7),
    "fc_three_dimensions": one([1, 4, 6], units=3, keep=True),
    "fc_zero_points_low_high": one([1, 20], x_zero=-128, y_zero=127, y_scale=0.5),
    "fc_zero_points_high_low": one([1, 20], x_zero=127, y_zero=-128, y_scale=0.5),
    "fc_saturates": one([1, 20], y_scale=0.004),
    "fc_large_bias": one([1, 20], bias=1 << 30, y_scale=9000.0),
    "fc_factor_single": one([1, 2], units=121, largest=0, bias=between_products(**ODD), **ODD),
    "fc_factor_double": one([1, 2], units=121, largest=0, bias=between_products(**ODD), **ODD | {"w_scale": [ODD["w_scale"]] * 121}),
    "fc_factor_above_one": one([1, 20], x_scale=0.9, w_scale=0.9, y_scale=0.3, y_zero=-7, largest=1, bias=9),
    "fc_factor_wraps": one([1, 20], x_scale=900.0, w_scale=900.0, y_scale=0.3),
    "fc_factor_tiny": one([1, 20], x_scale=1e-4, w_scale=1e-4, y_scale=3.0, bias=1 << 30),
    "fc_factor_vanishes": one([1, 20], x_scale=1e-6, w_scale=1e-6, y_scale=3.0, bias=1 << 30),
    "fc_full_range_weights": one([1, 20], extreme=True, y_scale=0.2),
    "fc_power_of_two": one([1, 20], x_scale=0.125, w_scale=0.0078125, y_scale=0.25),
    "fc_per_axis": one([1, 20], w_scale=axis_scales(0.002, 0.02, 6)),
    "fc_per_axis_wide": one([1, 20], units=9, w_scale=axis_scales(1e-7, 10, 9), bias=100),
    "fc_per_axis_no_bias": one([1, 20], w_scale=axis_scales(0.002, 0.02, 6), bias=None),
    "fc_per_axis_relu6": one([3, 20], w_scale=axis_scales(0.002, 0.02, 6), activation=RELU6),
    "softmax_1": probabilities([1, 1], 0.1),
    "softmax_2": probabilities([1, 2], 0.05, zero=-128),
    "softmax_4": probabilities([1, 4], 0.1),
    "softmax_10": probabilities([1, 10], 0.16, zero=40),
    "softmax_300": probabilities([1, 300], 0.03),
    "softmax_rows": probabilities([7, 5], 0.2),
    "softmax_fine": probabilities([1, 6], 1e-6),
    "softmax_finest": probabilities([1, 6], 1.5e-8),
    "softmax_coarse": probabilities([1, 6], 3.0),
    "softmax_coarsest": probabilities([1, 6], 40.0),
    "softmax_beta_half": probabilities([1, 6], 0.1, 0.5),
    "softmax_beta_three": probabilities([1, 6], 0.1, 3.0),
    "network": network([1, 33], None),
    "network_reshape": network([1, 33], [1, 2, 3, 4]),
}


def answers(model, inputs):
    """What TFLite Micro gives for each input."""
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=1 << 20)
    out = []
    for x in inputs:
        interpreter.set_input(x, 0)
        interpreter.invoke()
        out.append(interpreter.get_output(0).copy())
    return np.stack(out)


def make(name, check):
    m = Model(name)
    x, y = CASES[name](m)
    model, inputs = m.pack(x, y), m.inputs(x)
    outputs = answers(model, inputs)
    folder = HERE / "cases" / name
    folder.mkdir(parents=True, exist_ok=True)
    content = {"model.tflite": model, "in.bin": inputs.tobytes(), "out.bin": outputs.tobytes()}
    for file, data in content.items():
        path = folder / file
        if not check:
            path.write_bytes(data)
        elif not path.is_file() or path.read_bytes() != data:
            sys.exit(f"{path} is not what this script makes: run it without --check")
    ends = (outputs == -128).mean(), (outputs == 127).mean()
    print(f"{name}: {len(model)} bytes, {outputs.size} values, at the ends {ends[0]:.0%} and {ends[1]:.0%}")


if __name__ == "__main__":
    names = [a for a in sys.argv[1:] if a != "--check"]
    for name in names or CASES:
        make(name, "--check" in sys.argv)
