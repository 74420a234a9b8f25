//! Operators of two operands.

use lampyris_graph::{Activation, Op, Quant, Tensor};

use super::super::schema::options::{add, maximum_minimum, mul, sub};
use super::values::fused;
use super::{Call, Row, Stated, int8_is_2};

pub(super) static ADD: Row = Row {
    code: 0,
    kind: add::KIND,
    read: |o| {
        Ok(Op::Add {
            activation: o.activation(add::ACTIVATION)?,
        })
    },
};

pub(super) fn write_add(activation: Activation, call: &Call<'_>) -> Stated {
    ADD.stated(
        int8_is_2(call.input(0)),
        vec![(add::ACTIVATION, fused(activation))],
    )
}

pub(super) static SUB: Row = Row {
    code: 41,
    kind: sub::KIND,
    read: |o| {
        Ok(Op::Sub {
            activation: o.activation(sub::ACTIVATION)?,
        })
    },
};

pub(super) fn write_sub(activation: Activation, call: &Call<'_>) -> Stated {
    let version = if call.broadcasts_beyond_4() {
        3
    } else {
        int8_is_2(call.input(0))
    };
    SUB.stated(version, vec![(sub::ACTIVATION, fused(activation))])
}

pub(super) static MUL: Row = Row {
    code: 18,
    kind: mul::KIND,
    read: |o| {
        Ok(Op::Mul {
            activation: o.activation(mul::ACTIVATION)?,
        })
    },
};

pub(super) fn write_mul(activation: Activation, call: &Call<'_>) -> Stated {
    let scale = |t: Option<&Tensor>| match t.and_then(|t| t.quant.as_ref()) {
        Some(Quant { scale, .. }) => scale.first().copied().unwrap_or(0.0),
        None => 0.0,
    };
    let (a, b, y) = (
        scale(call.input(0)),
        scale(call.input(1)),
        scale(call.output()),
    );
    // 3 brought factors of 1 and more.
    let version = if y > 0.0 && a * b / y >= 1.0 {
        3
    } else {
        int8_is_2(call.input(0))
    };
    MUL.stated(version, vec![(mul::ACTIVATION, fused(activation))])
}

pub(super) static MAXIMUM: Row = Row {
    code: 55,
    kind: maximum_minimum::KIND,
    read: |_| Ok(Op::Maximum),
};

pub(super) fn write_maximum(call: &Call<'_>) -> Stated {
    MAXIMUM.stated(extremum_version(call), vec![])
}

pub(super) static MINIMUM: Row = Row {
    code: 57,
    kind: maximum_minimum::KIND,
    read: |_| Ok(Op::Minimum),
};

pub(super) fn write_minimum(call: &Call<'_>) -> Stated {
    MINIMUM.stated(extremum_version(call), vec![])
}

fn extremum_version(call: &Call<'_>) -> i32 {
    if call.broadcasts_beyond_4() {
        3
    } else {
        int8_is_2(call.input(0))
    }
}

pub(super) static PRELU: Row = Row {
    code: 54,
    kind: 0,
    read: |_| Ok(Op::Prelu),
};

pub(super) fn write_prelu() -> Stated {
    PRELU.stated(1, vec![])
}
