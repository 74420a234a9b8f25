//! The check behind `Session::new`: after it, no `get` on the way of `run` fails.

use crate::blob::{Blob, MAX_RANK};
use crate::error::ModelError;
use crate::node::Tensor;
use crate::ops::{self, Operator};

pub(crate) fn check(bytes: &[u8], arena_len: usize, table: &[&Operator]) -> Result<(), ModelError> {
    let blob = Blob::parse(bytes)?;
    if arena_len < blob.arena_bytes {
        return Err(ModelError::ArenaTooSmall {
            needed: blob.arena_bytes,
            given: arena_len,
        });
    }
    tensors(&blob)?;
    inputs_and_outputs(&blob)?;
    for node in 0..blob.nodes.len() {
        check_node(&blob, node, table)?;
    }
    lifetimes(&blob, table)
}

/// Every tensor is i8, has the size that its shape says, and lies in the arena.
fn tensors(blob: &Blob<'_>) -> Result<(), ModelError> {
    for tensor in 0..blob.tensors.len() {
        let Some(t) = blob.tensor(tensor as u32) else {
            return Err(ModelError::TensorShape { tensor });
        };
        if t.kind != 0 {
            return Err(ModelError::TensorType { tensor });
        }
        let size = t.dims.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
        let unused_are_one = t.dims.iter().skip(t.rank).all(|&d| d == 1);
        let rank_fits = (1..=MAX_RANK).contains(&t.rank);
        if size != Some(t.len) || t.len == 0 || !rank_fits || !unused_are_one {
            return Err(ModelError::TensorShape { tensor });
        }
        if t.offset
            .checked_add(t.len)
            .is_none_or(|end| end > blob.arena_bytes)
        {
            return Err(ModelError::TensorOutsideArena { tensor });
        }
    }
    Ok(())
}

/// The graph has both, they name tensors, and inputs don't share bytes.
fn inputs_and_outputs(blob: &Blob<'_>) -> Result<(), ModelError> {
    if let Some(at) = blob
        .list
        .iter()
        .position(|&i| i as usize >= blob.tensors.len())
    {
        return Err(ModelError::TensorIndex { at });
    }
    let (Some(inputs), Some(outputs)) = (blob.inputs(), blob.outputs()) else {
        return Err(ModelError::InputsOutputs);
    };
    if inputs.is_empty() || outputs.is_empty() {
        return Err(ModelError::InputsOutputs);
    }
    for (input, a) in tensors_of(blob, inputs).enumerate() {
        if tensors_of(blob, inputs).take(input).any(|b| b.overlaps(&a)) {
            return Err(ModelError::InputsOverlap { input });
        }
    }
    Ok(())
}

/// The node's ranges hold, its operator is known and takes it, and it doesn't
/// write over what it reads.
fn check_node(blob: &Blob<'_>, node: usize, table: &[&Operator]) -> Result<(), ModelError> {
    let Some(view) = blob.node(node) else {
        return Err(ModelError::NodeRange { node });
    };
    let Some(operator) = ops::find(table, view.code()) else {
        let code = view.code();
        return Err(ModelError::UnknownOperator { node, code });
    };
    for output in tensors_of(blob, view.outputs) {
        let shares = |input: Tensor| {
            input.overlaps(&output) && !(operator.copies && input.same_place(&output))
        };
        if tensors_of(blob, view.inputs).any(shares) {
            return Err(ModelError::OutputOverlapsInput { node });
        }
    }
    (operator.check)(&view).map_err(|fault| ModelError::Node { node, fault })
}

/// Whatever is read was written before, once, and its bytes are still there.
fn lifetimes(blob: &Blob<'_>, table: &[&Operator]) -> Result<(), ModelError> {
    let end = blob.nodes.len();
    for node in 0..end {
        let Some(view) = blob.node(node) else {
            return Err(ModelError::NodeRange { node });
        };
        for (place, &tensor) in view.outputs.iter().enumerate() {
            let earlier = view.outputs.iter().take(place).any(|&t| t == tensor);
            if earlier || writer(blob, tensor, node).is_some() {
                return Err(ModelError::WrittenTwice { node });
            }
        }
        for &tensor in view.inputs {
            still_there(blob, table, tensor, node)?;
        }
    }
    for &tensor in blob.outputs().unwrap_or(&[]) {
        still_there(blob, table, tensor, end)?;
    }
    Ok(())
}

/// The first node after the one that writes `tensor`, looking below `before`;
/// an input of the graph counts as written before node 0.
fn writer(blob: &Blob<'_>, tensor: u32, before: usize) -> Option<usize> {
    if blob.inputs()?.contains(&tensor) {
        return Some(0);
    }
    (0..before)
        .find(|&n| blob.node(n).is_some_and(|v| v.outputs.contains(&tensor)))
        .map(|n| n + 1)
}

/// `tensor` was written before `node` reads it, and nothing wrote over it since.
fn still_there(
    blob: &Blob<'_>,
    table: &[&Operator],
    tensor: u32,
    node: usize,
) -> Result<(), ModelError> {
    let (Some(since), Some(t)) = (writer(blob, tensor, node), blob.tensor(tensor)) else {
        return Err(ModelError::ReadBeforeWritten { node });
    };
    for between in since..node {
        let Some(view) = blob.node(between) else {
            continue;
        };
        let copies = ops::find(table, view.code()).is_some_and(|op| op.copies);
        for output in tensors_of(blob, view.outputs) {
            let onto_itself = copies && view.input(0).is_some_and(|i| i.same_place(&output));
            if output.overlaps(&t) && !onto_itself {
                return Err(ModelError::Clobbered {
                    node: between,
                    tensor: tensor as usize,
                });
            }
        }
    }
    Ok(())
}

fn tensors_of<'a>(blob: &'a Blob<'_>, list: &'a [u32]) -> impl Iterator<Item = Tensor> + 'a {
    list.iter().filter_map(|&i| blob.tensor(i))
}
