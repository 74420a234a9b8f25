//! Labels as TFLite's metadata tools keep them: named in a metadata flatbuffer,
//! held in a zip behind the model.

use lampyris_graph::Graph;

use super::Metadata;
use super::schema::{METADATA_ID, METADATA_NAME, buffer, metadata, model, model_metadata as m};
use super::table::{Source, Table};
use super::tree::{Fields, Value, flatten};
use crate::FormatError;
use crate::archive::{Archive, Packer, Packing};

const FILE: &str = "labels.txt";
/// More than this is no list of labels.
const MAX_BYTES: u64 = 1 << 20;

/// Labels can be kept one a line, and are as many as the first output has values.
pub(super) fn check(graph: &Graph, labels: &[String]) -> Result<(), FormatError> {
    if let Some(label) = labels
        .iter()
        .find(|l| l.is_empty() || l.contains(['\n', '\r']))
    {
        return Err(FormatError::new(
            "a label is empty or has a line break",
            format!("label {label:?}"),
            "rename it",
        ));
    }
    let values = graph
        .outputs
        .first()
        .and_then(|&t| graph.tensors.get(t)?.shape.last().copied())
        .unwrap_or(0);
    if labels.is_empty() || labels.len() == values {
        return Ok(());
    }
    Err(FormatError::new(
        format!("{} labels for {values} outputs", labels.len()),
        "the labels",
        "give one label an output, or none",
    ))
}

/// The metadata flatbuffer.
pub(super) fn table(graph: &Graph, meta: &Metadata) -> Vec<u8> {
    let describe = |tensor: usize, text: &str, files: Vec<Fields>| {
        let name = graph.tensors.get(tensor).map_or("", |t| &t.name);
        let mut fields = vec![
            (m::TENSOR_NAME, Value::Str(name.into())),
            (m::TENSOR_DESCRIPTION, Value::Str(text.into())),
            (
                m::CONTENT,
                Value::Table(vec![
                    (m::CONTENT_TYPE, Value::UByte(m::FEATURES)),
                    (m::CONTENT_PROPERTIES, Value::Table(vec![])),
                ]),
            ),
        ];
        if !files.is_empty() {
            fields.push((m::FILES, Value::Tables(files)));
        }
        fields
    };
    let file = vec![
        (m::FILE_NAME, Value::Str(FILE.into())),
        (
            m::FILE_DESCRIPTION,
            Value::Str("One label an output".into()),
        ),
        (m::FILE_TYPE, Value::Byte(m::AXIS_LABELS)),
    ];
    let inputs = graph.inputs.iter();
    let inputs = inputs.map(|&t| describe(t, "Features of one window, int8", vec![]));
    let mut files = vec![vec![file]].into_iter();
    let outputs = graph.outputs.iter().map(|&t| {
        let files = files.next().unwrap_or_default();
        describe(t, "Probability of each label, int8", files)
    });
    let main = vec![
        (m::INPUT_TENSORS, Value::Tables(inputs.collect())),
        (m::OUTPUT_TENSORS, Value::Tables(outputs.collect())),
    ];
    let root = vec![
        (m::NAME, Value::Str(graph.name.clone())),
        (m::DESCRIPTION, Value::Str(meta.description.clone())),
        (m::SUBGRAPHS, Value::Tables(vec![main])),
    ];
    flatten(&root, *METADATA_ID)
}

/// The model with the zip behind it. Offsets in the zip count from the file's
/// start, as in files of TFLite's own tools.
pub(super) fn append(model: Vec<u8>, labels: &[String]) -> Result<Vec<u8>, FormatError> {
    if labels.is_empty() {
        return Ok(model);
    }
    let mut zip = Packer::behind(model);
    let text = labels.join("\n") + "\n";
    zip.add(FILE, text.as_bytes(), Packing::Stored)?;
    zip.finish()
}

/// The labels in the file that the metadata names, one a line; `None` where it names none.
pub(super) fn read(
    root: &Table<'_>,
    buffers: &[Table<'_>],
    bytes: &[u8],
) -> Result<Option<Vec<String>>, FormatError> {
    let Some(name) = file_name(root, buffers)? else {
        return Ok(None);
    };
    let damaged = |why: &dyn std::fmt::Display| {
        FormatError::new(
            format!("the labels behind the model can't be read: {why}"),
            format!("the associated file {name}"),
            "export it again",
        )
    };
    let text = Archive::open(bytes, MAX_BYTES)
        .and_then(|mut zip| zip.read(&name, MAX_BYTES))
        .map_err(|e| damaged(&e.what))?;
    let text = String::from_utf8(text).map_err(|e| damaged(&e))?;
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    Ok(Some(lines.map(str::to_owned).collect()))
}

/// The name of the first output's file of labels.
fn file_name(root: &Table<'_>, buffers: &[Table<'_>]) -> Result<Option<String>, FormatError> {
    for entry in root.tables(model::METADATA)? {
        if entry.string(metadata::NAME)? != METADATA_NAME {
            continue;
        }
        let Some(buffer) = buffers.get(entry.uint(metadata::BUFFER)? as usize) else {
            continue;
        };
        let source = Source::new(buffer.bytes(buffer::DATA)?);
        let table = source.root()?;
        for main in table.tables(m::SUBGRAPHS)? {
            for output in main.tables(m::OUTPUT_TENSORS)? {
                for file in output.tables(m::FILES)? {
                    if file.byte(m::FILE_TYPE)? == m::AXIS_LABELS {
                        return Ok(Some(file.string(m::FILE_NAME)?));
                    }
                }
            }
        }
    }
    Ok(None)
}
