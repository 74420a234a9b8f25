//! Our own golden cases: the engine gives the bytes that TFLite Micro gave.
//!
//! `tests/golden/make.py` made them: a model, inputs and outputs a folder.

use std::fs;
use std::path::Path;

use lampyris_core::{Session, arena_bytes, ops::ALL};
use lampyris_formats::tflite;
use lampyris_graph::{AlignedBytes, Graph};

/// The outputs of the graph for inputs lying one after another.
fn run(graph: &Graph, inputs: &[u8]) -> Vec<u8> {
    let blob = AlignedBytes::from(graph.emit().expect("a supported graph"));
    let arena = vec![0; arena_bytes(blob.as_ref()).expect("an emitted graph")];
    let mut session = Session::new(blob, arena, ALL).expect("an emitted graph");
    let len = session.input(0).len();
    assert_eq!(inputs.len() % len, 0, "whole cases");
    let mut outputs = Vec::new();
    for case in inputs.chunks_exact(len) {
        for (to, from) in session.input_mut(0).iter_mut().zip(case) {
            *to = *from as i8;
        }
        session.run();
        outputs.extend(session.output(0).iter().map(|&v| v as u8));
    }
    outputs
}

#[test]
fn every_case_is_byte_equal_also_after_our_own_writer() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/cases");
    let mut folders: Vec<_> = fs::read_dir(&cases)
        .expect("the cases are part of the project")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 40, "{} cases", folders.len());
    for folder in folders {
        let file = |name: &str| fs::read(folder.join(name)).expect("a whole case");
        let want = file("out.bin");
        let (graph, metadata) = tflite::read(&file("model.tflite"))
            .unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        assert!(run(&graph, &file("in.bin")) == want, "{}", folder.display());
        let ours = tflite::write(&graph, &metadata).expect("a graph that was read");
        let again = tflite::read(&ours).expect("our own file");
        assert_eq!(again, (graph, metadata), "{}", folder.display());
        assert!(
            run(&again.0, &file("in.bin")) == want,
            "{}",
            folder.display()
        );
    }
}
