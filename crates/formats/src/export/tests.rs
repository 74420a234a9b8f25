//! Out and in again.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::archive::Archive;
use crate::import::{ImportFile, ImportOptions, import};
use lampyris_dataset::{Axis, NewRecording, Span};

fn sound(name: &str, label: &str, step: f32) -> NewRecording {
    NewRecording {
        name: name.into(),
        label: label.into(),
        notes: format!("step {step}"),
        axes: vec![wav::axis()],
        rate_hz: 16_000.0,
        source: "microphone".into(),
        ..NewRecording::default()
    }
}

fn take(new: NewRecording, first: f32) -> Recording {
    let values = vec![first, 0.25, -0.5, 0.0];
    Recording::new(new, values, None).unwrap()
}

fn motion(first: f32) -> Recording {
    let axis = |name: &str| Axis {
        name: name.into(),
        unit: "m/s2".into(),
    };
    let span = |start, end, label: &str| Span {
        start,
        end,
        label: label.into(),
    };
    let new = NewRecording {
        name: "walk, then run".into(),
        spans: vec![span(0, 1, "walk"), span(2, 3, "run; fast")],
        group: Some("Al \"A\"".into()),
        split: Split::Validation,
        axes: vec![axis("x"), axis("y")],
        rate_hz: 50.0,
        notes: "two\nlines, a comma".into(),
        ..NewRecording::default()
    };
    let times = Some(vec![0.0, 21.5, 40.0]);
    Recording::new(new, vec![first, 0.1, 2.0, -3.5, 9.81, 1e-7], times).unwrap()
}

fn names(zip: &[u8]) -> Vec<String> {
    Archive::open(zip, 1 << 20).unwrap().names()
}

#[test]
fn what_is_exported_is_imported_again() {
    let mut spoken = sound("yes 1", "yes", 0.5);
    spoken.group = Some("bo".into());
    spoken.split = Split::Test;
    let want = [
        take(spoken, 0.5),
        take(sound("yes 1", "yes", 0.75), 0.75),
        // A folder that would tell a part, were there no index.
        take(sound("x", "test", 0.125), 0.125),
        motion(1.0),
    ];
    let zip = dataset(want.iter()).unwrap();
    assert_eq!(dataset(want.iter().rev()).unwrap(), zip);
    let file = ImportFile {
        path: "set.zip".into(),
        bytes: zip,
    };
    let got = import(vec![file], &ImportOptions::default());
    assert_eq!((got.problems, got.skipped), (vec![], vec![]));
    assert_eq!(got.recordings.len(), want.len());
    for recording in &want {
        let same = |r: &&Recording| r.meta.id == recording.meta.id;
        let again = got.recordings.iter().find(same).unwrap();
        let mut meta = again.meta.clone();
        meta.source.clone_from(&recording.meta.source);
        meta.notes.truncate(recording.meta.notes.len());
        assert_eq!(meta, recording.meta);
        assert_eq!(again.values, recording.values);
        assert_eq!(again.times_ms, recording.times_ms);
    }
}

#[test]
fn an_index_without_stretches_has_no_columns_for_them() {
    let zip = dataset([take(sound("a", "b", 0.5), 0.5)].iter()).unwrap();
    assert_eq!(names(&zip), ["b/a.wav", "index.csv"]);
    let index = Archive::open(&zip, 1 << 20).unwrap().read("index.csv", 999);
    let text = String::from_utf8(index.unwrap()).unwrap();
    assert_eq!(
        text,
        "file,split,label,group,name,notes\nb/a.wav,,b,,a,step 0.5\n"
    );
}

#[test]
fn names_are_safe_and_each_its_own() {
    let cases = [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a/b\\c:d", "a_b_c_d"),
        ("...", "_"),
        ("", "_"),
        ("con", "_con"),
        ("Lpt1.x", "_Lpt1.x"),
        ("console", "console"),
        ("Testing", "_Testing"),
        ("README", "_README"),
        (".hidden", "hidden"),
        ("__MACOSX", "___MACOSX"),
        ("grün 大", "grün 大"),
        ("tab\tline\n.", "tab_line_"),
    ];
    for (name, want) in cases {
        assert_eq!(safe(name), want, "{name:?}");
    }
    assert_eq!(safe(&"ü".repeat(80)).len(), 100);
    let takes = [
        take(sound("A.wav", "L", 1.0), 0.1),
        take(sound("a", "l", 2.0), 0.2),
        take(sound("a", "l", 3.0), 0.3),
        take(sound("a-2", "l", 4.0), 0.4),
    ];
    let zip = dataset(takes.iter()).unwrap();
    let mut got: Vec<String> = names(&zip);
    got.retain(|name| name != "index.csv");
    let small: BTreeSet<String> = got.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(small.len(), 4, "{got:?}");
}

#[test]
fn pictures_go_out_as_the_files_they_are() {
    let picture = |name: &str, label: &str, n: u8, group: Option<&str>| {
        let kept = crate::picture::kept(&crate::picture::testing::small(n)).unwrap();
        let new = NewRecording {
            name: name.into(),
            label: label.into(),
            group: group.map(Into::into),
            split: Split::Test,
            source: "camera".into(),
            notes: "by the window".into(),
            ..NewRecording::default()
        };
        Recording::picture(new, kept.picture, kept.size).unwrap()
    };
    let want = [
        picture("1", "cat", 1, Some("al")),
        picture("1", "cat", 2, None),
        picture("a/b.png", "dog", 3, None),
    ];
    let zip = dataset(want.iter()).unwrap();
    assert_eq!(
        names(&zip),
        ["cat/1-2.png", "cat/1.png", "dog/a_b.png", "index.csv"]
    );
    let stored = want.iter().map(|r| &r.picture.as_ref().unwrap().encoded);
    assert!(
        stored
            .clone()
            .all(|file| zip.windows(file.len()).any(|w| w == file))
    );
    let file = ImportFile {
        path: "set.zip".into(),
        bytes: zip,
    };
    let got = import(vec![file], &ImportOptions::default());
    assert_eq!((got.problems, got.skipped), (vec![], vec![]));
    for recording in &want {
        let same = |r: &&Recording| r.meta.id == recording.meta.id;
        let mut again = got.recordings.iter().find(same).unwrap().clone();
        again.meta.source.clone_from(&recording.meta.source);
        assert_eq!(&again, recording);
    }
}
