//! A checked recording and its content id.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::spans::checked_spans;
use crate::{Axis, DatasetError, Recording, RecordingMeta, SOUND_AXIS, Span, Split, sort_by};

/// What is said of a recording when it is made; its id and its length follow
/// from the samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct NewRecording {
    /// What a person calls it.
    pub name: String,
    /// The label of the whole recording; not read where `spans` are given.
    #[serde(default)]
    pub label: String,
    /// Labelled stretches where one label is not enough.
    #[serde(default)]
    #[ts(as = "Option<Vec<Span>>", optional)]
    pub spans: Vec<Span>,
    /// Person or occasion.
    #[serde(default)]
    pub group: Option<String>,
    /// What it is kept for.
    #[serde(default)]
    #[ts(as = "Option<Split>", optional)]
    pub split: Split,
    /// Channels, in the order of the values.
    pub axes: Vec<Axis>,
    /// Nominal or measured rate in Hz, above 0.
    pub rate_hz: f64,
    /// A sensor's id, or `import`.
    pub source: String,
    /// When it was made, in milliseconds since 1970, where known.
    #[serde(default)]
    pub created_ms: Option<f64>,
    /// Free text.
    #[serde(default)]
    pub notes: String,
    /// The rate in Hz at which it was taken, where it is kept at another.
    #[serde(default)]
    #[ts(optional)]
    pub original_rate_hz: Option<f64>,
    /// What it was taken with, for example a microphone's name, where known.
    #[serde(default)]
    #[ts(optional)]
    pub device: Option<String>,
}

impl Recording {
    /// Checks the parts and computes the content id.
    ///
    /// `values` is `[samples, axes]`, interleaved; `times_ms` has one time a
    /// sample, never falling, or is `None` for even spacing at `rate_hz`.
    ///
    /// The id is the SHA-256, in hex, of a version tag, the rate, the axes'
    /// names, the values and the times, all little-endian. Label, group, name
    /// and split are not part of it: they may change, the take stays the same.
    ///
    /// # Errors
    /// No axis, no sample, a broken last row, a value or time that is not
    /// finite, a falling time, a rate of 0 or less, an axis named twice, an
    /// empty label, and spans that are empty, out of order, overlapping or out
    /// of the recording.
    pub fn new(
        new: NewRecording,
        values: Vec<f32>,
        times_ms: Option<Vec<f64>>,
    ) -> Result<Self, DatasetError> {
        let samples = check_samples(&new, &values, times_ms.as_deref())?;
        check_times(times_ms.as_deref(), samples, new.rate_hz)?;
        let spans = checked_spans(new.label, new.spans, samples)?;
        let id = content_id(new.rate_hz, &new.axes, &values, times_ms.as_deref());
        let meta = RecordingMeta {
            id,
            name: new.name,
            spans,
            group: new.group.filter(|g| !g.is_empty()),
            split: new.split,
            axes: new.axes,
            rate_hz: new.rate_hz,
            samples,
            source: new.source,
            created_ms: new.created_ms.filter(|t| t.is_finite()),
            notes: new.notes,
            original_rate_hz: new.original_rate_hz.filter(|r| r.is_finite() && *r > 0.0),
            device: new.device.filter(|d| !d.is_empty()),
            size: None,
        };
        Ok(Self {
            meta,
            values,
            times_ms,
            picture: None,
        })
    }

    /// Puts a recording together again from stored parts, checking all that
    /// [`Recording::new`] checks and that the id fits the content.
    ///
    /// # Errors
    /// As [`Recording::new`]; and where the number of samples or the id differs.
    pub fn restore(
        meta: RecordingMeta,
        values: Vec<f32>,
        times_ms: Option<Vec<f64>>,
    ) -> Result<Self, DatasetError> {
        let (id, samples) = (meta.id, meta.samples);
        let new = NewRecording {
            name: meta.name,
            label: String::new(),
            spans: meta.spans,
            group: meta.group,
            split: meta.split,
            axes: meta.axes,
            rate_hz: meta.rate_hz,
            source: meta.source,
            created_ms: meta.created_ms,
            notes: meta.notes,
            original_rate_hz: meta.original_rate_hz,
            device: meta.device,
        };
        let made = Self::new(new, values, times_ms)?;
        if made.meta.samples != samples || made.meta.id != id {
            return Err(DatasetError::new(
                "the samples are not those that the recording's id was made of",
                format!("recording {id}"),
                "import the recording again from its first source",
            ));
        }
        Ok(made)
    }
}

impl Recording {
    /// Takes what a person says of it (name, labels, group, part, notes) from `meta`; what it
    /// holds stays.
    ///
    /// # Errors
    /// The meta of another recording, and spans that [`Recording::new`] would refuse.
    pub fn describe(&mut self, meta: RecordingMeta) -> Result<(), DatasetError> {
        if meta.id != self.meta.id {
            return Err(DatasetError::new(
                "what is said is of another recording",
                format!("recording {}", meta.id),
                "reload the page, so that it fits its engine",
            ));
        }
        self.meta.spans = checked_spans(String::new(), meta.spans, self.meta.samples)?;
        self.meta.name = meta.name;
        self.meta.group = meta.group.filter(|group| !group.is_empty());
        self.meta.split = meta.split;
        self.meta.notes = meta.notes;
        Ok(())
    }
}

impl RecordingMeta {
    /// Whether it is a sound: one axis called [`SOUND_AXIS`].
    pub fn is_sound(&self) -> bool {
        matches!(self.axes.as_slice(), [axis] if axis.name == SOUND_AXIS)
    }

    /// How long it lasts in seconds, at its nominal or measured rate.
    pub fn seconds(&self) -> f64 {
        f64::from(self.samples) / self.rate_hz
    }

    /// Its labels, each once, sorted by bytes.
    pub fn labels(&self) -> Vec<&str> {
        let mut labels: Vec<&str> = self.spans.iter().map(|s| s.label.as_str()).collect();
        sort_by(&mut labels, |a, b| a.cmp(b));
        labels.dedup();
        labels
    }
}

/// Longest pause between two samples. A longer one is two takes, or a clock that was
/// set meanwhile; filling it in would make up data.
pub const LONGEST_PAUSE_MS: f64 = 10_000.0;

/// Longest recording: two days.
pub const LONGEST_MS: f64 = 48.0 * 3_600_000.0;

fn check_samples(
    new: &NewRecording,
    values: &[f32],
    times_ms: Option<&[f64]>,
) -> Result<u32, DatasetError> {
    let axes = new.axes.len();
    if axes == 0 {
        return Err(DatasetError::new(
            "there is no axis",
            "axes",
            "give at least one column of numbers",
        ));
    }
    for (i, axis) in new.axes.iter().enumerate() {
        if new.axes[..i].iter().any(|a| a.name == axis.name) {
            return Err(DatasetError::new(
                format!("two axes are called \"{}\"", axis.name),
                "axes",
                "give each axis a name of its own",
            ));
        }
    }
    if !new.rate_hz.is_finite() || new.rate_hz <= 0.0 {
        return Err(DatasetError::new(
            format!("a rate of {} Hz", new.rate_hz),
            "rate",
            "state a rate above 0 Hz",
        ));
    }
    if times_ms.is_none() && 1000.0 / new.rate_hz > LONGEST_PAUSE_MS {
        return Err(DatasetError::new(
            format!("a rate of {} Hz", new.rate_hz),
            "rate",
            format!("state a rate of {} Hz or more", 1000.0 / LONGEST_PAUSE_MS),
        ));
    }
    if values.is_empty() {
        return Err(DatasetError::new(
            "there is no sample",
            "values",
            "record or import at least one sample",
        ));
    }
    if !values.len().is_multiple_of(axes) {
        return Err(DatasetError::new(
            format!("{} values don't make whole rows of {axes}", values.len()),
            "values",
            "give one value for each axis in each sample",
        ));
    }
    if let Some(i) = values.iter().position(|v| !v.is_finite()) {
        return Err(DatasetError::new(
            format!("the value {} is not a finite number", values[i]),
            format!("sample {}, axis {}", i / axes, new.axes[i % axes].name),
            "fill or cut out the samples that are not numbers",
        ));
    }
    u32::try_from(values.len() / axes).map_err(|_| {
        DatasetError::new(
            "more than 4,294,967,295 samples",
            "values",
            "cut the recording into shorter ones",
        )
    })
}

fn check_times(times_ms: Option<&[f64]>, samples: u32, rate_hz: f64) -> Result<(), DatasetError> {
    let Some(times) = times_ms else {
        return check_length(f64::from(samples) * 1000.0 / rate_hz);
    };
    if times.len() != samples as usize {
        return Err(DatasetError::new(
            format!("{} times for {samples} samples", times.len()),
            "times",
            "give one time for each sample, or none at all",
        ));
    }
    if let Some(i) = times.iter().position(|t| !t.is_finite()) {
        return Err(DatasetError::new(
            format!("the time {} is not a finite number", times[i]),
            format!("sample {i}"),
            "give each time in milliseconds",
        ));
    }
    if let Some(i) = times.windows(2).position(|w| w[1] < w[0]) {
        return Err(DatasetError::new(
            format!("time falls from {} ms to {} ms", times[i], times[i + 1]),
            format!("sample {}", i + 1),
            "put the samples in order of time, and each take in a recording of its own",
        ));
    }
    let pause = |w: &[f64]| w[1] - w[0] > LONGEST_PAUSE_MS;
    if let Some(i) = times.windows(2).position(pause) {
        return Err(DatasetError::new(
            format!(
                "nothing for {:.0} s, from {} ms to {} ms",
                (times[i + 1] - times[i]) / 1000.0,
                times[i],
                times[i + 1]
            ),
            format!("sample {}", i + 1),
            format!(
                "split the recording there: a pause may last {:.0} s",
                LONGEST_PAUSE_MS / 1000.0
            ),
        ));
    }
    check_length(times.last().unwrap_or(&0.0) - times.first().unwrap_or(&0.0))
}

fn check_length(ms: f64) -> Result<(), DatasetError> {
    if ms > LONGEST_MS {
        return Err(DatasetError::new(
            format!("a recording of {:.0} hours", ms / 3_600_000.0),
            "times",
            format!(
                "cut it into recordings of at most {:.0} hours",
                LONGEST_MS / 3_600_000.0
            ),
        ));
    }
    Ok(())
}

fn content_id(rate_hz: f64, axes: &[Axis], values: &[f32], times_ms: Option<&[f64]>) -> String {
    let mut hash = Sha256::new();
    hash.update(b"lampyris recording 1\0");
    hash.update(rate_hz.to_le_bytes());
    hash.update((axes.len() as u64).to_le_bytes());
    for axis in axes {
        hash.update((axis.name.len() as u64).to_le_bytes());
        hash.update(axis.name.as_bytes());
    }
    hash.update((values.len() as u64).to_le_bytes());
    // In blocks, because a call a value costs more than the hashing.
    let mut block = Vec::with_capacity(4096);
    for chunk in values.chunks(1024) {
        block.clear();
        chunk
            .iter()
            .for_each(|v| block.extend_from_slice(&v.to_le_bytes()));
        hash.update(&block);
    }
    for chunk in times_ms.unwrap_or_default().chunks(512) {
        block.clear();
        chunk
            .iter()
            .for_each(|t| block.extend_from_slice(&t.to_le_bytes()));
        hash.update(&block);
    }
    hex(&hash.finalize())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn axis(name: &str) -> Axis {
        Axis {
            name: name.into(),
            unit: "m/s2".into(),
        }
    }

    fn new() -> NewRecording {
        NewRecording {
            name: "take".into(),
            label: "circle".into(),
            axes: vec![axis("x"), axis("y")],
            rate_hz: 50.0,
            source: "import".into(),
            ..NewRecording::default()
        }
    }

    fn refusal(new: NewRecording, values: Vec<f32>, times: Option<Vec<f64>>) -> String {
        Recording::new(new, values, times).unwrap_err().to_string()
    }

    #[test]
    fn one_span_covers_all() {
        let r = Recording::new(new(), vec![1.0, 2.0, 3.0, 4.0], None).unwrap();
        assert_eq!(r.meta.samples, 2);
        assert_eq!((r.meta.spans[0].start, r.meta.spans[0].end), (0, 2));
        assert_eq!(r.meta.id.len(), 64);
    }

    #[test]
    fn pauses_and_lengths_have_an_end() {
        let three = vec![0.0; 6];
        let at = |times: [f64; 3]| refusal(new(), three.clone(), Some(times.to_vec()));
        assert!(at([0.0, 20.0, 31_536_000_000.0]).contains("nothing for 31536000 s"));
        assert!(at([0.0, 20.0, 1e300]).contains("sample 2"));
        let kept = Recording::new(new(), three.clone(), Some(vec![0.0, 20.0, 10_020.0]));
        assert_eq!(kept.unwrap().meta.samples, 3);
        let mut slow = new();
        slow.rate_hz = 0.05;
        assert!(refusal(slow, three, None).contains("0.1 Hz or more"));
        let mut long = new();
        long.rate_hz = 0.1;
        assert!(refusal(long, vec![0.0; 40_000], None).contains("56 hours"));
    }

    #[test]
    fn labels_are_one_line() {
        let mut n = new();
        n.label = "two\nlines".into();
        assert!(refusal(n, vec![1.0, 2.0], None).contains("line break"));
    }

    #[test]
    fn id_is_of_content_only() {
        let values = vec![1.0, 2.0, 3.0, 4.0];
        let id = |n: NewRecording, v: &[f32], t: Option<Vec<f64>>| {
            Recording::new(n, v.to_vec(), t).unwrap().meta.id
        };
        let first = id(new(), &values, None);
        let mut other = new();
        other.label = "wave".into();
        other.name = "other".into();
        assert_eq!(first, id(other, &values, None));
        let mut faster = new();
        faster.rate_hz = 51.0;
        assert_ne!(first, id(faster, &values, None));
        let mut renamed = new();
        renamed.axes[1].name = "z".into();
        assert_ne!(first, id(renamed, &values, None));
        assert_ne!(first, id(new(), &values, Some(vec![0.0, 20.0])));
        assert_ne!(first, id(new(), &[1.0, 2.0, 3.0, 5.0], None));
    }

    #[test]
    fn refusals_say_what_where_and_the_remedy() {
        let v = vec![1.0, 2.0, 3.0, 4.0];
        assert!(refusal(new(), vec![1.0, f32::NAN], None).contains("sample 0, axis y"));
        assert!(refusal(new(), vec![f32::INFINITY, 0.0], None).contains("inf"));
        assert!(refusal(new(), vec![1.0; 3], None).contains("whole rows of 2"));
        assert!(refusal(new(), vec![], None).contains("no sample"));
        let mut n = new();
        n.rate_hz = 0.0;
        assert!(refusal(n, v.clone(), None).contains("a rate of 0 Hz"));
        let mut n = new();
        n.label = " ".into();
        assert!(refusal(n, v.clone(), None).contains("no label"));
        let mut n = new();
        n.axes[1].name = "x".into();
        assert!(refusal(n, v.clone(), None).contains("two axes"));
        let mut n = new();
        n.axes.clear();
        assert!(refusal(n, v.clone(), None).contains("no axis"));
        assert!(refusal(new(), v.clone(), Some(vec![5.0, 4.0])).contains("time falls"));
        assert!(refusal(new(), v.clone(), Some(vec![5.0])).contains("1 times for 2"));
        assert!(refusal(new(), v, Some(vec![0.0, f64::NAN])).contains("NaN"));
    }

    #[test]
    fn restore_holds_the_id() {
        let r = Recording::new(new(), vec![1.0, 2.0], None).unwrap();
        assert!(Recording::restore(r.meta.clone(), vec![1.0, 2.0], None).is_ok());
        let e = Recording::restore(r.meta, vec![1.0, 2.5], None).unwrap_err();
        assert!(e.what.contains("id"));
    }
}
