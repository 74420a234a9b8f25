"""CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV."""
import numpy as np

from layers import conv, depthwise, transpose_conv
from model import RELU, RELU6, RELU_N1_TO_1, VALID
from plan_dense import ODD, between_products
from single import single


def convolution(shape=(1, 7, 6, 3), channels=5, kernel=(3, 3), y_scale=0.1, **options):
    return single(conv, shape, channels, kernel, y_scale, **options)


def by_depth(shape=(1, 7, 6, 3), multiplier=1, kernel=(3, 3), y_scale=0.06, **options):
    return single(depthwise, shape, multiplier, kernel, y_scale, **options)


def transposed(shape=(1, 4, 3, 3), channels=4, kernel=(3, 3), y_scale=0.1, **options):
    return single(transpose_conv, shape, channels, kernel, y_scale, **options)


def between(layer):
    """Sums that tell a factor from scales multiplied in single precision from one in double."""
    bias = between_products(**ODD)
    return single(layer, (1, 1, 1, 1), 121, (1, 1), ODD["y_scale"], x_scale=ODD["x_scale"], w_scale=ODD["w_scale"],
                  largest=0, bias=bias)


def wide(channels):
    """Weight scales so far apart that some channels vanish and some saturate."""
    return np.geomspace(1e-7, 10, channels)


LOW_HIGH = {"x_zero": -128, "y_zero": 127}
HIGH_LOW = {"x_zero": 127, "y_zero": -128}

CONV = {
    "conv": convolution(),
    "conv_valid": convolution(padding=VALID),
    "conv_relu": convolution(activation=RELU),
    "conv_relu6": convolution(activation=RELU6, y_zero=-128),
    "conv_relu6_coarse": convolution(activation=RELU6, y_scale=2.4, w_scale=0.2, y_zero=-128),
    "conv_relu_n1_to_1": convolution(activation=RELU_N1_TO_1, y_scale=0.02),
    "conv_relu_zero_at_top": convolution(activation=RELU, y_zero=127),
    "conv_no_bias": convolution(bias=None),
    "conv_1x1": convolution(kernel=(1, 1), y_scale=0.05),
    "conv_1x1_strided": convolution(kernel=(1, 1), y_scale=0.05, stride=(2, 2)),
    "conv_1x1_one_channel": convolution((1, 4, 4, 1), 1, (1, 1), 0.04),
    "conv_1x1_33_to_34": convolution((1, 2, 3, 33), 34, (1, 1), 0.15, calls=8),
    "conv_1x7": convolution(kernel=(1, 7)),
    "conv_5x5": convolution(kernel=(5, 5), y_scale=0.15),
    "conv_2x2": convolution(kernel=(2, 2)),
    "conv_2x2_stride_2": convolution(kernel=(2, 2), stride=(2, 2)),
    "conv_4x2": convolution(kernel=(4, 2)),
    "conv_4x2_stride_2x3": convolution(kernel=(4, 2), stride=(2, 3)),
    "conv_4x2_valid": convolution(kernel=(4, 2), padding=VALID),
    "conv_10x4_stride_2": convolution((1, 13, 8, 1), 4, (10, 4), 0.15, stride=(2, 2), activation=RELU, calls=8),
    "conv_stride_2": convolution(stride=(2, 2)),
    "conv_stride_3": convolution((1, 8, 9, 2), stride=(3, 3)),
    "conv_stride_2x3": convolution((1, 8, 9, 2), stride=(2, 3)),
    "conv_stride_beyond_kernel": convolution((1, 8, 9, 2), kernel=(2, 1), stride=(3, 4), padding=VALID),
    "conv_dilation_2": convolution(dilation=(2, 2)),
    "conv_dilation_3": convolution(dilation=(3, 3)),
    "conv_dilation_2x1": convolution(dilation=(2, 1)),
    "conv_dilation_2_valid": convolution(dilation=(2, 2), padding=VALID),
    "conv_dilation_3_stride_2": convolution((1, 9, 8, 2), dilation=(3, 3), stride=(2, 2)),
    "conv_smaller_than_kernel": convolution((1, 2, 3, 3), kernel=(5, 5)),
    "conv_one_pixel": convolution((1, 1, 1, 6)),
    "conv_one_pixel_valid": convolution((1, 1, 1, 6), kernel=(1, 1), padding=VALID),
    "conv_one_row": convolution((1, 1, 16, 3), kernel=(1, 3), stride=(1, 2)),
    "conv_one_column": convolution((1, 16, 1, 3), kernel=(5, 1)),
    "conv_whole_image": convolution((1, 5, 4, 3), kernel=(5, 4), padding=VALID),
    "conv_batch_of_3": convolution((3, 4, 4, 2), calls=8),
    "conv_per_axis": convolution(w_scale=np.geomspace(0.002, 0.02, 5)),
    "conv_per_axis_wide": convolution(channels=9, w_scale=wide(9), bias=100),
    "conv_per_axis_no_bias": convolution(w_scale=np.geomspace(0.002, 0.02, 5), bias=None, stride=(2, 1)),
    "conv_per_axis_relu6": convolution(w_scale=np.geomspace(0.002, 0.02, 5), activation=RELU6, padding=VALID),
    "conv_zero_points_low_high": convolution(y_scale=0.3, **LOW_HIGH),
    "conv_zero_points_high_low": convolution(y_scale=0.3, **HIGH_LOW),
    "conv_zero_points_low": convolution(x_zero=-128, y_zero=-128, activation=RELU),
    "conv_saturates": convolution(y_scale=0.006),
    "conv_full_range_weights": convolution(extreme=True, y_scale=0.3),
    "conv_large_bias": convolution(bias=1 << 30, y_scale=9000.0, kernel=(1, 1)),
    "conv_factor_above_one": convolution(x_scale=0.9, w_scale=0.9, y_scale=0.3, largest=1, bias=9, kernel=(2, 2)),
    "conv_factor_tiny": convolution(x_scale=1e-4, w_scale=1e-4, y_scale=3.0, bias=1 << 30, kernel=(1, 1)),
    "conv_factor_one_scale": between(conv),
    "conv_power_of_two": convolution(x_scale=0.125, w_scale=0.0078125, y_scale=0.25),
    "conv_groups_2": convolution((1, 5, 4, 4), 6, groups=2),
    "conv_groups_3_one_output_each": convolution((1, 5, 4, 6), 3, groups=3, stride=(2, 2)),
    "conv_groups_each_channel": convolution((1, 5, 4, 4), 4, groups=4, w_scale=np.geomspace(0.002, 0.02, 4)),
}

DEPTHWISE = {
    "depthwise": by_depth(),
    "depthwise_valid": by_depth(padding=VALID),
    "depthwise_relu": by_depth(activation=RELU),
    "depthwise_relu6": by_depth(activation=RELU6, y_zero=-128),
    "depthwise_relu_n1_to_1": by_depth(activation=RELU_N1_TO_1, y_scale=0.02),
    "depthwise_no_bias": by_depth(bias=None),
    "depthwise_multiplier_2": by_depth(multiplier=2),
    "depthwise_multiplier_3": by_depth((1, 5, 4, 2), multiplier=3, stride=(2, 2)),
    "depthwise_multiplier_8": by_depth((1, 5, 4, 2), multiplier=8, calls=8),
    "depthwise_one_channel_multiplier_8": by_depth((1, 9, 7, 1), multiplier=8, kernel=(5, 4), stride=(2, 2), activation=RELU),
    "depthwise_one_channel": by_depth((1, 6, 5, 1)),
    "depthwise_16_channels": by_depth((1, 4, 4, 16), calls=8),
    "depthwise_19_channels": by_depth((1, 4, 3, 19), calls=8),
    "depthwise_1x1": by_depth(kernel=(1, 1), y_scale=0.04),
    "depthwise_1x7": by_depth(kernel=(1, 7)),
    "depthwise_5x5": by_depth(kernel=(5, 5)),
    "depthwise_2x2": by_depth(kernel=(2, 2)),
    "depthwise_4x2_stride_2x3": by_depth(kernel=(4, 2), stride=(2, 3)),
    "depthwise_stride_2": by_depth(stride=(2, 2)),
    "depthwise_stride_2_valid": by_depth(stride=(2, 2), padding=VALID),
    "depthwise_stride_3": by_depth((1, 8, 9, 2), stride=(3, 3)),
    "depthwise_stride_2x3": by_depth((1, 8, 9, 2), stride=(2, 3)),
    "depthwise_dilation_2": by_depth(dilation=(2, 2)),
    "depthwise_dilation_3": by_depth(dilation=(3, 3)),
    "depthwise_dilation_2x1_valid": by_depth(dilation=(2, 1), padding=VALID),
    "depthwise_smaller_than_kernel": by_depth((1, 2, 3, 3), kernel=(5, 5)),
    "depthwise_one_pixel": by_depth((1, 1, 1, 6)),
    "depthwise_one_row": by_depth((1, 1, 16, 3), kernel=(1, 3), stride=(1, 2)),
    "depthwise_whole_image": by_depth((1, 5, 4, 3), kernel=(5, 4), padding=VALID),
    "depthwise_batch_of_2": by_depth((2, 4, 4, 2)),
    "depthwise_per_axis": by_depth(w_scale=np.geomspace(0.002, 0.02, 3)),
    "depthwise_per_axis_multiplier_2": by_depth(multiplier=2, w_scale=np.geomspace(0.002, 0.02, 6), stride=(2, 2)),
    "depthwise_per_axis_wide": by_depth((1, 4, 3, 9), w_scale=wide(9), bias=100),
    "depthwise_zero_points_low_high": by_depth(y_scale=0.2, **LOW_HIGH),
    "depthwise_zero_points_high_low": by_depth(y_scale=0.2, **HIGH_LOW),
    "depthwise_saturates": by_depth(y_scale=0.004),
    "depthwise_full_range_weights": by_depth(extreme=True, y_scale=0.15),
    "depthwise_large_bias": by_depth(bias=1 << 30, y_scale=9000.0),
    "depthwise_factor_one_scale": between(depthwise),
}

TRANSPOSE = {
    "transpose_conv": transposed(),
    "transpose_conv_valid": transposed(padding=VALID),
    "transpose_conv_stride_2": transposed(stride=(2, 2)),
    "transpose_conv_stride_2_valid": transposed(stride=(2, 2), padding=VALID),
    "transpose_conv_2x2_stride_2": transposed(kernel=(2, 2), stride=(2, 2)),
    "transpose_conv_4x2_stride_2x3": transposed(kernel=(4, 2), stride=(2, 3)),
    "transpose_conv_1x1_stride_3": transposed(kernel=(1, 1), stride=(3, 3), padding=VALID),
    "transpose_conv_5x5_stride_2": transposed(kernel=(5, 5), stride=(2, 2), y_scale=0.15),
    "transpose_conv_odd_size": transposed(stride=(2, 2), size=(7, 5)),
    "transpose_conv_larger_size": transposed(stride=(2, 2), padding=VALID, size=(10, 8)),
    "transpose_conv_one_pixel": transposed((1, 1, 1, 3), kernel=(4, 4), stride=(2, 2), padding=VALID),
    "transpose_conv_batch_of_2": transposed((2, 2, 3, 2), stride=(2, 1)),
    "transpose_conv_no_bias": transposed(bias=None),
    "transpose_conv_relu": transposed(activation=RELU, stride=(2, 2)),
    "transpose_conv_per_axis": transposed(w_scale=np.geomspace(0.002, 0.02, 4), stride=(2, 2)),
    "transpose_conv_zero_points_low_high": transposed(y_scale=0.3, **LOW_HIGH),
    "transpose_conv_zero_points_high_low": transposed(y_scale=0.3, **HIGH_LOW),
    "transpose_conv_saturates": transposed(y_scale=0.006),
    "transpose_conv_large_bias": transposed(bias=1 << 30, y_scale=9000.0),
}

CASES = CONV | DEPTHWISE | TRANSPOSE
