"""AVERAGE_POOL_2D, MAX_POOL_2D and the reductions MEAN, SUM, REDUCE_MAX."""
from layers import pool, reduce
from model import RELU, RELU6, RELU_N1_TO_1, SAME
from single import single


def pooled(name, shape=(1, 6, 5, 3), window=(2, 2), **options):
    return single(lambda m, x, **o: pool(m, name, x, window, **o), shape, **options)


def reduced(name, shape, axes, y_scale=None, y_zero=None, keep=False, **options):
    return single(lambda m, x: reduce(m, name, x, axes, keep, scale=y_scale, zero=y_zero), shape, **options)


POOLS = {
    f"{kind}_pool{case}": pooled(operator, **options)
    for kind, operator in (("average", "AVERAGE_POOL_2D"), ("max", "MAX_POOL_2D"))
    for case, options in {
        "": {"stride": (2, 2)},
        "_stride_1": {},
        "_3x3_same": {"window": (3, 3), "padding": SAME},
        "_3x3_same_stride_2": {"window": (3, 3), "padding": SAME, "stride": (2, 2)},
        "_2x5_same_stride_1x2": {"window": (2, 5), "padding": SAME, "stride": (1, 2)},
        "_4x2_same_stride_3x1": {"window": (4, 2), "padding": SAME, "stride": (3, 1)},
        "_1x1_stride_2": {"window": (1, 1), "stride": (2, 2)},
        "_larger_than_image": {"shape": (1, 3, 2, 2), "window": (5, 5), "padding": SAME},
        "_whole_image": {"window": (6, 5)},
        "_one_pixel": {"shape": (1, 1, 1, 5), "window": (1, 1)},
        "_one_row": {"shape": (1, 1, 17, 2), "window": (1, 4), "stride": (1, 4)},
        "_batch_of_2": {"shape": (2, 4, 4, 2), "stride": (2, 2)},
        "_33_channels": {"shape": (1, 4, 4, 33), "stride": (2, 2), "calls": 8},
        "_relu": {"activation": RELU, "x_zero": 20},
        "_relu6": {"activation": RELU6, "x_scale": 0.06, "x_zero": -40},
        "_relu_n1_to_1": {"activation": RELU_N1_TO_1},
        "_zero_at_bottom": {"x_zero": -128, "stride": (2, 2)},
        "_zero_at_top": {"x_zero": 127, "stride": (2, 2)},
    }.items()
} | {"average_pool_25x5": pooled("AVERAGE_POOL_2D", (1, 25, 5, 8), (25, 5), calls=8)}

# MEAN and SUM requantize, REDUCE_MAX may not.
SUMS = {
    f"{name.lower()}{case}": reduced(name, **options)
    for name, coarse, many in (("MEAN", 0.06, 0.05), ("SUM", 0.7, 2))
    for case, options in {
        "_height_width": {"shape": (1, 7, 5, 3), "axes": [1, 2], "y_scale": coarse, "y_zero": 9},
        "_height_width_kept": {"shape": (1, 7, 5, 3), "axes": [1, 2], "keep": True, "y_scale": coarse, "y_zero": 9},
        "_width_height": {"shape": (1, 4, 6, 3), "axes": [2, 1], "y_scale": coarse, "y_zero": 9},
        "_same_scale": {"shape": (1, 7, 5, 3), "axes": [1, 2]},
        "_same_scale_kept": {"shape": (1, 6, 4, 3), "axes": [1, 2], "keep": True},
        "_height": {"shape": (1, 7, 5, 3), "axes": [1], "y_scale": coarse, "y_zero": -5},
        "_channels": {"shape": (1, 3, 4, 19), "axes": [3], "y_scale": coarse, "y_zero": -5},
        "_last_kept": {"shape": (1, 3, 4, 6), "axes": [-1], "keep": True, "y_scale": coarse, "y_zero": -5},
        "_negative_axes": {"shape": (1, 7, 5, 3), "axes": [-3, -2], "y_scale": coarse, "y_zero": 9},
        "_height_channels": {"shape": (1, 5, 4, 3), "axes": [1, 3], "y_scale": coarse, "y_zero": 9},
        "_all": {"shape": (1, 4, 5, 3), "axes": [0, 1, 2, 3], "y_scale": coarse, "y_zero": 9},
        "_all_kept": {"shape": (2, 3, 4), "axes": [0, 1, 2], "keep": True, "y_scale": coarse, "y_zero": 9},
        "_axis_twice": {"shape": (1, 5, 4, 3), "axes": [1, -3], "y_scale": coarse, "y_zero": 9},
        "_batch": {"shape": (3, 2, 4), "axes": [0], "y_scale": coarse, "y_zero": 9},
        "_3d_ends": {"shape": (2, 3, 4), "axes": [0, 2], "y_scale": coarse, "y_zero": 9},
        "_2d": {"shape": (4, 9), "axes": [1], "y_scale": coarse, "y_zero": 9},
        "_2d_first": {"shape": (4, 9), "axes": [0], "keep": True, "y_scale": coarse, "y_zero": 9},
        "_1d": {"shape": (9,), "axes": [0], "keep": True, "y_scale": coarse, "y_zero": 9},
        "_5d": {"shape": (2, 2, 3, 2, 3), "axes": [1, 3], "y_scale": coarse, "y_zero": 9},
        "_of_one_value": {"shape": (1, 1, 1, 5), "axes": [1, 2], "y_scale": coarse, "y_zero": 9},
        "_1056_values": {"shape": (1, 32, 33, 1), "axes": [1, 2], "y_scale": coarse * many, "y_zero": 9, "calls": 8},
        "_zero_points_low": {"shape": (1, 4, 3, 3), "axes": [1, 2], "x_zero": -128, "y_scale": coarse, "y_zero": -128},
        "_zero_points_high": {"shape": (1, 4, 3, 3), "axes": [1, 2], "x_zero": 127, "y_scale": coarse, "y_zero": 127},
        "_fine": {"shape": (1, 5, 4, 3), "axes": [1, 2], "y_scale": 0.004, "y_zero": 0},
        "_coarse": {"shape": (1, 5, 4, 3), "axes": [1, 2], "x_scale": 0.001, "y_scale": 20.0, "y_zero": 0},
    }.items()
}

MAXIMA = {
    f"reduce_max{case}": reduced("REDUCE_MAX", **options)
    for case, options in {
        "_height_width": {"shape": (1, 7, 5, 3), "axes": [1, 2]},
        "_height_width_kept": {"shape": (1, 4, 5, 3), "axes": [1, 2], "keep": True},
        "_channels": {"shape": (1, 3, 4, 9), "axes": [-1]},
        "_height": {"shape": (1, 3, 4, 5), "axes": [1], "keep": True},
        "_all": {"shape": (1, 4, 5, 3), "axes": [0, 1, 2, 3]},
        "_3d_ends": {"shape": (2, 3, 4), "axes": [0, -1]},
        "_2d": {"shape": (4, 9), "axes": [1]},
        "_2d_first": {"shape": (4, 9), "axes": [0], "keep": True},
        "_5d": {"shape": (2, 2, 3, 2, 3), "axes": [1, 3]},
    }.items()
}

CASES = POOLS | SUMS | MAXIMA
