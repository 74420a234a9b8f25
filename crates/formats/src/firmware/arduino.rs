//! Arduino library.

use super::{File, Kit, Source, Target};
use crate::FormatError;

/// The exporter.
pub static TARGET: Target = Target {
    id: "arduino",
    title: "Arduino library",
    help: "",
    kits: &["arduino", "lib"],
    make,
};

fn make(source: &Source<'_>, kit: &Kit) -> Result<Vec<File>, FormatError> {
    let _ = kit;
    Ok(vec![File::new(
        "model.tflite",
        source.host.tflite.as_slice(),
    )])
}
