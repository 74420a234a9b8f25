//! What a graph has and no file can say, as a file says it.

use std::borrow::Cow;

use lampyris_graph::{DType, Graph, Node, Op, Padding, Tensor, Window};

use crate::FormatError;

/// The graph with each padding of a given number of positions as a PAD before the
/// operator. The tensors that this takes stand behind all others.
///
/// # Errors
/// A pool or a transposed convolution has such a padding: a PAD would not be the same.
pub(super) fn plain(graph: &Graph) -> Result<Cow<'_, Graph>, FormatError> {
    let given = |node: &Node| matches!(padding(&node.op), Some(Padding::Before(_)));
    if !graph.nodes.iter().any(given) {
        return Ok(Cow::Borrowed(graph));
    }
    let mut plain = graph.clone();
    plain.nodes.clear();
    for (index, node) in graph.nodes.iter().enumerate() {
        let mut node = node.clone();
        if given(&node) {
            let pad = take_out(&mut plain, &mut node).ok_or_else(|| {
                FormatError::new(
                    format!("{} has a padding that no file can state", node.op.name()),
                    format!("operator {index}"),
                    "give it the padding SAME or VALID",
                )
            })?;
            plain.nodes.push(pad);
        }
        plain.nodes.push(node);
    }
    Ok(Cow::Owned(plain))
}

fn padding(op: &Op) -> Option<Padding> {
    match op {
        Op::Conv2d { window, .. } | Op::DepthwiseConv2d { window, .. } => Some(window.padding),
        Op::AveragePool2d { pool, .. } | Op::MaxPool2d { pool, .. } => Some(pool.padding),
        Op::TransposeConv { padding, .. } => Some(*padding),
        _ => None,
    }
}

/// Makes the padding of a convolution a PAD: gives that, and leaves the convolution
/// without any.
fn take_out(graph: &mut Graph, node: &mut Node) -> Option<Node> {
    let (Op::Conv2d { window, .. } | Op::DepthwiseConv2d { window, .. }) = &mut node.op else {
        return None;
    };
    let tensor = |t: Option<usize>| graph.tensors.get(t?);
    let x = tensor(*node.inputs.first()?)?;
    let weights = tensor(*node.inputs.get(1)?)?;
    let y = tensor(node.outputs.first().copied())?;
    let amounts = amounts(window, [&x.shape, &weights.shape, &y.shape])?;
    let mut shape = x.shape.clone();
    for (size, [ahead, behind]) in shape[1..3].iter_mut().zip(amounts) {
        *size += ahead + behind;
    }
    let padded = Tensor {
        name: format!("{}/padded", x.name),
        shape,
        ..x.clone()
    };
    let words = [[0, 0], amounts[0], amounts[1], [0, 0]];
    let words = words.as_flattened().iter();
    let paddings = Tensor {
        name: format!("{}/paddings", x.name),
        shape: vec![4, 2],
        dtype: DType::I32,
        quant: None,
        data: Some(words.flat_map(|&n| (n as i32).to_le_bytes()).collect()),
    };
    window.padding = Padding::Valid;
    let first = graph.tensors.len();
    graph.tensors.extend([padded, paddings]);
    Some(Node {
        op: Op::Pad,
        inputs: vec![node.inputs[0].replace(first), Some(first + 1)],
        outputs: vec![first],
    })
}

/// Positions ahead and behind, in y and in x: behind, what the output takes.
fn amounts(window: &Window, shapes: [&[usize]; 3]) -> Option<[[usize; 2]; 2]> {
    let Padding::Before(ahead) = window.padding else {
        return None;
    };
    let (&[_, h, w, _], &[_, kh, kw, _], &[_, oh, ow, _]) = (shapes[0], shapes[1], shapes[2])
    else {
        return None;
    };
    let along = |axis: usize, size: usize, kernel: usize, outputs: usize| {
        let span = (kernel - 1) * window.dilation[axis] + 1;
        let reach = (outputs - 1) * window.stride[axis] + span;
        [ahead[axis], reach.saturating_sub(size + ahead[axis])]
    };
    Some([along(0, h, kh, oh), along(1, w, kw, ow)])
}
