"""Models that remember: variables, and calls that depend on those before them."""
import numpy as np

from layers import conv, dense
from model import RELU, VALID
from moves import assign, concatenation, read, reshape, strided_slice, variable
from pointwise import binary, unary


def initialised(m, name, shape, scale, zero, values):
    """CALL_ONCE of a subgraph that gives the variable its first content."""
    with m.subgraph("init") as index:
        assign(m, variable(m, name), m.constant("first", shape, scale, zero, values))
    m.operator("CALL_ONCE", [], [], initSubgraphIndex=index)


def ring(m, name, x, frames):
    """The last frames, of which x is the newest: what the variable held, but the oldest, and x; [1, frames, ...]."""
    shape = m.shape(x)
    handle = variable(m, name)
    held = read(m, handle, [1, frames] + shape[2:], m.scale(x), m.zero(x))
    rank = len(shape)
    kept = strided_slice(m, held, [0, 1] + [0] * (rank - 2), [1, frames] + shape[2:], [1] * rank)
    full = concatenation(m, [kept, x], 1)
    assign(m, handle, full)
    return full


def frames(first=None, zero=-9, count=3, width=4):
    """A ring of frames that is put out whole; `first` are the values of its initial content."""

    def build(m):
        x = m.tensor("x", [1, 1, width], 0.05, zero)
        if first is not None:
            initialised(m, "ring", [1, count, width], 0.05, zero, first)
        return [x], [ring(m, "ring", x, count)]

    return build


def zero_point_of_what_is_assigned(m):
    """A fresh variable holds the zero point of the tensor that is assigned, not of the one that is read."""
    x = m.tensor("x", [1, 4], 0.05, 40)
    handle = variable(m, "v")
    before = read(m, handle, [1, 4], 0.05, -9)
    assign(m, handle, x)
    return [x], [before]


def assigned_then_read(m):
    x = m.tensor("x", [1, 6], 0.05, -9)
    handle = variable(m, "v")
    assign(m, handle, x)
    return [x], [unary(m, "ABS", read(m, handle, [1, 6], 0.05, -9))]


def read_before_and_after(m):
    """What is read before an assignment stays as it was; what is read after it is new."""
    x = m.tensor("x", [1, 6], 0.05, -9)
    handle = variable(m, "v")
    before = read(m, handle, [1, 6], 0.05, -9)
    assign(m, handle, x)
    after = read(m, variable(m, "v"), [1, 6], 0.05, -9)
    return [x], [binary(m, "SUB", after, before, 0.1, 0)]


def two_variables(m):
    """A chain: the input of one call, of the last and of the one before that."""
    x = m.tensor("x", [1, 5], 0.05, -9)
    a, b = variable(m, "a"), variable(m, "b")
    last, older = (read(m, handle, [1, 5], 0.05, -9) for handle in (a, b))
    assign(m, b, last)
    assign(m, a, x)
    return [x], [concatenation(m, [older, last, x], 0)]


def running_sum(m):
    """A variable that is fed back: half of what it held and half of the input."""
    x = m.tensor("x", [1, 8], 0.05, 0)
    handle = variable(m, "sum")
    half = m.constant("half", [], 0.005, 0, 100)
    both = binary(m, "ADD", read(m, handle, [1, 8], 0.05, 0), x, 0.1, 0)
    y = binary(m, "MUL", both, half, 0.05, 0)
    assign(m, handle, y)
    return [x], [y]


def streaming(first):
    """Two streamed convolutions over time, each on a ring of its own, and a classifier: a small wake-word model."""

    def build(m):
        x = m.tensor("x", [1, 1, 1, 10], 0.05, -9)
        if first:
            values = np.arange(-25, 25).reshape(1, 5, 1, 10)
            initialised(m, "ring0", [1, 5, 1, 10], 0.05, -9, values)
        h = conv(m, ring(m, "ring0", x, 5), 8, (5, 1), 0.08, -128, padding=VALID, activation=RELU)
        h = conv(m, ring(m, "ring1", h, 3), 6, (3, 1), 0.05, -128, padding=VALID, activation=RELU)
        return [x], [dense(m, reshape(m, h, [1, 6]), 3, 0.004, 0.06, 4)]

    return build


CASES = {
    "state_ring": frames(),
    "state_ring_zero_at_top": frames(zero=127),
    "state_ring_of_8": frames(count=8, width=3),
    "state_ring_initialised": frames(first=np.full((1, 3, 4), -9)),
    "state_ring_initialised_otherwise": frames(first=np.arange(12).reshape(1, 3, 4)),
    "state_zero_point_of_what_is_assigned": zero_point_of_what_is_assigned,
    "state_assigned_then_read": assigned_then_read,
    "state_read_before_and_after": read_before_and_after,
    "state_two_variables": two_variables,
    "state_running_sum": running_sum,
    "state_streaming": streaming(False),
    "state_streaming_initialised": streaming(True),
}
