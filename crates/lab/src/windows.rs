//! Which windows there are, what each is labelled and which part it serves.

use std::collections::{BTreeMap, BTreeSet};

use lampyris_dataset::{
    Recording, Split, SplitBy as By, SplitRule, WindowLabel, assign_splits, window_labels,
};
use sha2::{Digest, Sha256};

use crate::settings_check::hex;
use crate::signals::{Plan, merged};
use crate::{Settings, SplitBy};

/// One labelled window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Index of its recording in [`Table::recordings`].
    pub recording: usize,
    /// First sample, at the model's rate.
    pub start: u32,
    /// Index into [`Table::labels`].
    pub label: u32,
}

/// All windows, in the order of recording id and time.
pub(crate) struct Table<'a> {
    /// By id; only those that give a window.
    pub recordings: Vec<&'a Recording>,
    /// The part of each of them.
    pub parts: Vec<Split>,
    /// All labels of these windows, by bytes.
    pub labels: Vec<String>,
    /// All windows; the hop depends on the part.
    pub windows: Vec<Window>,
    /// What training windows may have around them, in the order of recording id and time.
    pub background: Vec<Stretch<'a>>,
}

/// A stretch of background.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a> {
    pub recording: &'a Recording,
    /// First sample, at the model's rate.
    pub from: u32,
    /// One past its last.
    pub to: u32,
}

impl<'a> Table<'a> {
    /// Cuts the recordings (given by id) into windows.
    pub(crate) fn new(
        settings: &Settings,
        plan: &Plan,
        recordings: impl Iterator<Item = &'a Recording>,
    ) -> Self {
        let fitting: Vec<&Recording> = recordings.filter(|r| plan.columns(r).is_some()).collect();
        let usable: Vec<&Recording> = fitting
            .iter()
            .copied()
            .filter(|r| !labelled(settings, plan, r, plan.hop).is_empty())
            .collect();
        let splits = split(settings, &usable);
        let part = |r: &Recording| splits.get(&r.meta.id).copied().unwrap_or(Split::Train);
        let parts: Vec<Split> = usable.iter().map(|r| part(r)).collect();
        let mut found = Vec::new();
        for (recording, (r, part)) in usable.iter().zip(&parts).enumerate() {
            let cut = labelled(settings, plan, r, plan.hop_of(*part));
            found.extend(cut.into_iter().map(|w| (recording, w)));
        }
        let mut labels: BTreeSet<&String> = BTreeSet::new();
        labels.extend(found.iter().map(|(_, w)| &w.label));
        let labels: Vec<String> = labels.into_iter().cloned().collect();
        let windows = found.iter().map(|(recording, w)| Window {
            recording: *recording,
            start: w.start,
            label: labels
                .binary_search(&w.label)
                .expect("every label was collected") as u32,
        });
        // Nothing held out may be heard in training. What gives no window is in no part: its
        // source tells, else where the rest of its group is.
        let by_group = settings.split.by == SplitBy::Group;
        let held_out: BTreeSet<&String> = usable
            .iter()
            .zip(&parts)
            .filter(|(_, part)| by_group && **part != Split::Train)
            .filter_map(|(r, _)| r.meta.group.as_ref())
            .collect();
        let trained = |r: &&&Recording| match (splits.get(&r.meta.id), r.meta.split) {
            (Some(part), _) => *part == Split::Train,
            (None, Split::Train) => true,
            (None, Split::Auto) => !r.meta.group.iter().any(|g| held_out.contains(g)),
            (None, Split::Validation | Split::Test) => false,
        };
        let background = fitting.iter().filter(trained).flat_map(|&recording| {
            let spans = plan.recorded_spans(recording).into_iter();
            let background = spans.filter(|s| settings.is_background(&s.label));
            background.map(move |s| Stretch {
                recording,
                from: s.start,
                to: s.end,
            })
        });
        Self {
            windows: windows.collect(),
            background: background.collect(),
            recordings: usable,
            parts,
            labels,
        }
    }

    /// The windows of one part.
    pub(crate) fn of(&self, part: Split) -> impl Iterator<Item = &Window> {
        self.windows
            .iter()
            .filter(move |w| self.parts[w.recording] == part)
    }

    /// Number of windows of one label in one part.
    pub(crate) fn count(&self, part: Split, label: u32) -> u32 {
        self.of(part).filter(|w| w.label == label).count() as u32
    }

    /// Recording id → part.
    pub(crate) fn splits(&self) -> BTreeMap<String, Split> {
        let ids = self.recordings.iter().map(|r| r.meta.id.clone());
        let mut splits = BTreeMap::new();
        splits.extend(ids.zip(self.parts.iter().copied()));
        splits
    }

    /// What identifies the background, in few bytes: it goes into the key of every recording.
    pub(crate) fn background_key(&self) -> String {
        hex(&Sha256::digest(self.background_text()))
    }

    fn background_text(&self) -> String {
        let stretches = self.background.iter();
        stretches
            .map(|s| format!("{} {} {};", s.recording.meta.id, s.from, s.to))
            .collect()
    }

    /// What identifies the data behind these windows: ids, parts and spans.
    pub(crate) fn fingerprint(&self) -> Vec<u8> {
        let mut out = self.background_text().into_bytes();
        for (r, part) in self.recordings.iter().zip(&self.parts) {
            let spans = &r.meta.spans;
            let line = serde_json::to_vec(&(&r.meta.id, part, spans));
            out.extend(line.expect("text and numbers"));
        }
        out
    }
}

fn labelled(settings: &Settings, plan: &Plan, r: &Recording, hop: u32) -> Vec<WindowLabel> {
    let spans = plan.spans(r, settings);
    let window = plan.signal.samples as u32;
    window_labels(&spans, plan.resampled_len(r), window, hop)
}

/// Parts by the settings, over merged labels.
fn split(settings: &Settings, recordings: &[&Recording]) -> BTreeMap<String, Split> {
    let metas: Vec<_> = recordings
        .iter()
        .map(|r| {
            let mut meta = r.meta.clone();
            meta.spans = merged(meta.spans, settings);
            meta
        })
        .collect();
    let rule = SplitRule {
        test_fraction: settings.split.test_fraction.into(),
        validation_fraction: settings.split.validation_fraction.into(),
        by: match settings.split.by {
            SplitBy::Recording => By::Recording,
            SplitBy::Group => By::Group,
        },
        seed: settings.split.seed.into(),
    };
    assign_splits(&metas.iter().collect::<Vec<_>>(), &rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_long_background_is_short() {
        let recording = Recording::new(
            lampyris_dataset::NewRecording {
                name: "noise".into(),
                label: "noise".into(),
                axes: vec![lampyris_dataset::Axis {
                    name: "audio".into(),
                    unit: String::new(),
                }],
                rate_hz: 16_000.0,
                source: "microphone".into(),
                ..Default::default()
            },
            vec![0.5; 1000],
            None,
        )
        .expect("legal");
        let key = |n: u32| {
            let stretch = |from| Stretch {
                recording: &recording,
                from,
                to: 1000,
            };
            let table = Table {
                recordings: Vec::new(),
                parts: Vec::new(),
                labels: Vec::new(),
                windows: Vec::new(),
                background: (0..n).map(stretch).collect(),
            };
            table.background_key()
        };
        assert_eq!(key(300).len(), 64);
        assert_ne!(key(300), key(299));
    }
}
