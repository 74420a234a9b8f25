//! What a file's network says of itself: layers, tensors, sizes, the arena's plan.

use lampyris_formats::tflite::Metadata;
use lampyris_graph::{DType, Graph, Node, Op, Plan, Quant, Tensor};
use serde::Serialize;
use ts_rs::TS;

/// A network from a `.tflite` file.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct NetworkInfo {
    /// The graph's name; may be empty.
    pub name: String,
    /// The file's own words; may be empty.
    pub description: String,
    /// What the outputs mean, in their order; empty where the file has none.
    pub labels: Vec<String>,
    /// Size of the file.
    pub file_bytes: u32,
    /// Bytes that a chip keeps in flash: the graph as the engine reads it.
    pub flash_bytes: u32,
    /// Bytes of the planned arena.
    pub arena_bytes: u32,
    /// Most bytes that one step can't do without: no plan needs less.
    pub bound_bytes: u32,
    /// Weights and biases, counted one by one.
    #[ts(type = "number")]
    pub params: u64,
    /// Multiply-accumulates of one run.
    #[ts(type = "number")]
    pub macs: u64,
    /// What must be given, in the file's order.
    pub inputs: Vec<TensorInfo>,
    /// What comes out, in the file's order.
    pub outputs: Vec<TensorInfo>,
    /// Operators in the file's graph; some may be done by a neighbour, or before the run.
    pub operators: u32,
    /// In the order they run.
    pub layers: Vec<NetworkLayer>,
    /// Whether a run depends on those before it: a streaming model keeps a state.
    pub stateful: bool,
    /// Where each activation lies in the arena, and when.
    pub places: Vec<ArenaPlace>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct NetworkLayer {
    /// TFLite's name.
    pub operator: String,
    /// The operator's settings in short words; may be empty.
    pub options: String,
    /// Operators of the file that this layer does along, such as a PAD or a RELU.
    pub with: Vec<String>,
    /// Done once, before any run: nothing that it reads changes.
    pub folded: bool,
    /// Layers whose outputs it reads; none for the graph's inputs.
    pub from: Vec<u32>,
    /// What it reads: activations and constants.
    pub reads: Vec<TensorInfo>,
    /// What it writes.
    pub writes: Vec<TensorInfo>,
    /// Weights and biases.
    #[ts(type = "number")]
    pub params: u64,
    /// Multiply-accumulates.
    #[ts(type = "number")]
    pub macs: u64,
    /// Bytes of weights and biases.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Bytes of activations that it can't do without while it runs.
    pub live_bytes: u32,
}

/// One tensor.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct TensorInfo {
    /// Name in the file.
    pub name: String,
    /// Dimensions, batch first.
    pub shape: Vec<u32>,
    /// "int8", "uint8" or "int32".
    pub dtype: String,
    /// A constant of the model rather than an activation.
    pub constant: bool,
    /// How many scales: 0 for none, 1 for all values, else one a slice of `axis`.
    pub scales: u32,
    /// The smallest scale.
    pub scale: f32,
    /// The largest scale.
    pub scale_to: f32,
    /// The zero point; 0 where each slice has its own scale.
    pub zero_point: i32,
    /// The dimension that the scales belong to.
    pub axis: u32,
}

/// One activation's time and place in the arena.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ArenaPlace {
    /// Name in the file.
    pub name: String,
    /// Dimensions.
    pub shape: Vec<u32>,
    /// First layer at which it must be there.
    pub first: u32,
    /// Last layer at which it must be there.
    pub last: u32,
    /// Bytes from the arena's start.
    pub offset: u32,
    /// Bytes.
    pub size: u32,
}

impl NetworkInfo {
    /// Of a graph as the file states it, and as it runs.
    pub(super) fn of(
        [stated, graph]: [&Graph; 2],
        metadata: &Metadata,
        plan: &Plan,
        [file, flash]: [usize; 2],
    ) -> Self {
        let costs = graph.costs();
        let ends = |list: &[usize]| list.iter().filter_map(|&t| tensor(graph, t)).collect();
        let placed = |t: &usize| plan.placements.iter().any(|p| p.tensor == *t);
        let layer = |(n, node): (usize, &Node)| NetworkLayer {
            with: with(stated, node),
            folded: !node.outputs.is_empty() && !node.outputs.iter().any(placed),
            operator: node.op.name().to_owned(),
            options: options(&node.op),
            from: writers(graph, node),
            reads: ends(&node.inputs.iter().flatten().copied().collect::<Vec<_>>()),
            writes: ends(&node.outputs),
            params: costs[n].params,
            macs: costs[n].macs,
            bytes: costs[n].bytes,
            live_bytes: plan.live_bytes.get(n).map_or(0, |&b| b as u32),
        };
        let places = plan.placements.iter().filter_map(|p| {
            let t = graph.tensors.get(p.tensor)?;
            Some(ArenaPlace {
                name: t.name.clone(),
                shape: shape(t),
                first: p.first as u32,
                last: p.last as u32,
                offset: p.offset as u32,
                size: p.size as u32,
            })
        });
        Self {
            name: graph.name.clone(),
            description: metadata.description.clone(),
            labels: metadata.labels.clone(),
            file_bytes: file as u32,
            flash_bytes: flash as u32,
            arena_bytes: plan.arena_bytes as u32,
            bound_bytes: plan.live_bytes.iter().max().map_or(0, |&b| b as u32),
            params: costs.iter().map(|c| c.params).sum(),
            macs: costs.iter().map(|c| c.macs).sum(),
            inputs: ends(&graph.inputs),
            outputs: ends(&graph.outputs),
            operators: stated.nodes.len() as u32,
            layers: graph.nodes.iter().enumerate().map(layer).collect(),
            stateful: !graph.variables.is_empty(),
            places: places.collect(),
        }
    }
}

/// Scale and zero point of an activation; a checked graph has them.
pub(super) fn scale(tensor: &Tensor) -> (f32, i32) {
    match &tensor.quant {
        Some(Quant {
            scale, zero_point, ..
        }) => (
            scale.first().copied().unwrap_or(1.0),
            zero_point.first().copied().unwrap_or(0),
        ),
        None => (1.0, 0),
    }
}

/// The raw byte that stands for real 0.
pub(super) fn zero(tensor: &Tensor) -> u8 {
    scale(tensor).1 as u8
}

fn shape(tensor: &Tensor) -> Vec<u32> {
    tensor.shape.iter().map(|&d| d as u32).collect()
}

fn tensor(graph: &Graph, index: usize) -> Option<TensorInfo> {
    let t = graph.tensors.get(index)?;
    let scales = t.quant.as_ref().map_or(&[][..], |q| &q.scale);
    let one = scales.len() == 1;
    Some(TensorInfo {
        name: t.name.clone(),
        shape: shape(t),
        dtype: match t.dtype {
            DType::I8 => "int8",
            DType::U8 => "uint8",
            DType::I32 => "int32",
        }
        .to_owned(),
        constant: t.data.is_some(),
        scales: scales.len() as u32,
        scale: scales.iter().copied().reduce(f32::min).unwrap_or(0.0),
        scale_to: scales.iter().copied().reduce(f32::max).unwrap_or(0.0),
        zero_point: if one { scale(t).1 } else { 0 },
        axis: t.quant.as_ref().map_or(0, |q| q.axis as u32),
    })
}

/// What stands in the file between a layer's outputs and its inputs, but the layer itself.
fn with(stated: &Graph, node: &Node) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = node.outputs.clone();
    while let Some(tensor) = open.pop() {
        let writer = stated
            .nodes
            .iter()
            .position(|n| n.outputs.contains(&tensor));
        if let Some(writer) = writer.filter(|w| !found.contains(w)) {
            found.push(writer);
            let reads = stated.nodes[writer].inputs.iter().flatten();
            open.extend(reads.filter(|t| !node.inputs.contains(&Some(**t))));
        }
    }
    found.sort_unstable();
    let mut names: Vec<String> = found
        .iter()
        .map(|&n| stated.nodes[n].op.name().to_owned())
        .collect();
    if let Some(itself) = names.iter().position(|name| name == node.op.name()) {
        names.remove(itself);
    }
    names
}

/// The layers that write what `node` reads, each once.
fn writers(graph: &Graph, node: &Node) -> Vec<u32> {
    let mut from = Vec::new();
    for read in node.inputs.iter().flatten() {
        let writer = graph.nodes.iter().position(|n| n.outputs.contains(read));
        if let Some(writer) = writer.map(|n| n as u32)
            && !from.contains(&writer)
        {
            from.push(writer);
        }
    }
    from
}

/// The operator's own debug form without its name, its braces and what is plain, so
/// that a new operator is described without a word here: "padding: Same, stride: [2, 2]".
fn options(op: &Op) -> String {
    let text = format!("{op:?}");
    let inner = text.split_once("{ ").and_then(|(_, t)| t.rsplit_once(" }"));
    let mut text = inner.map_or("", |(inner, _)| inner).to_owned();
    for plain in [
        "window: Window { ",
        "pool: Pool { ",
        " }",
        "dilation: [1, 1]",
        "activation: None",
        "beta: 1.0",
    ] {
        text = text.replace(plain, "");
    }
    let plain = |one: &&str| one.is_empty() || one.ends_with("false") || one.ends_with("_mask: 0");
    let told: Vec<&str> = text.split(", ").filter(|one| !plain(one)).collect();
    told.join(", ")
}
