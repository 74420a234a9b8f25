//! The reference models of `LAMPYRIS_DATA`: every output of every case, and every layer
//! that is recorded, equal to TFLite Micro's bytes.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use lampyris_core::{Session, arena_bytes, ops::ALL};
use lampyris_graph::{AlignedBytes, Graph};

use super::file::File;
use super::schema::tensor;
use super::table::Source;
use super::{read, write};

/// Multiply-accumulates that a test spends on the cases of one model, where the build is
/// for tests. A release build runs all cases.
const MACS: u64 = 500_000_000;

/// The models with more than one operator.
const MODELS: [&str; 7] = [
    "hello_world_int8",
    "mlperf_kws_dscnn",
    "mlperf_vww_mobilenet",
    "tflm_micro_speech",
    "tflm_person_detect",
    "tinymaix_mnist_dw",
    "tinymaix_mnist_valid",
];

/// The folder of reference models, or a word that it is not there.
fn reference_models() -> Option<PathBuf> {
    let models = std::env::var_os("LAMPYRIS_DATA").map(|d| Path::new(&d).join("models"));
    let found = models.filter(|m| m.is_dir());
    if found.is_none() {
        eprintln!("skipped: LAMPYRIS_DATA names no folder of reference models");
    }
    found
}

fn folders(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("a readable folder");
    let mut all: Vec<_> = entries.map(|e| e.expect("an entry").path()).collect();
    all.sort();
    all
}

/// The values of several inputs or outputs lie in files of their own.
fn values(folder: &Path, kind: &str, count: usize) -> Vec<Vec<u8>> {
    let name = |i: usize| match count {
        1 => format!("{kind}puts.bin"),
        _ => format!("{kind}{i}.bin"),
    };
    let read = |i| fs::read(folder.join(name(i))).expect("a whole golden folder");
    (0..count).map(read).collect()
}

/// The tensor of the graph for each number of a tensor in the file, by their names.
fn numbers(bytes: &[u8], graph: &Graph) -> Vec<Option<usize>> {
    let mut by_name = HashMap::new();
    for (index, t) in graph.tensors.iter().enumerate() {
        let twin = by_name.insert(t.name.clone(), index);
        assert_eq!(twin, None, "two tensors are called {}", t.name);
    }
    let source = Source::new(bytes);
    let file = File::open(&source).expect("a sound file");
    let main = file.subgraph(0).expect("sound").expect("there");
    let name = |t: &super::table::Table<'_>| t.string(tensor::NAME).expect("a sound tensor");
    let tensors = main.tensors.iter();
    tensors.map(|t| by_name.get(&name(t)).copied()).collect()
}

/// What was compared: cases, layers, values.
#[derive(Default)]
struct Compared {
    cases: usize,
    layers: usize,
    values: usize,
}

/// Runs the cases of a folder on a graph.
fn compare(folder: &Path, graph: &Graph, numbers: &[Option<usize>]) -> Compared {
    let blob = AlignedBytes::from(graph.emit().expect("a supported graph"));
    let arena = vec![0; arena_bytes(blob.as_ref()).expect("an emitted graph")];
    let mut session = Session::new(blob, arena, ALL).expect("an emitted graph");
    let (inputs, outputs) = session.arity();
    let given = values(folder, "in", inputs);
    let wanted = values(folder, "out", outputs);
    let macs: u64 = graph.costs().iter().map(|c| c.macs).sum();
    let mut cases = given[0].len() / session.input(0).len();
    if cfg!(debug_assertions) {
        cases = cases.min((MACS / macs.max(1)) as usize);
    }
    let mut compared = Compared::default();
    for case in 0..cases {
        let at = format!("{} case {case}", folder.display());
        for (i, bytes) in given.iter().enumerate() {
            let to = session.input_mut(i);
            let from = bytes.chunks_exact(to.len()).nth(case).expect("whole cases");
            let from = from.iter().map(|v| v.cast_signed());
            to.iter_mut().zip(from).for_each(|(to, v)| *to = v);
        }
        let mut seen: HashMap<usize, Vec<u8>> = HashMap::new();
        session.run_with(|_, step| {
            for (tensor, values) in step.outputs() {
                let values = values.iter().map(|v| v.cast_unsigned());
                seen.insert(tensor as usize, values.collect());
            }
        });
        for (i, bytes) in wanted.iter().enumerate() {
            let got: Vec<u8> = session
                .output(i)
                .iter()
                .map(|v| v.cast_unsigned())
                .collect();
            let want = bytes.chunks_exact(got.len()).nth(case);
            assert_eq!(Some(&got[..]), want, "{at} output {i}");
            compared.values += got.len();
        }
        for (file, number) in layers(folder, case) {
            let tensor = numbers[number].unwrap_or_else(|| panic!("{at}: no tensor {number}"));
            let want = fs::read(&file).expect("a readable file");
            assert!(seen[&tensor] == want, "{at} {}", file.display());
            compared.layers += 1;
            compared.values += want.len();
        }
        compared.cases += 1;
    }
    compared
}

/// The recorded layers of a case: `OOO_tTTT.bin` is tensor TTT as operator OOO wrote it.
fn layers(folder: &Path, case: usize) -> Vec<(PathBuf, usize)> {
    let dir = folder.join(format!("layers/{case:03}"));
    if !dir.is_dir() {
        return Vec::new();
    }
    let number = |file: &PathBuf| {
        file.file_stem()?
            .to_str()?
            .rsplit_once("_t")?
            .1
            .parse()
            .ok()
    };
    let named = |file: PathBuf| (number(&file).expect("the number of a tensor"), file);
    let named = folders(&dir).into_iter().map(named);
    named.map(|(number, file)| (file, number)).collect()
}

fn check(folder: &Path) -> Compared {
    let bytes = fs::read(folder.join("model.tflite")).expect("a model");
    let (graph, metadata) = read(&bytes).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let compared = compare(folder, &graph, &numbers(&bytes, &graph));
    let ours = write(&graph, &metadata).expect("a graph that was read");
    assert_eq!(read(&ours), Ok((graph, metadata)), "{}", folder.display());
    eprintln!(
        "{}: {} cases, {} layers, {} values",
        folder.display(),
        compared.cases,
        compared.layers,
        compared.values
    );
    compared
}

#[test]
fn reference_models_are_byte_equal_with_every_layer() {
    let Some(models) = reference_models() else {
        return;
    };
    for name in MODELS {
        let compared = check(&models.join(name));
        assert!(compared.cases > 1 && compared.layers > 2, "{name}");
    }
}

#[test]
fn single_operators_are_byte_equal() {
    let Some(models) = reference_models() else {
        return;
    };
    let units = folders(&models.join("op-units"));
    assert_eq!(units.len(), 17);
    for folder in units {
        let compared = check(&folder);
        assert_eq!(compared.cases, 10, "{}", folder.display());
        assert!(compared.layers >= 10, "{}", folder.display());
    }
}

#[test]
fn custom_operators_are_refused_by_their_name() {
    let Some(models) = reference_models() else {
        return;
    };
    let bytes = fs::read(models.join("tflm_audio_preprocessor/model.tflite")).expect("a model");
    let error = read(&bytes).expect_err("custom operators").to_string();
    assert!(error.contains("custom Signal"), "{error}");
    assert!(error.contains("operator "), "{error}");
}
