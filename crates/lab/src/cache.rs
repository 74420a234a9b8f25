//! Features of windows, kept by what made them.

use std::collections::BTreeMap;
use std::sync::Arc;

use lampyris_dataset::Recording;

use crate::LabError;
use crate::pictures::Pictures;
use crate::signals::Plan;

/// Features of several windows of a recording, one row a window.
pub(crate) type Rows = Arc<Vec<f32>>;

/// Features by what made them: recording, axes, rate, window, hop, block.
/// What two preparations in a row have not asked for is forgotten.
#[derive(Default)]
pub(crate) struct Cache {
    turn: u64,
    kept: BTreeMap<String, (u64, Rows)>,
    /// Of pictures, what the model sees.
    pub pictures: Pictures,
}

impl Cache {
    /// Begins a preparation.
    pub(crate) fn begin(&mut self) {
        self.turn += 1;
        let turn = self.turn;
        self.kept.retain(|_, (used, _)| *used + 2 >= turn);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
        self.pictures.clear();
    }

    /// What was kept of this recording under these settings, else what `make` gives.
    /// `cut` tells how the windows were cut and changed.
    pub(crate) fn kept_or(
        &mut self,
        plan: &Plan,
        recording: &Recording,
        cut: &str,
        make: impl FnOnce() -> Result<Vec<f32>, LabError>,
    ) -> Result<Rows, LabError> {
        let bits: Vec<u32> = plan.values.iter().map(|v| v.to_bits()).collect();
        let made_of = plan.resampling_key(recording);
        let key = format!("{made_of} {cut} {} {bits:?}", plan.block.id);
        if let Some((used, rows)) = self.kept.get_mut(&key) {
            *used = self.turn;
            return Ok(rows.clone());
        }
        let rows = Arc::new(make()?);
        self.kept.insert(key, (self.turn, rows.clone()));
        Ok(rows)
    }
}
