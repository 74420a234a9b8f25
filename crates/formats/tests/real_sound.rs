//! Real sound from elsewhere: found through `LAMPYRIS_DATA`; without it these
//! tests say what they skipped.
#![allow(clippy::unwrap_used)]

mod real;

use std::collections::{BTreeMap, BTreeSet};

use lampyris_dataset::Split;
use lampyris_formats::import::{Import, ImportOptions, import};
use lampyris_formats::wav;

use real::{count, data, files, labels};

fn read(name: &str) -> Option<Import> {
    let got = import(files(&data(name)?), &ImportOptions::default());
    assert!(got.problems.is_empty(), "{:?}", got.problems);
    Some(got)
}

fn groups(got: &Import) -> BTreeSet<&str> {
    let groups = got.recordings.iter().map(|r| r.meta.group.as_deref());
    groups.flatten().collect()
}

#[test]
fn speech_commands_in_folders_with_an_index() {
    let Some(got) = read("audio/speech-commands-mini") else {
        return;
    };
    let parts = [Split::Train, Split::Validation, Split::Test];
    assert_eq!(parts.map(|part| count(&got, part)), [480, 120, 233]);
    let want = [
        ("_silence_", 140),
        ("_unknown_", 140),
        ("down", 140),
        ("no", 133),
        ("up", 140),
        ("yes", 140),
    ];
    assert_eq!(labels(&got), BTreeMap::from(want));
    for recording in &got.recordings {
        let meta = &recording.meta;
        assert!(meta.is_sound() && meta.rate_hz == 16_000.0, "{}", meta.name);
        assert_eq!(meta.samples, 16_000, "{}", meta.name);
    }
    // Speakers are named, and none of them is in two parts.
    let mut homes: BTreeMap<&str, Vec<Split>> = BTreeMap::new();
    for meta in got.recordings.iter().map(|r| &r.meta) {
        let home = homes.entry(meta.group.as_deref().unwrap()).or_default();
        home.push(meta.split);
        assert!(home.iter().all(|part| *part == home[0]));
    }
}

#[test]
fn digits_named_in_an_index_or_by_their_files() {
    let Some(folder) = data("audio/fsdd") else {
        return;
    };
    let with = import(files(&folder), &ImportOptions::default());
    let mut without = files(&folder);
    without.retain(|file| file.path != "index.csv");
    let without = import(without, &ImportOptions::default());
    for got in [&with, &without] {
        assert_eq!(
            (count(got, Split::Train), count(got, Split::Test)),
            (480, 200)
        );
        assert_eq!(labels(got).into_values().collect::<Vec<_>>(), [68; 10]);
        assert!(got.recordings.iter().all(|r| r.meta.rate_hz == 8_000.0));
    }
    let speakers = ["george", "jackson", "lucas", "nicolas"];
    assert_eq!(groups(&with), BTreeSet::from(speakers));
    assert!(groups(&without).is_empty());
}

#[test]
fn pairs_named_without_their_ending() {
    let Some(folder) = data("audio/kws-frontend-pairs") else {
        return;
    };
    let mut files = files(&folder);
    files.retain(|file| !file.path.ends_with(".bin"));
    let got = import(files, &ImportOptions::default());
    assert!(got.problems.is_empty(), "{:?}", got.problems);
    assert_eq!(labels(&got).len(), 12);
    assert_eq!(got.recordings.len(), 60);
}

#[test]
fn noise_and_what_is_written_of_it() {
    let Some(got) = read("audio/noise") else {
        return;
    };
    assert_eq!(labels(&got).len(), 2);
    for recording in &got.recordings {
        assert!((recording.meta.seconds() - 20.0).abs() < 0.01);
        let again = wav::read(&wav::write(recording).unwrap()).unwrap();
        assert_eq!(again.samples, recording.values);
    }
}
