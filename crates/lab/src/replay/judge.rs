//! What was said against what was going on. All places are samples of the stream.

use super::{FalseAlarms, Replay, ReplaySaid, ReplayTruth, Worth, poisson_interval};
use super::{MESSAGE_BYTES, VALUE_BYTES};

/// A stretch of the stream, `from` inclusive, `to` exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub from: u64,
    pub to: u64,
}

impl Place {
    /// Whether something that rests on `evidence` samples up to `end` (exclusive) has seen
    /// any of it.
    pub(super) fn seen(&self, end: u64, evidence: u64) -> bool {
        self.from < end && end.saturating_sub(evidence) < self.to
    }
}

/// What should be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    pub place: Place,
    pub label: usize,
    pub recording: String,
}

/// What was told: the sample behind the last reading of the window, the label, the score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Said {
    pub end: u64,
    pub label: usize,
    pub score: f32,
}

/// What goes by in the stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Course {
    /// In order; those of one label don't touch.
    pub truths: Vec<Truth>,
    /// Where nobody knows what goes on.
    pub unjudged: Vec<Place>,
    /// What the stream held before.
    pub again: Vec<Place>,
    /// All samples.
    pub len: u64,
}

/// How the stream was cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cut {
    pub rate_hz: f64,
    pub window: u64,
    pub hop: u64,
    /// Windows that are averaged.
    pub smoothing: u64,
    /// Bytes of a sample of all axes, as it would be sent.
    pub sample_bytes: u64,
}

impl Cut {
    /// Samples that a message rests on.
    pub(super) fn evidence(&self) -> u64 {
        self.window + (self.smoothing.max(1) - 1) * self.hop
    }

    pub(super) fn ms(&self, samples: u64) -> f64 {
        samples as f64 * 1000.0 / self.rate_hz
    }

    /// Where the first window ends that begins at `from` or later.
    fn first_full(&self, from: u64) -> u64 {
        from.div_ceil(self.hop) * self.hop + self.window
    }
}

/// Windows as they went by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Windows {
    pub all: u32,
    pub awake: u32,
    pub quiet: u32,
    pub quiet_awake: u32,
}

/// Puts everything together; what is said in words and the columns are left empty.
pub(super) fn judge(cut: &Cut, course: &Course, said: &[Said], windows: Windows) -> Replay {
    let (worths, firsts) = compare(cut, course, said);
    let truths: Vec<ReplayTruth> = course
        .truths
        .iter()
        .zip(&firsts)
        .map(|(truth, first)| {
            let full = cut.first_full(truth.place.from);
            ReplayTruth {
                start_ms: cut.ms(truth.place.from),
                end_ms: cut.ms(truth.place.to),
                label: truth.label as u32,
                recording: truth.recording.clone(),
                delay_ms: first.map(|end| cut.ms(end - truth.place.from)),
                delay_full_ms: first.map(|end| cut.ms(end) - cut.ms(full)),
            }
        })
        .collect();
    let many = |worth| worths.iter().filter(|w| **w == worth).count() as u32;
    let found = many(Worth::Found);
    let mut delays: Vec<f64> = truths.iter().filter_map(|t| t.delay_ms).collect();
    delays.sort_unstable_by(f64::total_cmp);
    let mut full: Vec<f64> = truths.iter().filter_map(|t| t.delay_full_ms).collect();
    full.sort_unstable_by(f64::total_cmp);
    let days = course.len as f64 / cut.rate_hz / 86_400.0;
    let messages_day = said.len() as f64 / days;
    Replay {
        labels: Vec::new(),
        made_of: String::new(),
        cautions: Vec::new(),
        length_ms: cut.ms(course.len),
        window_ms: cut.ms(cut.window),
        hop_ms: cut.ms(cut.hop),
        windows: windows.all,
        awake: windows.awake,
        quiet_windows: windows.quiet,
        quiet_awake: windows.quiet_awake,
        awake_s_per_event: awake_s_per_event(cut, windows, truths.len()),
        gated: true,
        found,
        missed: truths.len() as u32 - found,
        mistaken: many(Worth::Mistaken),
        repeated: many(Worth::Repeated),
        delay_median_ms: delays.get(delays.len() / 2).copied(),
        delay_worst_ms: delays.last().copied(),
        delay_full_median_ms: full.get(full.len() / 2).copied(),
        false_alarms: false_alarms(cut, course, many(Worth::FalseAlarm)),
        message_bytes: MESSAGE_BYTES,
        messages_day,
        sent_bytes_day: messages_day * f64::from(MESSAGE_BYTES),
        raw_bytes_day: cut.rate_hz * cut.sample_bytes as f64 * 86_400.0,
        said: said
            .iter()
            .zip(worths)
            .map(|(said, worth)| ReplaySaid {
                t_ms: cut.ms(said.end),
                label: said.label as u32,
                score: said.score,
                worth,
            })
            .collect(),
        truths,
        timeline: super::Timeline::default(),
    }
}

/// What each message was worth, and where each event was first told.
fn compare(cut: &Cut, course: &Course, said: &[Said]) -> (Vec<Worth>, Vec<Option<u64>>) {
    let evidence = cut.evidence();
    let mut firsts: Vec<Option<u64>> = vec![None; course.truths.len()];
    let worths = said.iter().map(|one| {
        let seen = |place: &Place| place.seen(one.end, evidence);
        let mut about = None;
        let mut during = false;
        for (i, truth) in course.truths.iter().enumerate() {
            if !seen(&truth.place) {
                continue;
            }
            during = true;
            // Of two in sight, the one that was not told yet.
            if truth.label == one.label && about.is_none_or(|a: usize| firsts[a].is_some()) {
                about = Some(i);
            }
        }
        match about {
            Some(i) if firsts[i].is_none() => {
                firsts[i] = Some(one.end);
                Worth::Found
            }
            Some(_) => Worth::Repeated,
            None if during => Worth::Mistaken,
            None if course.unjudged.iter().any(seen) => Worth::Unjudged,
            None if course.again.iter().any(|place| place.seen(one.end, 1)) => Worth::HeardBefore,
            None => Worth::FalseAlarm,
        }
    });
    let worths = worths.collect();
    (worths, firsts)
}

/// The rate over what is neither an event (with the time in which it may still be told),
/// nor unjudged, nor in the stream for the second time.
fn false_alarms(cut: &Cut, course: &Course, count: u32) -> FalseAlarms {
    let evidence = cut.evidence();
    let truths = course.truths.iter().map(|t| t.place);
    let long = truths.chain(course.unjudged.iter().copied());
    let long = long.map(|place| Place {
        to: (place.to + evidence).min(course.len),
        ..place
    });
    let mut taken: Vec<Place> = long.chain(course.again.iter().copied()).collect();
    taken.sort_unstable_by_key(|place| place.from);
    let (mut quiet, mut at) = (0, 0);
    for place in taken {
        quiet += place.from.saturating_sub(at);
        at = at.max(place.to);
    }
    quiet += course.len.saturating_sub(at);
    let hours = quiet as f64 / cut.rate_hz / 3600.0;
    let (low, high) = poisson_interval(count);
    let an_hour = |n: f64| (quiet > 0).then(|| n / hours);
    FalseAlarms {
        count,
        hours,
        per_hour: an_hour(count.into()),
        low: an_hour(low),
        high: an_hour(high),
        telling: hours * 60.0 >= 10.0 || count >= 10,
    }
}

/// Windows awake beyond the share that is awake while nothing goes on, as seconds an event.
fn awake_s_per_event(cut: &Cut, windows: Windows, events: usize) -> Option<f64> {
    if events == 0 || windows.quiet == 0 {
        return None;
    }
    let anyway = f64::from(windows.quiet_awake) / f64::from(windows.quiet);
    let beyond = (f64::from(windows.awake) - anyway * f64::from(windows.all)).max(0.0);
    Some(beyond * cut.hop as f64 / cut.rate_hz / events as f64)
}

/// Bytes of a sample of all axes, as a sensor gives it.
pub(super) fn sample_bytes(values: usize, pictures: bool) -> u64 {
    values as u64 * if pictures { 1 } else { u64::from(VALUE_BYTES) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One reading a second, windows of 4, every 2.
    const CUT: Cut = Cut {
        rate_hz: 1.0,
        window: 4,
        hop: 2,
        smoothing: 1,
        sample_bytes: 6,
    };

    fn truth(from: u64, to: u64, label: usize) -> Truth {
        Truth {
            place: Place { from, to },
            label,
            recording: String::new(),
        }
    }

    fn said(end: u64, label: usize) -> Said {
        Said {
            end,
            label,
            score: 0.9,
        }
    }

    fn course() -> Course {
        Course {
            truths: vec![truth(11, 20, 0), truth(20, 30, 1), truth(60, 70, 0)],
            unjudged: vec![Place { from: 40, to: 45 }],
            again: vec![Place { from: 80, to: 100 }],
            len: 100,
        }
    }

    fn worths(said: &[Said]) -> Vec<Worth> {
        let all = judge(&CUT, &course(), said, Windows::default()).said;
        all.into_iter().map(|s| s.worth).collect()
    }

    #[test]
    fn messages_are_worth_what_they_are() {
        use Worth::*;
        // Before it, as it begins, again, with a window that still holds a part of it, after it.
        assert_eq!(
            worths(&[
                said(10, 0),
                said(12, 0),
                said(14, 0),
                said(22, 0),
                said(24, 0)
            ]),
            [FalseAlarm, Found, Repeated, Repeated, Mistaken]
        );
        // Another label; an unjudged stretch; the end of the last event; what was heard before.
        assert_eq!(
            worths(&[
                said(12, 1),
                said(44, 0),
                said(48, 1),
                said(50, 1),
                said(72, 0),
                said(90, 0)
            ]),
            [Mistaken, Unjudged, Unjudged, FalseAlarm, Found, HeardBefore]
        );
    }

    #[test]
    fn delays_by_hand() {
        let r = judge(
            &CUT,
            &course(),
            &[said(14, 0), said(30, 1)],
            Windows::default(),
        );
        assert_eq!((r.found, r.missed), (2, 1));
        // From 11 to 14; the first window that begins at 11 or later is 12 … 16.
        assert_eq!(r.truths[0].delay_ms, Some(3000.0));
        assert_eq!(r.truths[0].delay_full_ms, Some(-2000.0));
        assert_eq!(r.truths[1].delay_ms, Some(10_000.0));
        assert_eq!(r.truths[1].delay_full_ms, Some(6000.0));
        assert_eq!(r.truths[2].delay_ms, None);
        assert_eq!(r.delay_median_ms, Some(10_000.0));
        assert_eq!(r.delay_worst_ms, Some(10_000.0));
    }

    #[test]
    fn the_hours_of_nothing_by_hand() {
        // 0 … 11, 34 … 40, 49 … 60, 74 … 80: 34 s.
        let r = judge(&CUT, &course(), &[said(10, 0)], Windows::default());
        let told = r.false_alarms;
        assert!((told.hours * 3600.0 - 34.0).abs() < 1e-9);
        assert!((told.per_hour.expect("there is some") - 3600.0 / 34.0).abs() < 1e-6);
        assert!(told.low < told.per_hour && told.per_hour < told.high);
        assert!(!told.telling);
        // Smoothing reaches further back.
        let smooth = Cut {
            smoothing: 3,
            ..CUT
        };
        assert_eq!(smooth.evidence(), 8);
    }

    #[test]
    fn nothing_but_an_event_has_no_rate() {
        let only = Course {
            truths: vec![truth(0, 100, 0)],
            len: 100,
            ..Course::default()
        };
        let windows = Windows {
            all: 49,
            awake: 49,
            ..Windows::default()
        };
        let r = judge(&CUT, &only, &[], windows);
        assert_eq!(r.false_alarms.per_hour, None);
        assert_eq!(r.awake_s_per_event, None);
        assert_eq!((r.delay_median_ms, r.missed), (None, 1));
    }

    #[test]
    fn an_event_keeps_awake_beyond_what_is_anyway() {
        // 100 windows, 80 of them quiet, 8 of those awake: a tenth anyway. 25 awake in all.
        let windows = Windows {
            all: 100,
            awake: 25,
            quiet: 80,
            quiet_awake: 8,
        };
        let r = judge(&CUT, &course(), &[], windows);
        // 15 windows of 2 s over 3 events.
        assert!((r.awake_s_per_event.expect("events") - 10.0).abs() < 1e-9);
        // A message each 100 s, 9 bytes; 6 bytes a second.
        let r = judge(&CUT, &course(), &[said(12, 0)], windows);
        assert!((r.sent_bytes_day - 864.0 * 9.0).abs() < 1e-6);
        assert!((r.raw_bytes_day - 86_400.0 * 6.0).abs() < 1e-6);
    }
}
