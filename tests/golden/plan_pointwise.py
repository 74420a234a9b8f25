"""Operators on each value by itself, and on two tensors value by value."""
from model import INT8, RELU, RELU6, RELU_N1_TO_1, UINT8
from pointwise import binary, prelu, quantize, unary
from single import every_value, pair_count, pairs, single


def tables(name, *quantizations, **options):
    """The operator on all 256 values, once for each (x_scale, x_zero, y_scale, y_zero), each with an input and an output."""

    def build(m):
        xs = [every_value(m, m.tensor("x", [1, 256], x_scale, x_zero)) for x_scale, x_zero, _, _ in quantizations]
        return xs, [unary(m, name, x, *q[2:], **options) for x, q in zip(xs, quantizations)]

    return build


def grid(x_scales, y_scales):
    """Every input scale with every output scale, zero points taking turns."""
    zeros = (-128, 127), (0, 0), (127, -128), (-7, 33), (-128, -128), (127, 127), (64, -5)
    both = [(x, y) for x in x_scales for y in y_scales]
    return [(x, zeros[i % 7][0], y, zeros[i % 7][1]) for i, (x, y) in enumerate(both)]


def requantized(before, after, *quantizations):
    """QUANTIZE from one type to another; zero points are those of int8, moved for uint8."""

    def build(m):
        moved = [128 if dtype == UINT8 else 0 for dtype in (before, after)]
        xs, ys = [], []
        for x_scale, x_zero, y_scale, y_zero in quantizations:
            xs.append(every_value(m, m.tensor("x", [1, 256], x_scale, x_zero + moved[0], dtype=before)))
            ys.append(quantize(m, xs[-1], y_scale, y_zero + moved[1], after))
        return xs, ys

    return build


def with_alpha(shape, alpha, values=None, a_scale=0.01, a_zero=3, y_scale=0.06, y_zero=1, **options):
    """PRELU with a constant alpha of its own shape."""
    return single(lambda m, x: prelu(m, x, m.constant("alpha", alpha, a_scale, a_zero, values), y_scale, y_zero), shape, **options)


def two(name, left, right=None, a=(0.05, 3), b=(0.02, -9), y=(0.06, 7), calls=12, **options):
    """An operator of two inputs of the graph."""

    def build(m):
        m.calls = calls
        xs = [m.tensor("a", left, *a), m.tensor("b", left if right is None else right, *b)]
        return xs, [binary(m, name, *xs, *y, **options)]

    return build


def all_pairs(name, a, b, y, step=7, **options):
    """Every pair of every seventh value and the ends."""

    def build(m):
        xs = [m.tensor(n, [1, pair_count(step)], *q) for n, q in (("a", a), ("b", b))]
        pairs(m, *xs, step)
        return xs, [binary(m, name, *xs, *y, **options)]

    return build


def constant(name, shape, other, first=False, y=(0.06, 7), scale=0.03, zero=-11, values=None):
    """An operator with a constant on the right, or on the left where `first`."""

    def layer(m, x):
        c = m.constant("c", other, scale, zero, values)
        return binary(m, name, *((c, x) if first else (x, c)), *y)

    return single(layer, shape)


def with_itself(name, y):
    return single(lambda m, x: binary(m, name, x, x, *y), (1, 4, 5, 3))


SCALES = (0.001, 0.0078125, 0.05, 0.7)
FINE_TO_COARSE = (1e-6, 1e-4, 0.003, 0.0235, 0.05, 0.0625, 0.1, 0.117, 0.118, 0.3, 1.0, 4.0, 40.0)
ZEROS = (-128, 0, 127, -7, 64)

TABLES = {
    "relu": tables("RELU", (0.05, -3, 0.05, -3)),
    "relu_scales": tables("RELU", *grid(SCALES, SCALES)),
    "relu6": tables("RELU6", (0.05, -3, 0.05, -3)),
    "relu6_scales": tables("RELU6", *[(s, z, s, z) for s in (0.01, 0.0235, 0.04, 0.3, 7.0) for z in ZEROS]),
    "relu6_keeps_the_scale": tables("RELU6", (0.05, -30, 0.1, 5)),
    "leaky_relu": tables("LEAKY_RELU", (0.05, -3, 0.04, 6), alpha=0.1),
    "leaky_relu_scales": tables("LEAKY_RELU", *grid(SCALES, SCALES), alpha=0.3),
    "leaky_relu_steep": tables("LEAKY_RELU", *grid((0.02, 0.05), (0.01, 0.06)), alpha=1.5),
    "leaky_relu_flat": tables("LEAKY_RELU", (0.05, 10, 0.05, -3), alpha=0.0),
    "leaky_relu_one": tables("LEAKY_RELU", (0.05, 10, 0.05, -3), alpha=1.0),
    "leaky_relu_negative": tables("LEAKY_RELU", *grid((0.0078125, 0.25), (0.05, 0.1)), alpha=-0.2),
    "logistic": tables("LOGISTIC", (0.05, -3, 1 / 256, -128)),
    "logistic_scales": tables("LOGISTIC", *[(s, ZEROS[i % 5], 1 / 256, -128) for i, s in enumerate(FINE_TO_COARSE)]),
    "logistic_zero_points": tables("LOGISTIC", *[(0.06, z, 1 / 256, -128) for z in ZEROS]),
    "logistic_ignores_the_output_scale": tables("LOGISTIC", (0.05, 0, 1 / 100, -128)),
    "tanh": tables("TANH", (0.03, -3, 1 / 128, 0)),
    "tanh_scales": tables("TANH", *[(s, ZEROS[i % 5], 1 / 128, 0) for i, s in enumerate(FINE_TO_COARSE)]),
    "tanh_zero_points": tables("TANH", *[(0.03, z, 1 / 128, 0) for z in ZEROS]),
    "tanh_ignores_the_output_scale": tables("TANH", (0.03, 0, 1 / 100, 5)),
    "hard_swish": tables("HARD_SWISH", (0.05, -3, 0.04, -120)),
    "hard_swish_scales": tables("HARD_SWISH", *grid((0.001, 0.0078125, 0.0235, 0.05, 0.1, 0.7), (0.006, 0.03, 0.1, 0.9))),
    "hard_swish_power_of_two": tables("HARD_SWISH", (0.0625, 0, 0.0625, -110), (3 / 128, 0, 3 / 128, 0)),
    "abs": tables("ABS", (0.05, -3, 0.05, -3)),
    "abs_scales": tables("ABS", *grid(SCALES, SCALES)),
    "quantize": requantized(INT8, INT8, (0.05, -3, 0.04, 6)),
    "quantize_scales": requantized(INT8, INT8, *grid(SCALES, SCALES)),
    "quantize_same": requantized(INT8, INT8, (0.05, -3, 0.05, -3), (0.05, -3, 0.05, 4)),
    "quantize_from_uint8": requantized(UINT8, INT8, (1 / 255, -128, 1 / 255, -128)),
    "quantize_from_uint8_scales": requantized(UINT8, INT8, *grid((0.0078125, 0.05), SCALES)),
    "quantize_to_uint8": requantized(INT8, UINT8, (1 / 256, -128, 1 / 256, -128)),
    "quantize_to_uint8_scales": requantized(INT8, UINT8, *grid((0.0078125, 0.05), SCALES)),
}

PRELU = {
    "prelu": with_alpha((1, 4, 5, 3), [1, 1, 3]),
    "prelu_vector": with_alpha((1, 9), [9]),
    "prelu_5d": with_alpha((1, 2, 3, 2, 4), [2, 1, 2, 1]),
    "prelu_one_alpha": with_alpha((1, 4, 5, 3), [1], [40]),
    "prelu_scalar_alpha": with_alpha((1, 4, 5, 3), [], -90),
    "prelu_alpha_a_value": with_alpha((1, 3, 4, 2), [1, 3, 4, 2]),
    "prelu_alpha_a_row": with_alpha((1, 3, 4, 2), [3, 1, 1]),
    "prelu_steep": with_alpha((1, 4, 5, 3), [1, 1, 3], a_scale=0.9, a_zero=-128),
    "prelu_negative_alpha": with_alpha((1, 4, 5, 3), [1, 1, 3], a_zero=127, x_zero=60),
    "prelu_fine": with_alpha((1, 4, 5, 3), [1, 1, 3], y_scale=0.002, y_zero=-128),
}

# What the two inputs, their sum and their product are quantized with, and the fused activation.
EDGES = {
    "": ((0.05, 3), (0.02, -9), (0.06, 7), (0.042, 7), 0),
    "_same_scales": ((0.05, 3), (0.05, 3), (0.05, 3), (0.05, 3), 0),
    "_left_finer": ((0.0001, 3), (0.5, -9), (0.4, 7), (0.005, 7), 0),
    "_left_coarser": ((2.0, 3), (0.003, -9), (3.0, 7), (0.8, 7), 0),
    "_zero_points_low": ((0.05, -128), (0.02, -128), (0.07, -128), (0.25, -128), 0),
    "_zero_points_high": ((0.05, 127), (0.02, 127), (0.07, 127), (0.25, -128), 0),
    "_zero_points_apart": ((0.05, -128), (0.05, 127), (0.1, 0), (0.6, 127), 0),
    "_saturates": ((0.05, 3), (0.02, -9), (0.006, 7), (0.004, 7), 0),
    "_power_of_two": ((0.125, 0), (0.0625, 0), (0.25, 0), (0.5, 0), 0),
    "_relu": ((0.05, 3), (0.02, -9), (0.06, -20), (0.042, -20), RELU),
    "_relu6": ((0.05, 3), (0.04, -9), (0.05, -100), (0.05, -100), RELU6),
    "_relu_n1_to_1": ((0.05, 3), (0.02, -9), (0.02, 7), (0.02, 7), RELU_N1_TO_1),
}
BINARY = {
    f"{name.lower()}_pairs{case}": all_pairs(name, a, b, product if name == "MUL" else total, activation=act)
    for name in ("ADD", "SUB", "MUL")
    for case, (a, b, total, product, act) in EDGES.items()
} | {
    f"{name.lower()}_pairs": all_pairs(name, (0.05, 3), (0.05, 3), (0.05, 3)) for name in ("MAXIMUM", "MINIMUM")
} | {"maximum_keeps_the_scales": all_pairs("MAXIMUM", (0.05, 3), (0.02, -9), (0.06, 7), 15)}

SHAPES = {
    "": ([1, 4, 5, 3],),
    "_channels": ([1, 4, 5, 3], [3]),
    "_channels_left": ([3], [1, 4, 5, 3]),
    "_width": ([1, 4, 5, 3], [1, 1, 5, 1]),
    "_height": ([1, 4, 5, 3], [1, 4, 1, 1]),
    "_image": ([3, 2, 4, 2], [1, 2, 4, 2]),
    "_batch": ([3, 2, 4, 2], [3, 1, 1, 1]),
    "_both": ([1, 4, 1, 3], [1, 1, 5, 1]),
    "_ranks": ([2, 1, 3], [4, 1]),
    "_one_value": ([1, 4, 5, 3], [1]),
    "_scalar": ([4, 3], []),
    "_vector": ([17], [17]),
    "_5d": ([2, 1, 3, 2, 2], [2, 1, 3, 2, 2]),
    "_5d_broadcast": ([2, 1, 3, 2, 2], [1, 3, 1, 2]),
}
BROADCAST = {
    f"{name.lower()}{case}": two(name, *shapes)
    for name in ("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM")
    for case, shapes in SHAPES.items()
    if name in ("ADD", "SUB", "MUL") or case in ("", "_channels", "_both", "_scalar", "_5d_broadcast")
}

CONSTANTS = {
    f"{name.lower()}_constant{case}": constant(name, [1, 3, 4, 3], *other)
    for name in ("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM")
    for case, other in {"": ([1, 3, 4, 3],), "_channels": ([3],), "_left": ([1, 1, 1, 3], True), "_scalar": ([], True)}.items()
} | {
    "add_itself": with_itself("ADD", (0.1, -3)),
    "sub_itself": with_itself("SUB", (0.1, -3)),
    "mul_itself": with_itself("MUL", (0.3, -100)),
    "maximum_of_constant_makes_relu": constant("MAXIMUM", [1, 3, 4, 3], [], values=0, y=(0.05, -3)),
}

CASES = TABLES | PRELU | BINARY | BROADCAST | CONSTANTS
