//! Operators that compute value by value, on two operands, or over whole axes.

use lampyris_graph::{DType, Op, Quant};

use super::{Draft, Maker, one_scale};

pub(super) const MAKERS: &[Maker] = &[
    add,
    sub,
    mul,
    maximum,
    minimum,
    prelu,
    reduction,
    reduction,
    softmax,
    relu,
    relu6,
    leaky_relu,
    logistic,
    tanh,
    hard_swish,
    abs,
    quantize,
    read_variable,
    assign_variable,
];

/// Another tensor of the same shape, itself, or a constant that is broadcast.
fn partner(d: &mut Draft<'_>, x: usize) -> Option<usize> {
    let shape = d.shape(x);
    let same: Vec<usize> = (0..d.graph.tensors.len())
        .filter(|&t| {
            let tensor = &d.graph.tensors[t];
            tensor.shape == shape && tensor.dtype == DType::I8 && !d.graph.is_variable(t)
        })
        .collect();
    if d.random.once_in(2) && !same.is_empty() {
        return Some(d.random.of(&same));
    }
    let mut shape = shape;
    for dim in &mut shape {
        if d.random.once_in(3) {
            *dim = 1;
        }
    }
    let dropped = d
        .random
        .of(&[0, 0, 0, 1, 2])
        .min(shape.len().saturating_sub(1));
    let quant = match d.random.once_in(2) {
        true => d.graph.tensors[x].quant.clone()?,
        false => d.any_scale(DType::I8),
    };
    d.constant(&shape[dropped..], quant)
}

fn broadcast(a: &[usize], b: &[usize]) -> Vec<usize> {
    let rank = a.len().max(b.len());
    let dim = |s: &[usize], i: usize| (i + s.len()).checked_sub(rank).map_or(1, |i| s[i]);
    (0..rank).map(|i| dim(a, i).max(dim(b, i))).collect()
}

fn two(d: &mut Draft<'_>, x: usize, op: Op, alike: bool) -> Option<()> {
    let b = partner(d, x)?;
    let shape = broadcast(&d.shape(x), &d.shape(b));
    let y = match alike {
        true => d.alike(&shape, x)?,
        false => d.fresh(&shape)?,
    };
    let inputs = if d.random.once_in(3) { [b, x] } else { [x, b] };
    d.node(op, &inputs, &[y])
}

fn add(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let activation = d.activation();
    two(d, x, Op::Add { activation }, false)
}

fn sub(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let activation = d.activation();
    two(d, x, Op::Sub { activation }, false)
}

fn mul(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let activation = d.activation();
    two(d, x, Op::Mul { activation }, false)
}

fn maximum(d: &mut Draft<'_>, x: usize) -> Option<()> {
    two(d, x, Op::Maximum, true)
}

fn minimum(d: &mut Draft<'_>, x: usize) -> Option<()> {
    two(d, x, Op::Minimum, true)
}

fn prelu(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = d.shape(x);
    let dropped = d.random.below(shape.len());
    let quant = d.any_scale(DType::I8);
    let alpha = d.constant(&shape[dropped..], quant)?;
    let y = d.fresh(&shape)?;
    d.node(Op::Prelu, &[x, alpha], &[y])
}

fn reduction(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = d.shape(x);
    let axes: Vec<usize> = (0..shape.len()).filter(|_| d.random.once_in(2)).collect();
    let keep_dims = d.random.once_in(2);
    let kept = |(i, &dim): (usize, &usize)| match (axes.contains(&i), keep_dims) {
        (false, _) => Some(dim),
        (true, true) => Some(1),
        (true, false) => None,
    };
    let y: Vec<usize> = shape.iter().enumerate().filter_map(kept).collect();
    let from_end = if d.random.once_in(4) {
        shape.len() as i32
    } else {
        0
    };
    let axes = d.list(axes.iter().map(|&a| a as i32 - from_end).collect());
    let ops = [
        Op::Mean { keep_dims },
        Op::Sum { keep_dims },
        Op::ReduceMax { keep_dims },
    ];
    let which = d.random.below(3);
    let y = if which == 2 || d.random.once_in(3) {
        d.alike(&y, x)?
    } else {
        d.fresh(&y)?
    };
    d.node(ops[which].clone(), &[x, axes], &[y])
}

/// One value to one value: the output has its own scale, or that.
fn one(d: &mut Draft<'_>, x: usize, op: Op, quant: Option<Quant>) -> Option<()> {
    let quant = quant.unwrap_or_else(|| d.any_scale(DType::I8));
    let shape = d.shape(x);
    let y = d.scaled(&shape, quant)?;
    d.node(op, &[x], &[y])
}

fn softmax(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let beta = d.random.of(&[1.0, 1.0, 0.3, 10.0, 1e-6, 1e20]);
    one(
        d,
        x,
        Op::Softmax { beta },
        Some(one_scale(1.0 / 256.0, -128)),
    )
}

/// The output's scale is that of the input, or its own.
fn rectified(d: &mut Draft<'_>, x: usize, op: Op) -> Option<()> {
    let same = d.graph.tensors[x].quant.clone();
    let quant = if d.random.once_in(2) { same } else { None };
    one(d, x, op, quant)
}

fn relu(d: &mut Draft<'_>, x: usize) -> Option<()> {
    rectified(d, x, Op::Relu)
}

fn relu6(d: &mut Draft<'_>, x: usize) -> Option<()> {
    rectified(d, x, Op::Relu6)
}

fn leaky_relu(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let alpha = d.random.of(&[0.1, 0.3, 1.0, 2.0, 0.0, -0.5, 1e9]);
    rectified(d, x, Op::LeakyRelu { alpha })
}

fn logistic(d: &mut Draft<'_>, x: usize) -> Option<()> {
    one(d, x, Op::Logistic, Some(one_scale(1.0 / 256.0, -128)))
}

fn tanh(d: &mut Draft<'_>, x: usize) -> Option<()> {
    one(d, x, Op::Tanh, Some(one_scale(1.0 / 128.0, 0)))
}

fn hard_swish(d: &mut Draft<'_>, x: usize) -> Option<()> {
    one(d, x, Op::HardSwish, None)
}

fn abs(d: &mut Draft<'_>, x: usize) -> Option<()> {
    rectified(d, x, Op::Abs)
}

fn quantize(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = d.shape(x);
    let y = match d.random.below(4) {
        0 => d.alike(&shape, x)?,
        1 => {
            let quant = d.any_scale(DType::U8);
            let y = d.scaled(&shape, quant)?;
            d.graph.tensors[y].dtype = DType::U8;
            y
        }
        _ => d.fresh(&shape)?,
    };
    d.node(Op::Quantize, &[x], &[y])
}

fn some_variable(d: &mut Draft<'_>) -> Option<usize> {
    let at = d.random.below(d.graph.variables.len());
    Some(d.graph.variables.get(at)?.tensor)
}

fn read_variable(d: &mut Draft<'_>, _: usize) -> Option<()> {
    let variable = some_variable(d)?;
    let shape = d.shape(variable);
    let y = d.alike(&shape, variable)?;
    d.node(Op::ReadVariable, &[variable], &[y])
}

fn assign_variable(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let variable = some_variable(d)?;
    // A value that fits it, most of the time: its own, a step on.
    let x = if d.random.once_in(4) {
        x
    } else {
        let shape = d.shape(variable);
        let read = d.alike(&shape, variable)?;
        d.node(Op::ReadVariable, &[variable], &[read])?;
        let moved = d.alike(&shape, variable)?;
        let op = Op::Add {
            activation: Default::default(),
        };
        d.node(op, &[read, read], &[moved])?;
        moved
    };
    d.node(Op::AssignVariable, &[variable, x], &[])
}
