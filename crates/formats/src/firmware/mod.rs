//! What a project takes to a chip: files that build and run as they are.
//!
//! An exporter is one file here, one row in [`TARGETS`] and a folder of templates in
//! `crates/formats/kit`. It is given a [`Source`] (one model) and a [`Kit`] (what was made
//! beforehand: templates, static libraries, the chip crates' sources) and gives files. What
//! every export holds (the chip part unchanged, golden vectors, README, model card, licences)
//! is made in one place, [`package`]; what templates may name is in [`Facts`].

mod arduino;
mod c;
mod c_source;
mod card;
mod facts;
mod golden;
mod kit;
pub mod package;
mod rust;
mod source;
mod text;
mod tflite;

#[cfg(test)]
mod tests;

pub use facts::Facts;
pub use kit::Kit;
pub use source::{Opened, Source};
pub use text::markdown;

use crate::FormatError;
use crate::archive::{Packer, Packing};

/// A file of an export: its path with `/` below the export's own folder, and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path below the export's folder.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl File {
    /// A file of these bytes.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            bytes: bytes.into(),
        }
    }
}

/// One kind of export.
pub struct Target {
    /// Name on the command line and in the page.
    pub id: &'static str,
    /// What a person reads.
    pub title: &'static str,
    /// Whom it is for, in one sentence.
    pub help: &'static str,
    /// The kits that it is made of: each is a zip of that name.
    pub kits: &'static [&'static str],
    /// All its files, without those of [`package`]; a `README.md` among them is the
    /// exporter's part of that file, in place of `<id>/README.md` of its kit.
    pub make: fn(&Source<'_>, &Kit) -> Result<Vec<File>, FormatError>,
}

impl Target {
    /// All the kits that an export is made of.
    pub fn all_kits(&self) -> impl Iterator<Item = &'static str> {
        ["common"].into_iter().chain(self.kits.iter().copied())
    }
}

/// Every exporter there is.
pub static TARGETS: &[&Target] = &[&tflite::TARGET, &rust::TARGET, &c::TARGET, &arduino::TARGET];

/// The exporter of that name.
///
/// # Errors
/// There is none; the names that there are.
pub fn target(id: &str) -> Result<&'static Target, FormatError> {
    let found = TARGETS.iter().copied().find(|target| target.id == id);
    found.ok_or_else(|| {
        let ids: Vec<&str> = TARGETS.iter().map(|target| target.id).collect();
        FormatError::new(
            format!("there is no export named {id}"),
            "target",
            format!("name one of {}", ids.join(", ")),
        )
    })
}

/// Every file of an export, sorted by path, and last the list of them. The same model and kit give the same bytes.
///
/// # Errors
/// A kit that is missing or of another build, and a model that this target can't carry.
pub fn files(source: &Source<'_>, target: &Target, kit: &Kit) -> Result<Vec<File>, FormatError> {
    let mut files = (target.make)(source, kit)?;
    let own = files.iter().position(|file| file.path == "README.md");
    let own = own.map(|place| files.swap_remove(place).bytes);
    files.extend(package::files(source, target, kit, own)?);
    lampyris_dataset::sort_by(&mut files, |a, b| a.path.cmp(&b.path));
    let twice = files.windows(2).find(|pair| pair[0].path == pair[1].path);
    if let Some([file, _]) = twice {
        return Err(FormatError::new(
            "two files of the export bear one name",
            &file.path,
            "give the model another name",
        ));
    }
    files.push(package::sums(&files));
    Ok(files)
}

/// The files as one zip, below a folder of this name where it is not empty.
///
/// # Errors
/// More than fits in a zip.
pub fn zip(folder: &str, files: &[File]) -> Result<Vec<u8>, FormatError> {
    let mut zip = Packer::behind(Vec::new());
    let below = if folder.is_empty() { "" } else { "/" };
    for file in files {
        let path = format!("{folder}{below}{}", file.path);
        zip.add(&path, &file.bytes, Packing::Deflated)?;
    }
    zip.finish()
}
