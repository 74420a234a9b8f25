//! Which file an index speaks of.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::path::file_name;
use crate::edge_impulse::IndexFile;

/// All entries of all indexes of an import.
#[derive(Default)]
pub(super) struct Indexes {
    /// By the path as it would be among the files.
    by_path: BTreeMap<String, IndexFile>,
    /// Full paths by file name, because a person may drop files without folders.
    by_name: BTreeMap<String, Vec<String>>,
    found: RefCell<BTreeSet<String>>,
}

impl Indexes {
    /// Adds an index that lies at `path`.
    pub(super) fn add(&mut self, path: &str, files: Vec<IndexFile>) {
        let folder = path.strip_suffix(file_name(path)).unwrap_or_default();
        for file in files {
            let full = format!("{folder}{}", file.path);
            let name = file_name(&full).to_owned();
            self.by_name.entry(name).or_default().push(full.clone());
            self.by_path.insert(full, file);
        }
    }

    /// What is said of the file at `path`: by its path, else by its name where
    /// only one entry bears it and the file comes without folders.
    pub(super) fn find(&self, path: &str) -> Option<&IndexFile> {
        let full = if self.by_path.contains_key(path) {
            path
        } else {
            let bare = !path.contains('/');
            match self.by_name.get(file_name(path)).map(Vec::as_slice) {
                Some([only]) if bare => only,
                Some(_) | None => return None,
            }
        };
        self.found.borrow_mut().insert(full.to_owned());
        self.by_path.get(full)
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
