//! Real recordings from elsewhere, and the starter data of our own.
//!
//! Real data is found through `LAMPYRIS_DATA`; without it those tests say what
//! they skipped.
#![allow(clippy::unwrap_used)]

mod real;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use lampyris_dataset::{
    HealthRule, Look, Severity, Split, SplitBy, SplitRule, assign_splits, health, look,
};
use lampyris_formats::import::{Import, ImportFile, ImportOptions, import};
use lampyris_formats::project::{self, Project};
use lampyris_formats::{csv, edge_impulse};

use real::{count, data, files, labels};

fn parts(got: &Import, by: SplitBy) -> BTreeMap<String, Split> {
    let rule = SplitRule {
        test_fraction: 0.2,
        validation_fraction: 0.2,
        by,
        seed: 1,
    };
    let metas: Vec<_> = got.recordings.iter().map(|r| &r.meta).collect();
    assign_splits(&metas, &rule)
}

fn told(got: &Import, splits: &BTreeMap<String, Split>) -> Vec<String> {
    let looks: Vec<Look> = got.recordings.iter().map(look).collect();
    let pairs: Vec<_> = got.recordings.iter().map(|r| &r.meta).zip(&looks).collect();
    let rule = HealthRule {
        rate_hz: 50.0,
        window_ms: 2000.0,
        axes: &[],
        splits,
        quiet: &[],
    };
    let issues = health(&pairs, &rule);
    assert!(
        issues.iter().all(|i| i.severity != Severity::Error),
        "{issues:?}"
    );
    issues.into_iter().map(|i| i.what).collect()
}

#[test]
fn gestures_in_edge_impulses_format() {
    let Some(folder) = data("motion/ei-gestures") else {
        return;
    };
    let files = files(&folder);
    let start = Instant::now();
    let got = import(files, &ImportOptions::default());
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("96 files in {seconds:.3} s");
    assert!(seconds < 1.0, "{seconds} s");
    assert_eq!(got.problems, []);
    assert_eq!(got.skipped, ["README.md (not a recording)"]);
    assert_eq!(
        (count(&got, Split::Train), count(&got, Split::Test)),
        (72, 24)
    );
    let four = BTreeMap::from([("circle", 24), ("flick", 24), ("idle", 24), ("updown", 24)]);
    assert_eq!(labels(&got), four);
    for recording in &got.recordings {
        let meta = &recording.meta;
        assert_eq!(
            (meta.rate_hz, meta.samples, meta.axes.len()),
            (104.0, 1040, 3)
        );
        assert_eq!(recording.times_ms, None);
    }
    assert!(
        got.recordings
            .iter()
            .any(|r| r.meta.name == "idle.65vvqk2v")
    );

    let splits = parts(&got, SplitBy::Group);
    let validation = splits.values().filter(|s| **s == Split::Validation).count();
    assert_eq!(validation, 16, "a fifth of 18 in each of four classes");
    assert_eq!(splits.values().filter(|s| **s == Split::Test).count(), 24);
    let told = told(&got, &splits);
    assert!(told.iter().any(|t| t.contains("looks like g")), "{told:?}");
    assert!(told.iter().any(|t| t.contains("clipped")), "{told:?}");
    assert!(
        !told.iter().any(|t| t.contains("nearly the same")),
        "{told:?}"
    );
}

#[test]
fn gestures_survive_export_and_a_project() {
    let Some(folder) = data("motion/ei-gestures") else {
        return;
    };
    let got = import(files(&folder), &ImportOptions::default());
    let again = |ending: &str, write: &dyn Fn(&lampyris_dataset::Recording) -> String| {
        let files = got.recordings.iter().map(|r| ImportFile {
            path: format!("{}_{}.{ending}", r.meta.spans[0].label, &r.meta.id[..8]),
            bytes: write(r).into_bytes(),
        });
        let again = import(files.collect(), &ImportOptions::default());
        assert_eq!(again.problems, []);
        let mut ids: Vec<_> = again.recordings.into_iter().map(|r| r.meta.id).collect();
        ids.sort();
        ids
    };
    let mut ids: Vec<_> = got.recordings.iter().map(|r| r.meta.id.clone()).collect();
    ids.sort();
    assert_eq!(again("json", &edge_impulse::write), ids);
    assert_eq!(again("csv", &csv::write), ids);

    let kept = Project {
        name: "gestures".into(),
        settings_json: "{}".into(),
        recordings: got.recordings,
        ..Project::default()
    };
    let start = Instant::now();
    let zip = project::write(&kept).unwrap();
    let read = project::read(&zip).unwrap();
    eprintln!(
        "{} bytes, there and back in {:?}",
        zip.len(),
        start.elapsed()
    );
    let again: Vec<_> = read.recordings.into_iter().map(|r| r.meta.id).collect();
    assert_eq!(again, ids);
}

#[test]
fn activities_with_labels_by_row_and_uneven_times() {
    let Some(folder) = data("motion/har-phone") else {
        return;
    };
    let options = ImportOptions {
        group_by: Some("file_name".into()),
        ..ImportOptions::default()
    };
    let got = import(files(&folder), &options);
    assert_eq!(got.problems, []);
    assert_eq!(
        (count(&got, Split::Train), count(&got, Split::Test)),
        (28, 12)
    );
    let names: Vec<_> = labels(&got).into_keys().collect();
    assert_eq!(
        names,
        [
            "SEATED",
            "SITTING_DOWN",
            "STANDING_UP",
            "TURNING",
            "WALKING"
        ]
    );
    for recording in &got.recordings {
        let meta = &recording.meta;
        assert_eq!(meta.axes.len(), 6);
        assert!(
            meta.spans.len() >= 5 && recording.times_ms.is_some(),
            "{}",
            meta.name
        );
        assert!((60.0..140.0).contains(&meta.rate_hz), "{}", meta.rate_hz);
        assert!(meta.group.as_deref().is_some_and(|g| g.starts_with('s')));
    }
    let splits = parts(&got, SplitBy::Group);
    for part in [Split::Train, Split::Validation, Split::Test] {
        assert!(splits.values().any(|s| *s == part));
    }
    told(&got, &splits);
}

#[test]
fn microbit_samples() {
    let Some(folder) = data("motion/microbit-json") else {
        return;
    };
    let got = import(files(&folder), &ImportOptions::default());
    let labels = labels(&got);
    assert_eq!(
        (labels["Shake"], labels["Still"], labels["Circle"]),
        (9, 6, 10)
    );
    assert_eq!(
        (labels["Not a spell"], labels["poke"], labels["waggle"]),
        (12, 10, 11)
    );
    // Features, not samples: refused with a word on what would be accepted.
    assert_eq!(got.problems.len(), 1);
    assert_eq!(got.problems[0].path, "wand-test-data.json");
}

#[test]
fn the_starter_data() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/starter-motion");
    let file = ImportFile {
        path: "starter-motion.zip".into(),
        bytes: std::fs::read(path.join("starter-motion.zip")).unwrap(),
    };
    assert!(file.bytes.len() < 400_000);
    let got = import(vec![file], &ImportOptions::default());
    assert_eq!((got.problems.len(), got.skipped.len()), (0, 0));
    assert_eq!(
        (count(&got, Split::Train), count(&got, Split::Test)),
        (32, 16)
    );
    let four = BTreeMap::from([("circle", 12), ("idle", 12), ("shake", 12), ("wave", 12)]);
    assert_eq!(labels(&got), four);
    for recording in &got.recordings {
        let meta = &recording.meta;
        assert_eq!((meta.rate_hz, meta.samples), (50.0, 300));
        assert_eq!(meta.axes[2].unit, "m/s2");
    }
    let splits = parts(&got, SplitBy::Group);
    let people = |part: Split| {
        let of = got.recordings.iter().filter(|r| splits[&r.meta.id] == part);
        let people: std::collections::BTreeSet<_> = of.map(|r| r.meta.group.clone()).collect();
        people.len()
    };
    let all = [Split::Train, Split::Validation, Split::Test].map(people);
    assert_eq!(all, [3, 1, 2]);
    assert_eq!(
        told(&got, &splits),
        Vec::<String>::new(),
        "nothing to find fault with"
    );
}
