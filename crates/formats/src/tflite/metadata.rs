//! What a file says beside the network, from a file and to a file.

use lampyris_graph::Graph;

use super::file::File;
use super::schema::{ARENA_NAME, COMPRESSION_NAME, METADATA_NAME, SETTINGS_NAME, metadata, model};
use super::tree::{Fields, Value};
use super::write::Output;
use super::{Metadata, labels};
use crate::FormatError;

/// The metadata of a file. An arena plan is left out: it counts the tensors of that file.
pub(super) fn read(file: &File<'_>, bytes: &[u8]) -> Result<Metadata, FormatError> {
    let labels = labels::read(&file.root, &file.buffers, bytes)?;
    let (mut settings_json, mut entries) = (String::new(), Vec::new());
    for entry in file.root.tables(model::METADATA)? {
        let name = entry.string(metadata::NAME)?;
        let number = entry.uint(metadata::BUFFER)?;
        match name.as_str() {
            COMPRESSION_NAME => {
                return Err(FormatError::new(
                    "the weights are compressed",
                    format!("metadata {COMPRESSION_NAME}"),
                    "export the model without TFLite Micro's compression",
                ));
            }
            ARENA_NAME => {}
            // It names a file of labels, which are kept by themselves.
            METADATA_NAME if labels.is_some() => {}
            SETTINGS_NAME => {
                let data = file.buffer(number)?.unwrap_or(&[]);
                settings_json = String::from_utf8_lossy(data).into_owned();
            }
            _ => entries.push((name, file.buffer(number)?.unwrap_or(&[]).to_vec())),
        }
    }
    Ok(Metadata {
        labels: labels.unwrap_or_default(),
        settings_json,
        description: file.root.string(model::DESCRIPTION)?,
        entries,
    })
}

/// The list of metadata entries; their content goes into the file's buffers.
pub(super) fn write(graph: &Graph, meta: &Metadata, file: &mut Output) -> Vec<Fields> {
    let mut list: Vec<Fields> = Vec::new();
    let mut entry = |name: &str, bytes: Vec<u8>| {
        list.push(vec![
            (metadata::NAME, Value::Str(name.into())),
            (metadata::BUFFER, Value::UInt(file.store(bytes))),
        ]);
    };
    if !meta.labels.is_empty() {
        entry(METADATA_NAME, labels::table(graph, meta));
    }
    if !meta.settings_json.is_empty() {
        entry(SETTINGS_NAME, meta.settings_json.clone().into_bytes());
    }
    for (name, bytes) in &meta.entries {
        if name != METADATA_NAME || meta.labels.is_empty() {
            entry(name, bytes.clone());
        }
    }
    list
}
