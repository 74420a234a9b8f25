//! Sound files, each with one thing wrong, and files of other kinds: every one is refused
//! with its own reason.

mod bytes;
mod fields;
mod operators;
mod tensors;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::tree::{Fields, flatten};
use super::{read, write};

/// A file, and words of the reason for which it is refused.
type Case = (&'static str, Vec<u8>);

/// The model of a golden case.
fn golden(name: &str) -> Vec<u8> {
    let cases = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/cases");
    fs::read(cases.join(name).join("model.tflite")).expect("a golden case")
}

/// Why a file isn't run: in the words of the reader, or in those of the engine.
fn refusal(bytes: &[u8]) -> Option<String> {
    match read(bytes) {
        Err(error) => Some(error.to_string()),
        Ok((graph, _)) => graph.emit().err().map(|e| e.to_string()),
    }
}

/// A golden case, written by ourselves, as a tree; it is sound.
fn tree(name: &str) -> Fields {
    let (graph, metadata) = read(&golden(name)).expect("a sound case");
    let root = write::tree(&graph, &metadata).expect("a sound graph");
    assert_eq!(refusal(&flatten(&root, *b"TFL3")), None, "{name}");
    root
}

/// A golden case with one thing changed.
fn spoiled(name: &str, spoil: impl FnOnce(&mut Fields)) -> Vec<u8> {
    let mut root = tree(name);
    spoil(&mut root);
    flatten(&root, *b"TFL3")
}

#[test]
fn every_file_is_refused_with_its_own_reason() {
    let mut reasons = BTreeMap::new();
    let all = [bytes::cases(), tensors::cases(), operators::cases()].concat();
    assert!(all.len() > 60, "{} files", all.len());
    let mut faults = Vec::new();
    for (words, bytes) in all {
        let reason = refusal(&bytes).unwrap_or_else(|| "none".into());
        if !reason.contains(words) {
            faults.push(format!("{words:?} is lacking in {reason:?}"));
        }
        if let Some(twin) = reasons.insert(reason.clone(), words) {
            faults.push(format!("{reason:?} is given for {twin:?} and {words:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is read and run is written, and read again as the same.
fn comes_back(file: &[u8]) {
    let Ok((graph, metadata)) = read(file) else {
        return;
    };
    if graph.emit().is_ok() {
        let ours = super::write(&graph, &metadata).expect("what the engine runs is written");
        let again = read(&ours).expect("our own file");
        // As text, for a number that is none equals itself there.
        assert_eq!(format!("{again:?}"), format!("{:?}", (graph, metadata)));
    }
}

/// Each cut and each flipped byte is read or refused, by the reader and by the engine.
#[test]
fn no_damage_to_a_golden_case_is_a_panic() {
    for name in ["conv", "reshape_computed", "state_ring_initialised"] {
        let sound = golden(name);
        for cut in 0..sound.len() {
            let refused = refusal(&sound[..cut]).is_some();
            assert!(
                refused || cut > sound.len() / 2,
                "{name} cut to {cut} bytes"
            );
        }
        for at in 0..sound.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut damaged = sound.clone();
                damaged[at] ^= flip;
                comes_back(&damaged);
            }
        }
    }
}
