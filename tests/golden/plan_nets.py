"""Small networks: several operators, inputs, outputs and branches."""
import numpy as np

from layers import conv, dense, depthwise, pool, reduce, softmax, transpose_conv
from model import INT8, RELU, RELU6, SAME, UINT8, VALID
from moves import concatenation, pad, reshape, resize_nearest, split, transpose
from pointwise import binary, quantize, unary

LOW = -128


def fanned(m, fan_in, real=1.0):
    """A weight scale that keeps the output's spread near `real`, for weights that fill the int8 range evenly."""
    return real / (73 * np.sqrt(fan_in))


def separable(m, x, channels, y_scale=0.05, stride=(1, 1), activation=RELU):
    """A depthwise 3x3 and a 1x1 convolution, each with an activation: one layer of a MobileNet."""
    depth = m.shape(x)[3]
    h = depthwise(m, x, 1, (3, 3), y_scale, LOW, fanned(m, 9) * m.random.uniform(0.5, 1.5, depth), stride, activation=activation)
    return conv(m, h, channels, (1, 1), y_scale, LOW, fanned(m, depth) * m.random.uniform(0.5, 1.5, channels), activation=activation)


def ds_cnn(m):
    """The shapes of MLPerf Tiny's keyword spotting DS-CNN, with weights of our own."""
    m.calls = 2
    x = m.tensor("mfcc", [1, 49, 10, 1], 0.08, 3)
    m.feeds[x] = np.clip(np.rint(m.random.normal(3, 40, [2, 1, 49, 10, 1])), -128, 127).astype(np.int8)
    h = conv(m, x, 64, (10, 4), 0.05, LOW, fanned(m, 40) * m.random.uniform(0.5, 1.5, 64), (2, 2), activation=RELU)
    for _ in range(4):
        h = separable(m, h, 64)
    h = reshape(m, pool(m, "AVERAGE_POOL_2D", h, (25, 5), (25, 5)), [1, 64])
    return [x], [softmax(m, dense(m, h, 12, 0.02, 0.12, 5))]


def mobilenet_block(m):
    """Strided and plain separable layers with relu6, a mean and a classifier."""
    m.calls = 8
    x = m.tensor("image", [1, 12, 12, 3], 1 / 128, 0)
    h = conv(m, x, 8, (3, 3), 6 / 255, LOW, fanned(m, 27, 3.0), (2, 2), activation=RELU6)
    h = separable(m, h, 16, 6 / 255, activation=RELU6)
    h = separable(m, h, 24, 6 / 255, (2, 2), RELU6)
    h = reduce(m, "MEAN", h, [1, 2], scale=4 / 255, zero=LOW)
    return [x], [softmax(m, dense(m, h, 4, 0.02, 0.1, 5))]


def inverted_residual(m):
    """MobileNet V2's block: widen, filter, narrow without activation, add what came in."""
    m.calls = 8
    x = m.tensor("x", [1, 6, 6, 8], 0.05, 2)
    h = conv(m, x, 24, (1, 1), 6 / 255, LOW, fanned(m, 8), activation=RELU6)
    h = depthwise(m, h, 1, (3, 3), 6 / 255, LOW, fanned(m, 9, 2.0), activation=RELU6)
    h = conv(m, h, 8, (1, 1), 0.04, -5, fanned(m, 24))
    return [x], [binary(m, "ADD", h, x, 0.07, 1)]


def residual(m):
    """Two residual blocks, one of them with a strided shortcut, as in MLPerf Tiny's ResNet."""
    m.calls = 8
    x = m.tensor("x", [1, 8, 8, 3], 1 / 64, 0)
    h = conv(m, x, 8, (3, 3), 0.03, LOW, fanned(m, 27), activation=RELU)
    a = conv(m, h, 8, (3, 3), 0.03, LOW, fanned(m, 72), activation=RELU)
    a = conv(m, a, 8, (3, 3), 0.04, 3, fanned(m, 72))
    h = binary(m, "ADD", a, h, 0.04, LOW, RELU)
    a = conv(m, h, 12, (3, 3), 0.03, LOW, fanned(m, 72), (2, 2), activation=RELU)
    a = conv(m, a, 12, (3, 3), 0.04, 3, fanned(m, 108))
    h = binary(m, "ADD", a, conv(m, h, 12, (1, 1), 0.04, -6, fanned(m, 8), (2, 2)), 0.05, LOW, RELU)
    h = reshape(m, pool(m, "AVERAGE_POOL_2D", h, (4, 4), (4, 4)), [1, 12])
    return [x], [softmax(m, dense(m, h, 5, 0.006, 0.05, 5))]


def pad_conv(value=None, conv_zero=-9, **options):
    """PAD in front of a VALID convolution, as Keras writes a strided layer. Only a pad of the
    zero point is the convolution's own padding."""

    def build(m):
        m.calls = 8
        x = m.tensor("x", [1, 7, 6, 3], 0.05, -9)
        constant = None if value is None else m.constant("value", [1], 0.05, -9, [value])
        h = pad(m, x, [[0, 0], [1, 1], [1, 1], [0, 0]], constant, zero=conv_zero)
        return [x], [conv(m, h, 4, (3, 3), 0.1, padding=VALID, **options)]

    return build


def pad_depthwise(m):
    """The uneven padding of a strided depthwise layer of MobileNet."""
    m.calls = 8
    x = m.tensor("x", [1, 8, 8, 3], 0.05, -9)
    h = pad(m, x, [[0, 0], [0, 1], [0, 1], [0, 0]])
    return [x], [depthwise(m, h, 1, (3, 3), 0.06, LOW, stride=(2, 2), padding=VALID, activation=RELU6)]


def conv_then(name, **options):
    """An activation that stands behind a convolution, quantized as its output is."""

    def build(m):
        m.calls = 8
        x = m.tensor("x", [1, 5, 6, 3], 0.05, -9)
        return [x], [unary(m, name, conv(m, x, 4, (3, 3), 0.1, -20), **options)]

    return build


def two_in_two_out(m):
    """Two inputs of other shapes and scales, two outputs of which one is read by a later operator."""
    a, b = m.tensor("a", [1, 5, 4, 2], 0.05, -9), m.tensor("b", [1, 6], 0.02, 30)
    h = conv(m, a, 3, (3, 3), 0.08, 4)
    g = dense(m, b, 3, 0.01, 0.06, -11)
    sum_ = binary(m, "ADD", h, reshape(m, g, [1, 1, 1, 3]), 0.1, 0)
    return [a, b], [sum_, h]


def outputs_in_another_order(m):
    """The later result is named first; an input of the graph is an output too."""
    x = m.tensor("x", [1, 9], 0.05, -9)
    h = unary(m, "ABS", x, 0.05, -100)
    y = unary(m, "RELU", h, 0.03, -128)
    return [x], [y, x, h]


def used_twice(m):
    """One tensor read by three operators, one of them twice, so that it must live long."""
    x = m.tensor("x", [1, 6, 5, 4], 0.05, -9)
    h = conv(m, x, 4, (3, 3), 0.06, 3)
    double = binary(m, "ADD", h, h, 0.12, 0)
    far = depthwise(m, double, 1, (3, 3), 0.09, 0)
    return [x], [binary(m, "MUL", far, h, 0.2, -7), binary(m, "SUB", far, double, 0.2, 0)]


def branches(m):
    """An inception cell: four branches joined along the channels."""
    m.calls = 8
    x = m.tensor("x", [1, 6, 6, 4], 0.05, -9)
    a = conv(m, x, 3, (1, 1), 0.06, -4)
    b = conv(m, conv(m, x, 2, (1, 1), 0.06, LOW, activation=RELU), 4, (3, 3), 0.06, -4)
    c = quantize(m, pool(m, "MAX_POOL_2D", x, (3, 3), padding=SAME), 0.06, -4, INT8)
    d = quantize(m, pool(m, "AVERAGE_POOL_2D", x, (3, 3), padding=SAME), 0.06, -4, INT8)
    return [x], [concatenation(m, [a, b, c, d], 3)]


def shuffled(m):
    """ShuffleNet's unit: split, filter one half, join, mix the channels by reshape and transpose."""
    m.calls = 8
    x = m.tensor("x", [1, 4, 4, 8], 0.05, -9)
    left, right = split(m, x, 3, 2)
    right = depthwise(m, conv(m, right, 4, (1, 1), 0.05, LOW, activation=RELU), 1, (3, 3), 0.05, -9)
    joined = reshape(m, concatenation(m, [left, right], 3), [1, 16, 2, 4])
    return [x], [reshape(m, transpose(m, joined, [0, 1, 3, 2]), [1, 4, 4, 8])]


def squeeze_and_excite(m):
    """Channels weighed by a gate computed from their means; hard swish in front."""
    m.calls = 8
    x = m.tensor("x", [1, 5, 5, 6], 0.05, -9)
    h = unary(m, "HARD_SWISH", x, 0.04, -100)
    g = reduce(m, "MEAN", h, [1, 2], True, scale=0.03, zero=-100)
    g = conv(m, g, 3, (1, 1), 0.02, LOW, activation=RELU)
    g = unary(m, "LOGISTIC", conv(m, g, 6, (1, 1), 0.03, 4), 1 / 256, -128)
    return [x], [binary(m, "MUL", h, g, 0.03, -100)]


def autoencoder(m):
    """Down by strides, up by a transposed convolution and by resizing."""
    m.calls = 8
    x = m.tensor("x", [1, 8, 8, 2], 0.05, -9)
    h = conv(m, x, 6, (3, 3), 0.08, LOW, stride=(2, 2), activation=RELU)
    h = conv(m, h, 4, (3, 3), 0.08, LOW, stride=(2, 2), activation=RELU)
    h = transpose_conv(m, h, 5, (3, 3), 0.1, 0, stride=(2, 2))
    h = conv(m, resize_nearest(m, unary(m, "LEAKY_RELU", h, 0.1, -60, alpha=0.1), [8, 8]), 2, (3, 3), 0.1, 0)
    return [x], [unary(m, "TANH", h, 1 / 128, 0)]


def uint8_ends(m):
    """uint8 outside, int8 inside, as converters write it for pictures."""
    m.calls = 8
    x = m.tensor("image", [1, 6, 6, 3], 1 / 255, 0, dtype=UINT8)
    h = conv(m, quantize(m, x, 1 / 255, -128, INT8), 4, (3, 3), 0.02, LOW, stride=(2, 2), activation=RELU)
    h = softmax(m, dense(m, reshape(m, h, [1, 36]), 3, 0.006, 0.03, 0))
    return [x], [quantize(m, h, 1 / 256, 0, UINT8)]


def over_time(m):
    """A 1-D convolution as converters write it: expand, convolve, squeeze, twice; a maximum over time."""
    m.calls = 8
    x = m.tensor("x", [1, 20, 3], 0.05, -9)
    h = reshape(m, x, [1, 1, 20, 3])
    h = conv(m, h, 6, (1, 5), 0.07, LOW, stride=(1, 2), activation=RELU)
    h = reshape(m, conv(m, h, 5, (1, 3), 0.07, LOW, dilation=(1, 2), activation=RELU), [1, 10, 5])
    return [x], [dense(m, reduce(m, "REDUCE_MAX", h, [1]), 4, 0.01, 0.2, 3)]


CASES = {
    "ds_cnn": ds_cnn,
    "mobilenet_block": mobilenet_block,
    "inverted_residual": inverted_residual,
    "residual": residual,
    "pad_conv": pad_conv(),
    "pad_conv_stride_2": pad_conv(stride=(2, 2), activation=RELU),
    "pad_conv_other_zero_point": pad_conv(conv_zero=20),
    "padv2_conv": pad_conv(77),
    "padv2_conv_zero_point": pad_conv(-9),
    "pad_depthwise": pad_depthwise,
    "conv_relu_separate": conv_then("RELU"),
    "conv_relu6_separate": conv_then("RELU6"),
    "conv_relu_separate_rescaled": conv_then("RELU", scale=0.06, zero=-128),
    "conv_leaky_relu": conv_then("LEAKY_RELU", scale=0.1, zero=-60, alpha=0.1),
    "two_in_two_out": two_in_two_out,
    "outputs_in_another_order": outputs_in_another_order,
    "used_twice": used_twice,
    "branches": branches,
    "shuffled": shuffled,
    "squeeze_and_excite": squeeze_and_excite,
    "autoencoder": autoencoder,
    "uint8_ends": uint8_ends,
    "over_time": over_time,
}
