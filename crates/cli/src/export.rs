//! `lampyris export`: files that build and run on a chip.

use std::path::{Path, PathBuf};

use lampyris_formats::firmware::{self, Kit, Opened};
use lampyris_lab::LabError;

use crate::{Outcome, output};

/// Writes every file of the export below `out`.
pub(crate) fn export(
    model: &Path,
    target: &str,
    out: &Path,
    name: Option<String>,
    kit: Option<PathBuf>,
) -> Outcome {
    let target = firmware::target(target)?;
    let opened = Opened::new(&output::read(model)?)?;
    let stem = model.file_stem().map(|s| s.to_string_lossy().into_owned());
    let source = opened.source(&name.or(stem).unwrap_or_default())?;
    let files = firmware::files(&source, target, &kits(target.all_kits(), kit)?)?;
    let mut places = Vec::new();
    for file in files {
        let place = out.join(&file.path);
        output::folder(place.parent().unwrap_or(out))?;
        places.push((place, file.bytes));
    }
    output::write_all(&places)
}

/// Reads the kits from `--kit`, `LAMPYRIS_KIT`, or where `make build` left them.
fn kits(ids: impl Iterator<Item = &'static str>, named: Option<PathBuf>) -> Outcome<Kit> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pkg/kit");
    let named = named.or_else(|| std::env::var_os("LAMPYRIS_KIT").map(PathBuf::from));
    let folder = named.unwrap_or(built);
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
