//! What is found in pictures: light, sharpness, and pictures that are nearly the same.
//!
//! A burst of a camera is one picture many times over. Each picture is known by its thumb of
//! 16 × 16 pixels, in which noise is averaged out and a moved hand is not. In the order of
//! their brightness each is compared only with those of nearly the same brightness that were no
//! double themselves (the nearest 600, where there are more), and first by a key: means of the
//! thumb in which some of its values count as negative. The mean difference of two thumbs is
//! never less than the difference of such means.

use std::collections::BTreeMap;

use super::{HealthRule, Issue, Look, Severity, quoted};
use crate::picture::{PictureLook, THUMB};
use crate::{RecordingMeta, Split, sort_by};

/// Below this mean luma of 255, and this deviation, nothing is seen.
const DARK: f32 = 40.0;
/// Above this mean luma, below the same deviation, everything is washed out.
const BRIGHT: f32 = 215.0;
const FADED: f32 = 30.0;
/// Below this deviation it is one colour.
const FLAT: f32 = 5.0;
/// Below this sharpness a picture is blurred, whatever its class is like.
const BLURRED: f32 = 0.06;
/// Below this share of its class's median, and below [`SHARP`], it is blurred beside the others.
const BLURRED_SHARE: f32 = 0.45;
const SHARP: f32 = 0.25;
/// Fewest pictures of a class that have a median worth comparing with.
const FEW: usize = 8;
/// Mean difference of two thumbs' values, 0 to 255, below which they are nearly the same.
const NEAR: f32 = 2.5;
/// With how many others a picture is compared at most: those nearest to it in brightness. So the
/// work grows with the pictures, and not with their square.
const BESIDE: usize = 600;
/// A thumb's pixel that differs by more than this is something that moved.
const MOVED: u8 = 20;

/// Means of the thumb's values; the first one, in which none is negative, is its brightness.
type Key = [f32; 8];

/// What is compared of a picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    mean: f32,
    deviation: f32,
    sharpness: f32,
    key: Key,
    thumb: Vec<u8>,
}

impl Seen {
    pub(super) fn of(look: &PictureLook) -> Self {
        let mut key = [0.0; 8];
        for (i, value) in look.thumb.iter().enumerate() {
            for (sum, is_negative) in key.iter_mut().zip(negative(i)) {
                let value = f32::from(*value);
                *sum += if is_negative { -value } else { value };
            }
        }
        Self {
            mean: look.mean,
            deviation: look.deviation,
            sharpness: look.sharpness,
            key: key.map(|sum| sum / look.thumb.len().max(1) as f32),
            thumb: look.thumb.clone(),
        }
    }

    fn is_flat(&self) -> bool {
        self.deviation < FLAT
    }

    /// Whether the thumbs are nearly the same. `spot` is the row in which the last two differed:
    /// where one thing moves in a scene at rest, these differ there too, and it is looked at first.
    fn is_near(&self, other: &Self, spot: &mut usize) -> bool {
        let most = (NEAR * self.thumb.len() as f32) as u32;
        let ((here, _), (there, _)) = (self.thumb.as_chunks(), other.thumb.as_chunks());
        let mut sum = 0;
        let first = *spot;
        for y in std::iter::once(first).chain((0..THUMB).filter(|y| *y != first)) {
            let (Some(here), Some(there)) = (here.get(y), there.get(y)) else {
                return false;
            };
            let (apart, farthest) = rows_apart(here, there);
            sum += apart;
            if sum >= most || farthest > MOVED {
                *spot = y;
                return false;
            }
        }
        true
    }
}

/// The sum of the differences of two rows, and the largest of them.
fn rows_apart(a: &[u8; THUMB * 3], b: &[u8; THUMB * 3]) -> (u32, u8) {
    let apart = || a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
    (apart().map(u32::from).sum(), apart().fold(0, u8::max))
}

/// In which means of the key the value `i` of a thumb counts as negative.
fn negative(i: usize) -> [bool; 8] {
    let (y, x, colour) = (i / 3 / THUMB, i / 3 % THUMB, i % 3);
    let half = |n: usize| n < THUMB / 2;
    let outer = |n: usize| !(THUMB / 4..THUMB - THUMB / 4).contains(&n);
    [
        false,
        half(x),
        half(y),
        half(x) != half(y),
        outer(x),
        outer(y),
        outer(x) != outer(y),
        colour == 0,
    ]
}

/// Whether two pictures may be nearly the same.
fn may_be_near(a: &Key, b: &Key) -> bool {
    let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    apart.fold(0.0, f32::max) < NEAR
}

type Shown<'a> = (&'a RecordingMeta, &'a Seen);

pub(super) fn check(
    pairs: &[(&RecordingMeta, &Look)],
    rule: &HealthRule<'_>,
    out: &mut Vec<Issue>,
) {
    let shown: Vec<Shown<'_>> = pairs
        .iter()
        .filter_map(|(meta, look)| Some((*meta, look.picture.as_ref()?)))
        .collect();
    light(&shown, rule, out);
    blurred(&shown, out);
    near_equal(&shown, rule, out);
}

/// "1 picture" or "3 pictures".
pub(super) fn pictures_in_words(n: usize) -> String {
    match n {
        1 => "1 picture".into(),
        n => format!("{n} pictures"),
    }
}

fn is_or_are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

fn light(shown: &[Shown<'_>], rule: &HealthRule<'_>, out: &mut Vec<Issue>) {
    let meant = |meta: &RecordingMeta| meta.labels().iter().all(|l| rule.quiet.contains(l));
    let mut told = |is: &dyn Fn(&Seen) -> bool, how: &str, remedy: &str| {
        let found = shown.iter().filter(|(meta, seen)| is(seen) && !meant(meta));
        let of: Vec<&RecordingMeta> = found.map(|(meta, _)| *meta).collect();
        if !of.is_empty() {
            let what = format!(
                "{} {} {how}",
                pictures_in_words(of.len()),
                is_or_are(of.len())
            );
            out.push(Issue::new(Severity::Warning, what, remedy).of(of));
        }
    };
    told(
        &Seen::is_flat,
        "of one colour: nothing can be learned from it.",
        "See that nothing covers the lens, and delete them.",
    );
    let faded = |seen: &Seen| !seen.is_flat() && seen.deviation < FADED;
    told(
        &|seen| faded(seen) && seen.mean < DARK,
        "too dark.",
        "Switch a light on or turn towards a window, and take them again.",
    );
    told(
        &|seen| faded(seen) && seen.mean > BRIGHT,
        "too bright: most of it is white.",
        "Turn the camera away from the light, and take them again.",
    );
}

fn blurred(shown: &[Shown<'_>], out: &mut Vec<Issue>) {
    let mut classes: BTreeMap<Vec<&str>, Vec<f32>> = BTreeMap::new();
    for (meta, seen) in shown {
        classes
            .entry(meta.labels())
            .or_default()
            .push(seen.sharpness);
    }
    let medians: BTreeMap<Vec<&str>, f32> = classes
        .into_iter()
        .filter(|(_, all)| all.len() >= FEW)
        .map(|(label, mut all)| {
            sort_by(&mut all, f32::total_cmp);
            (label, all[all.len() / 2])
        })
        .collect();
    let is_blurred = |(meta, seen): &&Shown<'_>| {
        let median = medians.get(&meta.labels()).copied().unwrap_or(0.0);
        let beside = seen.sharpness < SHARP.min(BLURRED_SHARE * median);
        !seen.is_flat() && (seen.sharpness < BLURRED || beside)
    };
    let of: Vec<&RecordingMeta> = shown.iter().filter(is_blurred).map(|(m, _)| *m).collect();
    if !of.is_empty() {
        let what = format!(
            "{} {} blurred.",
            pictures_in_words(of.len()),
            is_or_are(of.len())
        );
        let remedy = "Keep them if the model will see such pictures too; else hold still, come nearer to the light, and take them again.";
        out.push(Issue::new(Severity::Warning, what, remedy).of(of));
    }
}

/// Pictures that are nearly the same as the first of them; flat ones are told already.
fn bursts<'a>(shown: &[Shown<'a>]) -> Vec<Vec<&'a RecordingMeta>> {
    let mut order: Vec<&Shown<'a>> = shown.iter().filter(|(_, s)| !s.is_flat()).collect();
    // Of the same brightness in the order of their ids, as they come.
    sort_by(&mut order, |a, b| a.1.key[0].total_cmp(&b.1.key[0]));
    // The keys lie close together, since most pictures are passed over by them alone.
    let (mut keys, mut first) = (
        Vec::<Key>::new(),
        Vec::<(&Seen, Vec<&RecordingMeta>)>::new(),
    );
    let (mut begin, mut spot) = (0, 0);
    for (meta, seen) in order {
        let dark = |key: &Key| seen.key[0] - key[0] >= NEAR;
        while keys.get(begin).is_some_and(dark) {
            begin += 1;
        }
        begin = begin.max(keys.len().saturating_sub(BESIDE));
        let mut near = keys[begin..].iter().zip(&mut first[begin..]).rev();
        let near =
            near.find(|(key, of)| may_be_near(key, &seen.key) && seen.is_near(of.0, &mut spot));
        if let Some((_, of)) = near {
            of.1.push(meta);
        } else {
            keys.push(seen.key);
            first.push((seen, vec![meta]));
        }
    }
    let bursts = first.into_iter().map(|(_, of)| of);
    bursts.filter(|of| of.len() > 1).collect()
}

fn near_equal(shown: &[Shown<'_>], rule: &HealthRule<'_>, out: &mut Vec<Issue>) {
    let bursts = bursts(shown);
    let example = |of: &[&RecordingMeta]| format!("\"{}\" and \"{}\"", of[0].name, of[1].name);
    let mut told = |apart: &dyn Fn(&RecordingMeta, &RecordingMeta) -> bool,
                    what: &dyn Fn(usize, String) -> String,
                    remedy: &str| {
        let mut of = Vec::new();
        let mut pair = None;
        for burst in &bursts {
            let Some(other) = burst.iter().find(|meta| apart(burst[0], meta)) else {
                continue;
            };
            pair.get_or_insert([burst[0], *other]);
            of.extend_from_slice(burst);
        }
        if let Some(pair) = pair {
            let what = what(of.len(), example(&pair));
            out.push(Issue::new(Severity::Warning, what, remedy).of(of));
        }
    };
    let part = |meta: &RecordingMeta| rule.splits.get(&meta.id).map(|part| *part == Split::Test);
    told(
        &|a, b| part(a).is_some() && part(a) != part(b),
        &|n, pair| {
            format!(
                "{n} pictures are nearly the same and both trained on and tested on, {pair} for example: the test flatters."
            )
        },
        "Give the pictures of one burst the same group, so that they stay in one part, or delete all but one.",
    );
    told(
        &|a, b| a.labels() != b.labels(),
        &|_, pair| format!("{pair} are nearly the same, but bear different labels."),
        "See which label is right, and correct or delete the other.",
    );
    let little: usize = bursts.iter().map(|of| of.len() - 1).sum();
    if let Some(first) = bursts.first() {
        let mut labels: Vec<&str> = bursts.iter().flatten().flat_map(|m| m.labels()).collect();
        sort_by(&mut labels, |a, b| a.cmp(b));
        labels.dedup();
        let most = 2 * little > shown.len();
        let severity = if most {
            Severity::Warning
        } else {
            Severity::Note
        };
        let what = format!(
            "{little} of {} teach little: each is nearly the same as another one of {}, {} for example.",
            pictures_in_words(shown.len()),
            quoted(&labels),
            example(first)
        );
        let remedy = "Move, turn and step back while you record: ten different pictures teach more than a hundred of one burst.";
        out.push(Issue::new(severity, what, remedy).of(bursts.iter().flatten().copied()));
    }
}

#[cfg(test)]
mod tests;
