"""Operators with weights or windows: each function adds one to a model and gives its output tensor."""
import numpy as np

from model import INT32, NONE, SAME, VALID


def weights(m, shape, scale, axis, largest=127, extreme=False):
    """Random weights up to `largest`, or -128 and 127 alone; no random number is drawn for given ones."""
    if isinstance(largest, np.ndarray):
        w = largest.astype(np.int8)
    else:
        w = m.random.integers(-largest, largest + 1, shape, np.int8)
    if extreme:
        w = np.where(w < 0, np.int8(-128), np.int8(127))
    return m.tensor("w", shape, scale, 0, w, axis=axis)


def biases(m, x, w_scale, units, bias):
    """A list of one bias tensor: random up to `bias`, or given by an array; [] for None."""
    if bias is None:
        return []
    values = m.random.integers(-bias, bias + 1, units, np.int32) if np.isscalar(bias) else bias
    scale = np.atleast_1d(np.asarray(w_scale, np.float32)) * np.float32(m.scale(x))
    return [m.tensor("b", values.shape, scale, 0, values, INT32)]


def dense(m, x, units, w_scale, y_scale, y_zero, activation=NONE, bias=1000, keep=False, largest=127, extreme=False):
    """FULLY_CONNECTED: largest is that of the weights, bias that of the biases, where None leaves
    them out and an array gives them."""
    shape = m.shape(x)
    w = weights(m, [units, shape[-1]], w_scale, 0, largest, extreme)
    b = biases(m, x, w_scale, units, bias) or [-1]
    y = m.tensor("y", shape[:-1] + [units], y_scale, y_zero)
    m.operator("FULLY_CONNECTED", [x, w] + b, [y], 4, fusedActivationFunction=activation, keepNumDims=keep)
    return y


def steps(size, window, stride, dilation, padding):
    """How many places a window has along one axis."""
    reach = (window - 1) * dilation + 1
    return -(-size // stride) if padding == SAME else -(-(size - reach + 1) // stride)


def places(m, x, window, stride, dilation, padding):
    _, height, width, _ = m.shape(x)
    return [steps(*one, padding) for one in zip((height, width), window, stride, dilation)]


def conv(m, x, channels, kernel, y_scale, y_zero=5, w_scale=0.008, stride=(1, 1), dilation=(1, 1), padding=SAME,
         activation=NONE, bias=1000, groups=1, **fill):
    """CONV_2D: weights [channels, height, width, input channels of a group]."""
    batch, _, _, depth = m.shape(x)
    w = weights(m, [channels, *kernel, depth // groups], w_scale, 0, **fill)
    b = biases(m, x, w_scale, channels, bias)
    y = m.tensor("y", [batch, *places(m, x, kernel, stride, dilation, padding), channels], y_scale, y_zero)
    m.operator("CONV_2D", [x, w] + b, [y], 3, padding=padding, strideH=stride[0], strideW=stride[1],
               dilationHFactor=dilation[0], dilationWFactor=dilation[1], fusedActivationFunction=activation)
    return y


def depthwise(m, x, multiplier, kernel, y_scale, y_zero=5, w_scale=0.008, stride=(1, 1), dilation=(1, 1), padding=SAME,
              activation=NONE, bias=1000, **fill):
    """DEPTHWISE_CONV_2D: weights [1, height, width, input channels x multiplier]."""
    batch, _, _, depth = m.shape(x)
    w = weights(m, [1, *kernel, depth * multiplier], w_scale, 3, **fill)
    b = biases(m, x, w_scale, depth * multiplier, bias)
    y = m.tensor("y", [batch, *places(m, x, kernel, stride, dilation, padding), depth * multiplier], y_scale, y_zero)
    m.operator("DEPTHWISE_CONV_2D", [x, w] + b, [y], 3, padding=padding, strideH=stride[0], strideW=stride[1],
               dilationHFactor=dilation[0], dilationWFactor=dilation[1], depthMultiplier=multiplier,
               fusedActivationFunction=activation)
    return y


def transpose_conv(m, x, channels, kernel, y_scale, y_zero=5, w_scale=0.008, stride=(1, 1), padding=SAME, bias=1000,
                   size=None, activation=NONE, **fill):
    """TRANSPOSE_CONV: its first input is the shape of the output, whose height and width may be given."""
    batch, height, width, depth = m.shape(x)
    if size is None:
        size = [n * s if padding == SAME else (n - 1) * s + k for n, s, k in zip((height, width), stride, kernel)]
    shape = [batch, *size, channels]
    w = weights(m, [channels, *kernel, depth], w_scale, 0, **fill)
    b = biases(m, x, w_scale, channels, bias)
    y = m.tensor("y", shape, y_scale, y_zero)
    m.operator("TRANSPOSE_CONV", [m.numbers("shape", shape), w, x] + b, [y], 4 if activation else 3 if b else 2,
               padding=padding, strideH=stride[0], strideW=stride[1], fusedActivationFunction=activation)
    return y


def pool(m, name, x, window, stride=(1, 1), padding=VALID, activation=NONE, **quantization):
    """AVERAGE_POOL_2D or MAX_POOL_2D, quantized as its input is where nothing else is said."""
    batch, _, _, depth = m.shape(x)
    y = m.like(x, "y", [batch, *places(m, x, window, stride, (1, 1), padding), depth], **quantization)
    m.operator(name, [x], [y], 2, padding=padding, strideH=stride[0], strideW=stride[1],
               filterHeight=window[0], filterWidth=window[1], fusedActivationFunction=activation)
    return y


def reduce(m, name, x, axes, keep=False, **quantization):
    """MEAN, SUM or REDUCE_MAX over axes, which may be negative."""
    shape = m.shape(x)
    gone = {a % len(shape) for a in axes}
    shape = [1 if i in gone else n for i, n in enumerate(shape) if keep or i not in gone]
    y = m.like(x, "y", shape, **quantization)
    m.operator(name, [x, m.numbers("axes", axes)], [y], 2, keepDims=keep)
    return y


def softmax(m, x, beta=1.0):
    y = m.tensor("p", m.shape(x), 1 / 256, -128)
    m.operator("SOFTMAX", [x], [y], 2, beta=beta)
    return y
