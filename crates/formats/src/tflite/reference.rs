//! The reference models of `LAMPYRIS_DATA`: every value of every layer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lampyris_core::{Session, arena_bytes, ops::ALL};
use lampyris_graph::{AlignedBytes, Graph};

use super::read;

/// The folder of reference models, or a word that it is not there.
fn reference_models() -> Option<PathBuf> {
    let models = std::env::var_os("LAMPYRIS_DATA").map(|d| Path::new(&d).join("models"));
    let found = models.filter(|m| m.is_dir());
    if found.is_none() {
        eprintln!("skipped: LAMPYRIS_DATA names no folder of reference models");
    }
    found
}

/// Outputs of each node for one case: node, tensor, values.
fn steps(graph: &Graph, case: &[u8]) -> Vec<(usize, u32, Vec<u8>)> {
    let blob = AlignedBytes::from(graph.emit().expect("a supported graph"));
    let arena = vec![0; arena_bytes(blob.as_ref()).expect("an emitted graph")];
    let mut session = Session::new(blob, arena, ALL).expect("an emitted graph");
    for (to, from) in session.input_mut(0).iter_mut().zip(case) {
        *to = *from as i8;
    }
    let mut seen = Vec::new();
    session.run_with(|node, step| {
        for (id, values) in step.outputs() {
            seen.push((node, id, values.iter().map(|&v| v as u8).collect()));
        }
    });
    seen
}

/// Compares all outputs and each layer that the folder holds; gives how many values.
fn compare(folder: &Path) -> usize {
    let file = |name: &str| fs::read(folder.join(name)).expect("a whole golden folder");
    let (graph, _) = read(&file("model.tflite")).expect("supported");
    let (inputs, outputs) = (file("inputs.bin"), file("outputs.bin"));
    let width = |t: usize| graph.tensors[t].elements();
    let cases = inputs.chunks_exact(width(graph.inputs[0]));
    let mut compared = 0;
    for (case, (x, y)) in cases
        .zip(outputs.chunks_exact(width(graph.outputs[0])))
        .enumerate()
    {
        let seen = steps(&graph, x);
        assert_eq!(
            seen.last().map(|s| &s.2[..]),
            Some(y),
            "{} case {case}",
            folder.display()
        );
        for (node, tensor, values) in seen {
            let layer = format!("layers/{case:03}/{node:03}_t{tensor:03}.bin");
            if let Ok(want) = fs::read(folder.join(layer)) {
                assert_eq!(values, want, "{} case {case} node {node}", folder.display());
                compared += values.len();
            }
        }
        compared += y.len();
    }
    compared
}

#[test]
fn reference_models_are_byte_equal_with_every_layer() {
    let Some(models) = reference_models() else {
        return;
    };
    for name in [
        "hello_world_int8",
        "op-units/fully_connected",
        "op-units/fully_connected_relu",
    ] {
        let compared = compare(&models.join(name));
        assert!(compared > 100, "{name}: {compared} values");
    }
}

/// The layers of models that are not supported as a whole, each for itself.
#[test]
fn supported_layers_of_all_reference_models_are_byte_equal() {
    let Some(models) = reference_models() else {
        return;
    };
    let folders = |dir: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(dir).expect("a readable folder");
        entries.map(|e| e.expect("an entry").path()).collect()
    };
    let mut all = folders(&models);
    all.extend(folders(&models.join("op-units")));
    all.retain(|f| f.join("model.tflite").is_file());
    let mut compared = BTreeMap::new();
    for folder in all {
        let bytes = fs::read(folder.join("model.tflite")).expect("a readable file");
        for (index, graph) in super::read::single_steps(&bytes) {
            let (from, to) = (graph.inputs[0], graph.outputs[0]);
            for case in 0.. {
                let layers = folder.join(format!("layers/{case:03}"));
                let Ok(want) = fs::read(layers.join(format!("{index:03}_t{to:03}.bin"))) else {
                    break;
                };
                let Some(x) = layer_input(&folder, &layers, from, case, &graph) else {
                    break;
                };
                let seen = steps(&graph, &x);
                assert_eq!(
                    seen[0].2,
                    want,
                    "{} case {case} operator {index}",
                    folder.display()
                );
                *compared.entry(graph.nodes[0].op.name()).or_insert(0) += want.len();
            }
        }
    }
    eprintln!("values compared: {compared:?}");
    assert!(
        compared.values().all(|&n| n > 100) && compared.len() == 3,
        "{compared:?}"
    );
}

/// A layer's input: what an earlier layer wrote, else the model's own input.
fn layer_input(
    folder: &Path,
    layers: &Path,
    tensor: usize,
    case: usize,
    graph: &Graph,
) -> Option<Vec<u8>> {
    let written = fs::read_dir(layers).ok()?.flatten().find(|e| {
        let name = e.file_name();
        name.to_string_lossy()
            .ends_with(&format!("_t{tensor:03}.bin"))
    });
    if let Some(entry) = written {
        return fs::read(entry.path()).ok();
    }
    let all = fs::read(folder.join("inputs.bin")).ok()?;
    let len = graph.tensors[tensor].elements();
    Some(all.chunks_exact(len).nth(case)?.to_vec())
}
