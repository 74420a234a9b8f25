//! What every export holds: the chip part unchanged, golden vectors, README, card, licences.
//!
//! ```text
//! README.md           common/README.md of the kit; its middle is <target>/README.md
//! MODEL_CARD.md       data, figures, settings, limits
//! LICENSE-MIT, LICENSE-APACHE, THIRD_PARTY.md
//! model/chip.lampyris the chip part: what lies in flash, byte for byte
//! golden/             golden.json says what inputs, features.i8 and outputs.i8 hold
//! SHA256SUMS          of every other file; `sha256sum -c SHA256SUMS` checks them
//! ```

use super::{Facts, File, Kit, Source, Target, card, golden};
use crate::{FormatError, bundle};

/// Path of the list of all files with their hashes.
pub const SUMS: &str = "SHA256SUMS";

/// The files that are the same in every export. `own` is the exporter's part of the README;
/// where it is `None`, that is `<target>/README.md` of the kit.
///
/// # Errors
/// A kit without the templates or the licences; a model without a readable `.tflite`.
pub fn files(
    source: &Source<'_>,
    target: &Target,
    kit: &Kit,
    own: Option<Vec<u8>>,
) -> Result<Vec<File>, FormatError> {
    let facts = Facts::of(source)?;
    let own = match own {
        Some(own) => own,
        None => kit.filled(&format!("{}/README.md", target.id), &facts.values())?,
    };
    let own = String::from_utf8_lossy(&own).into_owned();
    let mut values = facts.values();
    values.push(("TARGET", target.title));
    values.push(("OWN", own.trim()));
    let mut files = vec![
        File::new("README.md", kit.filled("common/README.md", &values)?),
        File::new("MODEL_CARD.md", card::card(source, &facts, kit)?),
        File::new("model/chip.lampyris", source.chip.bytes()),
    ];
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        files.push(File::new(name, kit.file(&format!("common/{name}"))?));
    }
    // The notices of what is in the static libraries are made with them.
    let notices = if target.kits.contains(&"lib") {
        "lib/THIRD_PARTY.md"
    } else {
        "common/THIRD_PARTY.md"
    };
    files.push(File::new("THIRD_PARTY.md", kit.file(notices)?));
    files.extend(golden::files(source));
    Ok(files)
}

/// The list of these files with their hashes, as `sha256sum` reads it.
pub fn sums(files: &[File]) -> File {
    let line = |file: &File| format!("{}  {}\n", bundle::name(&file.bytes), file.path);
    File::new(SUMS, files.iter().map(line).collect::<String>())
}
