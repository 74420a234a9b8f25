//! From recordings to windows at one rate: which axes, which signal the block
//! gets, resampling, labels by window.

use std::cell::RefCell;
use std::rc::Rc;

use lampyris_dataset::{PICTURE_AXIS, Recording, Span, Split, spans_at_rate};
use lampyris_device::Chip;
use lampyris_dsp::block::{self, Block, Layout, Signal};
use lampyris_dsp::resample::polyphase::{Design, Polyphase};
use lampyris_dsp::resample::{self, Times};
use lampyris_net::{LayerSpec, NetSpec, Shape};

use crate::{AugmentSettings, LabError, Settings, Task};

/// Axes that a model has when there is no recording yet to tell.
const AXES_UNKNOWN: usize = 3;

/// Most values that one recording may have at the model's rate: 128 MiB of them.
const MOST_VALUES: usize = 1 << 25;

/// Most weights that [`Tables`] keep: 32 MiB of them.
const MOST_WEIGHTS: usize = 1 << 23;

/// Weights by the pair of rates that they are for, kept while one recording after another
/// is resampled.
#[derive(Clone, Default)]
pub(crate) struct Tables(Rc<RefCell<Vec<(Design, Weights)>>>);

pub(crate) type Weights = Rc<Vec<f32>>;

impl Tables {
    pub(crate) fn of(&self, design: Design) -> Weights {
        let mut kept = self.0.borrow_mut();
        if let Some((_, table)) = kept.iter().find(|(d, _)| *d == design) {
            return table.clone();
        }
        let mut table = vec![0.0; design.table_len()];
        design.fill(&mut table);
        let held: usize = kept.iter().map(|(_, table)| table.len()).sum();
        if held + table.len() > MOST_WEIGHTS {
            kept.clear();
        }
        let table = Rc::new(table);
        kept.push((design, table.clone()));
        table
    }
}

/// The settings made concrete for a set of recordings.
pub(crate) struct Plan {
    pub block: &'static Block,
    /// The block's settings, in its order.
    pub values: Vec<f32>,
    pub signal: Signal,
    pub layout: Layout,
    /// Samples between validation and test windows.
    pub hop: u32,
    /// Samples between training windows.
    pub training_hop: u32,
    /// Names of the axes, in the model's order; empty while nothing tells them.
    pub axes: Vec<String>,
    /// How training windows are varied, and with which seed; nothing for a finished model.
    pub augment: AugmentSettings,
    pub seed: u32,
    /// Whether there is silence before and after a recording, so that a shorter one
    /// still fills a window.
    pub silent_ends: bool,
    /// Shared by plans that resample alike.
    pub tables: Tables,
}

impl Plan {
    /// Checks settings and block against the axes that there are.
    pub(crate) fn new(settings: &Settings, axes: Vec<String>) -> Result<Self, LabError> {
        settings.check()?;
        let (block, values) = settings.block_values()?;
        let signal = Signal {
            rate_hz: settings.signal_rate_hz(),
            samples: settings.window_samples() as usize,
            axes: match block.see {
                Some(_) => channels(block, &values),
                None if axes.is_empty() => AXES_UNKNOWN,
                None => axes.len(),
            },
        };
        let layout = (block.check)(&signal, &values).map_err(|e| {
            LabError::new(
                format!("the block \"{}\" refuses the window", block.id),
                "settings, block",
                e.to_string(),
            )
        })?;
        Ok(Self {
            block,
            values,
            signal,
            layout,
            hop: settings.hop_samples(),
            training_hop: settings.training_hop_samples(),
            axes,
            augment: settings.training.augment,
            seed: settings.training.seed,
            silent_ends: settings.task == Task::Audio,
            tables: Tables::default(),
        })
    }

    /// What a finished model wants of a recording. `axes` are the model's names;
    /// where it has none, the recording's own are taken in their order.
    pub(crate) fn of_chip(
        chip: &Chip<'_>,
        task: Task,
        axes: &[String],
        recording: &Recording,
    ) -> Result<Self, LabError> {
        let own = recording.meta.axes.iter().map(|a| a.name.clone());
        let names: Vec<String> = if axes.is_empty() {
            own.collect()
        } else {
            axes.to_vec()
        };
        let pictures = chip.block().see.is_some();
        if pictures != recording.picture.is_some() {
            return Err(LabError::new(
                if pictures {
                    "this is no picture, and the model takes pictures"
                } else {
                    "this is a picture, and the model takes none"
                },
                format!("recording {}", recording.meta.name),
                "give recordings of the same sensor as the model's",
            ));
        }
        if !pictures && names.len() != chip.axes() {
            return Err(LabError::new(
                format!("{} axes, the model wants {}", names.len(), chip.axes()),
                format!("recording {}", recording.meta.name),
                "give recordings of the same sensor as the model's",
            ));
        }
        let block = block::by_code(block::BLOCKS, chip.block().code);
        let block = block.expect("a parsed chip part has a known block");
        let values = chip.settings().to_vec();
        let layout = (block.check)(&chip.signal(), &values);
        Ok(Self {
            block,
            layout: layout.expect("a parsed chip part has a checked block"),
            values,
            signal: chip.signal(),
            hop: chip.hop() as u32,
            training_hop: chip.hop() as u32,
            axes: names,
            augment: AugmentSettings::default(),
            seed: 0,
            silent_ends: task == Task::Audio,
            tables: Tables::default(),
        })
    }

    /// Samples between the windows of a part.
    pub(crate) fn hop_of(&self, part: Split) -> u32 {
        match part {
            Split::Train | Split::Auto => self.training_hop,
            Split::Validation | Split::Test => self.hop,
        }
    }

    /// Name of a feature without its axis, and the axis's index.
    pub(crate) fn feature_name(&self, feature: usize) -> (String, Option<usize>) {
        let mut name = String::new();
        let axis = (self.block.name)(&self.signal, &self.values, feature, &mut name);
        (name, axis.expect("writing into a String does not fail"))
    }

    /// Names of the columns with the axis first, for example `accx rms`.
    pub(crate) fn column_names(&self) -> Vec<String> {
        let all = 0..self.layout.columns();
        all.map(|i| match self.feature_name(i) {
            (name, Some(axis)) => format!("{} {name}", self.axis_name(axis)),
            (name, None) => name,
        })
        .collect()
    }

    /// What the samples of [`Plan::resampled`] depend on.
    pub(crate) fn resampling_key(&self, recording: &Recording) -> String {
        format!(
            "{} {:?} {:?} {} {}",
            recording.meta.id,
            self.axes,
            self.signal.rate_hz,
            self.silent_ends,
            self.signal.samples
        )
    }

    /// Names of all axes; pictures have one, whatever channels the model sees.
    pub(crate) fn axis_names(&self) -> Vec<String> {
        if self.is_of_pictures() {
            return self.axes.clone();
        }
        (0..self.signal.axes).map(|a| self.axis_name(a)).collect()
    }

    /// Name of an axis, or its number where nothing tells it.
    pub(crate) fn axis_name(&self, axis: usize) -> String {
        self.axes
            .get(axis)
            .cloned()
            .unwrap_or_else(|| format!("axis {}", axis + 1))
    }

    /// Memory for [`Plan::features`], with the block's tables in it.
    pub(crate) fn scratch(&self) -> Vec<f32> {
        let mut scratch = vec![0.0; self.layout.scratch];
        (self.block.prepare)(&self.signal, &self.values, &mut scratch);
        scratch
    }

    /// Features of one window `[samples, axes]` into `out`; `scratch` is of [`Plan::scratch`].
    pub(crate) fn features(&self, window: &[f32], scratch: &mut [f32], out: &mut [f32]) {
        (self.block.run)(&self.signal, &self.values, window, scratch, out);
    }

    /// Whether a window is a picture.
    pub(crate) fn is_of_pictures(&self) -> bool {
        self.block.see.is_some()
    }

    /// The columns of the model's axes in a recording; `None` where it lacks one, or is of
    /// another kind than the model's.
    pub(crate) fn columns(&self, recording: &Recording) -> Option<Vec<usize>> {
        if self.is_of_pictures() || recording.picture.is_some() {
            let same = self.is_of_pictures() && recording.picture.is_some();
            return same.then(|| vec![0]);
        }
        let at = |name: &String| recording.meta.axes.iter().position(|a| a.name == *name);
        self.axes.iter().map(at).collect()
    }

    /// The network over these features that tells `classes` labels apart.
    pub(crate) fn network(&self, settings: &Settings, classes: usize) -> NetSpec {
        net_spec(&self.layout, classes, &settings.network)
    }

    /// Samples per axis that a recording has at the model's rate, the silence around a
    /// short sound included; 0 where its clock can't be used, or it would not fit into
    /// memory.
    pub(crate) fn resampled_len(&self, recording: &Recording) -> u32 {
        let len = self.bare_len(recording);
        (len + self.silence(len)) as u32
    }

    fn bare_len(&self, recording: &Recording) -> usize {
        if self.is_of_pictures() {
            return 1;
        }
        let (times, readings) = (times(recording), recording.meta.samples as usize);
        let len = match Design::suited(times, self.signal.rate_hz) {
            Some(design) => design.outputs(readings as u64) as usize,
            None => resample::len(times, readings, self.signal.rate_hz).unwrap_or(0),
        };
        let fits = len.saturating_mul(self.signal.axes) <= MOST_VALUES;
        if fits { len } else { 0 }
    }

    /// Samples of silence that a recording of `len` samples lacks to fill a window; half
    /// of them (rounded down) go before it.
    fn silence(&self, len: usize) -> usize {
        if self.silent_ends && len > 0 {
            self.signal.samples.saturating_sub(len)
        } else {
            0
        }
    }

    /// The recording at the model's rate, `[len, axes]` of the model's axes; a sound that
    /// is shorter than a window in the middle of silence.
    pub(crate) fn resampled(&self, recording: &Recording) -> Result<Vec<f32>, LabError> {
        let place = || format!("recording {}", recording.meta.name);
        let columns = self.columns(recording).ok_or_else(|| {
            LabError::new(
                "an axis of the model is missing",
                place(),
                format!("the model wants: {}", self.axes.join(", ")),
            )
        })?;
        let all = recording.meta.axes.len();
        let identity = columns.len() == all && columns.iter().enumerate().all(|(i, c)| i == *c);
        let picked: Vec<f32>;
        let values = if identity {
            &recording.values
        } else {
            let rows = recording.values.chunks_exact(all);
            picked = rows
                .flat_map(|row| columns.iter().map(|&c| row[c]))
                .collect();
            &picked
        };
        let (len, axes) = (self.bare_len(recording), columns.len());
        let silence = self.silence(len);
        let mut all = vec![0.0; (len + silence) * axes];
        let out = &mut all[silence / 2 * axes..][..len * axes];
        let (times, rate_hz) = (times(recording), self.signal.rate_hz);
        match Design::suited(times, rate_hz) {
            Some(design) => {
                let table = self.tables.of(design);
                let history = vec![0.0; design.history_len(axes)];
                Polyphase::new(design, axes, table.as_slice(), history)
                    .and_then(|mut machine| machine.whole(values, out))
            }
            None => resample::resample(times, axes, values, rate_hz, out),
        }
        .map_err(|e| LabError::new("the recording can't be resampled", place(), e.to_string()))?;
        Ok(all)
    }

    /// Labelled stretches in samples at the model's rate, as recorded. The silence
    /// around a short sound belongs to what it is next to.
    pub(crate) fn recorded_spans(&self, recording: &Recording) -> Vec<Span> {
        if self.is_of_pictures() {
            return recording.meta.spans.clone();
        }
        let rate = f64::from(self.signal.rate_hz);
        let len = self.bare_len(recording);
        let times = recording.times_ms.as_deref();
        let mut spans = spans_at_rate(&recording.meta, times, rate, len as u32);
        let silence = self.silence(len);
        if silence > 0 {
            for span in &mut spans {
                span.start += (silence / 2) as u32;
                span.end += (silence / 2) as u32;
            }
            if let Some(first) = spans.first_mut() {
                first.start = 0;
            }
            if let Some(last) = spans.last_mut() {
                last.end = (len + silence) as u32;
            }
        }
        spans
    }

    /// Labelled stretches under their merged names; neighbours that merge into one are
    /// one.
    pub(crate) fn spans(&self, recording: &Recording, settings: &Settings) -> Vec<Span> {
        merged(self.recorded_spans(recording), settings)
    }
}

/// The label that covers more than half of a stretch.
pub(crate) fn covering(spans: &[Span], start: u32, end: u32) -> Option<String> {
    let covered = |label: &str| -> u32 {
        let same = spans.iter().filter(|s| s.label == label);
        same.map(|s| s.end.min(end).saturating_sub(s.start.max(start)))
            .sum()
    };
    let winner = spans.iter().find(|s| 2 * covered(&s.label) > end - start);
    winner.map(|s| s.label.clone())
}

/// The network over features of this layout.
pub(crate) fn net_spec(layout: &Layout, classes: usize, hidden: &[LayerSpec]) -> NetSpec {
    NetSpec {
        input: match layout.grid {
            Some([rows, columns]) => {
                Shape::new(rows, columns, layout.features / (rows * columns).max(1))
            }
            None => Shape::of_frames(layout.features, layout.frames),
        },
        classes,
        hidden: hidden.to_vec(),
    }
}

/// Spans under their merged names, without those that are left out.
pub(crate) fn merged(spans: Vec<Span>, settings: &Settings) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        let Some(label) = settings.merged(&span.label) else {
            continue;
        };
        match out.last_mut() {
            Some(last) if last.label == label && last.end == span.start => last.end = span.end,
            _ => out.push(Span {
                label: label.to_string(),
                ..span
            }),
        }
    }
    out
}

/// Channels that a block for pictures makes of one, by its settings: what it says of its
/// features by grey or by colours.
fn channels(block: &Block, values: &[f32]) -> usize {
    let accepts = |axes: &usize| {
        let signal = Signal {
            rate_hz: 1.0,
            samples: 1,
            axes: *axes,
        };
        (block.check)(&signal, values).is_ok()
    };
    // What refuses both is refused again, by whoever asks for the layout.
    [1, 3].into_iter().find(accepts).unwrap_or(1)
}

/// The axes of the model: of pictures the one that they have; else those that the
/// settings name, else those that most recordings have (of equally many, the first by
/// bytes).
pub(crate) fn choose_axes<'a>(
    settings: &Settings,
    recordings: impl Iterator<Item = &'a Recording>,
) -> Vec<String> {
    if settings.task == Task::Image {
        return vec![PICTURE_AXIS.into()];
    }
    if !settings.axes.is_empty() {
        return settings.axes.clone();
    }
    let mut layouts: std::collections::BTreeMap<Vec<&str>, usize> = Default::default();
    for recording in recordings.filter(|r| r.picture.is_none()) {
        let names = recording
            .meta
            .axes
            .iter()
            .map(|a| a.name.as_str())
            .collect();
        *layouts.entry(names).or_default() += 1;
    }
    let most = layouts.values().copied().max().unwrap_or(0);
    let winner = layouts.into_iter().find(|(_, n)| *n == most);
    winner.map_or_else(Vec::new, |(names, _)| {
        names.into_iter().map(String::from).collect()
    })
}

/// When its readings were taken.
pub(crate) fn times(recording: &Recording) -> Times<'_> {
    match &recording.times_ms {
        Some(stamps) => Times::Stamps(stamps),
        None => Times::Even(recording.meta.rate_hz),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_a_pair_of_rates_are_made_once() {
        let tables = Tables::default();
        let design = |hz| Design::new(hz, 16_000.0).expect("legal");
        let first = tables.of(design(44_100.0));
        let other = tables.of(design(48_000.0));
        assert!(Rc::ptr_eq(&first, &tables.of(design(44_100.0))));
        assert!(!Rc::ptr_eq(&first, &other));
        // What is kept has a bound.
        for hz in 0..3 {
            tables.of(design(1_000_001.0 - f64::from(hz)));
        }
        let kept = tables.0.borrow();
        let held: usize = kept.iter().map(|(_, table)| table.len()).sum();
        assert!(held <= MOST_WEIGHTS && !kept.is_empty());
    }
}
