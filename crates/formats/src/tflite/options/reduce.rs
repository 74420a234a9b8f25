//! Operators that take dimensions together. Their axes are an input.

use lampyris_graph::Op;

use super::super::schema::options::reducer;
use super::super::tree::{Fields, Value};
use super::{Call, Row, Stated, int8_is_2};

pub(super) static MEAN: Row = Row {
    code: 40,
    kind: reducer::KIND,
    read: |o| {
        Ok(Op::Mean {
            keep_dims: o.flag(reducer::KEEP_DIMS)?,
        })
    },
};

pub(super) fn write_mean(keep_dims: bool, call: &Call<'_>) -> Stated {
    MEAN.stated(int8_is_2(call.input(0)), options(keep_dims))
}

pub(super) static SUM: Row = Row {
    code: 74,
    kind: reducer::KIND,
    read: |o| {
        Ok(Op::Sum {
            keep_dims: o.flag(reducer::KEEP_DIMS)?,
        })
    },
};

pub(super) fn write_sum(keep_dims: bool, call: &Call<'_>) -> Stated {
    SUM.stated(int8_is_2(call.input(0)), options(keep_dims))
}

pub(super) static REDUCE_MAX: Row = Row {
    code: 82,
    kind: reducer::KIND,
    read: |o| {
        Ok(Op::ReduceMax {
            keep_dims: o.flag(reducer::KEEP_DIMS)?,
        })
    },
};

pub(super) fn write_reduce_max(keep_dims: bool, call: &Call<'_>) -> Stated {
    REDUCE_MAX.stated(int8_is_2(call.input(0)), options(keep_dims))
}

fn options(keep_dims: bool) -> Fields {
    vec![(reducer::KEEP_DIMS, Value::Bool(keep_dims))]
}
