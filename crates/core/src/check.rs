//! The check behind `Session::new`: after it, no `get` on the way of `run` fails.

use crate::blob::{Blob, MAX_RANK};
use crate::error::{Fault, ModelError};
use crate::node::{Node, Place, Tensor};
use crate::ops::{self, Operator, Overlap, Types};

pub(crate) fn check(bytes: &[u8], arena_len: usize, table: &[&Operator]) -> Result<(), ModelError> {
    // By reference throughout: for a chip copies what is moved.
    let parsed = Blob::parse(bytes);
    let blob = match &parsed {
        Ok(blob) => blob,
        Err(error) => return Err(*error),
    };
    if arena_len < blob.arena_bytes {
        return Err(ModelError::ArenaTooSmall {
            needed: blob.arena_bytes,
            given: arena_len,
        });
    }
    tensors(blob)?;
    inputs_and_outputs(blob)?;
    for node in 0..blob.nodes.len() {
        check_node(blob, node, table)?;
    }
    lifetimes(blob, table)?;
    state(blob)
}

/// Every tensor is of a known type, has the size that its shape says, and lies in
/// the arena or in the data.
fn tensors(blob: &Blob<'_>) -> Result<(), ModelError> {
    for tensor in 0..blob.tensors.len() {
        let Some(t) = blob.tensor(tensor as u32) else {
            return Err(ModelError::TensorShape { tensor });
        };
        if t.kind() > 1 || t.place() == Place::Unknown {
            return Err(ModelError::TensorType { tensor });
        }
        let size = t.dims().iter().try_fold(1usize, |n, &d| n.checked_mul(d));
        let unused_are_one = t.dims().iter().skip(t.rank()).all(|&d| d == 1);
        let rank_fits = (1..=MAX_RANK).contains(&t.rank());
        if size != Some(t.len()) || t.len() == 0 || !rank_fits || !unused_are_one {
            return Err(ModelError::TensorShape { tensor });
        }
        let room = if t.in_arena() {
            blob.arena_bytes
        } else {
            blob.data.len()
        };
        if t.offset().checked_add(t.len()).is_none_or(|end| end > room) {
            return Err(ModelError::TensorOutsideArena { tensor });
        }
    }
    Ok(())
}

/// The graph has both, they name activations, and inputs don't share bytes.
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
    let elsewhere = |t: Tensor<'_>| t.place() != Place::Arena;
    if inputs.is_empty() || outputs.is_empty() || any(blob, [inputs, outputs], &elsewhere) {
        return Err(ModelError::InputsOutputs);
    }
    for (input, a) in tensors_of(blob, inputs).enumerate() {
        let earlier = inputs.get(..input).unwrap_or(&[]);
        if any(blob, [earlier, &[]], &|b| b.overlaps(&a)) {
            return Err(ModelError::InputsOverlap { input });
        }
    }
    Ok(())
}

/// The node's ranges hold, its operator is known and takes it, and it doesn't
/// write over what it reads.
fn check_node(blob: &Blob<'_>, node: usize, table: &[&Operator]) -> Result<(), ModelError> {
    let Some(ref view) = blob.node(node) else {
        return Err(ModelError::NodeRange { node });
    };
    let Some(operator) = ops::find(table, view.code()) else {
        let code = view.code();
        return Err(ModelError::UnknownOperator { node, code });
    };
    let fault = |fault| Err(ModelError::Node { node, fault });
    let ends = [view.inputs, view.outputs];
    let unsigned = any(blob, ends, &|t| t.is_unsigned());
    let types_fit = match operator.types {
        Types::Signed => !unsigned,
        Types::Same => !unsigned || !any(blob, ends, &|t| !t.is_unsigned()),
        Types::Any => true,
    };
    if !types_fit {
        return fault(Fault::Type);
    }
    if any(blob, [view.outputs, &[]], &|t| !t.in_arena()) {
        return fault(Fault::Constant);
    }
    for (o, output) in tensors_of(blob, view.outputs).enumerate() {
        let earlier = view.outputs.get(..o).unwrap_or(&[]);
        if any(blob, [earlier, &[]], &|t| t.overlaps(&output)) {
            return Err(ModelError::OutputsOverlap { node });
        }
    }
    if let Err(found) = (operator.check)(view) {
        return fault(found);
    }
    // Only now: how far an output may lie over an input depends on sound parameters.
    for (o, output) in tensors_of(blob, view.outputs).enumerate() {
        let mut inputs = tensors_of(blob, view.inputs).enumerate();
        if inputs.any(|(i, input)| !operator.keeps(view, (i, &input), (o, &output))) {
            return Err(ModelError::OutputOverlapsInput { node });
        }
    }
    Ok(())
}

/// Whatever is read was written before, once, and its bytes are still there.
fn lifetimes(blob: &Blob<'_>, table: &[&Operator]) -> Result<(), ModelError> {
    let end = blob.nodes.len();
    for node in 0..end {
        let Some(ref view) = blob.node(node) else {
            return Err(ModelError::NodeRange { node });
        };
        for (place, &tensor) in view.outputs.iter().enumerate() {
            let earlier = view.outputs.iter().take(place).any(|&t| t == tensor);
            let again = !is_state(blob, tensor) && writer(blob, tensor, node).is_some();
            if earlier || again {
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

fn is_state(blob: &Blob<'_>, tensor: u32) -> bool {
    blob.tensor(tensor)
        .is_some_and(|t| t.place() == Place::State)
}

/// The nodes that set the state write nothing else and read constants only; every
/// state is set by one of them, and shares its bytes with nobody.
fn state(blob: &Blob<'_>) -> Result<(), ModelError> {
    let resets = || (0..blob.resets).map_while(|n| blob.node(n));
    for (node, view) in resets().enumerate() {
        let other = any(blob, [view.outputs, &[]], &|t| t.place() != Place::State);
        if other || any(blob, [view.inputs, &[]], &|t| t.in_arena()) {
            return Err(ModelError::ResetNode { node });
        }
    }
    for tensor in 0..blob.tensors.len() {
        if !is_state(blob, tensor as u32) {
            continue;
        }
        let set = |view: Node<'_>| view.outputs.contains(&(tensor as u32));
        let shares = |other: usize| {
            let pair = blob.tensor(tensor as u32).zip(blob.tensor(other as u32));
            other != tensor && pair.is_some_and(|(a, b)| a.overlaps(&b))
        };
        if !resets().any(set) || (0..blob.tensors.len()).any(shares) {
            return Err(ModelError::State { tensor });
        }
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
/// Constants and state are always there.
fn still_there(
    blob: &Blob<'_>,
    table: &[&Operator],
    tensor: u32,
    node: usize,
) -> Result<(), ModelError> {
    let Some(t) = blob.tensor(tensor) else {
        return Err(ModelError::ReadBeforeWritten { node });
    };
    if t.place() != Place::Arena {
        return Ok(());
    }
    let Some(since) = writer(blob, tensor, node) else {
        return Err(ModelError::ReadBeforeWritten { node });
    };
    for between in since..node {
        let Some(ref view) = blob.node(between) else {
            continue;
        };
        let copies =
            ops::find(table, view.code()).is_some_and(|op| matches!(op.overlap, Overlap::Copies));
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

fn tensors_of<'a>(blob: &'a Blob<'_>, list: &'a [u32]) -> impl Iterator<Item = Tensor<'a>> + 'a {
    list.iter().filter_map(|&i| blob.tensor(i))
}

/// Whether any tensor of the lists is so. Not generic: one copy serves every question.
#[inline(never)]
fn any(blob: &Blob<'_>, lists: [&[u32]; 2], is: &dyn Fn(Tensor<'_>) -> bool) -> bool {
    lists
        .iter()
        .any(|list| list.iter().any(|&i| blob.tensor(i).is_some_and(is)))
}
