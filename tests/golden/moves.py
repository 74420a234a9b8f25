"""Operators that only move values: each function adds one to a model and gives its output tensor."""
import numpy as np

from model import INT32, RESOURCE


def reshape(m, x, shape, options=True):
    """RESHAPE to a shape that stands in a constant and, but for options=False, in the options too."""
    to = m.numbers("shape", shape)
    y = m.like(x, "view", shape)
    m.operator("RESHAPE", [x, to], [y], **({"newShape": list(shape)} if options else {}))
    return y


def squeeze(m, x, axes):
    """SQUEEZE: no axes stand for all of size 1."""
    gone = {a % len(m.shape(x)) for a in axes} or {i for i, n in enumerate(m.shape(x)) if n == 1}
    y = m.like(x, "view", [n for i, n in enumerate(m.shape(x)) if i not in gone])
    m.operator("SQUEEZE", [x], [y], squeezeDims=list(axes))
    return y


def expand_dims(m, x, axis):
    shape = m.shape(x)
    shape.insert(axis % (len(shape) + 1), 1)
    y = m.like(x, "view", shape)
    m.operator("EXPAND_DIMS", [x, m.numbers("axis", [axis])], [y])
    return y


def pad(m, x, paddings, value=None, **quantization):
    """PAD with the zero point, or PADV2 with a constant tensor."""
    shape = [n + before + after for n, (before, after) in zip(m.shape(x), paddings)]
    y = m.like(x, "y", shape, **quantization)
    inputs = [x, m.numbers("paddings", paddings)]
    if value is None:
        m.operator("PAD", inputs, [y])
    else:
        m.operator("PADV2", inputs + [value], [y])
    return y


def concatenation(m, xs, axis, **quantization):
    shape = m.shape(xs[0])
    shape[axis] = sum(m.shape(x)[axis] for x in xs)
    y = m.like(xs[0], "y", shape, **quantization)
    m.operator("CONCATENATION", xs, [y], axis=axis)
    return y


def split(m, x, axis, count):
    shape = m.shape(x)
    shape[axis] //= count
    ys = [m.like(x, f"part{i}", shape) for i in range(count)]
    m.operator("SPLIT", [m.numbers("axis", [axis]), x], ys, 2, numSplits=count)
    return ys


def split_v(m, x, axis, sizes):
    """SPLIT_V: a size of -1 is what the others leave."""
    ys = []
    rest = m.shape(x)[axis] - sum(size for size in sizes if size != -1)
    for i, size in enumerate(rest if size == -1 else size for size in sizes):
        shape = m.shape(x)
        shape[axis] = size
        ys.append(m.like(x, f"part{i}", shape))
    m.operator("SPLIT_V", [x, m.numbers("sizes", sizes), m.numbers("axis", [axis])], ys, 2, numSplits=len(sizes))
    return ys


def unpack(m, x, axis):
    shape = m.shape(x)
    count = shape.pop(axis)
    ys = [m.like(x, f"part{i}", shape) for i in range(count)]
    m.operator("UNPACK", [x], ys, 2, num=count, axis=axis)
    return ys


def pack(m, xs, axis):
    shape = m.shape(xs[0])
    shape.insert(axis % (len(shape) + 1), len(xs))
    y = m.like(xs[0], "y", shape)
    m.operator("PACK", xs, [y], 2, valuesCount=len(xs), axis=axis)
    return y


def slice_(m, x, begin, size):
    """SLICE: a size of -1 reaches to the end."""
    shape = [n - b if s == -1 else s for n, b, s in zip(m.shape(x), begin, size)]
    y = m.like(x, "y", shape)
    m.operator("SLICE", [x, m.numbers("begin", begin), m.numbers("size", size)], [y], 2)
    return y


def strided_slice(m, x, begin, end, strides, **masks):
    """STRIDED_SLICE: masks are begin, end and shrink, a bit an axis."""
    begin_mask, end_mask, shrink = (masks.get(k, 0) for k in ("begin_mask", "end_mask", "shrink"))
    view = np.empty(m.shape(x), np.int8)
    at = []
    for i, (b, e, s) in enumerate(zip(begin, end, strides)):
        if shrink >> i & 1:
            at.append(b)
        else:
            at.append(slice(None if begin_mask >> i & 1 else b, None if end_mask >> i & 1 else e, s))
    y = m.like(x, "y", view[tuple(at)].shape)
    inputs = [x] + [m.numbers(*one) for one in (("begin", begin), ("end", end), ("strides", strides))]
    m.operator("STRIDED_SLICE", inputs, [y], 2, beginMask=begin_mask, endMask=end_mask, shrinkAxisMask=shrink)
    return y


def transpose(m, x, order):
    y = m.like(x, "y", [m.shape(x)[i] for i in order])
    m.operator("TRANSPOSE", [x, m.numbers("order", order)], [y], 2)
    return y


def resize_nearest(m, x, size, align=False, half=False):
    batch, _, _, depth = m.shape(x)
    y = m.like(x, "y", [batch, *size, depth])
    m.operator("RESIZE_NEAREST_NEIGHBOR", [x, m.numbers("size", size)], [y], 3 if half or align else 2,
               alignCorners=align, halfPixelCenters=half)
    return y


def shape_of(m, x):
    """SHAPE: the int32 shape of x."""
    y = m.tensor("shape", [len(m.shape(x))], None, dtype=INT32)
    m.operator("SHAPE", [x], [y], outType=INT32)
    return y


def variable(m, name):
    """VAR_HANDLE: the handle of a variable that calls share."""
    h = m.tensor(name, [1], None, dtype=RESOURCE)
    m.operator("VAR_HANDLE", [], [h], container="", sharedName=name)
    return h


def read(m, handle, shape, scale, zero):
    y = m.tensor("state", shape, scale, zero)
    m.operator("READ_VARIABLE", [handle], [y])
    return y


def assign(m, handle, x):
    m.operator("ASSIGN_VARIABLE", [handle, x], [])
