//! From a sensor's readings, each with its time, to samples at the model's even rate,
//! with gaps told. On a chip the driver does this.

use std::collections::VecDeque;

use lampyris_dsp::resample::Resampler;
use lampyris_dsp::resample::polyphase::{Design, FROM_HZ, Polyphase};
use lampyris_lab::LabError;

/// Silence longer than this is a gap, in milliseconds.
const GAP_MS: f64 = 250.0;
/// The sensor's rate is measured over the readings of so many milliseconds…
const MEASURED_MS: f64 = 2000.0;
/// …once they span at least so many.
const SETTLED_MS: f64 = 1000.0;
/// A sound's reading may be off its place by this share of the distance to the next;
/// beyond it, readings were lost.
const OFF: f64 = 0.5;

/// What becomes of readings.
pub(crate) enum Fed<'a> {
    /// Readings are missing; what follows begins afresh.
    Gap,
    /// A sample of all axes at the model's rate, and its time.
    Sample(f64, &'a [f32]),
}

/// How readings come: with a clock of their own, or evenly as sound does.
pub(crate) enum Feed {
    /// For models below [`FROM_HZ`].
    Slow(Box<Slow>),
    /// For models from there on.
    Sound(Sound),
}

impl Feed {
    /// For a model that wants so many samples per second.
    pub(crate) fn new(axes: usize, rate_hz: f32) -> Result<Self, LabError> {
        if rate_hz >= FROM_HZ {
            return Ok(Self::Sound(Sound::new(axes, rate_hz.into())));
        }
        Ok(Self::Slow(Box::new(Slow {
            resampler: Resampler::new(axes, rate_hz.into())
                .map_err(|e| LabError::new(e.to_string(), "chip part", "export the model again"))?,
            rate_hz: rate_hz.into(),
            recent: VecDeque::new(),
            first_ms: 0.0,
            samples: 0,
        })))
    }

    /// Takes whole readings with their times in milliseconds.
    pub(crate) fn push(
        &mut self,
        values: &[f32],
        times_ms: &[f64],
        on: impl FnMut(Fed<'_>),
    ) -> Result<(), LabError> {
        match self {
            Self::Slow(slow) => {
                slow.push(values, times_ms, on);
                Ok(())
            }
            Self::Sound(sound) => sound.push(values, times_ms, on),
        }
    }

    /// Readings per second of late; 0 before that can be told.
    pub(crate) fn sensor_rate(&self) -> f64 {
        match self {
            Self::Slow(slow) => slow.sensor_rate(),
            Self::Sound(sound) => sound.source_hz,
        }
    }
}

/// Uneven readings.
pub(crate) struct Slow {
    resampler: Resampler,
    rate_hz: f64,
    /// Times of the last readings.
    recent: VecDeque<f64>,
    /// Time of the first reading since the last gap.
    first_ms: f64,
    /// Samples at the model's rate since then.
    samples: u64,
}

impl Slow {
    /// Readings that aren't finite count as missing.
    fn push(&mut self, values: &[f32], times_ms: &[f64], mut on: impl FnMut(Fed<'_>)) {
        let axes = values.len().checked_div(times_ms.len()).unwrap_or(0).max(1);
        for (reading, &time) in values.chunks_exact(axes).zip(times_ms) {
            if time.is_finite() && reading.iter().all(|v| v.is_finite()) {
                self.take(reading, time, &mut on);
            }
        }
    }

    fn take(&mut self, reading: &[f32], time: f64, on: &mut impl FnMut(Fed<'_>)) {
        let last = self.recent.back().copied();
        if last.is_none_or(|last| time < last || time - last > GAP_MS) {
            if last.is_some() {
                on(Fed::Gap);
            }
            self.resampler.reset();
            self.first_ms = time;
            self.samples = 0;
        }
        if last.is_some_and(|last| time < last || time - last > MEASURED_MS) {
            self.recent.clear();
        }
        self.recent.push_back(time);
        while self.recent.front().is_some_and(|t| time - t > MEASURED_MS) {
            self.recent.pop_front();
        }
        let (first_ms, rate_hz, samples) = (self.first_ms, self.rate_hz, &mut self.samples);
        self.resampler.push(time, reading, |sample| {
            let t_ms = first_ms + *samples as f64 * 1000.0 / rate_hz;
            *samples += 1;
            on(Fed::Sample(t_ms, sample));
        });
    }

    fn sensor_rate(&self) -> f64 {
        let span = match (self.recent.front(), self.recent.back()) {
            (Some(first), Some(last)) if last - first >= SETTLED_MS => last - first,
            _ => return 0.0,
        };
        let steps = || self.recent.iter().zip(self.recent.iter().skip(1));
        let even: Vec<f64> = steps()
            .map(|(a, b)| b - a)
            .filter(|d| *d <= GAP_MS)
            .collect();
        let all = self.recent.len() - 1;
        // A gap says nothing about the rate, unless the sensor is nothing but gaps.
        let time: f64 = even.iter().sum();
        if 2 * even.len() >= all && time > 0.0 {
            1000.0 * even.len() as f64 / time
        } else {
            1000.0 * all as f64 / span
        }
    }
}

/// Readings of a sound card: evenly timed, but for those that were lost.
pub(crate) struct Sound {
    axes: usize,
    rate_hz: f64,
    /// The source's rate; 0 before the first two readings.
    source_hz: f64,
    resampler: Option<Polyphase<Vec<f32>, Vec<f32>>>,
    /// When the next reading is due; NaN at the start.
    due_ms: f64,
    first_ms: f64,
    samples: u64,
}

impl Sound {
    fn new(axes: usize, rate_hz: f64) -> Self {
        Self {
            axes,
            rate_hz,
            source_hz: 0.0,
            resampler: None,
            due_ms: f64::NAN,
            first_ms: 0.0,
            samples: 0,
        }
    }

    fn push(
        &mut self,
        values: &[f32],
        times_ms: &[f64],
        mut on: impl FnMut(Fed<'_>),
    ) -> Result<(), LabError> {
        if let Some(time) = times_ms.iter().find(|t| !t.is_finite()) {
            return Err(LabError::new(
                format!("a reading of the time {time}"),
                "live readings",
                "give times that are finite numbers",
            ));
        }
        if self.resampler.is_none() {
            let [first, second, ..] = times_ms else {
                return Ok(());
            };
            self.begin(second - first, times_ms)?;
        }
        let step_ms = 1000.0 / self.source_hz;
        let mut from = 0;
        for (i, &time) in times_ms.iter().enumerate() {
            let off = (time - self.due_ms).abs() > OFF * step_ms;
            if off || self.due_ms.is_nan() {
                self.run(&values[from * self.axes..i * self.axes], &mut on);
                from = i;
                if off {
                    on(Fed::Gap);
                }
                if let Some(resampler) = &mut self.resampler {
                    resampler.reset();
                }
                (self.first_ms, self.samples) = (time, 0);
                self.due_ms = time;
            }
            self.due_ms += step_ms;
        }
        self.run(&values[from * self.axes..], &mut on);
        // The clock of the readings, not the sum of steps, says when the next is due.
        if let Some(last) = times_ms.last() {
            self.due_ms = last + step_ms;
        }
        Ok(())
    }

    /// Finds the source's rate.
    fn begin(&mut self, step_ms: f64, times_ms: &[f64]) -> Result<(), LabError> {
        // The longest even stretch from the start on tells the rate best.
        let even = times_ms
            .windows(2)
            .take_while(|t| (t[1] - t[0] - step_ms).abs() < OFF * step_ms);
        let steps = even.count().max(1);
        let rate = 1000.0 * steps as f64 / (times_ms[steps] - times_ms[0]);
        // Sound cards have whole rates, and their times the precision of a double.
        let source_hz = if (rate - rate.round()).abs() < 0.05 {
            rate.round()
        } else {
            rate
        };
        let refused = |e: &dyn std::fmt::Display| {
            LabError::new(
                e.to_string(),
                "live readings",
                "give sound whose times rise evenly, at 1 kHz or more",
            )
        };
        let design = Design::new(source_hz, self.rate_hz).map_err(|e| refused(&e))?;
        let mut table = vec![0.0; design.table_len()];
        design.fill(&mut table);
        let history = vec![0.0; design.history_len(self.axes)];
        let resampler = Polyphase::new(design, self.axes, table, history);
        self.resampler = Some(resampler.map_err(|e| refused(&e))?);
        self.source_hz = source_hz;
        Ok(())
    }

    /// Takes even readings without a gap; those that aren't finite count as silence.
    fn run(&mut self, values: &[f32], on: &mut impl FnMut(Fed<'_>)) {
        let Some(resampler) = &mut self.resampler else {
            return;
        };
        let (first_ms, rate_hz, samples) = (self.first_ms, self.rate_hz, &mut self.samples);
        resampler.push(values, |sample| {
            let t_ms = first_ms + *samples as f64 * 1000.0 / rate_hz;
            *samples += 1;
            on(Fed::Sample(t_ms, sample));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times of `count` readings at `rate_hz`, the first at `from`.
    fn times(from: usize, count: usize, rate_hz: f64) -> Vec<f64> {
        (from..from + count)
            .map(|i| i as f64 * 1000.0 / rate_hz)
            .collect()
    }

    fn tone(times: &[f64]) -> Vec<f32> {
        let phase = |t: &f64| t / 1000.0 * 440.0 * std::f64::consts::TAU;
        times.iter().map(|t| phase(t).sin() as f32).collect()
    }

    /// What comes of chunks of these readings: times and samples, and how many gaps.
    fn fed(feed: &mut Feed, chunks: &[&[f64]]) -> (Vec<(f64, f32)>, usize) {
        let (mut samples, mut gaps) = (Vec::new(), 0);
        for times in chunks {
            let on = |fed: Fed<'_>| match fed {
                Fed::Gap => gaps += 1,
                Fed::Sample(t_ms, sample) => samples.push((t_ms, sample[0])),
            };
            feed.push(&tone(times), times, on).expect("even sound");
        }
        (samples, gaps)
    }

    fn sound() -> Feed {
        Feed::new(1, 16_000.0).expect("a rate of sound")
    }

    #[test]
    fn sound_of_the_models_rate_comes_through_as_it_is() {
        let mut feed = sound();
        let times = times(0, 1000, 16_000.0);
        let (samples, gaps) = fed(&mut feed, &[&times[..300], &times[300..]]);
        let expected: Vec<(f64, f32)> = times.iter().copied().zip(tone(&times)).collect();
        assert_eq!((samples, gaps), (expected, 0));
        assert_eq!(feed.sensor_rate(), 16_000.0);
    }

    #[test]
    fn sound_of_other_rates_is_resampled_in_its_place() {
        for rate_hz in [44_100.0, 48_000.0] {
            let mut feed = sound();
            // Hours after the clock began, in chunks as a worklet gives them.
            let times = times(1_000_000_000, 48_000, rate_hz);
            let chunks: Vec<&[f64]> = times.chunks(2048).collect();
            let (samples, gaps) = fed(&mut feed, &chunks);
            assert_eq!((gaps, feed.sensor_rate()), (0, rate_hz));
            assert!(samples.len() > 15_800, "{}", samples.len());
            for (t_ms, sample) in &samples[100..] {
                let phase = t_ms / 1000.0 * 440.0 * std::f64::consts::TAU;
                assert!((phase.sin() - f64::from(*sample)).abs() < 2e-3);
            }
        }
    }

    #[test]
    fn lost_sound_is_a_gap_within_chunks_and_between_them() {
        let mut feed = sound();
        let all = times(0, 4000, 16_000.0);
        let torn = [&all[100..200], &all[201..300]].concat();
        let (samples, gaps) = fed(
            &mut feed,
            &[&all[..100], &torn, &all[300..400], &all[528..600]],
        );
        assert_eq!(gaps, 2);
        let kept = all[..200]
            .iter()
            .chain(&all[201..400])
            .chain(&all[528..600]);
        let found: Vec<f64> = samples.iter().map(|(t, _)| *t).collect();
        let expected: Vec<f64> = kept.copied().collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn times_that_tell_no_rate_are_refused() {
        for times in [[1.0, 1.0], [2.0, 1.0]] {
            let error = sound().push(&[0.0; 2], &times, |_| ());
            let error = error.expect_err("must be refused");
            assert!(error.remedy.contains("evenly"), "{error}");
        }
    }

    #[test]
    fn times_that_are_no_numbers_are_refused_and_change_nothing() {
        let all = times(0, 400, 16_000.0);
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut feed = sound();
            for from in [0, 200] {
                let mut torn = all[from..from + 100].to_vec();
                torn[99] = odd;
                let error = feed.push(&[0.0; 100], &torn, |_| ());
                let error = error.expect_err("must be refused");
                assert!(error.remedy.contains("finite"), "{error}");
                let (samples, gaps) = fed(&mut feed, &[&all[from..from + 200]]);
                assert_eq!((samples.len(), gaps), (200, 0));
            }
        }
    }
}
