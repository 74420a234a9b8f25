//! TensorFlow Lite files: int8 networks in and out.
//!
//! ```text
//! flatbuffer "TFL3"                                             zip, appended
//!   model ─ operator codes · subgraph (tensors, operators)        labels.txt
//!         ─ buffers (weights, on 16 bytes)
//!         ─ metadata: TFLITE_METADATA ──── names the labels ──────────┘
//!                     LAMPYRIS_SETTINGS    JSON
//! ```
//!
//! * [`read()`] takes a file from anywhere and gives a [`Graph`], or refuses it
//!   with the operator's name, its place and what is supported.
//! * [`write()`] gives a file that TFLite Micro runs, with the lowest operator
//!   versions that say what the graph says; read again it is the same graph.
//!
//! ```text
//! bytes ── table ─▶ file, step ── edges, state ─▶ read ─▶ Graph      the way in
//!                       tensor · options · metadata, labels          both ways, side by side
//! bytes ◀─ tree ◀── write ◀── state, unfuse ◀──────────── Graph      the way out
//! ```
//!
//! Labels are kept as TFLite's own metadata tools read them: a flatbuffer
//! (`metadata_schema.fbs`, "M001") names a file, and the file lies in a zip that
//! is appended to the model.
//!
//! Source: `schema.fbs` of TensorFlow Lite, version 3; field numbers are in
//! `schema.rs`.

mod edges;
mod file;
mod foreign;
mod labels;
mod metadata;
mod names;
mod options;
mod read;
mod schema;
mod state;
mod step;
mod table;
mod tensor;
mod tree;
mod unfuse;
mod write;

#[cfg(test)]
mod malformed;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use lampyris_graph::{Graph, GraphError};

use crate::FormatError;

/// What a file says beside the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// What the outputs mean, in their order; empty where the file has none.
    pub labels: Vec<String>,
    /// The signal block and its settings as JSON; empty where the file has none.
    pub settings_json: String,
    /// For people.
    pub description: String,
    /// Whatever else the file's metadata holds, by name: kept as it is.
    pub entries: Vec<(String, Vec<u8>)>,
}

/// The network and what is said about it.
///
/// QUANTIZE right behind a float input and DEQUANTIZE right before a float
/// output are left out: the graph's inputs and outputs are then the int8 values.
/// Shapes that a file computes are folded, and tensors that nothing uses left out.
///
/// # Errors
/// The bytes are no TFLite file or damaged, or use what isn't supported; the
/// place is the operator or tensor.
pub fn read(bytes: &[u8]) -> Result<(Graph, Metadata), FormatError> {
    read_numbered(bytes).map(|(graph, metadata, _)| (graph, metadata))
}

/// What the file calls what the graph holds. They differ where operators and tensors of
/// the file are folded, or stand at its edges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// The operator of each node of the graph, as the file counts.
    pub operators: Vec<usize>,
    /// The tensor of each tensor of the graph, as the file counts.
    pub tensors: Vec<usize>,
}

/// The same as [`read()`], with the numbers that the file uses.
///
/// # Errors
/// Those of [`read()`].
pub fn read_numbered(bytes: &[u8]) -> Result<(Graph, Metadata, Numbers), FormatError> {
    read::read(bytes)
}

/// TFLite's names of all operators that a file holds, each once, in the order in which the
/// file first uses them: what an interpreter must have.
///
/// # Errors
/// The bytes are no TFLite file or damaged.
pub fn operators(bytes: &[u8]) -> Result<Vec<String>, FormatError> {
    let source = table::Source::new(bytes);
    let file = file::File::open(&source)?;
    let mut found: Vec<String> = Vec::new();
    for index in 0..file.graphs() {
        let graph = file.subgraph(index)?;
        for step in graph.iter().flat_map(|graph| &graph.steps) {
            let name = names::operator(step.code);
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    Ok(found)
}

/// The file; the same bytes for the same arguments.
///
/// # Errors
/// A graph that the engine would refuse, labels that are not as many as the
/// outputs' values, or a label with a line break.
pub fn write(graph: &Graph, metadata: &Metadata) -> Result<Vec<u8>, FormatError> {
    write::write(graph, metadata)
}

/// What the engine refuses, in the words of this crate.
fn refused(error: GraphError) -> FormatError {
    let place = error
        .node
        .map_or("the graph".into(), |n| format!("operator {n}"));
    FormatError::new(
        error.message,
        place,
        "only what the engine runs is read and written; docs/formats.md lists it",
    )
}
