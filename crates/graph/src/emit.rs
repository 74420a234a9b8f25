//! The bytes that a chip runs: see `lampyris_core::blob` for the layout.

use lampyris_core::blob::{ALIGN, HEADER_WORDS, MAGIC, MAX_RANK, VERSION};
use lampyris_core::{Session, ops::ALL};

use crate::ops::{self, Data, View};
use crate::{AlignedBytes, Graph, GraphError, Plan};

pub(crate) fn emit(graph: &Graph) -> Result<Vec<u8>, GraphError> {
    let plan = graph.plan()?;
    let mut index_of = vec![0u32; graph.tensors.len()];
    for (index, placement) in plan.placements.iter().enumerate() {
        index_of[placement.tensor] = index as u32;
    }
    let indices = |tensors: &[usize]| tensors.iter().map(|&t| index_of[t]).collect::<Vec<_>>();
    let mut list = indices(&graph.inputs);
    list.extend(indices(&graph.outputs));
    let (mut nodes, mut params, mut data) = (Vec::new(), Vec::new(), Data::default());
    for (index, node) in graph.nodes.iter().enumerate() {
        let view = View { graph, index, node };
        let lowered = ops::lower(&view, &mut data)?;
        let (inputs, outputs) = (indices(&lowered.inputs), indices(&node.outputs));
        nodes.extend([
            lowered.code,
            params.len() as u32,
            lowered.params.len() as u32,
            list.len() as u32,
            inputs.len() as u32,
            (list.len() + inputs.len()) as u32,
            outputs.len() as u32,
            0,
        ]);
        params.extend(lowered.params);
        list.extend(inputs.into_iter().chain(outputs));
    }
    let blob = Sections {
        tensors: tensors(graph, &plan),
        nodes,
        list,
        params,
        data: data.0,
    }
    .assemble(graph, &plan)?;
    // The engine has the last word: what it would refuse is never handed out.
    Session::new(AlignedBytes::new(&blob), vec![0; plan.arena_bytes], ALL).map_err(|e| {
        GraphError {
            node: None,
            message: format!("the engine refuses the graph: {e}"),
        }
    })?;
    Ok(blob)
}

/// Eight words a tensor. More than four dimensions are folded into the first:
/// no operator looks at it alone.
fn tensors(graph: &Graph, plan: &Plan) -> Vec<u32> {
    let mut words = Vec::new();
    for p in &plan.placements {
        let shape = &graph.tensors[p.tensor].shape;
        let (outer, inner) = shape.split_at(shape.len().saturating_sub(MAX_RANK - 1));
        let mut dims: Vec<usize> = inner.to_vec();
        if !outer.is_empty() || dims.is_empty() {
            dims.insert(0, outer.iter().product());
        }
        let rank = dims.len() as u32;
        dims.resize(MAX_RANK, 1);
        words.extend([p.tensor as u32, rank << 8, p.offset as u32, p.size as u32]);
        words.extend(dims.iter().map(|&d| d as u32));
    }
    words
}

struct Sections {
    tensors: Vec<u32>,
    nodes: Vec<u32>,
    list: Vec<u32>,
    params: Vec<u32>,
    data: Vec<u8>,
}

impl Sections {
    fn assemble(self, graph: &Graph, plan: &Plan) -> Result<Vec<u8>, GraphError> {
        let counts = [
            self.tensors.len() / 8,
            self.nodes.len() / 8,
            self.list.len(),
            self.params.len(),
            self.data.len(),
        ];
        let bytes = |words: Vec<u32>| words.into_iter().flat_map(u32::to_le_bytes).collect();
        let sections: [Vec<u8>; 5] = [
            bytes(self.tensors),
            bytes(self.nodes),
            bytes(self.list),
            bytes(self.params),
            self.data,
        ];
        let mut body = Vec::new();
        let mut places = Vec::new();
        for (section, count) in sections.into_iter().zip(counts) {
            places.extend([HEADER_WORDS * 4 + body.len(), count]);
            body.extend(section);
            body.resize(body.len().next_multiple_of(ALIGN), 0);
        }
        let total = HEADER_WORDS * 4 + body.len();
        if u32::try_from(total).is_err() {
            return Err(GraphError {
                node: None,
                message: format!("the graph takes {total} bytes; 4 GiB is the limit"),
            });
        }
        let mut header = vec![
            u32::from_le_bytes(MAGIC),
            VERSION,
            total as u32,
            plan.arena_bytes as u32,
        ];
        header.extend(places.into_iter().map(|n| n as u32));
        header.extend([graph.inputs.len() as u32, graph.outputs.len() as u32]);
        let mut blob: Vec<u8> = header.into_iter().flat_map(u32::to_le_bytes).collect();
        blob.extend(body);
        Ok(blob)
    }
}
