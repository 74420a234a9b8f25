"""A model under construction, packed with LiteRT's own schema classes.

Tensors are known by their index. Weights and inputs come from a generator seeded
with the case's name, so that a second run makes the same bytes.
"""
import zlib
from contextlib import contextmanager

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

NONE, RELU, RELU_N1_TO_1, RELU6 = 0, 1, 2, 3
SAME, VALID = 0, 1
INT8, UINT8, INT32, RESOURCE = (getattr(schema.TensorType, name) for name in ("INT8", "UINT8", "INT32", "RESOURCE"))

# Options whose class is not named for the operator; "" where an operator has none.
OPTIONS = {
    "AVERAGE_POOL_2D": "Pool2D",
    "CONV_2D": "Conv2D",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2D",
    "LOGISTIC": "",
    "MAXIMUM": "MaximumMinimum",
    "MAX_POOL_2D": "Pool2D",
    "MEAN": "Reducer",
    "MINIMUM": "MaximumMinimum",
    "PADV2": "PadV2",
    "PRELU": "",
    "REDUCE_MAX": "Reducer",
    "RELU": "",
    "RELU6": "",
    "RELU_N1_TO_1": "",
    "SUM": "Reducer",
    "TANH": "",
}


class Model:
    """Operators are added by the functions of layers.py, pointwise.py and moves.py."""

    def __init__(self, name):
        self.random = np.random.default_rng(zlib.crc32(name.encode()))
        self.model = schema.ModelT()
        self.model.version, self.model.description = 3, "golden case " + name
        self.model.subgraphs, self.model.operatorCodes = [], []
        self.model.buffers = [schema.BufferT()]
        self.graph = self._subgraph(name)
        self.calls = 24
        self.feeds = {}

    def _subgraph(self, name):
        graph = schema.SubGraphT()
        graph.name, graph.inputs, graph.outputs = name, [], []
        graph.tensors, graph.operators = [], []
        self.model.subgraphs.append(graph)
        return graph

    @contextmanager
    def subgraph(self, name):
        """Within it, tensors and operators go into a new subgraph, whose index it gives."""
        outer, self.graph = self.graph, self._subgraph(name)
        yield len(self.model.subgraphs) - 1
        self.graph = outer

    def tensor(self, name, shape, scale, zero=0, data=None, dtype=INT8, axis=0):
        """A tensor; scales of several channels lie along the axis; data makes it constant."""
        t = schema.TensorT()
        t.name, t.shape, t.type, t.buffer = name, list(shape), dtype, 0
        if scale is not None:
            q = t.quantization = schema.QuantizationParametersT()
            scales = np.atleast_1d(np.asarray(scale, np.float32))
            q.scale, q.zeroPoint = scales, np.full(len(scales), zero, np.int64)
            q.quantizedDimension = axis if len(scales) > 1 else 0
        if data is not None:
            b = schema.BufferT()
            b.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
            self.model.buffers.append(b)
            t.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(t)
        return len(self.graph.tensors) - 1

    def numbers(self, name, values):
        """A constant of int32: a shape, axes, paddings."""
        values = np.array(values, np.int32)
        return self.tensor(name, values.shape, None, 0, values, INT32)

    def constant(self, name, shape, scale, zero=0, values=None):
        """A constant of int8, over the whole range where no values are given."""
        if values is None:
            values = self.random.integers(-128, 128, shape, np.int8)
        return self.tensor(name, shape, scale, zero, np.array(values, np.int8))

    def like(self, x, name, shape=None, scale=None, zero=None):
        """A tensor quantized as x is, but for what is given."""
        t = self.graph.tensors[x]
        if scale is None:
            scale = t.quantization.scale
        if zero is None:
            zero = t.quantization.zeroPoint[0]
        return self.tensor(name, t.shape if shape is None else shape, scale, zero, dtype=t.type)

    def shape(self, x):
        return list(self.graph.tensors[x].shape)

    def scale(self, x):
        return self.graph.tensors[x].quantization.scale[0]

    def zero(self, x):
        return self.graph.tensors[x].quantization.zeroPoint[0]

    def operator(self, name, inputs, outputs, version=1, **options):
        code = getattr(schema.BuiltinOperator, name)
        codes = self.model.operatorCodes
        known = [i for i, c in enumerate(codes) if (c.builtinCode, c.version) == (code, version)]
        if not known:
            c = schema.OperatorCodeT()
            c.builtinCode, c.deprecatedBuiltinCode, c.version = code, min(code, 127), version
            codes.append(c)
            known = [len(codes) - 1]
        op = schema.OperatorT()
        op.opcodeIndex, op.inputs, op.outputs = known[0], list(inputs), list(outputs)
        kind = OPTIONS.get(name, name.title().replace("_", ""))
        if kind:
            op.builtinOptionsType = getattr(schema.BuiltinOptions, kind + "Options")
            op.builtinOptions = getattr(schema, kind + "OptionsT")()
            for key, value in options.items():
                assert hasattr(op.builtinOptions, key), key
                setattr(op.builtinOptions, key, value)
        self.graph.operators.append(op)

    def pack(self, inputs, outputs):
        self.model.subgraphs[0].inputs, self.model.subgraphs[0].outputs = inputs, outputs
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def inputs(self, x):
        """What is fed into input x, one row a call: what the case says, or extremes
        first, then narrow and wide random values."""
        if x in self.feeds:
            return self.feeds[x]
        t = self.graph.tensors[x]
        shape, zero = [self.calls] + list(t.shape), t.quantization.zeroPoint[0]
        low, high, dtype = (0, 255, np.uint8) if t.type == UINT8 else (-128, 127, np.int8)
        v = np.clip(np.rint(self.random.normal(zero, 30, shape)), low, high)
        half = self.calls // 2
        v[half:] = self.random.integers(low, high + 1, v[half:].shape)
        v[0], v[1], v[2] = low, high, zero
        v[3] = np.where(np.arange(v[3].size).reshape(t.shape) % 2, low, high)
        return v.astype(dtype)
