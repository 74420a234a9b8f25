//! What the model costs as it is used, asked again with every move of a slider: nothing but
//! the settings is looked at, no window is cut.

use std::collections::BTreeSet;

use lampyris_budget::Footprint;

use crate::{Lab, LabError, Settings, load};

/// Times between decisions that may be tried, in ms: longer than a model can have, since a
/// sensor or a timer may wake a chip as seldom as it likes.
const HOPS_MS: std::ops::RangeInclusive<f32> = 10.0..=60_000.0;

impl Lab {
    /// What a board carries with these settings and this usage: of the model that was last
    /// made, where it is one of such windows; else of the network as drawn. `hop_ms` is a time
    /// between decisions that is tried out, 10 to 60000 ms.
    ///
    /// # Errors
    /// Settings that are refused, a hop out of range, and a network that can't be drawn.
    pub fn footprint(
        &self,
        settings: &Settings,
        hop_ms: Option<f32>,
    ) -> Result<Footprint, LabError> {
        let mut plan = self.plan(settings)?;
        let mut settings = settings.clone();
        if let Some(hop_ms) = hop_ms {
            if !HOPS_MS.contains(&hop_ms) {
                return Err(LabError::new(
                    format!("a hop of {hop_ms} ms"),
                    "usage",
                    format!("try {} to {} ms", HOPS_MS.start(), HOPS_MS.end()),
                ));
            }
            settings.hop_ms = hop_ms;
            plan.hop = settings.hop_samples();
            plan.signal.rate_hz = settings.signal_rate_hz();
        }
        let settings = &settings;
        let model = self.model();
        // How often windows come is in the chip part too, and decides what it keeps in memory.
        let fits = model.filter(|m| m.plan_fits(&plan) && m.hop == plan.hop);
        let found = match fits {
            Some(model) => {
                let layers = load::layers(&model.graph);
                load::of_model(settings, &plan, model.chip.as_ref(), layers)
            }
            None => {
                let labels: Vec<String> = match model {
                    Some(model) => model.report.labels.clone(),
                    None => self.labels_of(settings).into_iter().collect(),
                };
                load::before_training(settings, &plan, &labels).1
            }
        };
        found.ok_or_else(|| {
            LabError::new(
                "what the model costs can't be told",
                "settings",
                "choose a board of the list, and a network that fits the windows",
            )
        })
    }

    /// All labels after merging, whether or not a window bears them.
    fn labels_of(&self, settings: &Settings) -> BTreeSet<String> {
        let mut labels = BTreeSet::new();
        for recording in self.recordings() {
            let spans = recording.meta.spans.iter();
            let merged = spans.filter_map(|span| settings.merged(&span.label));
            labels.extend(merged.map(String::from));
        }
        labels
    }
}
