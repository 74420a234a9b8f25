"""Operators on each value by itself: each function adds one to a model and gives its output tensor."""
import numpy as np

from model import NONE, UINT8


def unary(m, name, x, scale=None, zero=None, version=1, **options):
    """ABS, HARD_SWISH, LEAKY_RELU, LOGISTIC, RELU, RELU6, TANH: an operator of one input."""
    y = m.like(x, "y", None, scale, zero)
    m.operator(name, [x], [y], version, **options)
    return y


def quantize(m, x, scale, zero, dtype):
    """QUANTIZE: from one scale, zero point and type to another."""
    y = m.tensor("y", m.shape(x), scale, zero, dtype=dtype)
    m.operator("QUANTIZE", [x], [y], 1 if UINT8 not in (dtype, m.graph.tensors[x].type) else 2)
    return y


def prelu(m, x, alpha, scale, zero):
    """PRELU: alpha is a tensor that is broadcast to x."""
    y = m.like(x, "y", None, scale, zero)
    m.operator("PRELU", [x, alpha], [y])
    return y


def binary(m, name, a, b, scale=None, zero=None, activation=NONE):
    """ADD, SUB, MUL, MAXIMUM, MINIMUM: shapes are broadcast, aligned at the right."""
    y = m.like(a, "y", list(np.broadcast_shapes(m.shape(a), m.shape(b))), scale, zero)
    fused = {} if name in ("MAXIMUM", "MINIMUM") else {"fusedActivationFunction": activation}
    m.operator(name, [a, b], [y], 2, **fused)
    return y
