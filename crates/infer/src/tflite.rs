//! `.tflite` files to what the engine runs.

use lampyris_formats::{FormatError, tflite};
use lampyris_graph::{DType, Graph, GraphError, Tensor};

use crate::error::Refused;
use crate::model::{End, Kind};

/// A file's network.
pub(crate) struct Network {
    /// As the engine runs it.
    pub(crate) blob: Vec<u8>,
    pub(crate) inputs: Vec<End>,
    pub(crate) outputs: Vec<End>,
    pub(crate) labels: Vec<String>,
}

pub(crate) fn read(file: Vec<u8>) -> Result<Network, Refused> {
    // Weights are copied a few times on their way: no copy lives longer than it must.
    let (stated, metadata) = tflite::read(&file).map_err(of_format)?;
    drop(file);
    let graph = stated.fused();
    drop(stated);
    let blob = graph.emit().map_err(|e| of_graph(&graph, &e))?;
    let ends = |all: &[usize]| -> Vec<End> {
        let tensors = all.iter().filter_map(|&i| graph.tensors.get(i));
        tensors.map(end).collect()
    };
    Ok(Network {
        inputs: ends(&graph.inputs),
        outputs: ends(&graph.outputs),
        blob,
        labels: metadata.labels,
    })
}

fn end(tensor: &Tensor) -> End {
    let quant = tensor.quant.as_ref();
    let first = quant.and_then(|q| q.scale.first().zip(q.zero_point.first()));
    let (scale, zero) = first.map_or((1.0, 0), |(&scale, &zero)| (scale, zero));
    End {
        kind: match tensor.dtype {
            DType::U8 => Kind::Uint8,
            DType::I8 | DType::I32 => Kind::Int8,
        },
        len: tensor.elements(),
        scale,
        zero,
    }
}

fn of_format(error: FormatError) -> Refused {
    Refused::new(error.what, error.place, error.remedy)
}

/// Why a file's graph can't be run.
fn of_graph(graph: &Graph, error: &GraphError) -> Refused {
    let node = error.node.and_then(|n| Some((n, graph.nodes.get(n)?)));
    let place = match node {
        Some((n, node)) => format!("operator {n} ({})", node.op.name()),
        None => "the graph".to_owned(),
    };
    let remedy = "use operators and shapes that int8 models for microcontrollers have";
    Refused::new(error.message.clone(), place, remedy)
}
