//! Where real recordings lie, and what is counted of them.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lampyris_dataset::Split;
use lampyris_formats::import::{Import, ImportFile};

/// A folder of real data, or a word that it is not there.
pub fn data(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LAMPYRIS_DATA").map(|root| PathBuf::from(root).join(name));
    let found = folder.filter(|f| f.is_dir());
    if found.is_none() {
        eprintln!("skipped: no folder {name} under LAMPYRIS_DATA");
    }
    found
}

/// All files of a folder, with their paths in it.
pub fn files(folder: &Path) -> Vec<ImportFile> {
    fn walk(folder: &Path, root: &Path, out: &mut Vec<ImportFile>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, out);
            } else {
                out.push(ImportFile {
                    path: path.strip_prefix(root).unwrap().to_str().unwrap().into(),
                    bytes: std::fs::read(&path).unwrap(),
                });
            }
        }
    }
    let mut out = Vec::new();
    walk(folder, folder, &mut out);
    out
}

/// Recordings kept for a part.
pub fn count(got: &Import, split: Split) -> usize {
    got.recordings
        .iter()
        .filter(|r| r.meta.split == split)
        .count()
}

/// Recordings of each label.
pub fn labels(got: &Import) -> BTreeMap<&str, usize> {
    let mut labels = BTreeMap::new();
    for recording in &got.recordings {
        for label in recording.meta.labels() {
            *labels.entry(label).or_default() += 1;
        }
    }
    labels
}
