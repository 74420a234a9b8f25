//! Pools.

use lampyris_graph::{Activation, Op, Pool};

use super::super::schema::options::pool_2d::{
    ACTIVATION, FILTER_H, FILTER_W, KIND, PADDING, STRIDE_H, STRIDE_W,
};
use super::super::tree::Fields;
use super::values::{fused, int, padded};
use super::{Call, Options, Row, Stated, int8_is_2};
use crate::FormatError;

pub(super) static AVERAGE_POOL_2D: Row = Row {
    code: 1,
    kind: KIND,
    read: |o| {
        Ok(Op::AveragePool2d {
            pool: pool(o)?,
            activation: o.activation(ACTIVATION)?,
        })
    },
};

pub(super) fn write_average_pool_2d(
    pool: &Pool,
    activation: Activation,
    call: &Call<'_>,
) -> Stated {
    AVERAGE_POOL_2D.stated(int8_is_2(call.input(0)), options(pool, activation))
}

pub(super) static MAX_POOL_2D: Row = Row {
    code: 17,
    kind: KIND,
    read: |o| {
        Ok(Op::MaxPool2d {
            pool: pool(o)?,
            activation: o.activation(ACTIVATION)?,
        })
    },
};

pub(super) fn write_max_pool_2d(pool: &Pool, activation: Activation, call: &Call<'_>) -> Stated {
    MAX_POOL_2D.stated(int8_is_2(call.input(0)), options(pool, activation))
}

fn pool(o: &Options<'_, '_>) -> Result<Pool, FormatError> {
    Ok(Pool {
        padding: o.padding(PADDING)?,
        stride: o.pair([STRIDE_H, STRIDE_W], 0, "stride")?,
        size: o.pair([FILTER_H, FILTER_W], 0, "window size")?,
    })
}

fn options(pool: &Pool, activation: Activation) -> Fields {
    vec![
        (PADDING, padded(pool.padding)),
        (STRIDE_H, int(pool.stride[0])),
        (STRIDE_W, int(pool.stride[1])),
        (FILTER_H, int(pool.size[0])),
        (FILTER_W, int(pool.size[1])),
        (ACTIVATION, fused(activation)),
    ]
}
