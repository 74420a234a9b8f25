//! A symbol for each operator and each signal block.
//!
//! A symbol's value is a copy of the static in `core` or `dsp`, since a static can't have two
//! names; nothing but a firmware's table refers to it, so that the linker drops all others.

use lampyris_core::{Operator, ops};
use lampyris_dsp::Block;

/// One row an operator: its symbol, and its static in [`lampyris_core::ops`].
macro_rules! operators {
    ($($symbol:ident $name:ident)+) => {
        $(
            #[doc = concat!("[`ops::", stringify!($name), "`].")]
            #[unsafe(no_mangle)]
            pub static $symbol: Operator = Operator {
                code: ops::$name.code,
                name: ops::$name.name,
                types: ops::$name.types,
                overlap: ops::$name.overlap,
                check: ops::$name.check,
                eval: ops::$name.eval,
            };
        )+
        /// Every operator by its symbol.
        pub static OPERATORS: &[(&str, &Operator)] = &[$((stringify!($symbol), &$symbol)),+];
    };
}

/// One row a block: its symbol, and its static in [`lampyris_dsp`].
macro_rules! blocks {
    ($($symbol:ident $file:ident $name:ident)+) => {
        $(
            #[doc = concat!("[`lampyris_dsp::", stringify!($file), "::", stringify!($name), "`].")]
            #[unsafe(no_mangle)]
            pub static $symbol: Block = lampyris_dsp::$file::$name;
        )+
        /// Every block by its symbol.
        pub static BLOCKS: &[(&str, &Block)] = &[$((stringify!($symbol), &$symbol)),+];
    };
}

operators! {
    lampyris_op_abs ABS
    lampyris_op_add ADD
    lampyris_op_assign_variable ASSIGN_VARIABLE
    lampyris_op_average_pool_2d AVERAGE_POOL_2D
    lampyris_op_concatenation CONCATENATION
    lampyris_op_conv_2d CONV_2D
    lampyris_op_depthwise_conv_2d DEPTHWISE_CONV_2D
    lampyris_op_expand_dims EXPAND_DIMS
    lampyris_op_fully_connected FULLY_CONNECTED
    lampyris_op_hard_swish HARD_SWISH
    lampyris_op_leaky_relu LEAKY_RELU
    lampyris_op_logistic LOGISTIC
    lampyris_op_max_pool_2d MAX_POOL_2D
    lampyris_op_maximum MAXIMUM
    lampyris_op_mean MEAN
    lampyris_op_minimum MINIMUM
    lampyris_op_mul MUL
    lampyris_op_pack PACK
    lampyris_op_pad PAD
    lampyris_op_padv2 PADV2
    lampyris_op_prelu PRELU
    lampyris_op_quantize QUANTIZE
    lampyris_op_read_variable READ_VARIABLE
    lampyris_op_reduce_max REDUCE_MAX
    lampyris_op_relu RELU
    lampyris_op_relu6 RELU6
    lampyris_op_reshape RESHAPE
    lampyris_op_resize_nearest_neighbor RESIZE_NEAREST_NEIGHBOR
    lampyris_op_slice SLICE
    lampyris_op_softmax SOFTMAX
    lampyris_op_split SPLIT
    lampyris_op_split_v SPLIT_V
    lampyris_op_squeeze SQUEEZE
    lampyris_op_strided_slice STRIDED_SLICE
    lampyris_op_sub SUB
    lampyris_op_sum SUM
    lampyris_op_tanh TANH
    lampyris_op_transpose TRANSPOSE
    lampyris_op_transpose_conv TRANSPOSE_CONV
    lampyris_op_unpack UNPACK
    lampyris_op_var_handle VAR_HANDLE
}

blocks! {
    lampyris_block_spectral spectral SPECTRAL
    lampyris_block_statistics statistics STATISTICS
    lampyris_block_raw raw RAW
    lampyris_block_mfe mfe MFE
    lampyris_block_mfcc mfcc MFCC
    lampyris_block_spectrogram spectrogram SPECTROGRAM
    lampyris_block_image image IMAGE
}
