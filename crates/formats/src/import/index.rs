//! What indexes say of files, and which file each entry speaks of.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use lampyris_dataset::Split;

use super::path::{file_name, stem};
use crate::FormatError;
use crate::edge_impulse::{IndexFile, Labelled};

/// What an index says of one file, whatever kind of index it is.
pub(super) struct Entry {
    /// Relative to the index.
    pub(super) path: String,
    /// What a person calls it.
    pub(super) name: Option<String>,
    pub(super) split: Split,
    /// The label, or why there is none.
    pub(super) labelled: Result<Labelled, FormatError>,
    /// Person or occasion.
    pub(super) group: Option<String>,
    /// Free text; may be empty.
    pub(super) notes: String,
    /// Whatever else is said, by its key.
    pub(super) metadata: BTreeMap<String, String>,
}

impl From<IndexFile> for Entry {
    fn from(file: IndexFile) -> Self {
        Self {
            split: file.split(),
            labelled: file.labelled(),
            metadata: file.metadata(),
            notes: file.notes(),
            path: file.path,
            name: file.name,
            group: None,
        }
    }
}

/// All entries of all indexes of an import.
#[derive(Default)]
pub(super) struct Indexes {
    /// By the path as it would be among the files.
    by_path: BTreeMap<String, Entry>,
    /// Full paths by file name, because a person may drop files without folders.
    by_name: BTreeMap<String, Vec<String>>,
    found: RefCell<BTreeSet<String>>,
}

impl Indexes {
    /// Adds an index that lies at `path`.
    pub(super) fn add(&mut self, path: &str, entries: Vec<Entry>) {
        let folder = path.strip_suffix(file_name(path)).unwrap_or_default();
        for entry in entries {
            let full = format!("{folder}{}", entry.path);
            let name = file_name(&full).to_owned();
            self.by_name.entry(name).or_default().push(full.clone());
            self.by_path.insert(full, entry);
        }
    }

    /// What is said of the file at `path`: by its path; else by its name, with or
    /// without its ending, where only one entry bears it and either the file comes
    /// without folders, or the entry names none and its index lies above the file.
    pub(super) fn find(&self, path: &str) -> Option<&Entry> {
        let full = match self.by_path.get_key_value(path) {
            Some((full, _)) => full,
            None => [file_name(path), stem(path)]
                .iter()
                .find_map(|name| self.only(name, path))?,
        };
        self.found.borrow_mut().insert(full.clone());
        self.by_path.get(full)
    }

    fn only(&self, name: &str, path: &str) -> Option<&String> {
        let [full] = self.by_name.get(name)?.as_slice() else {
            return None;
        };
        let inner = &self.by_path.get(full)?.path;
        let folder = full.strip_suffix(inner.as_str())?;
        let below = !inner.contains('/') && path.starts_with(folder);
        (below || !path.contains('/')).then_some(full)
    }

    /// Entries whose file never came, as lines for [`super::Import::skipped`].
    pub(super) fn not_found(&self) -> Vec<String> {
        let found = self.found.borrow();
        self.by_path
            .keys()
            .filter(|path| !found.contains(*path))
            .map(|path| format!("{path} (named in an index, but not imported)"))
            .collect()
    }
}
