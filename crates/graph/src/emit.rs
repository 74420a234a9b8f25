//! The bytes that a chip runs: see `lampyris_core::blob` for the layout.
//!
//! A [`Draft`] is the graph with every operator lowered and nothing placed yet. The
//! planner asks it, through the engine's own rules, which outputs may lie over their
//! inputs; with the plan it becomes the blob.

use std::borrow::Cow;

use lampyris_core::Session;
use lampyris_core::blob::{ALIGN, HEADER_WORDS, MAGIC, MAX_RANK, VERSION};
use lampyris_core::ops::{self, ALL};

use crate::ops::{Data, Lowered, View, lower, var_handle};
use crate::{AlignedBytes, DType, Graph, GraphError, Plan, Tensor, plan};

/// Words of a tensor and of a node.
const RECORD: usize = 8;

pub(crate) fn emit(graph: &Graph) -> Result<Vec<u8>, GraphError> {
    let mut draft = Draft::new(graph)?;
    let plan = plan::place(graph, &draft)?;
    draft.settle(graph, &plan)?;
    let blob = draft.blob(graph, &plan)?;
    drop(draft);
    // The engine has the last word: what it would refuse is never handed out.
    Session::new(AlignedBytes::new(&blob), vec![0; plan.arena_bytes], ALL).map_err(|e| {
        GraphError {
            node: None,
            message: format!("the engine refuses the graph: {e}"),
        }
    })?;
    Ok(blob)
}

/// A graph whose operators are lowered.
pub(crate) struct Draft {
    /// Those that set the variables, then one for each node of the graph.
    pub(crate) nodes: Vec<Lowered>,
    /// How many set the variables.
    pub(crate) resets: usize,
    data: Data,
}

impl Draft {
    pub(crate) fn new(graph: &Graph) -> Result<Self, GraphError> {
        graph.check()?;
        let mut data = Data::default();
        let resets = graph.variables.len();
        let mut nodes = Vec::with_capacity(resets + graph.nodes.len());
        for variable in &graph.variables {
            nodes.push(var_handle::lower(graph, variable, &mut data));
        }
        for (index, node) in graph.nodes.iter().enumerate() {
            nodes.push(lower(&View { graph, index, node }, &mut data)?);
        }
        let mut draft = Self {
            nodes,
            resets,
            data,
        };
        draft.store_constants(graph);
        Ok(draft)
    }

    /// Constants that operators take as tensors go into the data.
    fn store_constants(&mut self, graph: &Graph) {
        for tensor in self.nodes.iter().flat_map(|n| &n.inputs) {
            if let Some(content) = &graph.tensors[*tensor].data {
                let data = &mut self.data;
                data.places
                    .entry(*tensor)
                    .or_insert_with(|| push(&mut data.bytes, content.iter().copied()));
            }
        }
    }

    /// Tells operators that may write backwards whether they must.
    fn settle(&mut self, graph: &Graph, plan: &Plan) -> Result<(), GraphError> {
        let blob = AlignedBytes::from(self.blob(graph, plan)?);
        let place = |tensor: usize| plan.placements.iter().find(|p| p.tensor == tensor);
        for (index, node) in self.nodes.iter_mut().enumerate() {
            let ends = node.inputs.first().zip(node.outputs.first());
            let places = ends.and_then(|(&x, &y)| place(x).zip(place(y)));
            let (Some(word), Some((x, y))) = (node.reversed_at, places) else {
                continue;
            };
            let meet = x.offset < y.offset + y.size && y.offset < x.offset + x.size;
            let reach = ops::reach(blob.as_ref(), ALL, index, 0);
            let forwards = reach.is_some_and(|r| y.offset.saturating_add(r.before) <= x.offset);
            node.params[word] = u32::from(meet && !forwards);
        }
        Ok(())
    }

    /// The blob. Tensors that the plan doesn't hold lie at 0, and so do all where there
    /// is none yet: enough to ask the engine about the nodes.
    pub(crate) fn blob(&self, graph: &Graph, plan: &Plan) -> Result<Vec<u8>, GraphError> {
        let mut index_of = vec![0u32; graph.tensors.len()];
        let mut tensors = Vec::new();
        for (index, t) in graph.tensors.iter().enumerate() {
            let placed = plan.placements.iter().find(|p| p.tensor == index);
            let offset = match (placed, self.data.places.get(&index)) {
                (Some(placement), _) => placement.offset as u32,
                (None, Some(&at)) => at,
                (None, None) => continue,
            };
            index_of[index] = (tensors.len() / RECORD) as u32;
            tensors.extend(record(index, t, graph.is_variable(index), offset));
        }
        let indices = |tensors: &[usize]| tensors.iter().map(|&t| index_of[t]).collect::<Vec<_>>();
        let mut list = indices(&graph.inputs);
        list.extend(indices(&graph.outputs));
        let (mut nodes, mut params) = (Vec::new(), Vec::new());
        for (place, node) in self.nodes.iter().enumerate() {
            let (inputs, outputs) = (indices(&node.inputs), indices(&node.outputs));
            nodes.extend([
                node.code,
                params.len() as u32,
                node.params.len() as u32,
                list.len() as u32,
                inputs.len() as u32,
                (list.len() + inputs.len()) as u32,
                outputs.len() as u32,
                place.saturating_sub(self.resets) as u32,
            ]);
            params.extend(&node.params);
            list.extend(inputs.into_iter().chain(outputs));
        }
        let sections = [
            (tensors.len() / RECORD, Cow::Owned(bytes(tensors))),
            (nodes.len() / RECORD, Cow::Owned(bytes(nodes))),
            (list.len(), Cow::Owned(bytes(list))),
            (params.len(), Cow::Owned(bytes(params))),
            (self.data.bytes.len(), Cow::Borrowed(&self.data.bytes[..])),
        ];
        self.assemble(graph, plan, sections)
    }

    fn assemble(
        &self,
        graph: &Graph,
        plan: &Plan,
        sections: [(usize, Cow<'_, [u8]>); 5],
    ) -> Result<Vec<u8>, GraphError> {
        let mut places = Vec::new();
        let mut total = HEADER_WORDS * 4;
        for (count, section) in &sections {
            places.extend([total, *count]);
            total += section.len().next_multiple_of(ALIGN);
        }
        if u32::try_from(total.max(plan.arena_bytes)).is_err() {
            return Err(GraphError {
                node: None,
                message: format!(
                    "the graph takes {total} bytes and {} of arena; 4 GiB is the limit",
                    plan.arena_bytes
                ),
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
        header.push(self.resets as u32);
        header.resize(HEADER_WORDS, 0);
        // Weights are large: they are copied once, into a place of the right size.
        let mut blob = Vec::with_capacity(total);
        blob.extend(bytes(header));
        for (_, section) in sections {
            blob.extend(section.as_ref());
            blob.resize(blob.len().next_multiple_of(ALIGN), 0);
        }
        Ok(blob)
    }
}

/// Appends on a boundary that any kernel can read from, and says where.
pub(crate) fn push(data: &mut Vec<u8>, bytes: impl IntoIterator<Item = u8>) -> u32 {
    let at = data.len().next_multiple_of(ALIGN);
    data.resize(at, 0);
    data.extend(bytes);
    at as u32
}

fn bytes(words: Vec<u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// Eight words. More than four dimensions are folded into the first: no operator looks
/// at it alone.
fn record(index: usize, t: &Tensor, variable: bool, offset: u32) -> [u32; RECORD] {
    let (outer, inner) = t.shape.split_at(t.shape.len().saturating_sub(MAX_RANK - 1));
    let mut dims: Vec<usize> = inner.to_vec();
    if !outer.is_empty() || dims.is_empty() {
        dims.insert(0, outer.iter().product());
    }
    let rank = dims.len() as u32;
    dims.resize(MAX_RANK, 1);
    let kind = u32::from(t.dtype == DType::U8);
    let place = match (&t.data, variable) {
        (Some(_), _) => 2,
        (None, true) => 1,
        (None, false) => 0,
    };
    let dim = |i: usize| dims[i] as u32;
    [
        index as u32,
        kind | rank << 8 | place << 16,
        offset,
        t.elements() as u32,
        dim(0),
        dim(1),
        dim(2),
        dim(3),
    ]
}
