//! Round trips, and every way in which a project can be wrong.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::archive::testing::pack;
use lampyris_dataset::{Axis, NewRecording, Span};

fn take(first: f32, times: Option<Vec<f64>>) -> Recording {
    let axis = |name: &str| Axis {
        name: name.into(),
        unit: "g".into(),
    };
    let span = |start, end, label: &str| Span {
        start,
        end,
        label: label.into(),
    };
    Recording::new(
        NewRecording {
            name: "take \"1\"".into(),
            spans: vec![span(0, 1, "a"), span(2, 3, "ö")],
            group: Some("Al".into()),
            axes: vec![axis("x"), axis("y")],
            rate_hz: 1000.0 / 9.615384615384615,
            source: "import".into(),
            created_ms: Some(1.5),
            ..NewRecording::default()
        },
        vec![first, -0.0, 1e-40, 3.5, f32::MAX, 0.1],
        times,
    )
    .unwrap()
}

fn sound(values: Vec<f32>) -> Recording {
    let new = NewRecording {
        name: "yes 1".into(),
        label: "yes".into(),
        axes: vec![wav::axis()],
        rate_hz: 16_000.0,
        source: "microphone".into(),
        original_rate_hz: Some(48_000.0),
        device: Some("USB".into()),
        ..NewRecording::default()
    };
    Recording::new(new, values, None).unwrap()
}

fn picture(n: u8) -> Recording {
    let kept = picture::kept(&picture::testing::small(n)).unwrap();
    let new = NewRecording {
        name: "cat 1".into(),
        label: "cat".into(),
        source: "camera".into(),
        ..NewRecording::default()
    };
    Recording::picture(new, kept.picture, kept.size).unwrap()
}

fn project() -> Project {
    Project {
        name: "My project".into(),
        settings_json: r#"{ "b": 1, "a": [1.50, "ü"] }"#.into(),
        recordings: vec![
            take(1.0, None),
            take(2.0, Some(vec![0.0, 9.5, 30.0])),
            sound(vec![0.5, -1.0, 0.0]),
            picture(1),
        ],
        model: Some(vec![1, 2, 3]),
        net: Some(vec![4; 1000]),
        report_json: Some("{}".into()),
        history_json: Some("[1]".into()),
    }
}

/// The files of a project's zip, one of them changed.
fn with(change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let zip = write(&project()).unwrap();
    let mut archive = Archive::open(&zip, MOST_UNPACKED).unwrap();
    let files: Vec<(String, Vec<u8>)> = archive
        .names()
        .into_iter()
        .filter_map(|name| {
            let bytes = archive.read(&name, MOST_UNPACKED).unwrap();
            change(&name, bytes).map(|bytes| (name, bytes))
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    pack(&files)
}

fn index_with(from: &str, to: &str) -> Vec<u8> {
    with(|name, bytes| {
        if name != INDEX {
            return Some(bytes);
        }
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(from), "{text}");
        Some(text.replace(from, to).into_bytes())
    })
}

fn refusal(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

#[test]
fn what_is_written_is_read_again() {
    let mut want = project();
    let zip = write(&want).unwrap();
    want.recordings.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
    assert_eq!(read(&zip).unwrap(), want);
    // The same project gives the same bytes, in whatever order.
    want.recordings.reverse();
    assert_eq!(write(&want).unwrap(), zip);
    let empty = Project {
        settings_json: "{}".into(),
        ..Project::default()
    };
    assert_eq!(read(&write(&empty).unwrap()).unwrap(), empty);
}

#[test]
fn what_can_not_be_written() {
    let mut p = project();
    p.settings_json = "{".into();
    assert!(write(&p).unwrap_err().what.contains("settings"));
    let mut p = project();
    p.recordings.push(p.recordings[0].clone());
    assert!(write(&p).unwrap_err().what.contains("same samples"));
}

#[test]
fn no_project() {
    assert!(refusal(b"hello").contains("not a whole zip"));
    assert!(refusal(&pack(&[("a.csv", b"x")])).contains("no project.json"));
    let zip = write(&project()).unwrap();
    for cut in [0, 10, zip.len() / 2, zip.len() - 1] {
        assert!(read(&zip[..cut]).is_err(), "cut at {cut}");
    }
    assert!(refusal(&pack(&[(INDEX, b"{\"version\":1")])).contains("damaged"));
    assert!(refusal(&pack(&[(INDEX, b"{\"version\":1}")])).contains("missing field"));
}

#[test]
fn a_newer_version_is_named() {
    let got = refusal(&index_with("\"version\": 3", "\"version\": 7, \"more\": 1"));
    assert!(
        got.contains("version 7") && got.contains("up to 3"),
        "{got}"
    );
    assert!(read(&index_with("\"version\": 3", "\"version\": 0")).is_err());
}

#[test]
fn projects_of_older_versions_are_read() {
    for (version, recordings) in [(1, 2), (2, 3)] {
        let mut old = project();
        old.recordings.truncate(recordings);
        let zip = write(&old).unwrap();
        let mut archive = Archive::open(&zip, MOST_UNPACKED).unwrap();
        let mut files: BTreeMap<String, Vec<u8>> = (archive.names().into_iter())
            .map(|name| (name.clone(), archive.read(&name, MOST_UNPACKED).unwrap()))
            .collect();
        let index = String::from_utf8(files[INDEX].clone()).unwrap();
        let was = index.replace("\"version\": 3", &format!("\"version\": {version}"));
        assert_ne!(was, index);
        files.insert(INDEX.into(), was.into_bytes());
        let files: Vec<(&str, &[u8])> = (files.iter())
            .map(|(n, b)| (n.as_str(), b.as_slice()))
            .collect();
        old.recordings.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
        assert_eq!(read(&pack(&files)).unwrap(), old, "version {version}");
    }
}

#[test]
fn pictures_are_kept_as_they_are() {
    let one = picture(1);
    let want = Project {
        settings_json: "{}".into(),
        recordings: vec![one.clone()],
        ..Project::default()
    };
    let zip = write(&want).unwrap();
    let name = picture_name(&one.meta.id, "png");
    let stored = Archive::open(&zip, MOST_UNPACKED)
        .unwrap()
        .read(&name, 10_000);
    let encoded = &one.picture.as_ref().unwrap().encoded;
    assert_eq!(&stored.unwrap(), encoded);
    assert_eq!(read(&zip).unwrap(), want);

    let other = with(|name, bytes| {
        let larger = picture::testing::png(2, 1, &[7; 6]);
        Some(if name.ends_with(".png") {
            larger
        } else {
            bytes
        })
    });
    assert!(refusal(&other).contains("instead of"));
    assert!(
        refusal(&index_with(
            "\"size\": [\n        12",
            "\"size\": [\n        13"
        ))
        .contains("size is not")
    );
    let flipped = with(|name, mut bytes| {
        if name.ends_with(".png") {
            bytes[50] ^= 1;
        }
        Some(bytes)
    });
    assert!(refusal(&flipped).contains("damaged"));
    let gone = index_with(".png\"", ".gif\"");
    assert!(refusal(&gone).contains("not among the parts"));
}

#[test]
fn looks_are_read_and_made_anew_where_they_are_not() {
    let mut want = project();
    want.recordings.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
    let is_picture = |r: &&mut Recording| r.picture.is_some();
    let looks_with = |change: &dyn Fn(&mut Vec<u8>)| {
        read(&with(|name, mut bytes| {
            if name == LOOKS {
                change(&mut bytes);
            }
            Some(bytes)
        }))
    };
    // Cut, of a newer version, of another picture, nonsense, none at all: as if looked at anew.
    for change in [
        &(|b: &mut Vec<u8>| b.truncate(b.len() - 1)) as &dyn Fn(&mut Vec<u8>),
        &|b| b[34] = 250,
        &|b| b[0] ^= 1,
        &|b| b[32..].fill(255),
        &|b| b.insert(0, 9),
        &Vec::clear,
    ] {
        assert_eq!(looks_with(change).unwrap(), want);
    }
    let without = with(|name, bytes| (name != LOOKS).then_some(bytes));
    assert_eq!(read(&without).unwrap(), want);
    // Else what stands there is taken, and no pixel is made.
    let darker = looks_with(&|b| b[35..39].copy_from_slice(&1.5f32.to_le_bytes()));
    let taken = want.recordings.iter_mut().find(is_picture).unwrap();
    taken.picture.as_mut().unwrap().look.mean = 1.5;
    assert_eq!(darker.unwrap(), want);
}

#[test]
fn sound_is_kept_as_wav_where_16_bits_hold_it() {
    let fine = sound(vec![0.1, 0.2]);
    let coarse = sound(vec![0.5, 0.25]);
    let project = Project {
        settings_json: "{}".into(),
        recordings: vec![fine.clone(), coarse.clone()],
        ..Project::default()
    };
    let zip = write(&project).unwrap();
    let mut archive = Archive::open(&zip, MOST_UNPACKED).unwrap();
    assert!(archive.has(&values_name(&fine.meta.id)));
    let bytes = archive.read(&sound_name(&coarse.meta.id), 100).unwrap();
    assert_eq!(bytes, wav::write(&coarse).unwrap());
    assert_eq!(bytes.len() as u64, wav::HEAD + 4);
}

#[test]
fn parts_that_are_missing_or_of_another_length() {
    for ending in [".f32", ".f64", ".wav", ".png", MODEL, NET] {
        let gone = with(|name, bytes| (!name.ends_with(ending)).then_some(bytes));
        assert!(refusal(&gone).contains("missing"), "{ending}");
        for more in [true, false] {
            let changed = with(|name, mut bytes| {
                if name.ends_with(ending) && more {
                    bytes.push(0);
                } else if name.ends_with(ending) {
                    bytes.pop();
                }
                Some(bytes)
            });
            assert!(read(&changed).is_err(), "{ending}, longer: {more}");
        }
    }
}

#[test]
fn samples_that_are_not_those_of_the_id() {
    let changed = with(|name, mut bytes| {
        if name.ends_with(".f32") {
            bytes[0] ^= 1;
        }
        Some(bytes)
    });
    assert!(refusal(&changed).contains("id was made of"));
    assert!(refusal(&index_with("\"samples\": 3", "\"samples\": 4")).contains("size"));
    assert!(refusal(&index_with("\"name\": \"x\"", "\"name\": \"w\"")).contains("id was made of"));
    let huge = index_with("\"samples\": 3", "\"samples\": 4294967295");
    assert!(refusal(&huge).contains("larger than a project"));
}

#[test]
fn bombs_and_path_tricks() {
    let bomb = with(|name, bytes| {
        Some(if name.ends_with(".f32") {
            vec![0; 1 << 24]
        } else {
            bytes
        })
    });
    assert!(refusal(&bomb).contains("unpacks to more than 24 bytes"));
    assert!(refusal(&pack(&[("../project.json", b"{}")])).contains("leave its folder"));
    let id = take(1.0, None).meta.id;
    let got = refusal(&index_with(&id, &format!("../{}", &id[3..])));
    assert!(got.contains("no SHA-256"), "{got}");
}

#[test]
fn no_flipped_byte_makes_it_panic() {
    let zip = write(&project()).unwrap();
    for i in (0..zip.len()).step_by(3) {
        let mut bytes = zip.clone();
        bytes[i] ^= 0x55;
        // Some bytes, such as dates, carry nothing.
        if let Ok(got) = read(&bytes) {
            assert_eq!(got.recordings.len(), 4);
        }
    }
}
