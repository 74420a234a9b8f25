//! Nodes that compute constants, done once and for all.
//!
//! Files hold shapes that are computed when the model runs: Keras's Flatten is SHAPE,
//! STRIDED_SLICE, PACK and RESHAPE. All shapes are known here, so all of that is constant,
//! and the engine never meets an int32 activation.

use crate::ops::{View, moves};
use crate::{Activation, DType, Graph, GraphError, Op, Tensor};

impl Graph {
    /// Turns the outputs of nodes that compute with constants and shapes only into
    /// constants, and takes the nodes out. Tensors keep their indices.
    ///
    /// Folded are SHAPE of any tensor; ADD, SUB and MUL of int32 values; and of int8 and
    /// int32 values all that operators move: RESHAPE, SQUEEZE, EXPAND_DIMS, SLICE,
    /// STRIDED_SLICE, CONCATENATION, PACK, UNPACK, SPLIT, SPLIT_V, TRANSPOSE.
    ///
    /// Gives the former indices of the nodes that stay.
    ///
    /// # Errors
    /// When such a node can't be computed: its shapes don't fit together.
    pub fn fold(&mut self) -> Result<Vec<usize>, GraphError> {
        let mut folded = vec![false; self.nodes.len()];
        for (index, folded) in folded.iter_mut().enumerate() {
            let node = &self.nodes[index];
            let view = View {
                graph: self,
                index,
                node,
            };
            if let Some(values) = constant(&view)? {
                *folded = true;
                for (tensor, data) in node.outputs.clone().into_iter().zip(values) {
                    self.tensors[tensor].data = Some(data);
                }
            }
        }
        let stays: Vec<usize> = (0..folded.len()).filter(|&node| !folded[node]).collect();
        let mut folded = folded.into_iter();
        self.nodes.retain(|_| !folded.next().unwrap_or(false));
        Ok(stays)
    }
}

/// What the node's outputs hold, where that can be known.
fn constant(view: &View<'_>) -> Result<Option<Vec<Vec<u8>>>, GraphError> {
    if view.node.op == Op::Shape {
        return shape(view).map(Some);
    }
    let read = view.node.inputs.iter().flatten();
    let data = |&tensor: &usize| view.graph.tensors.get(tensor)?.data.as_ref();
    if !read.into_iter().all(|tensor| data(tensor).is_some()) {
        return Ok(None);
    }
    match view.node.op {
        Op::Reshape | Op::Squeeze { .. } | Op::ExpandDims => {
            let (x, y) = (view.given(0)?, view.output()?);
            if (x.elements(), x.dtype) != (y.elements(), y.dtype) {
                return Err(view.error(format!(
                    "{:?} and {:?} must hold as many values of one type",
                    x.shape, y.shape
                )));
            }
            Ok(Some(vec![bytes_of(view, x)?.to_vec()]))
        }
        Op::Add { activation } => pairs(view, activation, i32::wrapping_add),
        Op::Sub { activation } => pairs(view, activation, i32::wrapping_sub),
        Op::Mul { activation } => pairs(view, activation, i32::wrapping_mul),
        _ => match moves::of(view)? {
            Some((_, moves)) => moved(view, &moves).map(Some),
            None => Ok(None),
        },
    }
}

fn shape(view: &View<'_>) -> Result<Vec<Vec<u8>>, GraphError> {
    view.arity(1..=1, "the values")?;
    let (x, y) = (view.given(0)?, view.output()?);
    if y.dtype != DType::I32 || y.elements() != x.shape.len() {
        return Err(view.error(format!(
            "the shape of {:?} doesn't fit \"{}\"; it is {} int32 values",
            x.shape,
            y.name,
            x.shape.len()
        )));
    }
    let dims = x.shape.iter().flat_map(|&n| (n as i32).to_le_bytes());
    Ok(vec![dims.collect()])
}

/// Two int32 operands, one of which may be a single value; `None` for other types.
fn pairs(
    view: &View<'_>,
    activation: Activation,
    of: fn(i32, i32) -> i32,
) -> Result<Option<Vec<Vec<u8>>>, GraphError> {
    let (a, b, y) = (view.given(0)?, view.given(1)?, view.output()?);
    let all_int32 = [a, b, y].iter().all(|t| t.dtype == DType::I32);
    if !all_int32 || activation != Activation::None {
        return Ok(None);
    }
    let (a, b) = (view.constant(0, "values")?, view.constant(1, "values")?);
    let n = a.len().max(b.len());
    let fits = |operand: &[i32]| operand.len() == n || operand.len() == 1;
    if !fits(&a) || !fits(&b) || y.elements() != n {
        return Err(view.error(format!(
            "{} and {} int32 values don't fit {}; equal counts or single values are supported",
            a.len(),
            b.len(),
            y.elements()
        )));
    }
    let pairs = a.iter().cycle().zip(b.iter().cycle()).take(n);
    let values = pairs.flat_map(|(&a, &b)| of(a, b).to_le_bytes());
    Ok(Some(vec![values.collect()]))
}

fn moved(view: &View<'_>, moves: &moves::Moves) -> Result<Vec<Vec<u8>>, GraphError> {
    let outputs = view.outputs()?;
    let bytes = outputs[0].dtype.bytes();
    let room = |y: &&Tensor| vec![0; y.elements() * bytes];
    let mut values: Vec<Vec<u8>> = outputs.iter().map(room).collect();
    let places = moves.inputs.clone();
    let inputs: Vec<&[u8]> = places
        .map(|place| bytes_of(view, view.given(place)?))
        .collect::<Result<_, _>>()?;
    moves.apply(bytes, &inputs, &mut values);
    Ok(values)
}

/// The content of a constant, of which there is as much as its shape says.
fn bytes_of<'a>(view: &View<'_>, tensor: &'a Tensor) -> Result<&'a [u8], GraphError> {
    let wanted = tensor.elements().checked_mul(tensor.dtype.bytes());
    tensor
        .data
        .as_deref()
        .filter(|data| Some(data.len()) == wanted)
        .ok_or_else(|| {
            view.error(format!(
                "the constant \"{}\" doesn't hold the values of {:?}",
                tensor.name, tensor.shape
            ))
        })
}
