//! Flatbuffers whose bytes lie, and files of other kinds.

use super::super::schema::{model, operator, subgraph};
use super::super::tree::{Fields, Value, flatten};
use super::fields::{graphs, put};
use super::{Case, golden, tree};

/// The bytes of a sound file with some of them changed.
fn patched(patch: impl FnOnce(&mut [u8])) -> Vec<u8> {
    let mut bytes = golden("conv");
    patch(&mut bytes);
    bytes
}

fn word(bytes: &[u8], at: usize) -> usize {
    let word = bytes[at..at + 4].try_into().expect("four bytes");
    u32::from_le_bytes(word) as usize
}

fn set(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

/// Where the root table begins.
fn root(bytes: &[u8]) -> usize {
    word(bytes, 0)
}

/// Where the root's vtable begins.
fn vtable(bytes: &[u8]) -> usize {
    let at = root(bytes);
    (at as i64 - i64::from(word(bytes, at) as u32 as i32)) as usize
}

/// Where the offset in a field of the root stands.
fn slot(bytes: &[u8], field: u16) -> usize {
    let entry = vtable(bytes) + 4 + 2 * usize::from(field);
    root(bytes) + usize::from(u16::from_le_bytes([bytes[entry], bytes[entry + 1]]))
}

/// A file whose many operators are all one and the same, which has a long list.
fn repeated() -> Vec<u8> {
    const MANY: usize = 3_001;
    let mut root = tree("conv");
    let mut steps: Vec<Fields> = (0..MANY).map(|_| vec![]).collect();
    let list = Value::Ints(vec![0; 20_000]);
    steps[MANY - 1].push((operator::INPUTS, list));
    put(
        &mut graphs(&mut root)[0],
        subgraph::OPERATORS,
        Value::Tables(steps),
    );
    let mut bytes = flatten(&root, *b"TFL3");
    let count = (MANY as u32).to_le_bytes();
    let at = bytes.windows(4).position(|w| w == count).expect("the list") + 4;
    let last = at + 4 * (MANY - 1);
    let target = last + word(&bytes, last);
    for i in 0..MANY {
        set(&mut bytes, at + 4 * i, (target - at - 4 * i) as u32);
    }
    bytes
}

pub(super) fn cases() -> Vec<Case> {
    let at = |field| move |bytes: &mut [u8], value| set(bytes, slot(bytes, field), value);
    let (graphs, buffers) = (at(model::SUBGRAPHS), at(model::BUFFERS));
    vec![
        (
            "an offset leads out of it (byte 0)",
            golden("conv")[..10].to_vec(),
        ),
        ("an offset leads out of it", golden("conv")[..400].to_vec()),
        ("an offset leads to itself", patched(|b| graphs(b, 0))),
        (
            "an offset leads backwards",
            patched(|b| buffers(b, -8i32 as u32)),
        ),
        (
            "list of fields lies before it",
            patched(|b| set(b, root(b), 0x7000_0000)),
        ),
        (
            "list of fields has an impossible size",
            patched(|b| {
                let at = vtable(b);
                b[at] = 0xf1;
            }),
        ),
        (
            "a field lies outside of its table",
            patched(|b| {
                let entry = vtable(b) + 4 + 2 * usize::from(model::SUBGRAPHS);
                b[entry + 1] = 0x7f;
            }),
        ),
        (
            "a list is longer than the file",
            patched(|b| {
                let list = slot(b, model::SUBGRAPHS);
                set(b, list + word(b, list), u32::MAX);
            }),
        ),
        ("the same bytes over and over", repeated()),
        ("the file is empty", vec![]),
        ("byte 4, where", b"TFL".to_vec()),
        ("ONNX", b"\x08\x09\x12\x07pytorch\x1a\x052.1.0".to_vec()),
        ("SavedModel", b"\x08\x01\x12\x9c\x1d\n\x0f".to_vec()),
        ("zip archive", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
        ("PNG picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("HDF5", b"\x89HDF\r\n\x1a\n\0\0\0\0".to_vec()),
        ("web page", b"\n <!DOCTYPE html><title>404</title>".to_vec()),
        ("TensorFlow.js", b"{\"format\": \"graph-model\"}".to_vec()),
        (
            "Git LFS",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:".to_vec(),
        ),
        ("Lampyris bundle", b"LAMPYRIS\x01\0\0\0".to_vec()),
    ]
}
