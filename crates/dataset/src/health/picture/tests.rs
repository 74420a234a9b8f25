#![allow(clippy::unwrap_used)]

use super::super::testing::find;
use super::super::{health, look};
use super::*;
use crate::picture::THUMB;
use crate::{NewRecording, Picture, Recording};

/// A rough picture that differs with its seed, of a class.
fn picture(label: &str, seed: u32) -> Recording {
    let side = THUMB as u32;
    let rgb = (0..side * side * 3).map(|i| {
        let mixed = (i / 24 * 7919 + seed * 104_729).wrapping_mul(2_654_435_761) >> 24;
        (40 + mixed % 160) as u8
    });
    of(
        label,
        &format!("{label}{seed}"),
        PictureLook::of(side, side, &rgb.collect::<Vec<_>>()),
    )
}

fn of(label: &str, name: &str, look: PictureLook) -> Recording {
    let new = NewRecording {
        name: name.into(),
        label: label.into(),
        ..NewRecording::default()
    };
    // Another name is another picture.
    let encoded = format!("{name} {label}").into_bytes();
    Recording::picture(new, Picture { encoded, look }, [16, 16]).unwrap()
}

/// A picture that is nearly the one of the same seed.
fn again(label: &str, seed: u32, more: u8) -> Recording {
    let mut look = picture(label, seed).picture.unwrap().look;
    look.thumb.iter_mut().for_each(|v| *v += more);
    of(label, &format!("again {seed} {more}"), look)
}

fn flat(value: u8) -> PictureLook {
    PictureLook::of(16, 16, &[value; 768])
}

/// Enough of two classes.
fn many() -> Vec<Recording> {
    let label = |i: u32| ["a", "b"][i as usize % 2];
    (0..40).map(|i| picture(label(i), i)).collect()
}

fn told_with(recordings: &[Recording], splits: &BTreeMap<String, Split>) -> Vec<Issue> {
    let looks: Vec<Look> = recordings.iter().map(look).collect();
    let pairs: Vec<_> = recordings.iter().map(|r| &r.meta).zip(&looks).collect();
    let rule = HealthRule {
        rate_hz: 5.0,
        window_ms: 200.0,
        axes: &[],
        splits,
        quiet: &["nothing"],
    };
    health(&pairs, &rule)
}

fn told(recordings: &[Recording]) -> Vec<Issue> {
    told_with(recordings, &BTreeMap::new())
}

#[test]
fn good_pictures_have_only_notes_and_nothing_of_signals_is_said() {
    let issues = told(&many());
    assert_eq!(issues.len(), 1, "{issues:?}");
    assert!(find(&issues, "who or which occasion").is_some());
}

#[test]
fn light_is_told_and_what_is_meant_is_not() {
    let mut all = many();
    let with = |mean, deviation| PictureLook {
        mean,
        deviation,
        ..picture("a", 70).picture.unwrap().look
    };
    all.push(of("a", "black", flat(2)));
    all.push(of("a", "dim", with(20.0, 12.0)));
    all.push(of("a", "glare", with(240.0, 12.0)));
    all.push(of("a", "drawing", with(240.0, 50.0)));
    all.push(of("nothing", "wall", flat(90)));
    let issues = told(&all);
    for (what, name) in [
        ("one colour", "black"),
        ("too dark", "dim"),
        ("too bright", "glare"),
    ] {
        let issue = find(&issues, what).unwrap();
        let id = &all.iter().find(|r| r.meta.name == name).unwrap().meta.id;
        assert_eq!(issue.recordings, std::slice::from_ref(id), "{what}");
        assert!(issue.what.starts_with("1 picture is "), "{}", issue.what);
    }
}

#[test]
fn blur_is_told_by_itself_and_beside_others() {
    let with = |sharpness, seed| PictureLook {
        sharpness,
        ..picture("a", seed).picture.unwrap().look
    };
    let mut all: Vec<Recording> = (0..10)
        .map(|i| of("a", &format!("a{i}"), with(0.8, i)))
        .collect();
    all.extend((10..20).map(|i| of("b", &format!("b{i}"), with(0.3, i))));
    assert!(find(&told(&all), "blurred").is_none());
    let soft = of("a", "soft", with(0.2, 30));
    let as_soft = of("b", "as soft", with(0.2, 31));
    let fog = of("b", "fog", with(0.05, 32));
    all.extend([soft.clone(), as_soft, fog.clone()]);
    let issues = told(&all);
    let mut want = vec![soft.meta.id, fog.meta.id];
    want.sort();
    assert_eq!(find(&issues, "blurred").unwrap().recordings, want);
}

#[test]
fn bursts_are_counted() {
    let mut all = many();
    all.extend((0..3).map(|i| again("a", 4, i)));
    let issues = told(&all);
    let issue = find(&issues, "teach little").unwrap();
    assert!(issue.what.starts_with("3 of 43 pictures"), "{}", issue.what);
    assert_eq!(
        (issue.severity, issue.recordings.len()),
        (Severity::Note, 4)
    );
    // Brighter by much is another picture, and so is one in which a small thing moved.
    let mut other = many();
    other.push(again("a", 4, 9));
    let mut moved = picture("a", 4).picture.unwrap().look;
    moved.thumb[300] = moved.thumb[300].wrapping_add(60);
    other.push(of("a", "moved", moved));
    assert!(find(&told(&other), "teach little").is_none());
}

#[test]
fn doubles_across_parts_and_labels_are_worse() {
    let mut all = many();
    all.push(again("b", 5, 1));
    let twin = all.last().unwrap().meta.id.clone();
    let mut parts: BTreeMap<String, Split> = all
        .iter()
        .map(|r| (r.meta.id.clone(), Split::Train))
        .collect();
    assert!(find(&told_with(&all, &parts), "flatters").is_none());
    parts.insert(twin.clone(), Split::Validation);
    assert!(find(&told_with(&all, &parts), "flatters").is_none());
    parts.insert(twin.clone(), Split::Test);
    let issues = told_with(&all, &parts);
    let issue = find(&issues, "flatters").unwrap();
    assert_eq!(
        (issue.severity, issue.recordings.len()),
        (Severity::Warning, 2)
    );
    assert!(issue.recordings.contains(&twin));

    let mut look = picture("b", 5).picture.unwrap().look;
    look.thumb[0] += 1;
    all.push(of("a", "wrong", look));
    assert!(find(&told(&all), "different labels").is_some());
}

#[test]
fn few_pictures_and_uneven_classes_are_counted_as_pictures() {
    let mut all = many();
    all.extend((50..55).map(|i| picture("c", i)));
    let issues = told(&all);
    assert!(find(&issues, "\"c\" has only 5 pictures.").is_some());
    assert!(find(&issues, "has 20 pictures, \"c\" only 5 pictures").is_some());
}

#[test]
fn pictures_have_no_pieces_and_one_window() {
    let one = picture("a", 1);
    assert!(crate::takes(&one, &crate::TakesOptions::default()).is_empty());
    let windows = crate::window_labels(&one.meta.spans, one.meta.samples, 1, 1);
    assert_eq!((windows.len(), windows[0].label.as_str()), (1, "a"));
}
