//! Real sound from elsewhere: found through `LAMPYRIS_DATA`; without it these
//! tests say what they skipped.
#![allow(clippy::unwrap_used)]

mod real;

use std::collections::{BTreeMap, BTreeSet};

use lampyris_dataset::{NewRecording, Piece, Recording, Split, TakesOptions, takes};
use lampyris_formats::import::{Import, ImportFile, ImportOptions, import};
use lampyris_formats::{export, wav};

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
    // Fourteen clips are there twice, under two names: once is enough.
    let doubles = got.skipped.iter().filter(|s| s.contains("same samples"));
    assert_eq!(doubles.count(), 14);
    let parts = [Split::Train, Split::Validation, Split::Test];
    assert_eq!(parts.map(|part| count(&got, part)), [477, 120, 222]);
    let want = [
        ("_silence_", 140),
        ("_unknown_", 140),
        ("down", 138),
        ("no", 128),
        ("up", 137),
        ("yes", 136),
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

#[test]
fn an_exported_data_set_comes_back() {
    let Some(want) = read("audio/fsdd") else {
        return;
    };
    let file = ImportFile {
        path: "set.zip".into(),
        bytes: export::dataset(want.recordings.iter()).unwrap(),
    };
    let got = import(vec![file], &ImportOptions::default());
    assert_eq!((got.problems.len(), got.skipped.len()), (0, 0));
    let by_id = |set: Import| -> BTreeMap<String, Recording> {
        let pairs = set.recordings.into_iter();
        pairs.map(|r| (r.meta.id.clone(), r)).collect()
    };
    assert_eq!(by_id(got), by_id(want));
}

/// One long take of real words, a pause between them, over real noise; and the seconds
/// in which they lie.
fn long_take(words: &Import, noise: &Recording, gain: f32) -> (Recording, Vec<Piece>) {
    let words = words.recordings.iter().filter(|r| {
        let meta = &r.meta;
        meta.split == Split::Train && meta.labels() == ["yes"]
    });
    let mut values: Vec<f32> = noise.values.iter().map(|v| v * gain).collect();
    let mut places = Vec::new();
    let mut at = 16_000;
    for word in words.step_by(7) {
        if at + 32_000 > values.len() {
            break;
        }
        // All words as loud as each other, as one person's are.
        let peak = word.values.iter().fold(0.0f32, |most, v| most.max(v.abs()));
        for (sum, value) in values[at..].iter_mut().zip(&word.values) {
            *sum += value * 0.5 / peak;
        }
        places.push(Piece {
            start: at as u32,
            end: at as u32 + 16_000,
        });
        at += 28_000;
    }
    let new = NewRecording {
        label: "yes".into(),
        axes: noise.meta.axes.clone(),
        rate_hz: 16_000.0,
        ..NewRecording::default()
    };
    (Recording::new(new, values, None).unwrap(), places)
}

#[test]
fn each_word_of_a_long_take_is_found() {
    let (Some(words), Some(noise)) = (read("audio/speech-commands-mini"), read("audio/noise"))
    else {
        return;
    };
    for noise in &noise.recordings {
        let loud = noise
            .values
            .iter()
            .fold(0.0f32, |most, v| most.max(v.abs()));
        let (take, places) = long_take(&words, noise, 0.01 / loud);
        let found = takes(&take, &TakesOptions::default());
        assert_eq!(places.len(), 10);
        for place in &places {
            // Most of the second that holds the word.
            let near = |piece: &&Piece| piece.start.abs_diff(place.start) < 8_000;
            assert!(
                found.iter().any(|piece| near(&piece)),
                "{place:?} {found:?}"
            );
        }
        // One of these clips has a knock before its word.
        assert!(found.len() <= 11, "{}: {found:?}", noise.meta.name);
        assert!(found.iter().all(|piece| piece.end - piece.start == 16_000));
    }
}

#[test]
fn the_starter_data() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../models/starter-sound/starter-sound.zip");
    let file = ImportFile {
        path: "starter-sound.zip".into(),
        bytes: std::fs::read(path).unwrap(),
    };
    let got = import(vec![file], &ImportOptions::default());
    assert_eq!((got.problems.len(), got.skipped.len()), (0, 0));
    assert_eq!(
        (count(&got, Split::Train), count(&got, Split::Test)),
        (32, 16)
    );
    let four = ["background", "clap", "knock", "whistle"].map(|label| (label, 12));
    assert_eq!(labels(&got), BTreeMap::from(four));
    assert_eq!(groups(&got).len(), 6);
    for recording in &got.recordings {
        assert_eq!(
            (recording.meta.rate_hz, recording.meta.samples),
            (16_000.0, 16_000)
        );
        let found = takes(recording, &TakesOptions::default()).len();
        let wanted = usize::from(recording.meta.labels() != ["background"]);
        assert_eq!(found, wanted, "{}", recording.meta.name);
    }
}
