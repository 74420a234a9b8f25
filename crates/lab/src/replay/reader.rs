//! Reads a recording at the model's rate, some samples at a time, so that an hour of sound
//! is never in memory twice.

use lampyris_dataset::Recording;
use lampyris_dsp::resample::polyphase::{Design, Polyphase};

use crate::LabError;
use crate::signals::{Plan, times};

/// Readings that are taken from the recording at a time.
const CHUNK: usize = 4096;

/// Where the samples come from.
enum Source {
    /// The recording itself, which is at the model's rate.
    Copy,
    /// Resampled as it is read: the next reading to push, and whether all were.
    Poly {
        machine: Box<Polyphase<Vec<f32>, Vec<f32>>>,
        next: usize,
        ended: bool,
    },
    /// All of it, resampled at once: movements, whose times may be uneven.
    Whole(Vec<f32>),
}

/// A recording on its way through.
pub(super) struct Reader {
    pub(super) recording: String,
    /// Samples that were given so far.
    pub(super) at: u32,
    source: Source,
    columns: Vec<usize>,
    axes: usize,
    /// Samples `[samples, axes]` that were made and not given yet, from `given` on.
    buffer: Vec<f32>,
    given: usize,
}

impl Reader {
    /// # Errors
    /// As [`Plan::resampled`].
    pub(super) fn new(plan: &Plan, recording: &Recording) -> Result<Self, LabError> {
        let refused = |what: String| {
            LabError::new(
                what,
                format!("recording {}", recording.meta.name),
                format!("choose one that has: {}", plan.axes.join(", ")),
            )
        };
        let columns = plan.columns(recording);
        let columns = columns.ok_or_else(|| refused("an axis of the model is missing".into()))?;
        let axes = columns.len();
        let source = match Design::suited(times(recording), plan.signal.rate_hz) {
            Some(design) if design.is_copy() => Source::Copy,
            Some(design) => {
                let table = plan.tables.of(design).to_vec();
                let history = vec![0.0; design.history_len(axes)];
                let machine = Polyphase::new(design, axes, table, history);
                Source::Poly {
                    machine: Box::new(machine.map_err(|e| refused(e.to_string()))?),
                    next: 0,
                    ended: false,
                }
            }
            None => Source::Whole(plan.resampled(recording)?),
        };
        Ok(Self {
            recording: recording.meta.id.clone(),
            at: 0,
            source,
            columns,
            axes,
            buffer: Vec::new(),
            given: 0,
        })
    }

    /// The next samples `[samples, axes]`, at most `most` and none from sample `to` on; empty
    /// only where there are no more. `recording` is the one it was made of.
    pub(super) fn read(&mut self, recording: &Recording, to: u32, most: usize) -> &[f32] {
        let wanted = (to.saturating_sub(self.at) as usize).min(most);
        if self.given >= self.buffer.len() {
            self.fill(recording, wanted);
        }
        let left = (self.buffer.len() - self.given) / self.axes.max(1);
        let count = wanted.min(left);
        let from = self.given;
        self.given += count * self.axes;
        self.at += count as u32;
        &self.buffer[from..self.given]
    }

    fn fill(&mut self, recording: &Recording, wanted: usize) {
        self.buffer.clear();
        self.given = 0;
        let all = recording.meta.axes.len();
        let columns = &self.columns;
        // Readings `from` to `to` of the model's axes.
        let picked = |from: usize, to: usize, out: &mut Vec<f32>| {
            let to = to.min(recording.values.len() / all);
            let rows = recording.values.get(from * all..to * all).unwrap_or(&[]);
            for row in rows.chunks_exact(all) {
                out.extend(columns.iter().map(|&c| row[c]));
            }
        };
        let at = self.at as usize;
        match &mut self.source {
            Source::Copy => picked(at, at + wanted, &mut self.buffer),
            Source::Whole(samples) => {
                let (from, to) = (at * self.axes, (at + wanted) * self.axes);
                let to = to.min(samples.len());
                self.buffer
                    .extend_from_slice(samples.get(from..to).unwrap_or(&[]));
            }
            Source::Poly {
                machine,
                next,
                ended,
            } => {
                let mut readings = Vec::with_capacity(CHUNK * self.axes);
                // A filter asks for some readings before it gives anything.
                while self.buffer.is_empty() && !*ended {
                    readings.clear();
                    picked(*next, *next + CHUNK, &mut readings);
                    *next += CHUNK;
                    let buffer = &mut self.buffer;
                    machine.push(&readings, |out| buffer.extend_from_slice(out));
                    if readings.len() < CHUNK * self.axes {
                        machine.finish(|out| buffer.extend_from_slice(out));
                        *ended = true;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use lampyris_dataset::{Axis, NewRecording};

    use super::*;
    use crate::{Settings, Task};

    fn sound(rate_hz: f64) -> Recording {
        let new = NewRecording {
            name: "tone".into(),
            label: "tone".into(),
            axes: vec![Axis {
                name: "audio".into(),
                unit: String::new(),
            }],
            rate_hz,
            source: "import".into(),
            ..NewRecording::default()
        };
        let values = (0..30_001).map(|i| libm::sinf(i as f32 * 0.05)).collect();
        Recording::new(new, values, None).expect("legal")
    }

    fn movement() -> Recording {
        let new = NewRecording {
            name: "turn".into(),
            label: "turn".into(),
            axes: ["x", "y", "z"]
                .map(|name| Axis {
                    name: name.into(),
                    unit: "g".into(),
                })
                .to_vec(),
            rate_hz: 60.0,
            source: "import".into(),
            ..NewRecording::default()
        };
        let values = (0..3 * 700).map(|i| libm::sinf(i as f32 * 0.05)).collect();
        let times = (0..700).map(|i| f64::from(i) * 16.7 + f64::from(i % 3));
        Recording::new(new, values, Some(times.collect())).expect("legal")
    }

    #[test]
    fn piece_by_piece_it_is_the_whole() {
        for (task, axes, recording) in [
            (Task::Audio, vec!["audio"], sound(16_000.0)),
            (Task::Audio, vec!["audio"], sound(44_100.0)),
            (Task::Motion, vec!["z", "x"], movement()),
        ] {
            let axes = axes.into_iter().map(String::from).collect();
            let settings = Settings::default_for(task);
            let mut plan = Plan::new(&settings, axes).expect("legal");
            plan.silent_ends = false;
            let whole = plan.resampled(&recording).expect("it can be");
            for most in [1000, 37] {
                let mut reader = Reader::new(&plan, &recording).expect("it can be");
                let mut found = Vec::new();
                // A stop on the way is kept to.
                for to in [500, plan.resampled_len(&recording)] {
                    while reader.at < to {
                        let read = reader.read(&recording, to, most);
                        assert!(!read.is_empty());
                        found.extend_from_slice(read);
                    }
                    assert_eq!(reader.at, to);
                }
                assert_eq!(found, whole);
                assert!(reader.read(&recording, u32::MAX, most).is_empty());
            }
        }
    }
}
