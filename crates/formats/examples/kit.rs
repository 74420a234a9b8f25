//! Packs the kits that exports are made of: `kit OUT LIBRARIES`.
//!
//! Each folder of crates/formats/kit becomes `OUT/<name>.zip`; `rust.zip` holds the chip
//! crates as well, `common.zip` the licences, and `lib.zip` is the folder LIBRARIES.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use lampyris_formats::firmware::{self, File};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let out = arguments.next().ok_or("usage: kit OUT LIBRARIES")?;
    let libraries = arguments.next().ok_or("usage: kit OUT LIBRARIES")?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.join("../..");
    fs::create_dir_all(&out)?;
    for folder in fs::read_dir(here.join("kit"))? {
        let folder = folder?;
        let name = folder
            .file_name()
            .into_string()
            .map_err(|_| "a folder's name")?;
        let mut files = below(&folder.path(), "")?;
        match name.as_str() {
            "rust" => {
                let workspace = fs::read_to_string(root.join("Cargo.toml"))?;
                for one in ["core", "dsp", "device"] {
                    let place = root.join("crates").join(one);
                    files.extend(below(&place.join("src"), &format!("crates/{one}/src/"))?);
                    if let Ok(script) = fs::read(place.join("build.rs")) {
                        files.push(File::new(format!("crates/{one}/build.rs"), script));
                    }
                    let manifest = fs::read_to_string(place.join("Cargo.toml"))?;
                    let manifest = alone(&manifest, &workspace)?;
                    files.push(File::new(format!("crates/{one}/Cargo.toml"), manifest));
                }
            }
            "common" => {
                for one in ["LICENSE-MIT", "LICENSE-APACHE"] {
                    files.push(File::new(one, fs::read(root.join(one))?));
                }
            }
            _ => {}
        }
        pack(&out, &name, files)?;
    }
    pack(&out, "lib", below(&libraries, "")?)
}

fn pack(out: &Path, name: &str, mut files: Vec<File>) -> Outcome {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let zip = firmware::zip("", &files)?;
    println!("  {name}.zip: {} files, {} bytes", files.len(), zip.len());
    Ok(fs::write(out.join(name).with_extension("zip"), zip)?)
}

/// A crate's manifest without its workspace: what is inherited is filled in, crates of ours
/// are beside it, and what only tests need is left out.
fn alone(manifest: &str, workspace: &str) -> Outcome<String> {
    let value = |table: &str, key: &str| {
        let lines = workspace.lines().skip_while(|line| *line != table).skip(1);
        let mut rows = lines.take_while(|line| !line.starts_with('['));
        let line = rows.find(|line| line.split('=').next().is_some_and(|k| k.trim() == key));
        line.map(str::to_owned)
            .ok_or_else(|| format!("{table} has no {key}"))
    };
    let mut out = String::new();
    let mut part = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            part = line;
        }
        if matches!(part, "[lints]" | "[dev-dependencies]") {
            continue;
        }
        let line = match line.strip_suffix(".workspace = true") {
            None => line.to_owned(),
            Some(key) if part == "[package]" => value("[workspace.package]", key)?,
            Some(key) => match key.strip_prefix("lampyris-") {
                Some(crate_) => format!("{key} = {{ path = \"../{crate_}\" }}"),
                None => value("[workspace.dependencies]", key)?,
            },
        };
        out.push_str(&line);
        out.push('\n');
    }
    Ok(out.trim_end().to_owned() + "\n")
}

/// All files below a folder, under this prefix; none where there is no such folder.
fn below(folder: &Path, prefix: &str) -> Outcome<Vec<File>> {
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| "a file's name")?;
        if entry.file_type()?.is_dir() {
            files.extend(below(&entry.path(), &format!("{prefix}{name}/"))?);
        } else {
            files.push(File::new(
                format!("{prefix}{name}"),
                fs::read(entry.path())?,
            ));
        }
    }
    Ok(files)
}
