//! Nodes that need not run: what they do is done by a neighbour, to the same bytes.
//!
//! | what | becomes |
//! |---|---|
//! | PAD with the zero point, before a convolution without padding | that convolution's padding |
//! | RELU, RELU6 of the same scale, behind an operator that clamps | that operator's activation |
//! | QUANTIZE to the type, scale and zero point that it comes from | nothing |
//!
//! A tensor that vanishes must be read by that neighbour alone, and be no output.

use crate::{Activation, Graph, Node, Op, Padding, Tensor};

pub(crate) fn fused(graph: &Graph) -> Graph {
    let mut graph = graph.clone();
    // Each step takes one node away, so there are no more steps than nodes.
    while step(&mut graph) {}
    graph
}

fn step(graph: &mut Graph) -> bool {
    (0..graph.nodes.len())
        .any(|node| pad(graph, node) || activation(graph, node) || identity(graph, node))
}

/// The only node that reads what `node` writes, if it is read nowhere else.
fn only_reader(graph: &Graph, node: usize) -> Option<usize> {
    let &[tensor] = &graph.nodes[node].outputs[..] else {
        return None;
    };
    let reads = |n: &Node| n.inputs.iter().filter(|&&i| i == Some(tensor)).count();
    let all: usize = graph.nodes.iter().map(reads).sum();
    if all != 1 || graph.outputs.contains(&tensor) {
        return None;
    }
    graph.nodes.iter().position(|n| reads(n) == 1)
}

fn input<'a>(graph: &'a Graph, node: &Node, place: usize) -> Option<&'a Tensor> {
    graph.tensors.get((*node.inputs.get(place)?)?)
}

/// PAD into the convolution that follows.
fn pad(graph: &mut Graph, node: usize) -> bool {
    let Some((reader, before)) = padding(graph, node).zip(pads(graph, node)) else {
        return false;
    };
    let x = graph.nodes[node].inputs[0];
    match &mut graph.nodes[reader].op {
        Op::Conv2d { window, .. } | Op::DepthwiseConv2d { window, .. } => {
            window.padding = Padding::Before(before);
        }
        _ => return false,
    }
    graph.nodes[reader].inputs[0] = x;
    graph.nodes.remove(node);
    true
}

/// The convolution without padding that alone reads what `node` pads.
fn padding(graph: &Graph, node: usize) -> Option<usize> {
    let reader = only_reader(graph, node)?;
    let valid = match &graph.nodes[reader].op {
        Op::Conv2d { window, .. } | Op::DepthwiseConv2d { window, .. } => {
            window.padding == Padding::Valid
        }
        _ => false,
    };
    let padded = graph.nodes[node].outputs.first().copied();
    (valid && graph.nodes[reader].inputs.first() == Some(&padded)).then_some(reader)
}

/// Rows and columns that a PAD with the zero point puts before a picture, if it does
/// nothing else.
fn pads(graph: &Graph, node: usize) -> Option<[usize; 2]> {
    let pad = &graph.nodes[node];
    let x = input(graph, pad, 0).filter(|x| x.data.is_none())?;
    let quant = x.quant.as_ref()?;
    match pad.op {
        Op::Pad => {}
        Op::PadV2 => {
            let value = input(graph, pad, 2)?.data.as_deref()?;
            let zero = *quant.zero_point.first()?;
            (value == [zero as i8 as u8]).then_some(())?;
        }
        _ => return None,
    }
    let y = graph.tensors.get(*pad.outputs.first()?)?;
    if y.quant.as_ref() != Some(quant) || y.dtype != x.dtype {
        return None;
    }
    match input(graph, pad, 1)?.int32s()?[..] {
        [0, 0, top, bottom, left, right, 0, 0] if bottom >= 0 && right >= 0 => {
            Some([usize::try_from(top).ok()?, usize::try_from(left).ok()?])
        }
        _ => None,
    }
}

/// RELU or RELU6 into the operator before it.
fn activation(graph: &mut Graph, node: usize) -> bool {
    let clamp = match graph.nodes[node].op {
        Op::Relu => Activation::Relu,
        Op::Relu6 => Activation::Relu6,
        _ => return false,
    };
    let (&[Some(x)], &[y]) = (
        &graph.nodes[node].inputs[..],
        &graph.nodes[node].outputs[..],
    ) else {
        return false;
    };
    let same = graph.tensors[x].quant == graph.tensors[y].quant;
    let writer = graph.nodes.iter().position(|n| n.outputs == [x]);
    let Some(writer) = writer.filter(|&w| same && only_reader(graph, w) == Some(node)) else {
        return false;
    };
    match &mut graph.nodes[writer].op {
        Op::Conv2d { activation, .. }
        | Op::DepthwiseConv2d { activation, .. }
        | Op::TransposeConv { activation, .. }
        | Op::FullyConnected { activation }
        | Op::AveragePool2d { activation, .. }
        | Op::MaxPool2d { activation, .. }
        | Op::Add { activation }
        | Op::Sub { activation }
        | Op::Mul { activation }
            if [Activation::None, clamp].contains(activation) =>
        {
            *activation = clamp;
        }
        _ => return false,
    }
    graph.nodes[writer].outputs = vec![y];
    graph.nodes.remove(node);
    true
}

/// QUANTIZE that changes nothing.
fn identity(graph: &mut Graph, node: usize) -> bool {
    let one = &graph.nodes[node];
    let (Op::Quantize, &[Some(x)], &[y]) = (&one.op, &one.inputs[..], &one.outputs[..]) else {
        return false;
    };
    let (from, to) = (&graph.tensors[x], &graph.tensors[y]);
    let same = from.quant == to.quant && from.dtype == to.dtype && from.shape == to.shape;
    let kept = graph.outputs.contains(&y) || graph.is_variable(x) || from.data.is_some();
    // What reads y later must find the bytes of x, which nothing writes twice.
    if !same || kept {
        return false;
    }
    for reader in &mut graph.nodes {
        for input in &mut reader.inputs {
            if *input == Some(y) {
                *input = Some(x);
            }
        }
    }
    graph.nodes.remove(node);
    true
}
