//! Operators of one operand.

use lampyris_graph::Op;

use super::super::schema::builtin;
use super::super::schema::options::{abs, hard_swish, leaky_relu, quantize, softmax};
use super::super::tree::Value;
use super::{Call, Row, Stated, int8_is_2};

pub(super) static ABS: Row = Row {
    code: 101,
    kind: abs::KIND,
    read: |_| Ok(Op::Abs),
};

pub(super) fn write_abs(call: &Call<'_>) -> Stated {
    ABS.stated(int8_is_2(call.input(0)), vec![])
}

pub(super) static HARD_SWISH: Row = Row {
    code: 117,
    kind: hard_swish::KIND,
    read: |_| Ok(Op::HardSwish),
};

pub(super) fn write_hard_swish() -> Stated {
    HARD_SWISH.stated(1, vec![])
}

pub(super) static LEAKY_RELU: Row = Row {
    code: 98,
    kind: leaky_relu::KIND,
    read: |o| {
        Ok(Op::LeakyRelu {
            alpha: o.float(leaky_relu::ALPHA)?,
        })
    },
};

pub(super) fn write_leaky_relu(alpha: f32) -> Stated {
    LEAKY_RELU.stated(1, vec![(leaky_relu::ALPHA, Value::Float(alpha))])
}

pub(super) static LOGISTIC: Row = Row {
    code: 14,
    kind: 0,
    read: |_| Ok(Op::Logistic),
};

pub(super) fn write_logistic(call: &Call<'_>) -> Stated {
    LOGISTIC.stated(int8_is_2(call.input(0)), vec![])
}

pub(super) static QUANTIZE: Row = Row {
    code: builtin::QUANTIZE,
    kind: quantize::KIND,
    read: |_| Ok(Op::Quantize),
};

pub(super) fn write_quantize() -> Stated {
    QUANTIZE.stated(1, vec![])
}

pub(super) static RELU: Row = Row {
    code: 19,
    kind: 0,
    read: |_| Ok(Op::Relu),
};

pub(super) fn write_relu(call: &Call<'_>) -> Stated {
    RELU.stated(int8_is_2(call.input(0)), vec![])
}

pub(super) static RELU6: Row = Row {
    code: 21,
    kind: 0,
    read: |_| Ok(Op::Relu6),
};

pub(super) fn write_relu6(call: &Call<'_>) -> Stated {
    RELU6.stated(int8_is_2(call.input(0)), vec![])
}

pub(super) static SOFTMAX: Row = Row {
    code: 25,
    kind: softmax::KIND,
    read: |o| {
        Ok(Op::Softmax {
            beta: o.float(softmax::BETA)?,
        })
    },
};

pub(super) fn write_softmax(beta: f32, call: &Call<'_>) -> Stated {
    SOFTMAX.stated(
        int8_is_2(call.input(0)),
        vec![(softmax::BETA, Value::Float(beta))],
    )
}

pub(super) static TANH: Row = Row {
    code: 28,
    kind: 0,
    read: |_| Ok(Op::Tanh),
};

pub(super) fn write_tanh(call: &Call<'_>) -> Stated {
    TANH.stated(int8_is_2(call.input(0)), vec![])
}
