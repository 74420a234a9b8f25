//! `lampyris export`: files that build and run on a chip.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io, process};

use lampyris_budget::Board;
use lampyris_formats::bundle;
use lampyris_formats::firmware::{self, File, Kit, Opened, package};
use lampyris_lab::{LabError, OpenBundle, wrap};
use serde::Serialize;

use crate::Outcome;
use crate::output::{self, io_error};

/// What the command line says.
pub(crate) struct Wish {
    pub model: PathBuf,
    pub target: String,
    pub out: PathBuf,
    pub name: Option<String>,
    pub board: Option<String>,
    pub kit: Option<PathBuf>,
}

/// What was written, as the command prints it.
#[derive(Serialize)]
struct Summary<'a> {
    target: &'a str,
    name: &'a str,
    model_sha256: &'a str,
    out: String,
    /// Bytes of the model in flash.
    flash_bytes: usize,
    /// Bytes of arena, ring, scratch and features.
    ram_bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    board: Option<&'a str>,
    files: Vec<Written<'a>>,
}

#[derive(Serialize)]
struct Written<'a> {
    path: &'a str,
    bytes: usize,
    sha256: String,
}

/// Writes the files of the export into its folder.
pub(crate) fn export(wish: &Wish) -> Outcome {
    let target = firmware::target(&wish.target)?;
    let board = wish.board.as_deref().map(board).transpose()?;
    let bytes = whole(&wish.model)?;
    let opened = Opened::new(&bytes).map_err(|error| placed(&wish.model, error.into()))?;
    let stem = wish.model.file_stem();
    let stem = stem.map(|stem| stem.to_string_lossy().into_owned());
    let source = opened.source(wish.name.as_deref().or(stem.as_deref()).unwrap_or_default())?;
    if let Some(board) = board {
        OpenBundle::open(&bytes)?.check_room(board)?;
    }
    let files = firmware::files(&source, target, &kits(target.all_kits(), &wish.kit)?)?;
    write(&wish.out, &files)?;
    output::print(&Summary {
        target: target.id,
        name: &source.name,
        model_sha256: &source.sha256,
        out: wish.out.display().to_string(),
        flash_bytes: source.chip.bytes().len(),
        ram_bytes: source.chip.least_needs().bytes(),
        board: board.map(|board| board.id),
        files: files
            .iter()
            .map(|file| Written {
                path: &file.path,
                bytes: file.bytes.len(),
                sha256: bundle::name(&file.bytes),
            })
            .collect(),
    })
}

/// An error that names the file, too.
fn placed(path: &Path, mut error: LabError) -> LabError {
    error.place = format!("{}, {}", path.display(), error.place);
    error
}

/// Bytes of a bundle, or of a `.tflite` from elsewhere wrapped as one.
fn whole(path: &Path) -> Outcome<Vec<u8>> {
    let bytes = output::read(path)?;
    if bytes.get(4..8) == Some(b"TFL3") {
        return wrap(&bytes).map_err(|error| placed(path, error));
    }
    Ok(bytes)
}

/// The board of that id.
fn board(id: &str) -> Outcome<&'static Board> {
    lampyris_budget::board(id).ok_or_else(|| {
        LabError::new(
            format!("there is no board named {id}"),
            "--board",
            format!("name one of {}", lampyris_budget::board_ids().join(", ")),
        )
    })
}

/// Puts the files into the folder: all or none where it is new; over an earlier export file
/// by file once all are written beside it.
///
/// The folder may be new, empty, or hold an earlier export, whose files are then replaced;
/// whatever else lies there (what was built from it) stays. A folder with other files is
/// refused, and so is an export in which a file was changed since.
fn write(out: &Path, files: &[File]) -> Outcome {
    let earlier = earlier(out)?;
    for file in files {
        let place = out.join(&file.path);
        if !earlier.contains_key(&file.path) && place.exists() {
            return Err(LabError::new(
                "this file is there and is of no export",
                place.display().to_string(),
                "move it away, or name another folder",
            ));
        }
    }
    let stage = beside(out)?;
    let done = staged(&stage, files).and_then(|()| place_all(&stage, out, files));
    // What is left of it is rubbish; that it can't be removed changes nothing.
    let _ = fs::remove_dir_all(&stage);
    done?;
    for path in earlier
        .keys()
        .filter(|path| files.iter().all(|file| file.path != **path))
    {
        let stale = out.join(path);
        fs::remove_file(&stale)
            .map_err(|e| io_error("an earlier export's file can't be removed", &stale, &e))?;
    }
    Ok(())
}

/// The files of the export that a folder holds, unchanged, with their hashes; none where the
/// folder is new or empty.
fn earlier(out: &Path) -> Outcome<BTreeMap<String, String>> {
    let mut entries = match fs::read_dir(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(LabError::new(
                "this is a file, and an export is a folder of files",
                out.display().to_string(),
                "name a new folder",
            ));
        }
        entries => entries.map_err(|e| io_error("the folder can't be read", out, &e))?,
    };
    let list = out.join(package::SUMS);
    if entries.next().is_none() {
        return Ok(BTreeMap::new());
    }
    if !list.exists() {
        return Err(LabError::new(
            "the folder holds files that are of no export",
            out.display().to_string(),
            "name a new or an empty folder, or an earlier export",
        ));
    }
    let text = String::from_utf8_lossy(&output::read(&list)?).into_owned();
    let mut files = BTreeMap::new();
    for (sum, path) in text.lines().filter_map(|line| line.split_once("  ")) {
        let place = out.join(path);
        // A list that someone else wrote might lead out of the folder.
        let inside = Path::new(path)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        if !inside || !place.exists() {
            continue;
        }
        if bundle::name(&output::read(&place)?) != sum {
            return Err(LabError::new(
                "this file was changed since it was exported",
                place.display().to_string(),
                "move it away and delete this one, or name another folder",
            ));
        }
        files.insert(path.to_owned(), sum.to_owned());
    }
    files.insert(package::SUMS.to_owned(), String::new());
    Ok(files)
}

/// A folder beside this one, on the same disk.
fn beside(out: &Path) -> Outcome<PathBuf> {
    let whole =
        std::path::absolute(out).map_err(|e| io_error("the folder can't be named", out, &e))?;
    let (Some(name), Some(parent)) = (whole.file_name(), whole.parent()) else {
        return Err(LabError::new(
            "this is no folder of an export's own",
            out.display().to_string(),
            "name a new folder",
        ));
    };
    output::folder(parent)?;
    let name = format!(".{}.{}.part", name.to_string_lossy(), process::id());
    Ok(parent.join(name))
}

/// Writes all files into a folder of their own.
fn staged(stage: &Path, files: &[File]) -> Outcome {
    let mut places = Vec::new();
    for file in files {
        let place = stage.join(&file.path);
        output::folder(place.parent().unwrap_or(stage))?;
        places.push((place, file.bytes.clone()));
    }
    output::write_all(&places)
}

/// Moves them to where they belong: as a whole where nothing is there yet, else file by file,
/// the list last.
fn place_all(stage: &Path, out: &Path, files: &[File]) -> Outcome {
    let failed =
        |place: &Path, e: &io::Error| io_error("the file can't be put in its place", place, e);
    if !out.exists() {
        return fs::rename(stage, out).map_err(|e| failed(out, &e));
    }
    // Whatever could stand in the way is found before the first file is moved.
    for file in files {
        let place = out.join(&file.path);
        output::folder(place.parent().unwrap_or(out))?;
        if place.is_dir() {
            return Err(failed(&place, &io::ErrorKind::IsADirectory.into()));
        }
    }
    for file in files {
        let place = out.join(&file.path);
        fs::rename(stage.join(&file.path), &place).map_err(|e| failed(&place, &e))?;
    }
    Ok(())
}

/// Reads the kits from `--kit`, `LAMPYRIS_KIT`, or where `make build` left them.
fn kits(ids: impl Iterator<Item = &'static str>, named: &Option<PathBuf>) -> Outcome<Kit> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pkg/kit");
    let variable = || std::env::var_os("LAMPYRIS_KIT").map(PathBuf::from);
    let folder = named.clone().or_else(variable).unwrap_or(built);
    let mut kit = Kit::new();
    for id in ids {
        let path = folder.join(format!("{id}.zip"));
        if !path.exists() {
            return Err(LabError::new(
                "the kit of prebuilt files is not there",
                path.display().to_string(),
                "build it with make build, or name its folder with --kit",
            ));
        }
        kit.add(id, &output::read(&path)?)?;
    }
    Ok(kit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File::new(path, text)
    }

    fn export_of(mut files: Vec<File>) -> Vec<File> {
        files.push(package::sums(&files));
        files
    }

    /// A folder that is gone when the test is over.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path =
                std::env::temp_dir().join(format!("lampyris-export-{name}-{}", process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).expect("the temporary folder can be used");
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn text(place: &Path) -> String {
        fs::read_to_string(place).expect("written")
    }

    #[test]
    fn an_export_replaces_an_earlier_one_and_nothing_else() {
        let room = Folder::new("again");
        let out = room.0.join("out");
        let first = export_of(vec![file("src/a.c", "1"), file("old.h", "2")]);
        write(&out, &first).expect("a new folder");
        fs::write(out.join("built.o"), "mine").expect("writes");
        let second = export_of(vec![file("src/a.c", "3"), file("new.h", "4")]);
        write(&out, &second).expect("an earlier export");
        assert_eq!(text(&out.join("src/a.c")), "3");
        assert_eq!(text(&out.join("built.o")), "mine");
        assert!(!out.join("old.h").exists() && out.join("new.h").exists());
        let left = fs::read_dir(&room.0).expect("reads").count();
        assert_eq!(left, 1, "nothing is left beside it");
    }

    #[test]
    fn what_a_person_wrote_is_never_lost() {
        let room = Folder::new("foreign");
        let out = room.0.join("out");
        fs::create_dir(&out).expect("makes");
        fs::write(out.join("thesis.txt"), "mine").expect("writes");
        let files = export_of(vec![file("main.c", "1")]);
        assert!(write(&out, &files).is_err());
        assert_eq!(fs::read_dir(&out).expect("reads").count(), 1);

        let refused = write(&out.join("thesis.txt"), &files).expect_err("a file");
        assert!(refused.remedy.contains("folder"), "{refused}");

        let out = room.0.join("changed");
        write(&out, &files).expect("new");
        fs::write(out.join("main.c"), "better").expect("writes");
        let refused = write(&out, &export_of(vec![file("main.c", "2")])).expect_err("changed");
        assert!(refused.place.ends_with("main.c"), "{refused}");
        assert_eq!(text(&out.join("main.c")), "better");

        let out = room.0.join("in the way");
        write(&out, &files).expect("new");
        fs::write(out.join("more.c"), "mine").expect("writes");
        assert!(write(&out, &export_of(vec![file("more.c", "2")])).is_err());
        assert_eq!(text(&out.join("more.c")), "mine");
    }

    #[test]
    fn a_failure_leaves_nothing() {
        let room = Folder::new("fails");
        let out = room.0.join("out");
        let files = export_of(vec![
            file("a", "1"),
            file("a/b", "a folder and a file of one name"),
        ]);
        assert!(write(&out, &files).is_err());
        assert_eq!(fs::read_dir(&room.0).expect("reads").count(), 0);
    }
}
