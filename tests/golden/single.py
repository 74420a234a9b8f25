"""Cases of one operator."""
import numpy as np

from model import INT8, UINT8


def single(layer, shape, *args, calls=12, x_scale=0.05, x_zero=-3, dtype=INT8, **options):
    """A model of one operator on one input."""

    def build(m):
        m.calls = calls
        x = m.tensor("x", shape, x_scale, x_zero, dtype=dtype)
        y = layer(m, x, *args, **options)
        return [x], y if isinstance(y, list) else [y]

    return build


def every_value(m, x):
    """Feeds all 256 values into x, of shape [1, 256], in one call."""
    values = np.arange(256).astype(np.uint8) if m.graph.tensors[x].type == UINT8 else np.arange(-128, 128).astype(np.int8)
    m.feeds[x] = values.reshape(1, 1, 256)
    return x


def pairs(m, a, b, step):
    """Feeds every pair of every step-th value into a and b, whose last axis holds all of them, in one call."""
    values = np.unique(np.append(np.arange(-128, 128, step), 127)).astype(np.int8)
    m.feeds[a] = np.repeat(values, len(values)).reshape(1, *m.shape(a))
    m.feeds[b] = np.tile(values, len(values)).reshape(1, *m.shape(b))


def pair_count(step):
    return len(np.unique(np.append(np.arange(-128, 128, step), 127))) ** 2
