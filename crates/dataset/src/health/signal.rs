//! What is found in samples, rates and axes.

use std::collections::BTreeMap;

use super::sound;
use super::{HealthRule, Issue, Look, Severity, quoted, recordings_in_words};
use crate::RecordingMeta;

/// A recording this much slower than the model is called too slow.
const RATE_SLACK: f64 = 0.95;
/// Share of samples held at the sensor's limit from which on it is clipping.
const CLIPPED_SHARE: f64 = 0.005;
/// Gaps shorter than this are the ordinary unevenness of phones and browsers.
const GAP_MS: f64 = 200.0;
/// Two recordings whose points differ by less than this share of their spread
/// are near-equal.
const NEAR_EQUAL: f64 = 0.02;

type Pair<'a> = (&'a RecordingMeta, &'a Look);

pub(super) fn check(pairs: &[Pair<'_>], rule: &HealthRule<'_>, out: &mut Vec<Issue>) {
    axes(pairs, rule, out);
    // Pictures have no samples, no rate and no length.
    let signals = pairs.iter().filter(|(meta, _)| !meta.is_picture());
    let pairs: &[Pair<'_>] = &signals.copied().collect::<Vec<_>>();
    units(pairs, out);
    lengths(pairs, rule, out);
    rates(pairs, rule, out);
    gaps(pairs, out);
    flat(pairs, out);
    clipping(pairs, out);
    looks_like_g(pairs, out);
    near_equal(pairs, rule, out);
}

fn push_of(out: &mut Vec<Issue>, of: &[&RecordingMeta], issue: Issue) {
    if !of.is_empty() {
        out.push(issue.of(of.iter().copied()));
    }
}

fn axes(pairs: &[Pair<'_>], rule: &HealthRule<'_>, out: &mut Vec<Issue>) {
    if !rule.axes.is_empty() {
        let lacking: Vec<_> = pairs
            .iter()
            .map(|(meta, _)| *meta)
            .filter(|meta| {
                rule.axes
                    .iter()
                    .any(|a| meta.axes.iter().all(|b| b.name != *a))
            })
            .collect();
        let names: Vec<&str> = rule.axes.iter().map(String::as_str).collect();
        let what = format!(
            "{} lack some of the axes {}.",
            recordings_in_words(lacking.len()),
            quoted(&names)
        );
        let remedy = "Choose axes that all recordings have, or remove those recordings.";
        push_of(out, &lacking, Issue::new(Severity::Error, what, remedy));
        return;
    }
    let mut kinds: BTreeMap<Vec<&str>, Vec<&RecordingMeta>> = BTreeMap::new();
    for (meta, _) in pairs {
        let names = meta.axes.iter().map(|a| a.name.as_str()).collect();
        kinds.entry(names).or_default().push(meta);
    }
    if kinds.len() < 2 {
        return;
    }
    let most = kinds.values().map(Vec::len).max().unwrap_or(0);
    let usual = kinds
        .iter()
        .find(|(_, of)| of.len() == most)
        .map(|(names, _)| names.clone());
    for (names, of) in &kinds {
        if Some(names) == usual.as_ref() {
            continue;
        }
        let what = format!(
            "{} {} the axes {}, the others {}.",
            recordings_in_words(of.len()),
            if of.len() == 1 { "has" } else { "have" },
            quoted(names),
            quoted(usual.as_deref().unwrap_or_default())
        );
        let remedy = "Choose the axes that all have in common, or remove these recordings.";
        push_of(out, of, Issue::new(Severity::Error, what, remedy));
    }
}

fn units(pairs: &[Pair<'_>], out: &mut Vec<Issue>) {
    let mut by_axis: BTreeMap<&str, BTreeMap<&str, Vec<&RecordingMeta>>> = BTreeMap::new();
    for (meta, _) in pairs {
        for axis in &meta.axes {
            let units = by_axis.entry(&axis.name).or_default();
            units.entry(&axis.unit).or_default().push(meta);
        }
    }
    for (axis, mut units) in by_axis {
        // No unit stated is no contradiction.
        units.remove("");
        if units.len() > 1 {
            let names: Vec<&str> = units.keys().copied().collect();
            let what = format!(
                "The axis \"{axis}\" comes in different units: {}.",
                quoted(&names)
            );
            let fewest = units.values().min_by_key(|of| of.len());
            let of: Vec<&RecordingMeta> = fewest.cloned().unwrap_or_default();
            let remedy =
                "Convert the values to one unit before importing; nothing is rescaled silently.";
            push_of(out, &of, Issue::new(Severity::Warning, what, remedy));
        }
    }
}

fn lengths(pairs: &[Pair<'_>], rule: &HealthRule<'_>, out: &mut Vec<Issue>) {
    let window_s = rule.window_ms / 1000.0;
    let short: Vec<_> = pairs
        .iter()
        .map(|(meta, _)| *meta)
        .filter(|meta| meta.seconds() < window_s * (1.0 - 1e-9))
        .collect();
    let all = short.len() == pairs.len();
    let what = format!(
        "{} {} shorter than a window of {window_s} s and {} no window.",
        recordings_in_words(short.len()),
        if short.len() == 1 { "is" } else { "are" },
        if short.len() == 1 { "gives" } else { "give" },
    );
    let severity = if all {
        Severity::Error
    } else {
        Severity::Warning
    };
    let remedy = "Choose a shorter window, or record longer takes.";
    push_of(out, &short, Issue::new(severity, what, remedy));
}

fn rates(pairs: &[Pair<'_>], rule: &HealthRule<'_>, out: &mut Vec<Issue>) {
    let slow: Vec<_> = pairs
        .iter()
        .map(|(meta, _)| *meta)
        .filter(|meta| meta.rate_hz < rule.rate_hz * RATE_SLACK)
        .collect();
    let slowest = slow.iter().map(|m| m.rate_hz).fold(f64::INFINITY, f64::min);
    let what = format!(
        "{} {} recorded at as little as {slowest:.1} Hz, slower than the model's {} Hz: what is faster than that is missing in them.",
        recordings_in_words(slow.len()),
        if slow.len() == 1 { "was" } else { "were" },
        rule.rate_hz
    );
    let remedy = format!("Set the model's rate to {slowest:.0} Hz or less, or record faster.");
    push_of(out, &slow, Issue::new(Severity::Warning, what, remedy));
}

fn gaps(pairs: &[Pair<'_>], out: &mut Vec<Issue>) {
    let gappy: Vec<_> = pairs
        .iter()
        .filter(|(meta, look)| look.longest_gap_ms > GAP_MS.max(10_000.0 / meta.rate_hz))
        .collect();
    let longest = gappy
        .iter()
        .map(|(_, l)| l.longest_gap_ms)
        .fold(0.0, f64::max);
    let of: Vec<_> = gappy.iter().map(|(meta, _)| *meta).collect();
    let what = format!(
        "{} {} gaps of up to {longest:.0} ms, which resampling bridges with a straight line.",
        recordings_in_words(of.len()),
        if of.len() == 1 { "has" } else { "have" },
    );
    let remedy = "Record again with fewer other apps open, or cut the recording at the gap.";
    push_of(out, &of, Issue::new(Severity::Warning, what, remedy));
}

fn flat(pairs: &[Pair<'_>], out: &mut Vec<Issue>) {
    let mut flat_axes: BTreeMap<&str, Vec<&RecordingMeta>> = BTreeMap::new();
    for (meta, look) in pairs {
        for (axis, seen) in meta.axes.iter().zip(&look.axes) {
            // One sample can't move.
            if seen.min == seen.max && meta.samples > 1 {
                flat_axes.entry(&axis.name).or_default().push(meta);
            }
        }
    }
    for (axis, of) in flat_axes {
        let what = format!(
            "The axis \"{axis}\" is a flat line in {}.",
            recordings_in_words(of.len())
        );
        let remedy =
            "See that the sensor is connected, or leave that axis or those recordings out.";
        push_of(out, &of, Issue::new(Severity::Warning, what, remedy));
    }
}

fn clipping(pairs: &[Pair<'_>], out: &mut Vec<Issue>) {
    let mut limits: BTreeMap<&str, (f32, f32)> = BTreeMap::new();
    let slow = |pair: &&Pair<'_>| !pair.0.is_sound();
    for (meta, look) in pairs.iter().filter(slow) {
        for (axis, seen) in meta.axes.iter().zip(&look.axes) {
            let limit = limits.entry(&axis.name).or_insert((seen.min, seen.max));
            *limit = (limit.0.min(seen.min), limit.1.max(seen.max));
        }
    }
    let clipped: Vec<_> = pairs
        .iter()
        .filter(slow)
        .filter(|(meta, look)| {
            meta.axes.iter().zip(&look.axes).any(|(axis, seen)| {
                let (low, high) = limits[axis.name.as_str()];
                let near = (high - low) * 0.005;
                // A still sensor also holds its extremes, but spans little.
                let moves = seen.max - seen.min > 0.2 * (high - low);
                let held_high = if seen.max >= high - near {
                    seen.held_at_max
                } else {
                    0
                };
                let held_low = if seen.min <= low + near {
                    seen.held_at_min
                } else {
                    0
                };
                let held = f64::from(held_high) + f64::from(held_low);
                moves && held > 5.0 && held >= CLIPPED_SHARE * f64::from(meta.samples)
            })
        })
        .map(|(meta, _)| *meta)
        .collect();
    let what = format!(
        "{} {} clipped: the signal stays at the sensor's limit for a while.",
        recordings_in_words(clipped.len()),
        if clipped.len() == 1 { "is" } else { "are" },
    );
    let remedy = "Set the sensor to a wider range (±4 g or ±8 g for fast gestures) and record again; the model can still learn from these.";
    push_of(out, &clipped, Issue::new(Severity::Warning, what, remedy));
}

/// Gravity is 9.8 m/s² or 1 g; a file that says one and shows the other is told,
/// never corrected.
fn looks_like_g(pairs: &[Pair<'_>], out: &mut Vec<Issue>) {
    let says_metres = |meta: &RecordingMeta| {
        meta.axes.len() >= 3
            && meta.axes[..3]
                .iter()
                .all(|a| a.name.to_ascii_lowercase().starts_with("a") && is_metres(&a.unit))
    };
    let said: Vec<_> = pairs.iter().filter(|(meta, _)| says_metres(meta)).collect();
    if said.is_empty() {
        return;
    }
    let mean = said.iter().map(|(_, look)| look.mean_length).sum::<f64>() / said.len() as f64;
    if (0.5..2.5).contains(&mean) {
        let of: Vec<_> = said.iter().map(|(meta, _)| *meta).collect();
        let what = format!(
            "The unit says m/s², but a mean of {mean:.1} looks like g (gravity is 9.8 m/s² or 1 g)."
        );
        let remedy = "Nothing is rescaled. See that the device that runs the model delivers the same unit as these files.";
        push_of(out, &of, Issue::new(Severity::Note, what, remedy));
    }
}

fn is_metres(unit: &str) -> bool {
    matches!(unit, "m/s2" | "m/s²" | "m/s^2" | "m/s/s")
}

fn near_equal(pairs: &[Pair<'_>], rule: &HealthRule<'_>, out: &mut Vec<Issue>) {
    let mut alike: BTreeMap<(u32, usize), Vec<&Pair<'_>>> = BTreeMap::new();
    for pair in pairs.iter().filter(|p| !p.0.is_sound()) {
        alike
            .entry((pair.0.samples, pair.0.axes.len()))
            .or_default()
            .push(pair);
    }
    let mut found = sound::near_equal(pairs);
    for bucket in alike.values() {
        for (i, (meta, look)) in bucket.iter().enumerate() {
            for (other, other_look) in &bucket[..i] {
                if look.difference(other_look).is_some_and(|d| d < NEAR_EQUAL) {
                    found.push((other, meta));
                }
            }
        }
    }
    let leaks = |(a, b): &(&RecordingMeta, &RecordingMeta)| {
        rule.splits.get(&a.id) != rule.splits.get(&b.id)
    };
    let leaks = found.iter().any(leaks);
    let of: Vec<&RecordingMeta> = found.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let example = found
        .first()
        .map(|(a, b)| (a.name.as_str(), b.name.as_str()));
    if let Some((one, two)) = example {
        let leak = if leaks {
            " Some are trained on and tested on, so the test flatters."
        } else {
            ""
        };
        let what = format!("\"{one}\" and \"{two}\" are nearly the same take.{leak}");
        push_of(
            out,
            &of,
            Issue::new(Severity::Warning, what, "Keep one of each pair."),
        );
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::testing::*;
    use super::*;
    use crate::{Axis, NewRecording, Recording, Split};

    fn told(recordings: &[Recording], part: &str) -> Option<Issue> {
        find(&issues(recordings, &BTreeMap::new()), part).cloned()
    }

    /// Adds one recording to sound ones and gives what is told of it.
    fn told_with(recording: Recording, part: &str) -> Option<Issue> {
        let id = recording.meta.id.clone();
        let mut all = sound();
        all.push(recording);
        told(&all, part).inspect(|issue| assert!(issue.recordings.contains(&id)))
    }

    #[test]
    fn short_recordings() {
        let issue = told_with(take("a", "s", 50.0, wave(50, 99)), "shorter than a window");
        assert_eq!(issue.unwrap().severity, Severity::Warning);
        assert!(told_with(take("a", "s", 50.0, wave(50, 100)), "shorter than").is_none());
        let only = [take("a", "s", 50.0, wave(50, 10))];
        let issue = told(&only, "1 recording is shorter").unwrap();
        assert_eq!(issue.severity, Severity::Error);
    }

    #[test]
    fn slow_recordings() {
        let issue = told_with(take("a", "s", 25.0, wave(50, 500)), "25.0 Hz").unwrap();
        assert!(issue.remedy.contains("25 Hz"));
        assert!(told_with(take("a", "s", 48.0, wave(50, 500)), "slower than").is_none());
    }

    #[test]
    fn flat_lines() {
        assert!(told_with(take("a", "s", 50.0, vec![4.0; 500]), "flat line").is_some());
    }

    #[test]
    fn clipped_signals() {
        // The others reach 30.4; this one is cut off at 30.4 for long.
        let cut = |level: f32| wave(50, 500).iter().map(|v| (v * 1.5).min(level)).collect();
        assert!(told_with(take("a", "s", 50.0, cut(30.4)), "clipped").is_none());
        let long = |level: f32| {
            (0..500u32)
                .map(|i| (i % 40) as f32 * 2.0)
                .map(|v| v.min(level))
                .collect()
        };
        assert!(told_with(take("a", "s", 50.0, long(31.0)), "clipped").is_some());
        // A plateau below what others reach is not the sensor's limit.
        assert!(told_with(take("a", "s", 50.0, long(20.0)), "clipped").is_none());
    }

    #[test]
    fn near_equal_takes() {
        let mut all = sound();
        let copy: Vec<f32> = all[0].values.iter().map(|v| v + 0.01).collect();
        all.push(take("a", "copy", 50.0, copy));
        let issue = told(&all, "nearly the same take").unwrap();
        assert_eq!(issue.recordings.len(), 2);
        let splits = all
            .iter()
            .map(|r| {
                let part = if r.meta.name == "copy" {
                    Split::Test
                } else {
                    Split::Train
                };
                (r.meta.id.clone(), part)
            })
            .collect();
        assert!(find(&issues(&all, &splits), "so the test flatters").is_some());
    }

    fn three_axes(unit: &str, z: f32, names: [&str; 3]) -> Recording {
        let axes = names
            .iter()
            .map(|n| Axis {
                name: (*n).into(),
                unit: unit.into(),
            })
            .collect();
        let values =
            (0..300).flat_map(|i| [0.01 * (i % 7) as f32, 0.02, z + 0.01 * (i % 3) as f32]);
        Recording::new(
            NewRecording {
                name: "t".into(),
                label: "a".into(),
                axes,
                rate_hz: 50.0,
                source: "import".into(),
                ..NewRecording::default()
            },
            values.collect(),
            None,
        )
        .unwrap()
    }

    #[test]
    fn units_are_doubted_and_compared() {
        let acc = ["accx", "accy", "accz"];
        assert!(told(&[three_axes("m/s2", 1.0, acc)], "looks like g").is_some());
        assert!(told(&[three_axes("m/s2", 9.8, acc)], "looks like g").is_none());
        assert!(told(&[three_axes("g", 1.0, acc)], "looks like g").is_none());
        let mixed = [three_axes("m/s2", 9.8, acc), three_axes("g", 1.0, acc)];
        assert!(told(&mixed, "different units: \"g\" and \"m/s2\"").is_some());
    }

    #[test]
    fn axes_must_agree() {
        let mixed = [
            three_axes("g", 1.0, ["x", "y", "z"]),
            three_axes("g", 1.1, ["x", "y", "z"]),
            three_axes("g", 1.2, ["z", "y", "x"]),
        ];
        let issue = told(&mixed, "has the axes \"z\", \"y\" and \"x\"").unwrap();
        assert_eq!(issue.severity, Severity::Error);
        assert_eq!(issue.recordings, [mixed[2].meta.id.clone()]);
    }

    #[test]
    fn gaps_in_time() {
        let make = |gap: f64| {
            let times = (0..500).map(|i| f64::from(i) * 20.0 + if i > 200 { gap } else { 0.0 });
            let even = take("a", "g", 50.0, wave(60, 500));
            let new = NewRecording {
                name: "g".into(),
                label: "a".into(),
                axes: even.meta.axes.clone(),
                rate_hz: 50.0,
                source: "import".into(),
                ..NewRecording::default()
            };
            Recording::new(new, even.values, Some(times.collect())).unwrap()
        };
        assert!(told_with(make(300.0), "gaps of up to 320 ms").is_some());
        assert!(told_with(make(50.0), "gaps of").is_none());
    }
}
