//! What is found in sounds: silence, clipping, and takes that are nearly the same.
//!
//! Two takes begin at different moments and are of different loudness, so their samples
//! can't be compared one by one. Each take is known by a print instead: the course of the
//! signal around its largest sample, an eighth of a second long. It stays as it is when a
//! take is trimmed, made louder or coded anew, and is another in any other take, be it
//! the same word of the same speaker.

use super::{HealthRule, Issue, Look, Severity, recordings_in_words};
use crate::{RecordingMeta, sort_by};

/// Length of a frame in seconds.
const FRAME_S: f64 = 0.01;
/// Values of a print, at this rate in Hz.
const POINTS: usize = 512;
const PRINT_HZ: f64 = 4000.0;
/// Pieces of a print.
const PIECES: usize = 16;
/// Scalar product of two prints from which on their takes are nearly the same. Of
/// 680 spoken digits of four speakers no two came nearer than 0.967.
const NEAR: f32 = 0.98;
/// Effective value of the loudest frame below which nothing was recorded: −50 dB of full
/// scale.
const SILENT: f32 = 0.003_162;
/// Samples in a row at the largest value that are no coincidence.
const HELD: u32 = 3;
/// Share of such samples from which on a sound is called clipped.
const CLIPPED: f64 = 0.001;
/// A sound whose largest value is below this did not reach any limit.
const LOUD: f32 = 0.25;

/// What a sound is like.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// Effective value of the loudest frame of 10 ms.
    loudest: f32,
    /// Share of the samples that stay at the largest or smallest value.
    held: f64,
    /// Of length 1; empty where the signal never changes.
    print: Vec<f32>,
    /// Of the print, to pass over most others at a glance.
    shape: [f32; PIECES],
}

/// Looks at a sound; `None` of anything else.
pub(super) fn listen(meta: &RecordingMeta, values: &[f32]) -> Option<Sound> {
    if !meta.is_sound() {
        return None;
    }
    let samples = values;
    let frame = ((meta.rate_hz * FRAME_S) as usize).max(1);
    let energies = samples.chunks(frame).map(|frame| {
        let squares: f64 = frame.iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
        squares / frame.len() as f64
    });
    let print = print(samples, (meta.rate_hz / PRINT_HZ).round().max(1.0) as usize);
    Some(Sound {
        loudest: energies.fold(0.0, f64::max).sqrt() as f32,
        held: held(samples),
        shape: shape(&print),
        print,
    })
}

/// Means of `step` samples each, around the largest; of length 1.
fn print(samples: &[f32], step: usize) -> Vec<f32> {
    let (mut peak, mut most) = (0, 0.0);
    for (i, v) in samples.iter().enumerate() {
        if v.abs() > most {
            (peak, most) = (i, v.abs());
        }
    }
    let first = peak as i64 - (POINTS / 2 * step + step / 2) as i64;
    let point = |i: usize| {
        let from = first + (i * step) as i64;
        let inside = |at: i64| usize::try_from(at).ok().and_then(|at| samples.get(at));
        (0..step as i64)
            .filter_map(|k| inside(from + k))
            .sum::<f32>()
    };
    let mut print: Vec<f32> = (0..POINTS).map(point).collect();
    let mean = print.iter().sum::<f32>() / POINTS as f32;
    print.iter_mut().for_each(|v| *v -= mean);
    let length = print.iter().map(|v| v * v).sum::<f32>().sqrt();
    if length <= f32::MIN_POSITIVE {
        return Vec::new();
    }
    print.iter_mut().for_each(|v| *v /= length);
    print
}

/// Lengths of the pieces of a print. No two prints are nearer to each other than their
/// shapes are.
fn shape(print: &[f32]) -> [f32; PIECES] {
    let mut shape = [0.0; PIECES];
    for (length, piece) in shape.iter_mut().zip(print.chunks(POINTS / PIECES)) {
        *length = piece.iter().map(|v| v * v).sum::<f32>().sqrt();
    }
    shape
}

/// Share of the samples in runs at either extreme.
fn held(samples: &[f32]) -> f64 {
    let (min, max) = samples
        .iter()
        .fold((0.0f32, 0.0f32), |(a, b), v| (a.min(*v), b.max(*v)));
    let mut total = 0u32;
    for limit in [min, max] {
        if limit.abs() < LOUD {
            continue;
        }
        let mut run = 0;
        for v in samples.iter().chain([&f32::NAN]) {
            if *v == limit {
                run += 1;
                continue;
            }
            total += if run >= HELD { run } else { 0 };
            run = 0;
        }
    }
    f64::from(total) / samples.len().max(1) as f64
}

type Heard<'a> = (&'a RecordingMeta, &'a Sound);

pub(super) fn check(
    pairs: &[(&RecordingMeta, &Look)],
    rule: &HealthRule<'_>,
    out: &mut Vec<Issue>,
) {
    let heard: Vec<Heard<'_>> = pairs
        .iter()
        .filter_map(|(meta, look)| Some((*meta, look.sound.as_ref()?)))
        .collect();
    silent(&heard, rule, out);
    clipped(&heard, out);
}

fn silent(heard: &[Heard<'_>], rule: &HealthRule<'_>, out: &mut Vec<Issue>) {
    let meant = |meta: &RecordingMeta| meta.labels().iter().all(|l| rule.quiet.contains(l));
    let silent: Vec<_> = heard
        .iter()
        .filter(|(meta, sound)| sound.loudest < SILENT && !meant(meta))
        .map(|(meta, _)| *meta)
        .collect();
    if !silent.is_empty() {
        let what = format!(
            "{} {} nearly silent: nothing in {} is louder than −50 dB of full scale.",
            recordings_in_words(silent.len()),
            if silent.len() == 1 { "is" } else { "are" },
            if silent.len() == 1 { "it" } else { "them" },
        );
        let remedy =
            "Listen to them; turn the microphone's level up, or come nearer, and record again.";
        out.push(Issue::new(Severity::Warning, what, remedy).of(silent));
    }
}

fn clipped(heard: &[Heard<'_>], out: &mut Vec<Issue>) {
    let clipped: Vec<_> = heard
        .iter()
        .filter(|(_, sound)| sound.held >= CLIPPED)
        .map(|(meta, _)| *meta)
        .collect();
    if !clipped.is_empty() {
        let what = format!(
            "{} {} clipped: the sound was louder than the microphone's level could hold.",
            recordings_in_words(clipped.len()),
            if clipped.len() == 1 { "is" } else { "are" },
        );
        let remedy = "Turn the microphone's level down, or keep more distance, and record again; the model can still learn from these.";
        out.push(Issue::new(Severity::Warning, what, remedy).of(clipped));
    }
}

/// Pairs of sounds that are nearly the same take, in the order of their ids.
pub(super) fn near_equal<'a>(
    pairs: &[(&'a RecordingMeta, &'a Look)],
) -> Vec<(&'a RecordingMeta, &'a RecordingMeta)> {
    let mut heard: Vec<Heard<'_>> = Vec::new();
    let sounds = pairs
        .iter()
        .filter_map(|(meta, look)| Some((*meta, look.sound.as_ref()?)));
    heard.extend(sounds.filter(|(_, sound)| !sound.print.is_empty()));
    let first = |sound: &Sound| sound.shape[PIECES / 2];
    sort_by(&mut heard, |a, b| first(a.1).total_cmp(&first(b.1)));
    // Of two vectors of length 1 with product p, the distance is √(2 − 2p).
    let reach = 2.0 - 2.0 * NEAR;
    let mut found: Vec<(&RecordingMeta, &RecordingMeta)> = Vec::new();
    for (i, (meta, sound)) in heard.iter().enumerate() {
        let near = heard[i + 1..]
            .iter()
            .take_while(|(_, s)| first(s) - first(sound) <= reach.sqrt());
        for (other, other_sound) in near {
            if apart(sound, other_sound) <= reach && likeness(sound, other_sound) >= NEAR {
                found.push(if meta.id < other.id {
                    (*meta, *other)
                } else {
                    (*other, *meta)
                });
            }
        }
    }
    sort_by(&mut found, |a, b| {
        (&a.0.id, &a.1.id).cmp(&(&b.0.id, &b.1.id))
    });
    found
}

/// Squared distance of the shapes.
fn apart(a: &Sound, b: &Sound) -> f32 {
    let pieces = a.shape.iter().zip(&b.shape);
    pieces.map(|(a, b)| (a - b) * (a - b)).sum()
}

fn likeness(a: &Sound, b: &Sound) -> f32 {
    a.print.iter().zip(&b.print).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeMap;

    use super::super::testing::{find, take};
    use super::super::{health, look};
    use super::*;
    use crate::{Recording, Split};

    const RATE: f64 = 16_000.0;

    /// Bursts of a rough tone; the seed decides when and how loud they are.
    fn word(seed: u32, gain: f32) -> Vec<f32> {
        let mut values = vec![0.0f32; 16_000];
        for burst in 0..4u32 {
            let place = 2000 + burst * 3000 + seed.wrapping_mul(7919 + burst * 104_729) % 1500;
            let length = 600 + seed.wrapping_mul(31 + burst * 17) % 1400;
            let level = 0.2 + (seed.wrapping_mul(13 + burst * 5) % 10) as f32 * 0.06;
            for i in 0..length {
                let fade = i.min(length - i) as f32 / length as f32;
                let tone = (i * (5 + burst) + seed * seed) % (61 + seed);
                values[(place + i) as usize] +=
                    gain * level * fade * (2.0 * tone as f32 / (61 + seed) as f32 - 1.0);
            }
        }
        values.iter_mut().enumerate().for_each(|(i, v)| {
            *v += gain * 1e-4 * ((i as u32 * 7919 + seed) % 13) as f32;
        });
        values
    }

    fn told(recordings: &[Recording], quiet: &[&str]) -> Vec<Issue> {
        let looks: Vec<Look> = recordings.iter().map(look).collect();
        let pairs: Vec<_> = recordings.iter().map(|r| &r.meta).zip(&looks).collect();
        let splits: BTreeMap<String, Split> = BTreeMap::new();
        let rule = HealthRule {
            rate_hz: RATE,
            window_ms: 1000.0,
            axes: &[],
            splits: &splits,
            quiet,
        };
        health(&pairs, &rule)
    }

    fn words() -> Vec<Recording> {
        (0..30)
            .map(|i| {
                take(
                    ["a", "b"][i as usize % 2],
                    &format!("w{i}"),
                    RATE,
                    word(i, 1.0),
                )
            })
            .collect()
    }

    #[test]
    fn a_copy_that_is_softer_later_and_longer_is_found_and_other_takes_are_not() {
        assert!(find(&told(&words(), &[]), "nearly the same").is_none());
        let mut copy = vec![0.0; 1237];
        copy.extend(word(5, 0.4));
        copy.truncate(15_900);
        let mut all = words();
        all.push(take("b", "copy", RATE, copy));
        let issues = told(&all, &[]);
        let issue = find(&issues, "nearly the same").unwrap();
        assert_eq!(issue.recordings.len(), 2);
        assert!(issue.recordings.contains(&all[5].meta.id));
        assert!(issue.recordings.contains(&all[30].meta.id));
    }

    #[test]
    fn silence_is_told_where_it_is_not_meant() {
        let mut all = words();
        all.push(take("hush", "h", RATE, word(50, 0.001)));
        let issues = told(&all, &[]);
        let issue = find(&issues, "nearly silent").unwrap();
        assert_eq!(issue.recordings, [all[30].meta.id.clone()]);
        assert!(find(&told(&all, &["hush"]), "nearly silent").is_none());
    }

    #[test]
    fn clipping_is_a_run_at_the_limit() {
        let cut: Vec<f32> = word(3, 3.0).iter().map(|v| v.clamp(-0.5, 0.5)).collect();
        let mut all = words();
        all.push(take("a", "cut", RATE, cut));
        let issues = told(&all, &[]);
        let issue = find(&issues, "clipped").unwrap();
        assert_eq!(issue.recordings, [all[30].meta.id.clone()]);
        assert!(find(&told(&words(), &[]), "clipped").is_none());
    }

    #[test]
    fn no_sound_and_one_sample_are_no_trouble() {
        let flat = [vec![0.0; 16_000], vec![0.5], vec![0.5; 3000]];
        let all: Vec<Recording> = (0..)
            .zip(flat)
            .map(|(i, values)| take("a", &format!("f{i}"), RATE, values))
            .collect();
        assert!(find(&told(&all, &[]), "nearly silent").is_some());
        assert_eq!(
            listen(&take("a", "slow", 50.0, vec![1.0; 9]).meta, &[1.0; 9]),
            None
        );
    }

    #[test]
    fn several_axes_are_no_sound_however_fast() {
        let axis = |name: &str| crate::Axis {
            name: name.into(),
            unit: "g".into(),
        };
        let new = crate::NewRecording {
            name: "motor".into(),
            label: "a".into(),
            axes: vec![axis("x"), axis("y"), axis("z")],
            rate_hz: 1600.0,
            source: "file".into(),
            ..Default::default()
        };
        let still = Recording::new(new, vec![1e-4; 4800], None).unwrap();
        assert_eq!(listen(&still.meta, &still.values), None);
        assert!(find(&told(&[still], &[]), "nearly silent").is_none());
    }
}
