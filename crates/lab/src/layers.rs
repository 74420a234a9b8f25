//! The int8 graph node by node, as a report lists it.

use lampyris_core::Session;
use lampyris_graph::{AlignedBytes, Graph, Op};

use crate::{LabError, LayerReport};

/// One row a node; `inputs` are int8 windows that the saturation is counted on.
pub(crate) fn layers<'a>(
    graph: &Graph,
    inputs: impl Iterator<Item = &'a [i8]>,
) -> Result<Vec<LayerReport>, LabError> {
    let costs = graph.costs();
    let nodes = graph.nodes.iter().zip(costs);
    let mut rows: Vec<LayerReport> = nodes
        .map(|(node, cost)| {
            let output = &graph.tensors[node.outputs[0]];
            let quant = output.quant.as_ref();
            LayerReport {
                name: output.name.clone(),
                operator: cost.operator.to_string(),
                output_shape: cost.output_shape.iter().map(|d| *d as u32).collect(),
                scale: quant.map_or(0.0, |q| q.scale[0]),
                zero_point: quant.map_or(0, |q| q.zero_point[0]),
                params: cost.params as u32,
                macs: cost.macs as u32,
                bytes: cost.bytes as u32,
                saturated: 0.0,
            }
        })
        .collect();
    for (row, share) in rows.iter_mut().zip(saturation(graph, inputs)?) {
        row.saturated = share;
    }
    Ok(rows)
}

/// The share of each node's outputs that stuck at an end of int8 which is not
/// simply its zero (a ReLU's −128) and may have been cut off.
fn saturation<'a>(
    graph: &Graph,
    inputs: impl Iterator<Item = &'a [i8]>,
) -> Result<Vec<f32>, LabError> {
    let bytes = AlignedBytes::from(graph.emit()?);
    let arena = lampyris_core::arena_bytes(bytes.as_ref()).map_err(refused)?;
    let arena = AlignedBytes::from(vec![0; arena]);
    let mut session = Session::new(bytes, arena, lampyris_core::ops::ALL).map_err(refused)?;
    let ends: Vec<Option<[i8; 2]>> = graph.nodes.iter().map(|node| ends(graph, node)).collect();
    let mut counts = vec![(0usize, 0usize); graph.nodes.len()];
    for input in inputs {
        session.input_mut(0).copy_from_slice(input);
        session.run_with(|node, step| {
            let (stuck, all) = &mut counts[node];
            for (_, values) in step.outputs() {
                *all += values.len();
                if let Some(ends) = ends[node] {
                    *stuck += values.iter().filter(|v| ends.contains(v)).count();
                }
            }
        });
    }
    let shares = counts.into_iter();
    Ok(shares
        .map(|(stuck, all)| crate::metrics::share(stuck, all))
        .collect())
}

/// The values that count as stuck; none for a softmax and its like, whose ends mean
/// "certain" and "impossible".
fn ends(graph: &Graph, node: &lampyris_graph::Node) -> Option<[i8; 2]> {
    match node.op {
        Op::Softmax { .. } | Op::Logistic | Op::Tanh => None,
        _ => {
            let quant = graph.tensors[node.outputs[0]].quant.as_ref()?;
            let zero = quant.zero_point[0];
            Some([
                if zero == -128 { 127 } else { -128 },
                if zero == 127 { -128 } else { 127 },
            ])
        }
    }
}

fn refused(error: lampyris_core::ModelError) -> LabError {
    LabError::new(error.to_string(), "int8 graph", "train again")
}
