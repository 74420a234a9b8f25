"""FULLY_CONNECTED and SOFTMAX, alone and in small networks."""
import numpy as np

from layers import dense, softmax
from model import RELU, RELU6
from moves import reshape


def one(shape, x_scale=0.05, x_zero=-3, **options):
    """A model of one FULLY_CONNECTED."""

    def build(m):
        x = m.tensor("x", shape, x_scale, x_zero)
        args = {"units": 6, "w_scale": 0.008, "y_scale": 0.09, "y_zero": 5} | options
        return [x], [dense(m, x, **args)]

    return build


def probabilities(shape, scale, beta=1.0, zero=0):
    """A model of one SOFTMAX."""

    def build(m):
        x = m.tensor("x", shape, scale, zero)
        return [x], [softmax(m, x, beta)]

    return build


def network(shape, view):
    """Two layers and a softmax, with a reshape between the layers where there is a view."""

    def build(m):
        x = m.tensor("x", shape, 0.04, 12)
        h = dense(m, x, 24, 0.006, 0.05, -128, RELU)
        if view:
            h = reshape(m, reshape(m, h, view), [1, 24])
        y = dense(m, h, 5, 0.01, 0.15, 20)
        return [x], [softmax(m, y)]

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
    "fc_per_axis": one([1, 20], w_scale=np.geomspace(0.002, 0.02, 6)),
    "fc_per_axis_wide": one([1, 20], units=9, w_scale=np.geomspace(1e-7, 10, 9), bias=100),
    "fc_per_axis_no_bias": one([1, 20], w_scale=np.geomspace(0.002, 0.02, 6), bias=None),
    "fc_per_axis_relu6": one([3, 20], w_scale=np.geomspace(0.002, 0.02, 6), activation=RELU6),
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
