//! Files and JSON out: whole or not at all.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use lampyris_lab::LabError;
use serde::Serialize;

use crate::Outcome;

/// The most that a file may hold: far above any model or set of tensors.
const MOST_BYTES: u64 = 4 << 30;

/// An error about a file, with what the system said.
pub(crate) fn io_error(what: &str, path: &Path, error: &io::Error) -> LabError {
    let remedy = match error.kind() {
        io::ErrorKind::NotFound => "check the path: a part of it is not there",
        io::ErrorKind::PermissionDenied => "you may not use it: change its rights, or take another",
        io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => "name a file, not a folder",
        io::ErrorKind::StorageFull => "make room on the disk",
        _ => "check that it can be used, and that the disk has room",
    };
    LabError::new(
        format!("{what}: {error}"),
        path.display().to_string(),
        remedy,
    )
}

/// Reads a whole file.
pub(crate) fn read(path: &Path) -> Outcome<Vec<u8>> {
    let failed = |e: io::Error| io_error("the file can't be read", path, &e);
    let file = fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // A device has no end; a file that large is not what was meant.
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(LabError::new(
            "the file holds more than 4 GiB",
            path.display().to_string(),
            "name a model or a file of tensors",
        ));
    }
    Ok(bytes)
}

/// Writes all files or none: each is written beside its place under another
/// name, and renamed once all of them are on the disk. A link is followed; what is no
/// file (a device, a pipe) is written to as it is, after the others.
pub(crate) fn write_all(files: &[(PathBuf, Vec<u8>)]) -> Outcome {
    let mut places: Vec<PathBuf> = Vec::new();
    let (mut written, mut streams) = (Vec::new(), Vec::new());
    let done = files
        .iter()
        .try_for_each(|(path, bytes)| {
            let place = place(path)?;
            if !place.exists() || place.is_file() {
                if places.contains(&place) {
                    return Err(LabError::new(
                        "two results would go into one file",
                        path.display().to_string(),
                        "name a file for each",
                    ));
                }
                places.push(place.clone());
                let beside = beside(&place)?;
                written.push((beside.clone(), place));
                let write = || {
                    let mut file = fs::File::create(&beside)?;
                    file.write_all(bytes)?;
                    file.sync_all()
                };
                return write().map_err(|e| io_error("the file can't be written", path, &e));
            }
            streams.push((place, bytes));
            Ok(())
        })
        .and_then(|()| {
            written.iter().try_for_each(|(beside, place)| {
                fs::rename(beside, place)
                    .map_err(|e| io_error("the file can't be put in its place", place, &e))
            })
        })
        .and_then(|()| {
            streams.iter().try_for_each(|(path, bytes)| {
                let open = fs::OpenOptions::new().write(true).open(path);
                open.and_then(|mut stream| stream.write_all(bytes))
                    .map_err(|e| io_error("it can't be written to", path, &e))
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

/// Where a path leads, which must be no folder.
fn place(path: &Path) -> Outcome<PathBuf> {
    if path.is_dir() {
        let error = io::Error::from(io::ErrorKind::IsADirectory);
        return Err(io_error("the file can't be written", path, &error));
    }
    Ok(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
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

/// Prints a value as JSON.
pub(crate) fn print<T: Serialize>(value: &T) -> Outcome {
    print_bytes(&json(value))
}

/// Prints text. A reader that has gone (`| head`) is no error.
pub(crate) fn print_bytes(text: &[u8]) -> Outcome {
    match io::stdout().lock().write_all(text) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(io_error(
            "the result can't be printed",
            Path::new("standard output"),
            &e,
        )),
        _ => Ok(()),
    }
}
