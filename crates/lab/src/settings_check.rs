//! Legal ranges of [`Settings`], and what follows from them.

use lampyris_dsp::block;
use sha2::{Digest, Sha256};

use crate::{DecisionSettings, LabError, SETTINGS_VERSION, Settings, Task, UsageSettings};

/// Most samples per axis in a window: 10 s at 16 kHz.
const MAX_WINDOW: f32 = 160_000.0;

impl Settings {
    /// Samples per second of what a window is cut from: of pictures, how many come in a
    /// second.
    pub fn signal_rate_hz(&self) -> f32 {
        match self.task {
            Task::Motion | Task::Audio => self.rate_hz,
            Task::Image => 1000.0 / self.hop_ms,
        }
    }

    /// Samples per axis in a window; at least 1. A picture is one.
    pub fn window_samples(&self) -> u32 {
        self.samples(self.window_ms)
    }

    /// Samples between windows; at least 1.
    pub fn hop_samples(&self) -> u32 {
        self.samples(self.hop_ms)
    }

    /// Samples between training windows; at least 1.
    pub fn training_hop_samples(&self) -> u32 {
        self.samples(self.training.hop_ms)
    }

    fn samples(&self, ms: f32) -> u32 {
        match self.task {
            Task::Motion | Task::Audio => samples(ms, self.rate_hz),
            Task::Image => 1,
        }
    }

    /// What a recorded label counts as; `None` leaves it out.
    pub fn merged<'a>(&'a self, label: &'a str) -> Option<&'a str> {
        let name = self.merge.get(label).map_or(label, String::as_str);
        (!name.is_empty()).then_some(name)
    }

    /// The block's settings in the block's order, defaults filled in.
    ///
    /// # Errors
    /// An unknown block, an unknown setting, a value outside its range.
    pub fn block_values(&self) -> Result<(&'static block::Block, Vec<f32>), LabError> {
        let block = block::by_id(&self.block.id).ok_or_else(|| {
            let known: Vec<&str> = block::BLOCKS.iter().map(|b| b.id).collect();
            LabError::new(
                format!("no block is called \"{}\"", self.block.id),
                "settings, block.id",
                format!("choose one of: {}", known.join(", ")),
            )
        })?;
        let known: Vec<&str> = block.settings.iter().map(|s| s.id).collect();
        if let Some(id) = self
            .block
            .settings
            .keys()
            .find(|id| !known.contains(&id.as_str()))
        {
            return Err(LabError::new(
                format!("block {} has no setting \"{id}\"", block.id),
                "settings, block.settings",
                format!("it has: {}", known.join(", ")),
            ));
        }
        let mut values = Vec::with_capacity(block.settings.len());
        for row in block.settings {
            let value = self
                .block
                .settings
                .get(row.id)
                .copied()
                .unwrap_or(row.default);
            if !row.accepts(value) {
                let step = match row.step {
                    block::Step::Any => "",
                    block::Step::Whole => ", a whole number",
                    block::Step::PowerOfTwo => ", a power of two",
                    block::Step::Switch => ", 0 (off) or 1 (on)",
                };
                return Err(LabError::new(
                    format!("{} is {value}", row.id),
                    format!("settings, block.settings.{}", row.id),
                    format!("give {} to {}{step}", row.min, row.max),
                ));
            }
            values.push(value);
        }
        Ok((block, values))
    }

    /// Checks every field against its range.
    ///
    /// # Errors
    /// The first field at fault, with its legal range. Whether the block accepts
    /// the window is checked where the axes are known.
    pub fn check(&self) -> Result<(), LabError> {
        if self.version != SETTINGS_VERSION {
            return Err(LabError::new(
                format!("settings of version {}", self.version),
                "settings, version",
                format!(
                    "this build reads version {SETTINGS_VERSION}; take the build that wrote them"
                ),
            ));
        }
        self.check_ranges()?;
        self.check_gate()?;
        let pictures = self.task == Task::Image;
        if !pictures && self.window_ms * self.rate_hz / 1000.0 > MAX_WINDOW {
            return Err(LabError::new(
                format!("a window of {} samples", self.window_samples()),
                "settings, window_ms × rate_hz",
                format!(
                    "keep a window within {MAX_WINDOW} samples: a shorter window or a lower rate"
                ),
            ));
        }
        self.check_names()?;
        let (block, _) = self.block_values()?;
        if block.see.is_some() != pictures {
            return Err(wrong_block(block.id, pictures));
        }
        self.check_network()
    }

    fn check_ranges(&self) -> Result<(), LabError> {
        let t = &self.training;
        let split = &self.split;
        #[rustfmt::skip]
        let of_signals = [
            ("rate_hz", self.rate_hz, 1.0, 48_000.0, "Hz"),
            ("window_ms", self.window_ms, 100.0, 10_000.0, "ms"),
            ("training.hop_ms", t.hop_ms, 10.0, 10_000.0, "ms"),
        ];
        #[rustfmt::skip]
        let of_all = [
            ("hop_ms", self.hop_ms, 10.0, 10_000.0, "ms"),
            ("training.epochs", t.epochs as f32, 1.0, 1000.0, ""),
            ("training.batch_size", t.batch_size as f32, 1.0, 1024.0, "windows"),
            ("training.learning_rate", t.learning_rate, 1e-6, 1.0, ""),
            ("training.patience", t.patience as f32, 0.0, 1000.0, "epochs"),
            ("training.augment.copies", t.augment.copies as f32, 0.0, 20.0, ""),
            ("training.augment.rotate_deg", t.augment.rotate_deg, 0.0, 180.0, "degrees"),
            ("training.augment.scale", t.augment.scale, 0.0, 0.9, ""),
            ("training.augment.stretch", t.augment.stretch, 0.0, 0.5, ""),
            ("training.augment.jitter", t.augment.jitter, 0.0, 1.0, ""),
            ("training.augment.gain_db", t.augment.gain_db, 0.0, 40.0, "dB"),
            ("training.augment.shift_ms", t.augment.shift_ms, 0.0, 5000.0, "ms"),
            ("training.augment.noise", t.augment.noise, 0.0, 4.0, ""),
            ("training.augment.mask_frames", t.augment.mask_frames as f32, 0.0, 256.0, "frames"),
            ("training.augment.mask_columns", t.augment.mask_columns as f32, 0.0, 256.0, "columns"),
            ("training.augment.shift", t.augment.shift, 0.0, 0.5, ""),
            ("training.augment.brightness", t.augment.brightness, 0.0, 0.9, ""),
            ("training.augment.contrast", t.augment.contrast, 0.0, 0.9, ""),
            ("training.augment.erase", t.augment.erase, 0.0, 0.5, ""),
            ("split.test_fraction", split.test_fraction, 0.0, 0.5, ""),
            ("split.validation_fraction", split.validation_fraction, 0.0, 0.5, ""),
            ("decision.smoothing", self.decision.smoothing as f32, 1.0, 16.0, "windows"),
            ("decision.threshold", self.decision.threshold, 0.0, 1.0, ""),
            ("decision.suppress_ms", self.decision.suppress_ms, 0.0, 60_000.0, "ms"),
            ("decision.gate.level", self.decision.gate.level, 0.0, 1e6, ""),
            ("decision.gate.hold_ms", self.decision.gate.hold_ms, 0.0, 60_000.0, "ms"),
            ("usage.clock_mhz", self.usage.clock_mhz, 0.0, 2000.0, "MHz"),
            ("usage.awake_share", self.usage.awake_share, 0.0, 1.0, ""),
            ("usage.messages_a_day", self.usage.messages_a_day, 0.0, 1e6, "messages"),
        ];
        // A picture is a window by itself, whatever these say.
        let of_signals = of_signals.into_iter().filter(|_| self.task != Task::Image);
        for (name, value, min, max, unit) in of_signals.chain(of_all) {
            // Written so that NaN, too, is refused.
            if !(value >= min && value <= max) {
                let remedy = format!("give {min} to {max} {unit}");
                return Err(LabError::new(
                    format!("{name} is {value}"),
                    format!("settings, {name}"),
                    remedy.trim_end(),
                ));
            }
        }
        Ok(())
    }

    /// Nothing is computed between two pictures that could tell whether the next matters.
    fn check_gate(&self) -> Result<(), LabError> {
        let level = self.decision.gate.level;
        if self.task != Task::Image || level == 0.0 {
            return Ok(());
        }
        Err(LabError::new(
            format!("decision.gate.level is {level}"),
            "settings, decision.gate.level",
            "give 0: pictures have no gate, each is looked at",
        ))
    }

    fn check_names(&self) -> Result<(), LabError> {
        for (i, axis) in self.axes.iter().enumerate() {
            if axis.is_empty() || self.axes[..i].contains(axis) {
                return Err(LabError::new(
                    format!("axis \"{axis}\" is empty or named twice"),
                    "settings, axes",
                    "name each axis once, or none to take all",
                ));
            }
        }
        for (names, field) in [
            (&self.background, "background"),
            (&self.decision.none, "decision.none"),
        ] {
            if names.iter().any(String::is_empty) {
                return Err(LabError::new(
                    "a label without a name",
                    format!("settings, {field}"),
                    "name labels, or none at all to take those of the usual names",
                ));
            }
        }
        let broken = |name: &&String| name.chars().any(char::is_control);
        if let Some(name) = self.merge.values().find(broken) {
            return Err(LabError::new(
                format!("the label {name:?} has a line break or a control character"),
                "settings, merge",
                "give it a name of one line",
            ));
        }
        let chained = self.merge.iter().find(|(from, to)| {
            !to.is_empty() && self.merge.get(*to).is_some_and(|end| end != *to) && from != to
        });
        if let Some((from, to)) = chained {
            return Err(LabError::new(
                format!("\"{from}\" becomes \"{to}\", which becomes something else"),
                "settings, merge",
                "merge each label straight into its last name",
            ));
        }
        let usage = &self.usage;
        let mut sensors = lampyris_budget::sensor_ids();
        sensors.push("");
        for (id, known, field) in [
            (&self.board, lampyris_budget::board_ids(), "board"),
            (&self.battery, lampyris_budget::battery_ids(), "battery"),
            (&usage.radio, lampyris_budget::radio_ids(), "usage.radio"),
            (&usage.sensor, sensors, "usage.sensor"),
        ] {
            if !known.contains(&id.as_str()) {
                return Err(LabError::new(
                    format!("no {field} is called \"{id}\""),
                    format!("settings, {field}"),
                    format!("choose one of: {}", known.join(", ")),
                ));
            }
        }
        Ok(())
    }

    fn check_network(&self) -> Result<(), LabError> {
        lampyris_net::NetSpec::check_layers(&self.network).map_err(LabError::from)
    }

    /// SHA-256 over all that decides the float network: these settings without
    /// board, battery, usage and decision, and what `also` adds (the recordings).
    pub(crate) fn hash(&self, also: &[u8]) -> String {
        let mut sha = Sha256::new();
        sha.update(self.deciding());
        sha.update(also);
        hex(&sha.finalize())
    }

    /// These settings as text, without what decides nothing about the float network.
    fn deciding(&self) -> String {
        let mut plain = self.clone();
        plain.board.clear();
        plain.battery.clear();
        plain.decision = DecisionSettings::default();
        plain.usage = UsageSettings::default();
        let text = serde_json::to_string(&plain).expect("settings are plain data");
        // What came later and decides nothing is cut off, so that a model which is older
        // keeps its hash.
        let usage = serde_json::to_string(&plain.usage).expect("settings are plain data");
        let end = format!(",\"usage\":{usage}}}");
        let text = text.strip_suffix(&end).expect("usage is the last field");
        format!("{text}}}")
    }
}

/// Pictures given to a block for signals, or the other way round.
fn wrong_block(id: &str, pictures: bool) -> LabError {
    let suited = block::BLOCKS.iter().filter(|b| b.see.is_some() == pictures);
    let suited: Vec<&str> = suited.map(|b| b.id).collect();
    LabError::new(
        format!(
            "the block \"{id}\" takes {}",
            if pictures {
                "no pictures"
            } else {
                "pictures alone"
            }
        ),
        "settings, block.id",
        format!("choose one of: {}; or another task", suited.join(", ")),
    )
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn samples(ms: f32, rate_hz: f32) -> u32 {
    let n = (f64::from(ms) * f64::from(rate_hz) / 1000.0).round();
    (n as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Task;
    use serde_json::json;

    fn defaults() -> Settings {
        Settings::default_for(Task::Motion)
    }

    #[test]
    fn defaults_are_legal_and_survive_json() {
        let settings = defaults();
        settings.check().expect("legal");
        let json = serde_json::to_string(&settings).expect("plain data");
        assert_eq!(
            serde_json::from_str::<Settings>(&json).expect("reads"),
            settings
        );
        assert_eq!(settings.window_samples(), 100);
        assert_eq!(settings.hop_samples(), 50);
    }

    #[test]
    fn every_field_out_of_range_is_named_with_its_range() {
        let cases = [
            (json!({"rate_hz": 0.0}), "rate_hz", "1 to 48000"),
            (json!({"window_ms": 50.0}), "window_ms", "100 to 10000"),
            (json!({"hop_ms": 0}), "hop_ms", "10 to 10000"),
            (
                json!({"training": {"epochs": 0}}),
                "training.epochs",
                "1 to 1000",
            ),
            (
                json!({"training": {"learning_rate": 2}}),
                "training.learning_rate",
                "to 1",
            ),
            (
                json!({"training": {"batch_size": 0}}),
                "training.batch_size",
                "1 to 1024",
            ),
            (
                json!({"split": {"test_fraction": 0.9}}),
                "split.test_fraction",
                "0 to 0.5",
            ),
            (
                json!({"decision": {"smoothing": 17}}),
                "decision.smoothing",
                "1 to 16",
            ),
            (
                json!({"decision": {"threshold": -1}}),
                "decision.threshold",
                "0 to 1",
            ),
            (
                json!({"rate_hz": 48_000, "window_ms": 9000}),
                "window_ms × rate_hz",
                "160000",
            ),
            (
                json!({"training": {"augment": {"noise": 5}}}),
                "training.augment.noise",
                "0 to 4",
            ),
            (
                json!({"decision": {"gate": {"level": -1}}}),
                "decision.gate.level",
                "0 to",
            ),
            (json!({"background": [""]}), "background", "usual names"),
            (json!({"axes": ["x", "x"]}), "axes", "once"),
            (json!({"board": "toaster"}), "board", "choose one of"),
            (
                json!({"usage": {"radio": "pigeon"}}),
                "usage.radio",
                "choose one of",
            ),
            (
                json!({"usage": {"awake_share": 1.5}}),
                "usage.awake_share",
                "give 0 to 1",
            ),
            (json!({"block": {"id": "nope"}}), "block.id", "spectral"),
            (
                json!({"block": {"settings": {"nope": 1}}}),
                "block.settings",
                "fft_length",
            ),
            (
                json!({"block": {"settings": {"fft_length": 33}}}),
                "fft_length",
                "power of two",
            ),
            (json!({"merge": {"a": "b", "b": "c"}}), "merge", "last name"),
            (json!({"version": 2}), "version", "version 1"),
        ];
        for (change, place, remedy) in cases {
            let error = defaults().with_changes(&change).expect_err("refused");
            assert!(error.place.contains(place), "{change}: {error}");
            assert!(error.remedy.contains(remedy), "{change}: {error}");
        }
        let mut settings = defaults();
        settings.rate_hz = f32::NAN;
        settings.check().expect_err("NaN is in no range");
    }

    #[test]
    fn a_picture_is_a_window_whatever_signals_have() {
        let pictures = Settings::default_for(Task::Image);
        let odd = json!({"rate_hz": 0, "window_ms": 0, "training": {"hop_ms": 0}, "hop_ms": 250});
        let odd = pictures.with_changes(&odd).expect("not looked at");
        assert_eq!((odd.window_samples(), odd.hop_samples()), (1, 1));
        assert_eq!((odd.training_hop_samples(), odd.signal_rate_hz()), (1, 4.0));
        let cases = [
            (json!({"hop_ms": 0}), "hop_ms", "10 to"),
            (
                json!({"training": {"augment": {"shift": 0.6}}}),
                "augment.shift",
                "0 to 0.5",
            ),
            (
                json!({"training": {"augment": {"brightness": 1}}}),
                "brightness",
                "0 to 0.9",
            ),
            (
                json!({"training": {"augment": {"contrast": 1}}}),
                "contrast",
                "0 to 0.9",
            ),
            (
                json!({"training": {"augment": {"erase": 0.6}}}),
                "erase",
                "0 to 0.5",
            ),
            (
                json!({"block": {"id": "raw"}}),
                "block.id",
                "choose one of: image;",
            ),
            (
                json!({"decision": {"gate": {"level": 1}}}),
                "gate.level",
                "give 0",
            ),
        ];
        for (change, place, remedy) in cases {
            let error = pictures.with_changes(&change).expect_err("refused");
            assert!(error.place.contains(place), "{change}: {error}");
            assert!(error.remedy.contains(remedy), "{change}: {error}");
        }
        let mirrored = json!({"training": {"augment": {"mirror": true}}});
        assert!(pictures.with_changes(&mirrored).is_ok());
        let error = defaults().with_changes(&json!({"block": {"id": "image"}}));
        let error = error.expect_err("a block of pictures");
        assert_eq!(error.what, "the block \"image\" takes pictures alone");
    }

    /// What a project of an earlier build holds.
    const STORED: &str = r#"{"version":1,"task":"motion","rate_hz":50.0,"window_ms":2000.0,"hop_ms":1000.0,
        "axes":[],"merge":{},"block":{"id":"spectral","settings":{}},"network":[],
        "training":{"epochs":100,"batch_size":32,"learning_rate":0.001,"patience":30,"hop_ms":250.0,"seed":1,
            "augment":{"copies":3,"rotate_deg":180.0,"scale":0.3,"stretch":0.2}},
        "split":{"test_fraction":0.2,"validation_fraction":0.2,"by":"group","seed":1},
        "decision":{"smoothing":1,"threshold":0.6},"board":"microbit_v2","battery":"cr2032"}"#;

    #[test]
    fn settings_that_were_stored_mean_what_they_meant() {
        let stored: Settings = serde_json::from_str(STORED).expect("an earlier build's");
        assert!(!stored.training.class_weights && stored.background.is_empty());
        let a = stored.training.augment;
        assert_eq!(
            (a.jitter, a.gain_db, a.shift_ms, a.noise),
            (0.0, 0.0, 0.0, 0.0)
        );
        assert_eq!((a.mask_frames, a.mask_columns), (0, 0));
        assert_eq!(stored.decision.suppress_ms, 0.0);
        assert_eq!(stored.decision.gate.level, 0.0);
        let whole = serde_json::to_value(&stored).expect("plain");
        assert_eq!(whole["decision"]["gate"]["hold_ms"], 1000.0);
        assert_eq!(stored.usage, UsageSettings::default());
        assert_eq!(whole["usage"]["awake_share"], 1.0);
    }

    #[test]
    fn the_hash_follows_what_decides_the_network() {
        let a = defaults();
        let mut b = a.clone();
        b.decision.threshold = 0.9;
        b.usage.awake_share = 0.5;
        assert_eq!(a.hash(b"data"), b.hash(b"data"));
        // As a build wrote it that knew no usage: a model of its keeps its hash.
        let text = a.deciding();
        assert!(text.ends_with(r#","board":"","battery":""}"#), "{text}");
        assert!(!text.contains("usage"), "{text}");
        b.training.seed = 7;
        assert_ne!(a.hash(b"data"), b.hash(b"data"));
        assert_ne!(a.hash(b"data"), a.hash(b"other data"));
    }
}
