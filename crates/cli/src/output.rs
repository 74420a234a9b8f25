//! Files and JSON out: whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use lampyris_lab::LabError;
use serde::Serialize;

use crate::Outcome;

/// An error about a file, with what the system said.
pub(crate) fn io_error(what: &str, path: &Path, error: &io::Error) -> LabError {
    LabError::new(
        format!("{what}: {error}"),
        path.display().to_string(),
        "check that it exists, that you may use it, and that the disk has room",
    )
}

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|e| io_error("the file can't be read", path, &e))
}

/// Writes all files or none: each is written beside its place under another
/// name, and renamed once all of them are on the disk.
pub(crate) fn write_all(files: &[(PathBuf, Vec<u8>)]) -> Outcome {
    let mut written: Vec<(PathBuf, &PathBuf)> = Vec::new();
    let done = files
        .iter()
        .try_for_each(|(path, bytes)| {
            let beside = beside(path)?;
            written.push((beside.clone(), path));
            let write = || {
                let mut file = fs::File::create(&beside)?;
                file.write_all(bytes)?;
                file.sync_all()
            };
            write().map_err(|e| io_error("the file can't be written", path, &e))
        })
        .and_then(|()| {
            written.iter().try_for_each(|(beside, path)| {
                fs::rename(beside, path)
                    .map_err(|e| io_error("the file can't be put in its place", path, &e))
            })
        });
    if done.is_err() {
        for (beside, _) in &written {
            // What is left is rubbish; that it can't be removed changes nothing.
            let _ = fs::remove_file(beside);
        }
    }
    done
}

fn beside(path: &Path) -> Outcome<PathBuf> {
    let name = path.file_name().ok_or_else(|| {
        LabError::new(
            "this is no file name",
            path.display().to_string(),
            "name a file",
        )
    })?;
    let name = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
    Ok(path.with_file_name(name))
}

/// Makes a folder and those above it.
pub(crate) fn folder(path: &Path) -> Outcome {
    fs::create_dir_all(path).map_err(|e| io_error("the folder can't be made", path, &e))
}

/// A value as JSON with a line for each field.
pub(crate) fn json<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("plain data with text keys");
    bytes.push(b'\n');
    bytes
}

/// Prints a value as JSON. A reader that has gone (`| head`) is no error.
pub(crate) fn print<T: Serialize>(value: &T) -> Outcome {
    match io::stdout().lock().write_all(&json(value)) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(io_error(
            "the result can't be printed",
            Path::new("standard output"),
            &e,
        )),
        _ => Ok(()),
    }
}
