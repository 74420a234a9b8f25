//! `lampyris inspect`

use std::path::Path;

use lampyris_formats::{bundle, tflite};
use lampyris_lab::{LabError, ModelInfo, NetworkInfo, Report, model_settings};
use serde::Serialize;
use serde_json::Value;

use crate::{Outcome, output};

/// What is in a `.tflite`; also part of what is in a bundle.
#[derive(Serialize)]
struct Network {
    #[serde(flatten)]
    info: NetworkInfo,
    /// The pipeline's settings, where the file carries them.
    settings: Value,
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
    // What is neither is best told by the reader of .tflite, which knows many a stranger.
    let value = if !bytes.starts_with(b"LAMPYRIS") {
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
    let mut text = String::new();
    list(&value, "", &mut text);
    let network = value.get("network").unwrap_or(&value);
    let layers = network["layers"].as_array();
    list_layers(layers.map_or(&[], Vec::as_slice), &mut text);
    output::print_bytes(text.as_bytes())
}

fn to_value<T: Serialize>(file: &T) -> Value {
    serde_json::to_value(file).expect("plain data with text keys")
}

fn network(bytes: &[u8]) -> Outcome<Network> {
    let (_, metadata) = tflite::read(bytes)?;
    Ok(Network {
        info: lampyris_lab::Network::open(bytes)?.info().clone(),
        settings: serde_json::from_str(&metadata.settings_json).unwrap_or(Value::Null),
    })
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
fn list(value: &Value, path: &str, text: &mut String) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                list(value, &format!("{path}{dot}{name}"), text);
            }
        }
        Value::Array(items) if items.len() > 8 || items.iter().any(Value::is_object) => {
            *text += &format!("{path}: {} items\n", items.len());
        }
        Value::Null => {}
        other => *text += &format!("{path}: {other}\n"),
    }
}

/// One line a layer.
fn list_layers(layers: &[Value], text: &mut String) {
    if !layers.is_empty() {
        *text += "layer operator output parameters macs bytes live_bytes\n";
    }
    for (n, layer) in layers.iter().enumerate() {
        let operator = layer["operator"].as_str().unwrap_or("");
        let costs = ["params", "macs", "bytes", "live_bytes"].map(|key| layer[key].to_string());
        let shape = &layer["writes"][0]["shape"];
        *text += &format!("{n} {operator} {shape} {}\n", costs.join(" "));
    }
}
