//! What was made beforehand, so that an export needs no compiler.
//!
//! `make build` leaves a zip for each kit in pkg/kit and beside the page (`kits/`): for each
//! folder of `crates/formats/kit` its templates, for `lib` the static libraries of the C
//! interface with their header, for `rust` the sources of the chip crates as well.
//! `crates/formats/examples/kit.rs` packs them.

use std::collections::BTreeMap;

use crate::FormatError;
use crate::archive::Archive;

/// Most bytes that one kit may unpack to.
const MOST_BYTES: u64 = 64 << 20;

/// Files that exports are made of, by path: `<kit>/<path within its zip>`.
#[derive(Clone, Debug, Default)]
pub struct Kit(BTreeMap<String, Vec<u8>>);

impl Kit {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the zip of a kit.
    ///
    /// # Errors
    /// No whole zip, or one that is too large.
    pub fn add(&mut self, id: &str, zip: &[u8]) -> Result<(), FormatError> {
        let mut archive = Archive::open(zip, MOST_BYTES)?;
        for name in archive.names() {
            let bytes = archive.read(&name, MOST_BYTES)?;
            self.0.insert(format!("{id}/{name}"), bytes);
        }
        Ok(())
    }

    /// One file.
    ///
    /// # Errors
    /// The kit is not there, or is of another build.
    pub fn file(&self, path: &str) -> Result<&[u8], FormatError> {
        self.0.get(path).map(Vec::as_slice).ok_or_else(|| {
            FormatError::new(
                format!("{path} is missing"),
                "the kit of prebuilt files",
                "build it with make build, or reload the page",
            )
        })
    }

    /// A template with each `@NAME@` replaced by its value.
    ///
    /// # Errors
    /// [`Kit::file`]'s; a name that no value was given for.
    pub fn filled(&self, path: &str, values: &[(&str, &str)]) -> Result<Vec<u8>, FormatError> {
        let wrong = |what: String| FormatError::new(what, path, "build the kit again: make build");
        let text = str::from_utf8(self.file(path)?).map_err(|e| wrong(e.to_string()))?;
        let mut out = String::with_capacity(text.len());
        for (i, part) in text.split('@').enumerate() {
            if i % 2 == 0 {
                out.push_str(part);
                continue;
            }
            let value = values.iter().find(|(name, _)| *name == part);
            let (_, value) = value.ok_or_else(|| wrong(format!("@{part}@ has no value")))?;
            out.push_str(value);
        }
        Ok(out.into_bytes())
    }

    /// All files whose path begins so, with the rest of the path, in order.
    pub fn below<'k>(&'k self, folder: &'k str) -> impl Iterator<Item = (&'k str, &'k [u8])> {
        let files = self.0.iter();
        files.filter_map(move |(path, bytes)| Some((path.strip_prefix(folder)?, bytes.as_slice())))
    }
}
