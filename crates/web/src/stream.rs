//! A [`Classifier`] at work on a sensor in the page: what is said at each window, how
//! long it took, and whether the sensor is fast enough at all.

use std::rc::Rc;

use lampyris_device::{Chip, Classifier, Decision, Event, Memory, Stage};
use lampyris_dsp::View;
use lampyris_graph::AlignedBytes;
use lampyris_lab::{LabError, LiveAnswer, LiveEvent, score};

use crate::eye::Eye;
use crate::feed::{Fed, Feed};

/// A sensor may be slower than the model by this share: clocks are not exact.
const TOLERANCE: f64 = 0.1;
/// Windows that may be averaged while a model runs, whatever it was exported with.
const SMOOTHING: usize = 16;

/// The bytes of a chip part, counted, so that the classifier can hold on to them.
#[derive(Clone)]
pub(crate) struct Shared(Rc<AlignedBytes>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().as_ref()
    }
}

/// A classifier with memory of its own.
pub(crate) type Running = Classifier<Shared, AlignedBytes, Vec<f32>>;

/// A model fed with readings of all its axes, each with its time.
pub(crate) struct Stream {
    classifier: Running,
    feed: Feed,
    /// Of a model for pictures: when they came.
    eye: Option<Eye>,
    axes: usize,
    rate_hz: f64,
    /// A gap that no event has told yet.
    gap: bool,
}

impl Stream {
    /// Checks a chip part and prepares to run it.
    pub(crate) fn new(chip: &[u8]) -> Result<Self, LabError> {
        let bytes = Shared(Rc::new(AlignedBytes::new(chip)));
        let parsed = Chip::parse(bytes.as_ref())?;
        let (axes, rate_hz, needs) = (parsed.axes(), parsed.rate_hz(), parsed.needs());
        let eye = parsed.grid().map(|_| Eye::new(rate_hz));
        let memory = Memory {
            arena: AlignedBytes::from(vec![0; needs.arena]),
            ring: vec![0.0; needs.ring + SMOOTHING * needs.outputs],
            scratch: vec![0.0; needs.scratch],
            features: vec![0.0; needs.features],
        };
        let ops = lampyris_core::ops::ALL;
        let mut classifier = Classifier::new(bytes.clone(), ops, lampyris_dsp::BLOCKS, memory)?;
        // The page shows the strength before there is a gate, so that its level can be chosen.
        classifier.follow_signal();
        Ok(Self {
            classifier,
            feed: Feed::new(axes, rate_hz)?,
            eye,
            axes,
            rate_hz: rate_hz.into(),
            gap: false,
        })
    }

    /// Whole windows and single steps, past the stream.
    pub(crate) fn classifier(&mut self) -> &mut Running {
        &mut self.classifier
    }

    /// Changes what is made of the scores, from the next window on.
    pub(crate) fn set_decision(&mut self, decision: Decision) -> Result<(), LabError> {
        let decided = self.classifier.set_decision(decision);
        decided.map_err(|e| {
            LabError::new(e.to_string(), "decision", "take values within their ranges")
        })
    }

    /// Takes readings `[times, axes]` with their times in milliseconds. Nothing is said
    /// while the sensor is refused. `clock` tells milliseconds, for the stages' times.
    pub(crate) fn push(
        &mut self,
        values: &[f32],
        times_ms: &[f64],
        clock: fn() -> f64,
    ) -> Result<LiveAnswer, LabError> {
        if values.len() != times_ms.len() * self.axes {
            return Err(LabError::new(
                format!(
                    "{} values for {} times of {} axes",
                    values.len(),
                    times_ms.len(),
                    self.axes
                ),
                "live readings",
                "choose a sensor with the axes that the model was trained on",
            ));
        }
        let mut events = Vec::new();
        let mut gaps = 0u32;
        let mut power: Option<f32> = None;
        let Self {
            classifier,
            feed,
            gap,
            ..
        } = self;
        feed.push(values, times_ms, |fed| match fed {
            Fed::Gap => {
                *gap = true;
                gaps = gaps.saturating_add(1);
                classifier.reset();
            }
            Fed::Sample(t_ms, sample) => {
                let event = run(classifier, sample, clock);
                let now = classifier.power();
                power = Some(power.map_or(now, |most| most.max(now)));
                if let Some(event) = event {
                    let gap = std::mem::take(gap);
                    events.push(LiveEvent { t_ms, gap, ..event });
                }
            }
        })?;
        if self.refusal().is_some() {
            events.clear();
        }
        Ok(LiveAnswer {
            events,
            gaps,
            strength: power.map(f32::sqrt),
        })
    }

    /// Takes one picture, taken at `t_ms`.
    pub(crate) fn see(
        &mut self,
        picture: &View<'_>,
        t_ms: f64,
        clock: fn() -> f64,
    ) -> Result<LiveAnswer, LabError> {
        let Some(eye) = &mut self.eye else {
            return Err(LabError::new(
                "the model is not for pictures",
                "live pictures",
                "choose a sensor with the axes that the model was trained on",
            ));
        };
        let gap = eye.take(t_ms);
        if gap {
            self.classifier.reset();
        }
        let begun_ms = clock();
        let shown = self.classifier.show(picture);
        let shown_ms = clock();
        eye.shown.clear();
        eye.shown.extend_from_slice(shown);
        let say_ms = clock();
        let said = self.classifier.say();
        let done_ms = clock();
        let events = said.map(|event| LiveEvent {
            t_ms,
            features_us: Some((shown_ms - begun_ms) * 1000.0),
            network_us: Some((done_ms - say_ms) * 1000.0),
            gap,
            ..told(&self.classifier, event)
        });
        Ok(LiveAnswer {
            events: events.into_iter().collect(),
            gaps: gap.into(),
            strength: None,
        })
    }

    /// The network's input of the last picture, `[height, width, channels]`; empty before
    /// the first, and of models for readings.
    pub(crate) fn shown(&self) -> &[i8] {
        self.eye.as_ref().map_or(&[], |eye| &eye.shown)
    }

    /// Readings per second of late; 0 before that can be told.
    pub(crate) fn sensor_rate(&self) -> f64 {
        match &self.eye {
            Some(eye) => eye.rate_hz(),
            None => self.feed.sensor_rate(),
        }
    }

    /// Why this sensor can't feed this model. A picture stands for itself, at any rate.
    pub(crate) fn refusal(&self) -> Option<String> {
        if self.eye.is_some() {
            return None;
        }
        let found = self.sensor_rate();
        if found == 0.0 || found >= self.rate_hz * (1.0 - TOLERANCE) {
            return None;
        }
        Some(format!(
            "The sensor gives {found:.1} readings a second, the model needs {}: \
             choose a faster sensor, or train with a rate of at most {} Hz",
            self.rate_hz,
            found.floor().max(1.0)
        ))
    }
}

/// One sample, and what is said of the window that it ends; its time is the caller's.
fn run(classifier: &mut Running, sample: &[f32], clock: fn() -> f64) -> Option<LiveEvent> {
    let (mut begun_ms, mut features_ms, mut network_ms) = (None, 0.0, 0.0);
    let event = classifier.push_with(sample, |stage| {
        let now_ms = clock();
        let spent_ms = now_ms - begun_ms.unwrap_or(now_ms);
        match stage {
            Stage::Begin => (),
            Stage::Features => features_ms = spent_ms,
            Stage::Network => network_ms = spent_ms,
        }
        begun_ms = Some(now_ms);
    })?;
    let us = |ms: f64| event.awake.then_some(ms * 1000.0);
    Some(LiveEvent {
        features_us: us(features_ms),
        network_us: us(network_ms),
        ..told(classifier, event)
    })
}

/// What is said of a window; its times are the caller's.
fn told(classifier: &Running, event: Event) -> LiveEvent {
    let scores = classifier.outputs().iter();
    LiveEvent {
        t_ms: 0.0,
        scores: if event.awake {
            scores.map(|q| score(*q)).collect()
        } else {
            vec![0.0; scores.len()]
        },
        smoothed: classifier.scores().to_vec(),
        label: event.label.map(|l| l as u32),
        fired: event.fired,
        awake: event.awake,
        features_us: None,
        network_us: None,
        gap: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, Sample};

    /// Readings of label `label` at `rate_hz` from `from_ms` on, for `ms`.
    fn feed(stream: &mut Stream, label: usize, rate_hz: f64, from_ms: f64, ms: f64) -> LiveAnswer {
        let count = (ms * rate_hz / 1000.0) as usize;
        let times: Vec<f64> = (0..count)
            .map(|i| from_ms + i as f64 * 1000.0 / rate_hz)
            .collect();
        let values: Vec<f32> = times
            .iter()
            .flat_map(|t| sample::motion(sample::class_of(label), *t))
            .collect();
        stream
            .push(&values, &times, || 0.0)
            .expect("whole readings")
    }

    fn stream() -> (Stream, Sample) {
        let sample = sample::model();
        (Stream::new(&sample.chip).expect("a good model"), sample)
    }

    #[test]
    fn a_class_is_recognised_at_the_rate_of_the_sensor() {
        for rate_hz in [50.0, 60.0, 100.0] {
            for label in [0, 1] {
                let (mut stream, sample) = stream();
                let LiveAnswer { events, gaps, .. } =
                    feed(&mut stream, label, rate_hz, 5000.0, 6000.0);
                assert_eq!(gaps, 0);
                let window = f64::from(sample.settings.window_ms);
                let hop = f64::from(sample.settings.hop_ms);
                // One event when the window is full, one each hop.
                let expected = ((6000.0 - window) / hop) as usize + 1;
                assert!(events.len().abs_diff(expected) <= 1, "{}", events.len());
                assert!(
                    events.iter().all(|e| e.label == Some(label as u32)),
                    "{events:?}"
                );
                assert!((events[0].t_ms - 5000.0 - window).abs() < 50.0);
                assert!(events.iter().all(|e| !e.gap));
                assert!((stream.sensor_rate() - rate_hz).abs() < 0.5);
                assert_eq!(stream.refusal(), None);
            }
        }
    }

    #[test]
    fn chunks_change_nothing() {
        let (mut whole, _) = stream();
        let (mut parts, _) = stream();
        let at_once = feed(&mut whole, 1, 50.0, 0.0, 5000.0);
        let (mut events, mut strength) = (Vec::new(), None);
        for part in 0..50 {
            let told = feed(&mut parts, 1, 50.0, f64::from(part) * 100.0, 100.0);
            events.extend(told.events);
            strength = strength.max(told.strength.map(f32::to_bits));
        }
        assert_eq!(at_once.events, events);
        assert_eq!(at_once.strength.map(f32::to_bits), strength);
    }

    #[test]
    fn a_gap_begins_the_window_afresh_and_is_told_once() {
        let (mut stream, sample) = stream();
        let window = f64::from(sample.settings.window_ms);
        feed(&mut stream, 0, 50.0, 0.0, window - 100.0);
        let LiveAnswer { events, gaps, .. } =
            feed(&mut stream, 0, 50.0, window + 500.0, window + 2500.0);
        assert_eq!(gaps, 1);
        assert!(events[0].gap && events[1..].iter().all(|e| !e.gap));
        assert!(events[0].t_ms > 2.0 * window + 400.0, "{}", events[0].t_ms);
        // A clock that falls back counts as a gap too.
        let told = feed(&mut stream, 0, 50.0, 0.0, window + 500.0);
        assert!(told.events[0].gap && told.gaps == 1);
    }

    #[test]
    fn gaps_are_counted_though_no_window_ends() {
        let (mut stream, sample) = stream();
        let window = f64::from(sample.settings.window_ms);
        let mut gaps = 0;
        for part in 0..10 {
            let from_ms = f64::from(part) * (window + 200.0);
            let told = feed(&mut stream, 0, 50.0, from_ms, window - 200.0);
            assert!(told.events.is_empty());
            gaps += told.gaps;
        }
        assert_eq!(gaps, 9);
        // The next window tells of them once, however many they were.
        let told = feed(&mut stream, 0, 50.0, 30.0 * window, 2.0 * window);
        assert_eq!(told.gaps, 1);
        assert!(told.events[0].gap && !told.events[1].gap);
    }

    #[test]
    fn the_strength_is_what_opens_the_gate() {
        let (mut off, sample) = stream();
        // At the model's own rate: the same samples, however often it is asked.
        let swing = |stream: &mut Stream| {
            let times: Vec<f64> = (0..300).map(|i| f64::from(i) * 20.0).collect();
            let values: Vec<f32> = times
                .iter()
                .flat_map(|t| {
                    [
                        9.81 + (t / 1000.0 * std::f64::consts::TAU).sin() as f32,
                        0.0,
                        0.0,
                    ]
                })
                .collect();
            stream
                .push(&values, &times, || 0.0)
                .expect("whole readings")
        };
        let most = swing(&mut off).strength.expect("samples");
        assert!(most > 0.9 && most < 2.0, "a slow swing in full: {most}");
        for (level, opens) in [(most * 0.999, true), (most * 1.001, false)] {
            let mut gated = Stream::new(&sample.chip).expect("a good model");
            let mut decision = gated.classifier().decision();
            decision.gate.level = level;
            gated.set_decision(decision).expect("legal");
            let told = swing(&mut gated);
            assert_eq!(told.strength, Some(most));
            assert_eq!(told.events.iter().any(|e| e.awake), opens, "{level}");
        }
        let none = off.push(&[], &[], || 0.0).expect("nothing");
        assert_eq!(none.strength, None);
    }

    #[test]
    fn a_slow_sensor_is_refused_with_the_reason() {
        for rate_hz in [3.0, 25.0, 44.0] {
            let (mut stream, _) = stream();
            let events = feed(&mut stream, 0, rate_hz, 0.0, 8000.0).events;
            let why = stream.refusal().expect("too slow");
            assert!(why.contains("needs 50"), "{why}");
            assert!(events.is_empty());
        }
        let (mut stream, _) = stream();
        feed(&mut stream, 0, 48.0, 0.0, 8000.0);
        assert_eq!(stream.refusal(), None, "48 Hz are 50 Hz by another clock");
    }

    #[test]
    fn bad_readings_are_missing_readings() {
        let (mut stream, _) = stream();
        let e = stream
            .push(&[1.0, 2.0], &[0.0], || 0.0)
            .expect_err("one axis is missing");
        assert!(e.what.contains("2 values"), "{e}");
        let nan = [f32::NAN, 0.0, 0.0];
        let silent = LiveAnswer {
            events: vec![],
            gaps: 0,
            strength: None,
        };
        assert_eq!(stream.push(&nan, &[0.0], || 0.0), Ok(silent.clone()));
        assert_eq!(stream.push(&[0.0; 3], &[f64::INFINITY], || 0.0), Ok(silent));
        assert_eq!(stream.sensor_rate(), 0.0);
    }

    #[test]
    fn damaged_models_are_refused() {
        let (_, sample) = stream();
        let mut chip = sample.chip;
        chip[40] ^= 4;
        assert!(Stream::new(&chip).is_err());
        assert!(Stream::new(&[]).is_err());
    }
}
