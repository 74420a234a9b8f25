//! `lampyris inspect`

use std::path::Path;

use lampyris_formats::{bundle, tflite};
use lampyris_graph::{Graph, Tensor};
use lampyris_lab::{LabError, ModelInfo, Report, model_settings};
use serde::Serialize;
use serde_json::Value;

use crate::{Outcome, output};

/// What is in a `.tflite`; also part of what is in a bundle.
#[derive(Serialize)]
struct Network {
    name: String,
    labels: Vec<String>,
    description: String,
    inputs: Vec<TensorInfo>,
    outputs: Vec<TensorInfo>,
    operators: Vec<OperatorInfo>,
    params: u64,
    macs: u64,
    arena_bytes: usize,
    /// The pipeline's settings, where the file carries them.
    settings: Value,
}

#[derive(Serialize)]
struct TensorInfo {
    name: String,
    shape: Vec<usize>,
    scale: Vec<f32>,
    zero_point: Vec<i32>,
}

#[derive(Serialize)]
struct OperatorInfo {
    operator: &'static str,
    output_shape: Vec<usize>,
    params: u64,
    macs: u64,
    bytes: u64,
}

/// What is in a bundle.
#[derive(Serialize)]
struct BundleInfo {
    #[serde(flatten)]
    info: ModelInfo,
    /// Windows with the bytes to expect, in the host part.
    golden: usize,
    card: Option<String>,
    network: Option<Network>,
    report: Option<Report>,
}

#[derive(Serialize)]
struct File<T: Serialize> {
    kind: &'static str,
    bytes: usize,
    #[serde(flatten)]
    content: T,
}

/// Prints what is in a model file.
pub(crate) fn inspect(model: &Path, json: bool) -> Outcome {
    let bytes = output::read(model)?;
    let place = |mut e: LabError| {
        e.place = format!("{}, {}", model.display(), e.place);
        e
    };
    let size = bytes.len();
    let value = if bytes.get(4..8) == Some(b"TFL3") {
        let content = network(&bytes).map_err(place)?;
        to_value(&File {
            kind: "tflite",
            bytes: size,
            content,
        })
    } else {
        let content = bundle_info(&bytes).map_err(place)?;
        to_value(&File {
            kind: "bundle",
            bytes: size,
            content,
        })
    };
    if json {
        return output::print(&value);
    }
    print_text(&value, "");
    Ok(())
}

fn to_value<T: Serialize>(file: &T) -> Value {
    serde_json::to_value(file).expect("plain data with text keys")
}

fn network(bytes: &[u8]) -> Outcome<Network> {
    let (graph, metadata) = tflite::read(bytes)?;
    let costs = graph.costs();
    Ok(Network {
        inputs: tensors(&graph, &graph.inputs),
        outputs: tensors(&graph, &graph.outputs),
        params: costs.iter().map(|c| c.params).sum(),
        macs: costs.iter().map(|c| c.macs).sum(),
        arena_bytes: graph.plan()?.arena_bytes,
        operators: costs
            .into_iter()
            .map(|c| OperatorInfo {
                operator: c.operator,
                output_shape: c.output_shape,
                params: c.params,
                macs: c.macs,
                bytes: c.bytes,
            })
            .collect(),
        name: graph.name,
        labels: metadata.labels,
        description: metadata.description,
        settings: serde_json::from_str(&metadata.settings_json).unwrap_or(Value::Null),
    })
}

fn tensors(graph: &Graph, indices: &[usize]) -> Vec<TensorInfo> {
    let info = |t: &Tensor| TensorInfo {
        name: t.name.clone(),
        shape: t.shape.clone(),
        scale: t.quant.as_ref().map_or_else(Vec::new, |q| q.scale.clone()),
        zero_point: t
            .quant
            .as_ref()
            .map_or_else(Vec::new, |q| q.zero_point.clone()),
    };
    indices.iter().map(|&i| info(&graph.tensors[i])).collect()
}

fn bundle_info(bytes: &[u8]) -> Outcome<BundleInfo> {
    let bundle = bundle::read(bytes)?;
    let Some(host) = bundle.host else {
        return Ok(BundleInfo {
            info: ModelInfo::of(&bundle.chip, Vec::new(), None)?,
            golden: 0,
            card: None,
            network: None,
            report: None,
        });
    };
    let report: Option<Report> = serde_json::from_str(&host.report_json).ok();
    // A bundle may come from elsewhere, with a network that carries no settings.
    let axes = model_settings(&host.tflite).map_or_else(|_| Vec::new(), |(_, axes)| axes);
    Ok(BundleInfo {
        info: ModelInfo::of(&bundle.chip, axes, report.as_ref())?,
        golden: host.golden.len(),
        card: Some(host.card),
        network: Some(network(&host.tflite)?),
        report,
    })
}

/// One line a value, nested names joined by dots; long lists are counted.
fn print_text(value: &Value, path: &str) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                print_text(value, &format!("{path}{dot}{name}"));
            }
        }
        Value::Array(items) if items.len() > 8 || items.iter().any(Value::is_object) => {
            println!("{path}: {} items", items.len());
        }
        Value::Null => {}
        other => println!("{path}: {other}"),
    }
}
