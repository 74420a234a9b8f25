//! Our own golden cases: the engine gives the bytes that TFLite Micro gave.
//!
//! `tests/golden/make.py` made them: a model, inputs and outputs a folder. A case of
//! several inputs has `in0.bin`, `in1.bin`, … instead of `in.bin`; outputs likewise.
//! All calls of a case go into one session in order, since variables remember.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use lampyris_core::{Session, arena_bytes, ops::ALL};
use lampyris_formats::tflite;
use lampyris_graph::{AlignedBytes, Graph};

/// The files of one kind, `in` or `out`, in order.
fn files(folder: &Path, kind: &str, count: usize) -> Result<Vec<Vec<u8>>, String> {
    let name = |i: usize| match count {
        1 => format!("{kind}.bin"),
        _ => format!("{kind}{i}.bin"),
    };
    (0..count)
        .map(|i| fs::read(folder.join(name(i))).map_err(|e| format!("{}: {e}", name(i))))
        .collect()
}

/// Runs every call of a case on a fresh session and compares all outputs.
fn compare(graph: &Graph, folder: &Path) -> Result<(), String> {
    let blob = AlignedBytes::from(graph.emit().map_err(|e| format!("emit: {e}"))?);
    let len = arena_bytes(blob.as_ref()).map_err(|e| format!("arena: {e}"))?;
    let mut session = Session::new(blob, vec![0; len], ALL).map_err(|e| format!("session: {e}"))?;
    let (inputs, outputs) = session.arity();
    let given = files(folder, "in", inputs)?;
    let wanted = files(folder, "out", outputs)?;
    let calls = given[0].len() / session.input(0).len();
    for call in 0..calls {
        for (i, bytes) in given.iter().enumerate() {
            let to = session.input_mut(i);
            let len = to.len();
            if bytes.len() != calls * len {
                return Err(format!("input {i} has {len} values a call"));
            }
            for (to, from) in to.iter_mut().zip(&bytes[call * len..]) {
                *to = from.cast_signed();
            }
        }
        session.run();
        for (i, bytes) in wanted.iter().enumerate() {
            let got = session.output(i);
            if bytes.len() != calls * got.len() {
                return Err(format!("output {i} has {} values a call", got.len()));
            }
            let want = bytes[call * got.len()..].iter().map(|b| b.cast_signed());
            let differing = got.iter().zip(want.clone()).filter(|(g, w)| **g != *w);
            if let Some(at) = got.iter().zip(want).position(|(g, w)| *g != w) {
                return Err(format!(
                    "call {call}, output {i}: {} of {} values differ, the first at {at}: {} for {}",
                    differing.count(),
                    got.len(),
                    got[at],
                    bytes[call * got.len() + at].cast_signed(),
                ));
            }
        }
    }
    Ok(())
}

/// One case: as it was read, and again from a file that our own writer made of it.
fn case(folder: &Path) -> Result<(), String> {
    let file = fs::read(folder.join("model.tflite")).map_err(|e| format!("model.tflite: {e}"))?;
    let read = tflite::read(&file).map_err(|e| format!("read: {e}"))?;
    compare(&read.0, folder)?;
    let ours = tflite::write(&read.0, &read.1).map_err(|e| format!("write: {e}"))?;
    let again = tflite::read(&ours).map_err(|e| format!("our own file: {e}"))?;
    if again != read {
        return Err("our own file holds another model".into());
    }
    compare(&again.0, folder).map_err(|e| format!("our own file: {e}"))
}

#[test]
fn every_case_is_byte_equal_also_after_our_own_writer() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/cases");
    let mut folders: Vec<_> = fs::read_dir(&cases)
        .expect("the cases are part of the project")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 560, "{} cases", folders.len());
    let mut failures = Vec::new();
    for folder in &folders {
        // A panic is a failure of one case, not the end of the others.
        let outcome = catch_unwind(AssertUnwindSafe(|| case(folder)));
        if let Err(reason) = outcome.unwrap_or_else(|_| Err("panicked".into())) {
            let name = folder.file_name().unwrap_or_default();
            failures.push(format!("{}: {reason}", name.display()));
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} cases fail:\n{}",
        failures.len(),
        folders.len(),
        failures.join("\n")
    );
}
