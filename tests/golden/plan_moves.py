"""Operators that only move values."""
from layers import dense
from model import INT32
from moves import (concatenation, expand_dims, pack, pad, reshape, resize_nearest, shape_of, slice_, split, split_v,
                   squeeze, strided_slice, transpose, unpack)
from single import single


def joined(axis, *shapes, first=None):
    """CONCATENATION of inputs of the graph, and of a constant in front of them where its shape is given."""

    def build(m):
        m.calls = 8
        xs = [m.tensor(f"x{i}", shape, 0.05, -9) for i, shape in enumerate(shapes)]
        parts = xs if first is None else [m.constant("c", first, 0.05, -9)] + xs
        return xs, [concatenation(m, parts, axis)]

    return build


def padded(shape, paddings, value=None, **options):
    """PAD, or PADV2 with a value in a constant."""

    def layer(m, x):
        constant = None if value is None else m.constant("value", [1], 0.05, -3, [value])
        return pad(m, x, paddings, constant, **options)

    return single(layer, shape, calls=8)


def reshaped_by_options(m, x, shape, given):
    """RESHAPE whose shape stands in the options alone, where one size may be -1."""
    y = m.like(x, "view", shape)
    m.operator("RESHAPE", [x], [y], newShape=given)
    return y


def reshaped_to_rest(m, x, shape, given):
    """RESHAPE whose constant shape has a -1."""
    y = m.like(x, "view", shape)
    m.operator("RESHAPE", [x, m.numbers("shape", given)], [y], newShape=given)
    return y


def flatten(m, x):
    """What Keras makes of Flatten where the batch is fixed: the shape is computed from constants, at run time."""
    batch = m.tensor("batch", [], None, dtype=INT32)
    ends = [m.numbers(name, [value]) for name, value in (("begin", 0), ("end", 1), ("strides", 1))]
    m.operator("STRIDED_SLICE", [shape_of(m, x)] + ends, [batch], shrinkAxisMask=1)
    size = 1
    for n in m.shape(x)[1:]:
        size *= n
    to = m.tensor("to", [2], None, dtype=INT32)
    m.operator("PACK", [batch, m.numbers("rest", size)], [to], valuesCount=2)
    y = m.like(x, "flat", [m.shape(x)[0], size])
    m.operator("RESHAPE", [x, to], [y])
    return y


def flatten_then_dense(m, x):
    return dense(m, flatten(m, x), 4, 0.01, 0.15, 3)


def packed(axis, shape, constant=False):
    def build(m):
        m.calls = 8
        xs = [m.tensor(f"x{i}", shape, 0.05, -9) for i in range(2)]
        parts = xs + [m.constant("c", shape, 0.05, -9)] if constant else xs
        return xs, [pack(m, parts, axis)]

    return build


def sliced(shape, begin, size):
    return single(slice_, shape, begin, size, calls=8)


def strided(shape, begin, end, strides, **masks):
    return single(strided_slice, shape, begin, end, strides, calls=8, **masks)


RESHAPES = {
    "reshape": single(reshape, [1, 4, 5, 3], [3, 20], calls=8),
    "reshape_without_options": single(reshape, [1, 4, 5, 3], [1, 60], False, calls=8),
    "reshape_by_options": single(reshaped_by_options, [1, 4, 5, 3], [1, 60], [1, 60], calls=8),
    "reshape_by_options_rest": single(reshaped_by_options, [1, 4, 5, 3], [5, 12], [5, -1], calls=8),
    "reshape_to_rest": single(reshaped_to_rest, [1, 4, 5, 3], [4, 15], [-1, 15], calls=8),
    "reshape_to_5d": single(reshape, [2, 12], [1, 2, 3, 2, 2], calls=8),
    "reshape_computed": single(flatten, [1, 4, 5, 3], calls=8),
    "reshape_computed_dense": single(flatten_then_dense, [1, 4, 5, 3], calls=8),
    "squeeze": single(squeeze, [1, 3, 1, 2], [], calls=8),
    "squeeze_axes": single(squeeze, [1, 3, 1, 2], [0, -2], calls=8),
    "squeeze_one_axis": single(squeeze, [1, 1, 4, 2], [1], calls=8),
    "expand_dims_first": single(expand_dims, [3, 4], 0, calls=8),
    "expand_dims_last": single(expand_dims, [1, 3, 4], -1, calls=8),
    "expand_dims_to_5d": single(expand_dims, [1, 3, 4, 2], 2, calls=8),
}

PADS = {
    "pad": padded([1, 4, 5, 3], [[0, 0], [1, 1], [1, 1], [0, 0]]),
    "pad_uneven": padded([1, 4, 3, 2], [[0, 0], [2, 1], [0, 3], [0, 0]]),
    "pad_channels": padded([1, 2, 3, 3], [[0, 0], [0, 0], [0, 0], [1, 4]]),
    "pad_batch": padded([1, 2, 3, 2], [[1, 1], [0, 0], [0, 0], [0, 0]]),
    "pad_nothing": padded([1, 2, 3, 2], [[0, 0], [0, 0], [0, 0], [0, 0]]),
    "pad_1d": padded([5], [[1, 2]]),
    "pad_2d": padded([2, 5], [[1, 0], [0, 2]]),
    "pad_3d": padded([1, 2, 5], [[0, 1], [1, 0], [2, 1]]),
    "pad_5d": padded([1, 2, 3, 2, 2], [[0, 1], [1, 0], [2, 1], [0, 0], [1, 1]]),
    "pad_zero_point_of_the_output": padded([1, 2, 3, 2], [[0, 0], [1, 1], [1, 1], [0, 0]], zero=40),
    "pad_zero_at_bottom": padded([1, 2, 3, 2], [[0, 0], [1, 1], [1, 1], [0, 0]], zero=-128),
    "padv2": padded([1, 4, 5, 3], [[0, 0], [1, 1], [2, 1], [0, 0]], 77),
    "padv2_lowest": padded([1, 2, 3, 2], [[0, 0], [1, 0], [0, 1], [1, 1]], -128),
    "padv2_5d": padded([1, 2, 3, 2, 2], [[0, 1], [1, 0], [2, 1], [0, 0], [1, 1]], 5),
}

JOINS = {
    "concatenation_batch": joined(0, [1, 2, 3, 2], [2, 2, 3, 2]),
    "concatenation_height": joined(1, [1, 2, 3, 2], [1, 3, 3, 2]),
    "concatenation_width": joined(2, [1, 2, 3, 2], [1, 2, 1, 2]),
    "concatenation_channels": joined(3, [1, 2, 3, 2], [1, 2, 3, 5]),
    "concatenation_last": joined(-1, [1, 2, 3, 2], [1, 2, 3, 1], [1, 2, 3, 4]),
    "concatenation_of_4": joined(1, [1, 2, 3], [1, 1, 3], [1, 4, 3], [1, 1, 3]),
    "concatenation_constant": joined(2, [1, 2, 3, 2], [1, 2, 1, 2], first=[1, 2, 2, 2]),
    "concatenation_constant_channels": joined(3, [1, 2, 3, 2], first=[1, 2, 3, 3]),
    "concatenation_vectors": joined(0, [3], [5]),
    "concatenation_2d": joined(1, [2, 3], [2, 5]),
    "concatenation_5d": joined(3, [1, 2, 3, 2, 2], [1, 2, 3, 1, 2]),
    "concatenation_itself": single(lambda m, x: concatenation(m, [x, x], 3), [1, 2, 3, 2], calls=8),
    "pack_first": packed(0, [1, 3, 2]),
    "pack_middle": packed(1, [1, 3, 2]),
    "pack_last": packed(-1, [1, 3, 2]),
    "pack_constant_to_5d": packed(2, [1, 2, 3, 2], constant=True),
}

SPLITS = {
    "split_channels": single(split, [1, 3, 4, 6], 3, 2, calls=8),
    "split_height": single(split, [1, 6, 4, 2], 1, 3, calls=8),
    "split_last": single(split, [2, 8], -1, 4, calls=8),
    "split_batch": single(split, [2, 3, 2], 0, 2, calls=8),
    "split_5d": single(split, [1, 2, 3, 2, 2], 1, 2, calls=8),
    "split_v": single(split_v, [1, 3, 7, 2], 2, [1, 4, 2], calls=8),
    "split_v_last": single(split_v, [1, 3, 6], -1, [5, 1], calls=8),
    "split_v_batch": single(split_v, [3, 4], 0, [1, 2], calls=8),
    "split_v_rest": single(split_v, [1, 7, 2], 1, [2, -1], calls=8),
    "unpack_middle": single(unpack, [1, 3, 4, 2], 2, calls=8),
    "unpack_last": single(unpack, [1, 3, 2], -1, calls=8),
    "unpack_first": single(unpack, [3, 4], 0, calls=8),
}

SLICES = {
    "slice": sliced([1, 4, 5, 3], [0, 1, 2, 0], [1, 2, 2, 3]),
    "slice_to_the_end": sliced([1, 4, 5, 3], [0, 1, 2, 1], [-1, -1, -1, -1]),
    "slice_one_value": sliced([1, 4, 5, 3], [0, 3, 4, 2], [1, 1, 1, 1]),
    "slice_1d": sliced([9], [2], [4]),
    "slice_2d": sliced([3, 5], [1, 0], [2, 4]),
    "slice_3d": sliced([2, 3, 5], [1, 0, 2], [1, -1, 2]),
    "slice_5d": sliced([1, 2, 3, 2, 2], [0, 1, 1, 0, 0], [1, 1, -1, 1, 2]),
    "strided_slice": strided([1, 4, 5, 3], [0, 1, 0, 0], [1, 3, 5, 3], [1, 1, 2, 1]),
    "strided_slice_backwards": strided([1, 4, 5, 3], [0, 3, 4, 0], [1, 0, 0, 3], [1, -1, -2, 1]),
    "strided_slice_reverse": strided([1, 6, 2], [0, 5, 0], [1, 0, 2], [1, -1, 1], begin_mask=2, end_mask=2),
    "strided_slice_negative_ends": strided([1, 4, 5, 3], [0, -3, -4, 0], [1, -1, -1, -1], [1, 1, 1, 1]),
    "strided_slice_beyond": strided([1, 4, 5, 3], [0, -9, 1, 0], [9, 9, 99, 2], [1, 1, 1, 1]),
    "strided_slice_masks": strided([1, 4, 5, 3], [0, 2, 3, 1], [0, 1, 2, 2], [1, 1, 1, 1], begin_mask=4, end_mask=3),
    "strided_slice_shrink": strided([1, 4, 5, 3], [0, 2, 0, 0], [0, 3, 0, 0], [1, 1, 1, 1], begin_mask=13, end_mask=13, shrink=2),
    "strided_slice_shrink_two": strided([1, 4, 5, 3], [0, 2, -1, 0], [1, 3, 0, 3], [1, 1, 1, 1], shrink=5),
    "strided_slice_shrink_all_but_one": strided([1, 4, 5, 3], [0, 3, 2, 0], [1, 4, 3, 3], [1, 1, 1, 1], shrink=7),
    "strided_slice_1d": strided([9], [1], [8], [3]),
    "strided_slice_2d": strided([4, 6], [3, 0], [0, 6], [-2, 5]),
    "strided_slice_stride_beyond": strided([1, 4, 5, 3], [0, 0, 1, 0], [1, 4, 5, 3], [1, 9, 9, 1]),
}

ORDERS = ("10", "021", "102", "120", "201", "210", "0132", "0213", "0231", "0312", "0321", "1203", "3012", "3210",
          "01243", "02143", "03142", "40312", "43210")
TRANSPOSES = {
    f"transpose_{order}": single(transpose, [2, 3, 4, 2, 3][: len(order)], [int(i) for i in order], calls=8)
    for order in ORDERS
}

SIZES = {
    "double": ([3, 4], [6, 8]),
    "odd_up": ([3, 5], [7, 9]),
    "odd_down": ([7, 9], [3, 4]),
    "mixed": ([5, 13], [13, 4]),
    "to_one": ([4, 5], [1, 1]),
    "from_one": ([1, 1], [3, 2]),
    "same": ([3, 4], [3, 4]),
}
FLAGS = {"": {}, "_align": {"align": True}, "_half": {"half": True}, "_align_half": {"align": True, "half": True}}
RESIZES = {
    f"resize_nearest_{name}{flags}": single(resize_nearest, [1, *before, 2], after, calls=8, **options)
    for name, (before, after) in SIZES.items()
    for flags, options in FLAGS.items()
} | {"resize_nearest_batch_of_2": single(resize_nearest, [2, 2, 3, 3], [5, 4], calls=8)}

CASES = RESHAPES | PADS | JOINS | SPLITS | SLICES | TRANSPOSES | RESIZES
