//! Recordings into a zip that other programs understand, and [`mod@crate::import`]
//! gives back: samples, axes, rate and times, part, label, group, name and notes. What
//! a device, a source and a moment a recording came from, and the rate of a sound before it was
//! resampled, are kept by a project's own file alone ([`mod@crate::project`]).
//!
//! ```text
//! index.csv                 file, split, label, group, name, notes; start and end of stretches
//! <label>/<name>.wav        sound, 16-bit PCM at its rate
//! <label>/<name>.jpg|.png   pictures, the files that they are kept as
//! <label>/<name>.csv        everything else
//! ```
//!
//! A recording of several labels lies in the folder of its first, and has a row for
//! each stretch. Sounds finer than 16 bits are rounded; all other content comes back
//! with the same id.

use std::collections::BTreeSet;

use lampyris_dataset::{Recording, RecordingMeta, Split, sort_by};

use crate::archive::{Packer, Packing};
use crate::csv::quoted;
use crate::import::{passed_over, split_named};
use crate::{FormatError, csv, picture, wav};

/// Most bytes of a file's or folder's name: less than any file system's limit.
const MOST_NAME: usize = 100;

/// All recordings as one zip. The same recordings give the same bytes, in whatever
/// order they come.
///
/// # Errors
/// More than fits in a zip.
pub fn dataset<'a>(
    recordings: impl Iterator<Item = &'a Recording>,
) -> Result<Vec<u8>, FormatError> {
    let mut recordings: Vec<&Recording> = recordings.collect();
    sort_by(&mut recordings, |a, b| order(&a.meta).cmp(&order(&b.meta)));
    let stretches = recordings.iter().any(|r| is_stretched(&r.meta));
    let mut index = String::from("file,split,label,group,name,notes");
    index.push_str(if stretches { ",start,end\n" } else { "\n" });
    let mut taken = BTreeSet::new();
    let pictures = recordings.iter().filter_map(|r| r.picture.as_ref());
    let bytes = pictures.map(|picture| picture.encoded.len()).sum();
    let mut zip = Packer::behind(Vec::with_capacity(bytes));
    for recording in recordings {
        let meta = &recording.meta;
        let mut path = |ending| path(meta, ending, &mut taken);
        let path = if let Some(picture) = &recording.picture {
            let path = path(picture::ending(&picture.encoded));
            // It is packed already.
            zip.add(&path, &picture.encoded, Packing::Stored)?;
            path
        } else {
            let (path, bytes) = match wav::write(recording) {
                Ok(bytes) if meta.is_sound() => (path("wav"), bytes),
                Ok(_) | Err(_) => (path("csv"), csv::write(recording).into_bytes()),
            };
            zip.add(&path, &bytes, Packing::Deflated)?;
            path
        };
        rows(meta, &path, stretches, &mut index);
    }
    zip.add("index.csv", index.as_bytes(), Packing::Deflated)?;
    zip.finish()
}

fn label(meta: &RecordingMeta) -> &str {
    meta.spans.first().map_or("", |span| span.label.as_str())
}

fn order(meta: &RecordingMeta) -> (&str, &str, &str) {
    (label(meta), &meta.name, &meta.id)
}

/// Whether its labels are more than one over all of it.
fn is_stretched(meta: &RecordingMeta) -> bool {
    !matches!(meta.spans.as_slice(), [one] if one.start == 0 && one.end == meta.samples)
}

fn rows(meta: &RecordingMeta, path: &str, stretches: bool, index: &mut String) {
    let split = match meta.split {
        Split::Auto => "",
        Split::Train => "train",
        Split::Validation => "validation",
        Split::Test => "test",
    };
    let group = meta.group.as_deref().unwrap_or_default();
    for span in &meta.spans {
        let mut cells = vec![path, split, &span.label, group, &meta.name, &meta.notes];
        let ends = [span.start.to_string(), span.end.to_string()];
        if stretches && is_stretched(meta) {
            cells.extend(ends.iter().map(String::as_str));
        } else if stretches {
            cells.extend(["", ""]);
        }
        let cells: Vec<String> = cells.into_iter().map(quoted).collect();
        index.push_str(&cells.join(","));
        index.push('\n');
    }
}

/// A path that no other file has, on file systems that don't tell large letters
/// from small ones either.
fn path(meta: &RecordingMeta, ending: &str, taken: &mut BTreeSet<String>) -> String {
    let name = meta.name.strip_suffix(&format!(".{ending}"));
    let (folder, name) = (safe(label(meta)), safe(name.unwrap_or(&meta.name)));
    (1..)
        .map(|n| match n {
            1 => format!("{folder}/{name}.{ending}"),
            n => format!("{folder}/{name}-{n}.{ending}"),
        })
        .find(|path| taken.insert(path.to_lowercase()))
        .expect("there are more numbers than files")
}

/// A name that any file system takes as one file's, and that an import looks at
/// without taking it for a part.
fn safe(name: &str) -> String {
    let legal = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_control() => '_',
        c => c,
    };
    let mut end = name.len().min(MOST_NAME);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let name: String = name[..end].chars().map(legal).collect();
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let told_otherwise = passed_over(name).is_some() || split_named(name).is_some();
    if name.is_empty() || is_reserved(name) || told_otherwise {
        format!("_{name}")
    } else {
        name.into()
    }
}

/// Names that Windows keeps for devices, with any ending.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    let numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests;
