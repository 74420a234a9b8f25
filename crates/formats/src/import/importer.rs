//! Files one after the other: pictures are made small as they come, so that thousands of photos
//! never lie in memory at once; all other files are kept until the last one has come.

use lampyris_dataset::sort_by;

use super::path::passed_over;
use super::{Import, ImportOptions};
use crate::archive::{Archive, MAGIC};
use crate::picture::{self, Kept};
use crate::{FormatError, wav};

/// Bytes that a zip may unpack to, without the pictures in it.
const MOST_UNPACKED: u64 = 512 << 20;
/// Bytes of the pictures of a zip, which go as they come: a bound for the time that it takes.
const MOST_PICTURES: u64 = 4 << 30;
/// Names of one kind that a message tells.
const MOST_TOLD: usize = 3;

/// An import that is given its files one by one; see [`super::import`].
#[derive(Default)]
pub struct Importer {
    found: Vec<Found>,
    out: Import,
}

/// What is kept of a file until the end.
pub(super) struct Found {
    pub(super) path: String,
    pub(super) what: What,
}

pub(super) enum What {
    /// To be read when all options and indexes are known.
    Bytes(Vec<u8>),
    Picture(Box<Kept>),
}

impl Importer {
    /// An import of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file with the path under which it was found, `/` between folders. A zip is unpacked;
    /// of a picture only what is kept of it stays in memory. What can't be read is told at the end.
    pub fn add(&mut self, path: &str, bytes: Vec<u8>) {
        self.add_with(path, bytes, |_, _| ());
    }

    /// [`Importer::add`] that tells how many files of a zip have been read, and how many it has.
    pub fn add_with(&mut self, path: &str, bytes: Vec<u8>, told: impl FnMut(usize, usize)) {
        let path = path.trim_start_matches('/');
        if let Some(reason) = passed_over(path) {
            self.skip(path, reason);
        } else if bytes.starts_with(MAGIC) {
            if let Err(error) = self.unzip(path, &bytes, told) {
                self.out.refuse(path, error);
            }
        } else {
            self.take(path.to_owned(), bytes);
        }
    }

    /// What comes of all files.
    #[must_use]
    pub fn finish(mut self, options: &ImportOptions) -> Import {
        if let Err(error) = super::check(options) {
            let mut out = Import::default();
            out.refuse("options", error);
            return out;
        }
        sort_by(&mut self.found, |a, b| a.path.cmp(&b.path));
        sort_by(&mut self.out.skipped, String::cmp);
        super::recordings(self.found, options, self.out)
    }

    fn skip(&mut self, path: &str, reason: &str) {
        self.out.skipped.push(format!("{path} ({reason})"));
    }

    /// A file that is no zip.
    fn take(&mut self, path: String, bytes: Vec<u8>) {
        let what = if promises_picture(&path, &bytes) {
            match picture::kept(&bytes) {
                Ok(kept) => What::Picture(Box::new(kept)),
                Err(error) => return self.out.refuse(&path, error),
            }
        } else {
            What::Bytes(bytes)
        };
        self.found.push(Found { path, what });
    }

    /// Entry by entry: one that is refused does not spoil the others, since nothing is ever
    /// written to where its name says.
    fn unzip(
        &mut self,
        zip: &str,
        bytes: &[u8],
        mut told: impl FnMut(usize, usize),
    ) -> Result<(), FormatError> {
        let mut archive = Archive::open(bytes, MOST_UNPACKED + MOST_PICTURES)?;
        if archive.has("project.json") {
            return Err(FormatError::new(
                "this is a project of the playground, not a set of recordings",
                "project.json",
                "open it as a project",
            ));
        }
        if let Some(error) = strange(archive.strange()) {
            self.out.refuse(zip, error);
        }
        let mut held = 0;
        let names = archive.names();
        for (done, name) in names.iter().enumerate() {
            told(done, names.len());
            let path = format!("{zip}/{name}");
            if let Some(reason) = passed_over(name) {
                self.skip(&path, reason);
                continue;
            }
            let bytes = match archive.read(name, MOST_UNPACKED - held) {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.out.refuse(&path, error);
                    if archive.is_spent() {
                        return Err(spent());
                    }
                    continue;
                }
            };
            if bytes.starts_with(MAGIC) {
                let error = FormatError::new(
                    "there is a zip inside the zip",
                    "",
                    "unpack it and import what it holds",
                );
                self.out.refuse(&path, error);
                continue;
            }
            if !promises_picture(&path, &bytes) {
                held += bytes.len() as u64;
            }
            self.take(path, bytes);
        }
        Ok(())
    }
}

/// Whether a file is to be read as a picture: by what it holds; or by its name, if it holds no
/// sound. A name that promises a picture is taken at its word, so that what is wrong is told.
fn promises_picture(path: &str, bytes: &[u8]) -> bool {
    let is_sound = || wav::is_wav(bytes) || wav::foreign(bytes).is_some();
    picture::is_picture(bytes)
        || picture::is_other_picture(bytes)
        || (picture::claims(path) && !is_sound())
}

/// One refusal for all names that try to leave their folder.
fn strange(names: &[String]) -> Option<FormatError> {
    let told: Vec<String> = (names.iter().take(MOST_TOLD))
        .map(|name| format!("\"{}\"", name.escape_debug()))
        .collect();
    let what = match names.len() {
        0 => return None,
        1 => "a file's name tries to leave its folder, and the file was left out".into(),
        n => format!("the names of {n} files try to leave their folder, and they were left out"),
    };
    let more = if names.len() > told.len() {
        ", …"
    } else {
        ""
    };
    Some(FormatError::new(
        what,
        format!("{}{more}", told.join(", ")),
        "the other files of this zip were read; don't trust it if you don't know its maker",
    ))
}

fn spent() -> FormatError {
    FormatError::new(
        "the zip unpacks to more than is read of any; what came after that was not looked at",
        "",
        "don't trust this zip, or split it into smaller ones",
    )
}
