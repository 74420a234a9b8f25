//! DATA: a folder, a zip or a single file, read into recordings.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lampyris_dataset::{Recording, Split};
use lampyris_formats::import::{ImportFile, ImportOptions, Importer, import};
use lampyris_lab::{LabError, Task};

use crate::Outcome;
use crate::output::{io_error, read};

/// Most bytes that one DATA may hold: what an export of a large project has.
const MAX_BYTES: u64 = 2 << 30;
/// How the names of pictures end.
const PICTURES: [&str; 3] = ["jpg", "jpeg", "png"];
/// Label of background noise, as Speech Commands calls it.
const BACKGROUND: &str = "_background_noise_";
/// Most files that are named before the rest is counted.
const MAX_LISTED: usize = 20;

/// All recordings of DATA, in the order of their paths.
///
/// # Errors
/// Nothing there, nothing readable, or any file that looks like a recording
/// and can't be read: half a data set would give figures that mislead.
pub(crate) fn load(data: &Path, group_by: Option<String>) -> Outcome<Vec<Recording>> {
    let options = ImportOptions {
        group_by,
        ..ImportOptions::default()
    };
    load_with(data, options)
}

/// Recordings of background noise, for training alone.
///
/// # Errors
/// As [`load`].
pub(crate) fn background(data: &Path) -> Outcome<Vec<Recording>> {
    let options = ImportOptions {
        label: Some(BACKGROUND.into()),
        ..ImportOptions::default()
    };
    let mut recordings = load_with(data, options)?;
    for recording in &mut recordings {
        recording.meta.split = Split::Train;
    }
    Ok(recordings)
}

/// What can be recognised in recordings: audio where all are sounds, image where all are
/// pictures, motion where none is either.
///
/// # Errors
/// Recordings of several kinds.
pub(crate) fn task(recordings: &[Recording]) -> Outcome<Task> {
    let pictures = recordings.iter().filter(|r| r.picture.is_some()).count();
    let sounds = recordings.iter().filter(|r| r.meta.is_sound()).count();
    let others = recordings.len() - sounds - pictures;
    match (sounds, pictures, others) {
        (0, 0, _) => Ok(Task::Motion),
        (_, 0, 0) => Ok(Task::Audio),
        (0, _, 0) => Ok(Task::Image),
        (_, 0, _) => Err(mixed(
            format!("{sounds} of the recordings are sounds, {others} are not"),
            "--task motion or --task audio",
        )),
        (_, _, _) => Err(mixed(
            format!(
                "{pictures} of the recordings are pictures, {} are not",
                sounds + others
            ),
            "--task motion, --task audio or --task image",
        )),
    }
}

fn mixed(what: String, flags: &str) -> LabError {
    LabError::new(
        what,
        "data",
        format!("say which task it is with {flags}, or keep to one kind"),
    )
}

/// The one recording of a file; its label does not matter.
///
/// # Errors
/// Nothing there, what can't be read, several recordings.
pub(crate) fn one(path: &Path) -> Outcome<Recording> {
    let place = || path.display().to_string();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = ImportFile {
        path: name.into_owned(),
        bytes: read(path)?,
    };
    let options = ImportOptions {
        label: Some("any".into()),
        ..ImportOptions::default()
    };
    let mut found = import(vec![file], &options);
    if let Some(problem) = found.problems.pop() {
        return Err(LabError::new(problem.what, place(), problem.remedy));
    }
    match (found.recordings.pop(), found.recordings.len()) {
        (Some(only), 0) => Ok(only),
        (found, more) => Err(LabError::new(
            format!(
                "there are {} recordings in it",
                more + usize::from(found.is_some())
            ),
            place(),
            "give a file of one recording: a WAV, a CSV, Edge Impulse JSON, a JPEG or a PNG",
        )),
    }
}

fn load_with(data: &Path, options: ImportOptions) -> Outcome<Vec<Recording>> {
    let mut importer = Importer::new();
    for (path, name) in files(data)? {
        // One at a time: of a picture only what is kept of it stays in memory.
        importer.add(&name, read(&path)?);
    }
    let found = importer.finish(&options);
    if !found.problems.is_empty() {
        for problem in found.problems.iter().take(MAX_LISTED) {
            eprintln!(
                "lampyris: {} ({}): {}",
                problem.what, problem.path, problem.remedy
            );
        }
        return Err(LabError::new(
            format!("{} of the files can't be read", found.problems.len()),
            data.display().to_string(),
            "repair or remove the files named above; nothing was written",
        ));
    }
    if found.recordings.is_empty() {
        return Err(LabError::new(
            format!(
                "there is no recording ({} other files)",
                found.skipped.len()
            ),
            data.display().to_string(),
            "give a folder with WAV, Edge Impulse JSON, CSV, JPEG or PNG files, in train/ and test/",
        ));
    }
    for skipped in found.skipped.iter().take(MAX_LISTED) {
        eprintln!("lampyris: skipped {skipped}");
    }
    if found.skipped.len() > MAX_LISTED {
        eprintln!("lampyris: skipped {} files in all", found.skipped.len());
    }
    let mut told = Vec::new();
    let told_of = |r: &&Recording| r.meta.is_sound() || r.picture.is_some();
    for recording in found.recordings.iter().filter(told_of) {
        if !recording.meta.notes.is_empty() {
            told.push(format!("{}: {}", recording.meta.name, recording.meta.notes));
        }
    }
    told.iter()
        .take(MAX_LISTED)
        .for_each(|note| eprintln!("lampyris: {note}"));
    if told.len() > MAX_LISTED {
        eprintln!("lampyris: notes of {} recordings in all", told.len());
    }
    Ok(found.recordings)
}

/// All files of DATA, each with its path within it.
fn files(data: &Path) -> Outcome<Vec<(PathBuf, String)>> {
    let kind = fs::metadata(data).map_err(|e| io_error("the data can't be found", data, &e))?;
    let mut walk = Walk::default();
    if kind.is_dir() {
        walk.folder(data, data)?;
    } else {
        let name = data.file_name().map(PathBuf::from).unwrap_or_default();
        walk.file(data, name.to_string_lossy().into_owned(), kind.len())?;
    }
    // Folders list their files in any order; results must not depend on it.
    walk.files.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(walk.files)
}

#[derive(Default)]
struct Walk {
    files: Vec<(PathBuf, String)>,
    /// Of all files but pictures, which are made smaller as they come.
    bytes: u64,
    /// Real paths of the folders that were entered: a link that leads back ends here.
    entered: BTreeSet<PathBuf>,
}

impl Walk {
    fn folder(&mut self, root: &Path, folder: &Path) -> Outcome {
        let real = fs::canonicalize(folder)
            .map_err(|e| io_error("the folder can't be entered", folder, &e))?;
        if !self.entered.insert(real) {
            return Ok(());
        }
        let unreadable = |e: &std::io::Error| io_error("the folder can't be read", folder, e);
        for entry in fs::read_dir(folder).map_err(|e| unreadable(&e))? {
            let path = entry.map_err(|e| unreadable(&e))?.path();
            let hidden = path
                .file_name()
                .is_some_and(|n| n.to_string_lossy().starts_with('.'));
            if hidden {
                continue;
            }
            let kind = fs::metadata(&path).map_err(|e| {
                io_error(
                    "a file can't be found (a link that leads nowhere?)",
                    &path,
                    &e,
                )
            })?;
            if kind.is_dir() {
                self.folder(root, &path)?;
            } else if kind.is_file() {
                let inside = path.strip_prefix(root).unwrap_or(&path);
                let parts: Vec<_> = inside.iter().map(|p| p.to_string_lossy()).collect();
                self.file(&path, parts.join("/"), kind.len())?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, name: String, size: u64) -> Outcome {
        let ending = path.extension().unwrap_or_default().to_string_lossy();
        if !PICTURES.contains(&ending.to_lowercase().as_str()) {
            self.bytes += size;
        }
        if self.bytes > MAX_BYTES {
            return Err(LabError::new(
                "the data is larger than 2 GiB",
                path.display().to_string(),
                "give a folder with recordings only, or fewer of them",
            ));
        }
        self.files.push((path.to_owned(), name));
        Ok(())
    }
}
