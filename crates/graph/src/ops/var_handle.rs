//! VAR_HANDLE: see the engine's file of the same name.

use super::{Data, Lowered};
use crate::{Graph, Variable};

/// The node that gives a variable its first content.
pub(crate) fn lower(graph: &Graph, variable: &Variable, data: &mut Data) -> Lowered {
    let tensor = &graph.tensors[variable.tensor];
    let zero = tensor.quant.as_ref().and_then(|q| q.zero_point.first());
    let (at, fill) = match &variable.initial {
        Some(content) => (data.push(content.iter().copied()), 0),
        None => (u32::MAX, zero.copied().unwrap_or(0)),
    };
    Lowered {
        code: lampyris_core::ops::VAR_HANDLE.code,
        params: vec![at, fill as u32],
        inputs: Vec::new(),
        outputs: vec![variable.tensor],
        reversed_at: None,
    }
}
