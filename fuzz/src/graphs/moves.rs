//! Operators that move bytes.

use lampyris_graph::{DType, Op};

use super::{Draft, Maker};

pub(super) const MAKERS: &[Maker] = &[
    reshape,
    squeeze,
    expand_dims,
    pad,
    padv2,
    concatenation,
    split,
    split_v,
    slice,
    strided_slice,
    transpose,
    pack,
    unpack,
];

fn words(values: impl IntoIterator<Item = usize>) -> Vec<i32> {
    values.into_iter().map(|v| v as i32).collect()
}

/// The shape of what is no scalar.
fn ranked(d: &Draft<'_>, x: usize) -> Option<Vec<usize>> {
    Some(d.shape(x)).filter(|shape| !shape.is_empty())
}

fn reshape(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let mut rest: usize = d.shape(x).iter().product();
    let mut shape = vec![];
    for _ in 0..d.random.between(0, 3) {
        let divisors: Vec<usize> = (1..=rest).filter(|n| rest.is_multiple_of(*n)).collect();
        let dim = d.random.of(&divisors);
        shape.push(dim);
        rest /= dim;
    }
    let at = d.random.below(shape.len() + 1);
    shape.insert(at, rest);
    let y = d.alike(&shape, x)?;
    if d.random.once_in(2) {
        return d.node(Op::Reshape, &[x], &[y]);
    }
    let to = d.list(words(shape));
    d.node(Op::Reshape, &[x, to], &[y])
}

fn squeeze(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = d.shape(x);
    let ones: Vec<usize> = (0..shape.len()).filter(|&i| shape[i] == 1).collect();
    let all = d.random.once_in(2);
    let gone: Vec<usize> = ones
        .into_iter()
        .filter(|_| all || d.random.once_in(2))
        .collect();
    let kept = |i: &usize| !gone.contains(i);
    let y: Vec<usize> = (0..shape.len()).filter(kept).map(|i| shape[i]).collect();
    let y = d.alike(&y, x)?;
    let axes = if all { vec![] } else { words(gone) };
    d.node(Op::Squeeze { axes }, &[x], &[y])
}

fn expand_dims(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let mut shape = d.shape(x);
    let axis = d.random.between(0, shape.len());
    let given = if d.random.once_in(3) {
        axis as i32 - shape.len() as i32 - 1
    } else {
        axis as i32
    };
    shape.insert(axis, 1);
    let axis = d.words(&[], vec![given]);
    let y = d.alike(&shape, x)?;
    d.node(Op::ExpandDims, &[x, axis], &[y])
}

/// The paddings, and the output's shape.
fn paddings(d: &mut Draft<'_>, x: usize) -> (usize, Vec<usize>) {
    let mut shape = d.shape(x);
    let mut pads = Vec::new();
    for dim in &mut shape {
        let [before, behind] = [d.random.of(&[0, 0, 1, 2]), d.random.of(&[0, 0, 1, 3])];
        pads.extend([before, behind]);
        *dim += before + behind;
    }
    (d.words(&[shape.len(), 2], words(pads)), shape)
}

fn pad(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let (pads, shape) = paddings(d, x);
    let y = d.alike(&shape, x)?;
    d.node(Op::Pad, &[x, pads], &[y])
}

fn padv2(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let (pads, shape) = paddings(d, x);
    let quant = d.graph.tensors[x].quant.clone()?;
    let zero = quant.zero_point[0] as u8;
    let value = d.constant(&[1], quant)?;
    d.graph.tensors[value].dtype = d.graph.tensors[x].dtype;
    if d.random.once_in(2) {
        d.graph.tensors[value].data = Some(vec![zero]);
    }
    let y = d.alike(&shape, x)?;
    d.node(Op::PadV2, &[x, pads, value], &[y])
}

fn concatenation(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let mut shape = ranked(d, x)?;
    let axis = d.random.below(shape.len());
    let fits = |t: &usize| {
        let (a, b) = (&d.graph.tensors[*t], &d.graph.tensors[x]);
        let others = |s: &[usize]| [&s[..axis], &s[axis + 1..]].concat();
        let same = a.shape.len() == b.shape.len() && others(&a.shape) == others(&b.shape);
        same && a.dtype == b.dtype && !d.graph.is_variable(*t)
    };
    let choices: Vec<usize> = (0..d.graph.tensors.len()).filter(fits).collect();
    let mut inputs = vec![x];
    for _ in 0..d.random.below(4) {
        inputs.push(d.random.of(&choices));
    }
    shape[axis] = inputs.iter().map(|&t| d.shape(t)[axis]).sum();
    let y = if d.random.once_in(3) && d.graph.tensors[x].dtype == DType::I8 {
        d.fresh(&shape)?
    } else {
        d.alike(&shape, x)?
    };
    let from_end = if d.random.once_in(4) {
        shape.len() as i32
    } else {
        0
    };
    let op = Op::Concatenation {
        axis: axis as i32 - from_end,
        activation: Default::default(),
    };
    d.node(op, &inputs, &[y])
}

/// Pieces of those sizes along an axis.
fn pieces(d: &mut Draft<'_>, x: usize, axis: usize, sizes: &[usize]) -> Option<Vec<usize>> {
    let mut shape = d.shape(x);
    let piece = |&size: &usize| {
        shape[axis] = size;
        d.alike(&shape, x)
    };
    sizes.iter().map(piece).collect()
}

fn split(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = ranked(d, x)?;
    let axis = d.random.below(shape.len());
    let counts: Vec<usize> = (1..=4).filter(|n| shape[axis].is_multiple_of(*n)).collect();
    let n = d.random.of(&counts);
    let outputs = pieces(d, x, axis, &vec![shape[axis] / n; n])?;
    let axis = d.words(&[], vec![axis as i32]);
    d.node(Op::Split, &[axis, x], &outputs)
}

fn split_v(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = ranked(d, x)?;
    let axis = d.random.below(shape.len());
    let (mut sizes, mut rest) = (vec![], shape[axis]);
    while rest > 0 {
        let size = d.random.between(1, rest);
        sizes.push(size);
        rest -= size;
    }
    let outputs = pieces(d, x, axis, &sizes)?;
    let mut given = words(sizes);
    if d.random.once_in(4) {
        given[0] = -1;
    }
    let sizes = d.list(given);
    let axis = d.words(&[], vec![axis as i32]);
    d.node(Op::SplitV, &[x, sizes, axis], &outputs)
}

fn slice(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = d.shape(x);
    let begin: Vec<usize> = shape.iter().map(|&n| d.random.below(n)).collect();
    let mut size = Vec::new();
    for (n, b) in shape.iter().zip(&begin) {
        size.push(d.random.between(1, n - b));
    }
    let y = d.alike(&size, x)?;
    let (begin, size) = (d.list(words(begin)), d.list(words(size)));
    d.node(Op::Slice, &[x, begin, size], &[y])
}

fn strided_slice(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = d.shape(x);
    let [mut begin, mut end, mut strides] = [vec![], vec![], vec![]];
    let [mut begin_mask, mut end_mask, mut shrink_axis_mask] = [0u32; 3];
    let mut y = Vec::new();
    for (i, &n) in shape.iter().enumerate() {
        let stride = d.random.of(&[1, 1, 1, 2, 3, -1, -2]);
        let [whole_begin, whole_end] = [d.random.once_in(3), d.random.once_in(3)];
        let first = d.random.below(n) as i32;
        let (from, to) = if stride > 0 {
            let to = d.random.between(first as usize + 1, n) as i32;
            (
                if whole_begin { 0 } else { first },
                if whole_end { n as i32 } else { to },
            )
        } else {
            let to = d.random.below(first as usize + 1) as i32 - 1;
            let last = n as i32 - 1;
            (
                if whole_begin { last } else { first },
                if whole_end { -1 } else { to },
            )
        };
        begin_mask |= u32::from(whole_begin) << i;
        // −1 would count from the end.
        end_mask |= u32::from(whole_end || to < 0) << i;
        begin.push(from);
        end.push(to.max(0));
        strides.push(stride);
        if d.random.once_in(6) {
            shrink_axis_mask |= 1 << i;
        } else {
            y.push((to - from).unsigned_abs().div_ceil(stride.unsigned_abs()) as usize);
        }
    }
    let y = d.alike(&y, x)?;
    let inputs = [x, d.list(begin), d.list(end), d.list(strides)];
    let op = Op::StridedSlice {
        begin_mask,
        end_mask,
        ellipsis_mask: 0,
        new_axis_mask: 0,
        shrink_axis_mask,
        offset: false,
    };
    d.node(op, &inputs, &[y])
}

fn transpose(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = d.shape(x);
    let mut order: Vec<usize> = (0..shape.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, d.random.below(i + 1));
    }
    let y: Vec<usize> = order.iter().map(|&i| shape[i]).collect();
    let order = d.list(words(order));
    let y = d.alike(&y, x)?;
    d.node(Op::Transpose, &[x, order], &[y])
}

fn pack(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let mut shape = d.shape(x);
    let like = |t: &usize| {
        let (a, b) = (&d.graph.tensors[*t], &d.graph.tensors[x]);
        a.shape == b.shape && a.quant == b.quant && a.dtype == b.dtype && !d.graph.is_variable(*t)
    };
    let choices: Vec<usize> = (0..d.graph.tensors.len()).filter(like).collect();
    let n = d.random.between(1, 3);
    let inputs: Vec<usize> = (0..n).map(|_| d.random.of(&choices)).collect();
    let axis = d.random.between(0, shape.len());
    let from_end = if d.random.once_in(4) {
        shape.len() as i32 + 1
    } else {
        0
    };
    shape.insert(axis, n);
    let y = d.alike(&shape, x)?;
    let axis = axis as i32 - from_end;
    d.node(Op::Pack { axis }, &inputs, &[y])
}

fn unpack(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let mut shape = ranked(d, x)?;
    let axis = d.random.below(shape.len());
    let n = shape.remove(axis);
    let outputs: Option<Vec<usize>> = (0..n).map(|_| d.alike(&shape, x)).collect();
    let from_end = if d.random.once_in(4) {
        shape.len() as i32 + 1
    } else {
        0
    };
    let axis = axis as i32 - from_end;
    d.node(Op::Unpack { axis }, &[x], &outputs?)
}
