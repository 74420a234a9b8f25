//! What is used when nothing is said: [`Settings`] by task, and labels by their usual names.

use std::collections::BTreeMap;

use lampyris_device::{Decision, Gate};

use crate::presets::{AUDIO_BLOCK, IMAGE_BLOCK, preset};
use crate::{
    AugmentSettings, BlockChoice, DecisionSettings, GateSettings, SETTINGS_VERSION, Settings,
    SplitBy, SplitSettings, Task, TrainingSettings, UsageSettings,
};

/// Names that a background has in usual data sets, in lower case.
const BACKGROUND: [&str; 7] = [
    "_background_noise_",
    "_silence_",
    "background",
    "background_noise",
    "noise",
    "silence",
    "quiet",
];

/// Names, beside those of a background, of what is none of the classes that count.
const NONE: [&str; 7] = [
    "_unknown_",
    "unknown",
    "other",
    "others",
    "none",
    "nothing",
    "idle",
];

impl Settings {
    /// What is used when nothing is said.
    pub fn default_for(task: Task) -> Self {
        match task {
            Task::Motion => motion(),
            Task::Audio => audio(),
            Task::Image => image(),
        }
    }

    /// Whether recordings of this label, as recorded, are mixed into training windows.
    pub fn is_background(&self, label: &str) -> bool {
        if self.background.is_empty() {
            usual(&BACKGROUND, label)
        } else {
            self.background.iter().any(|name| name == label)
        }
    }

    /// Which of the model's labels mean "none of these": those that the decision names,
    /// else a background, and what usual names say.
    pub fn none_labels(&self, labels: &[String]) -> Vec<bool> {
        let named = &self.decision.none;
        let none = |label: &String| {
            if named.is_empty() {
                self.is_background(label) || usual(&BACKGROUND, label) || usual(&NONE, label)
            } else {
                named.contains(label)
            }
        };
        labels.iter().map(none).collect()
    }
}

fn usual(names: &[&str], label: &str) -> bool {
    names.contains(&label.to_lowercase().as_str())
}

impl Default for DecisionSettings {
    fn default() -> Self {
        Self {
            smoothing: 1,
            threshold: 0.6,
            suppress_ms: 0.0,
            none: Vec::new(),
            gate: GateSettings::default(),
        }
    }
}

impl From<&DecisionSettings> for Decision {
    /// As a chip takes it; which labels are "none of these" is the labels' own.
    fn from(settings: &DecisionSettings) -> Self {
        // `as` saturates, and whoever takes it checks the ranges.
        Self {
            smoothing: settings.smoothing.min(u8::MAX.into()) as u8,
            threshold: settings.threshold,
            suppress_ms: settings.suppress_ms.round() as u32,
            gate: Gate {
                level: settings.gate.level,
                hold_ms: settings.gate.hold_ms.round() as u32,
            },
        }
    }
}

fn split() -> SplitSettings {
    SplitSettings {
        test_fraction: 0.2,
        validation_fraction: 0.2,
        by: SplitBy::Group,
        seed: 1,
    }
}

fn block(id: &str) -> BlockChoice {
    BlockChoice {
        id: id.into(),
        settings: BTreeMap::new(),
    }
}

fn motion() -> Settings {
    Settings {
        version: SETTINGS_VERSION,
        task: Task::Motion,
        rate_hz: 50.0,
        window_ms: 2000.0,
        hop_ms: 1000.0,
        axes: Vec::new(),
        merge: BTreeMap::new(),
        background: Vec::new(),
        block: block("spectral"),
        network: preset(Task::Motion, "dense"),
        training: TrainingSettings {
            epochs: 100,
            batch_size: 32,
            learning_rate: 0.001,
            patience: 30,
            hop_ms: 250.0,
            seed: 1,
            class_weights: false,
            augment: AugmentSettings {
                copies: 3,
                rotate_deg: 180.0,
                scale: 0.3,
                stretch: 0.2,
                ..AugmentSettings::default()
            },
        },
        split: split(),
        decision: DecisionSettings::default(),
        board: lampyris_budget::DEFAULT_BOARD.into(),
        battery: lampyris_budget::DEFAULT_BATTERY.into(),
        usage: UsageSettings::default(),
    }
}

fn audio() -> Settings {
    Settings {
        rate_hz: 16_000.0,
        window_ms: 1000.0,
        // A multiple of the block's stride: chips then keep frames instead of samples.
        hop_ms: 240.0,
        task: Task::Audio,
        block: block(AUDIO_BLOCK),
        network: preset(Task::Audio, "small"),
        training: TrainingSettings {
            hop_ms: 500.0,
            class_weights: true,
            augment: AugmentSettings {
                copies: 1,
                gain_db: 6.0,
                shift_ms: 100.0,
                noise: 0.5,
                mask_frames: 6,
                mask_columns: 3,
                ..AugmentSettings::default()
            },
            ..motion().training
        },
        decision: DecisionSettings {
            smoothing: 3,
            suppress_ms: 1000.0,
            ..DecisionSettings::default()
        },
        ..motion()
    }
}

fn image() -> Settings {
    Settings {
        // Time between pictures: five a second. A window is one picture.
        hop_ms: 200.0,
        task: Task::Image,
        block: block(IMAGE_BLOCK),
        network: preset(Task::Image, "small"),
        training: TrainingSettings {
            epochs: 30,
            // Norms between the layers hold long steps, which learn in few epochs.
            learning_rate: 0.008,
            class_weights: true,
            augment: AugmentSettings {
                copies: 3,
                rotate_deg: 15.0,
                scale: 0.15,
                shift: 0.1,
                brightness: 0.2,
                contrast: 0.3,
                jitter: 0.02,
                erase: 0.2,
                ..AugmentSettings::default()
            },
            ..motion().training
        },
        decision: DecisionSettings {
            smoothing: 3,
            ..DecisionSettings::default()
        },
        ..motion()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_stand_in_for_those_that_nobody_gave() {
        let mut settings = Settings::default_for(Task::Audio);
        let labels = ["Noise", "_unknown_", "yes"].map(String::from);
        assert_eq!(settings.none_labels(&labels), [true, true, false]);
        assert!(settings.is_background("_silence_") && !settings.is_background("yes"));
        settings.background = vec!["yes".into()];
        settings.decision.none = vec!["yes".into()];
        assert_eq!(settings.none_labels(&labels), [false, false, true]);
        assert!(settings.is_background("yes") && !settings.is_background("_silence_"));
    }

    #[test]
    fn every_task_has_legal_defaults_that_survive_json() {
        for task in [Task::Motion, Task::Audio, Task::Image] {
            let settings = Settings::default_for(task);
            settings.check().expect("legal");
            let json = serde_json::to_string(&settings).expect("plain");
            assert_eq!(
                serde_json::from_str::<Settings>(&json).expect("reads"),
                settings
            );
        }
    }
}
