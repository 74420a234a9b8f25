//! Sets of files as a person drops them.
#![allow(clippy::unwrap_used)]

mod pictures;

use super::*;
use crate::archive::testing::pack;
use crate::wav::testing::pcm16;

const CSV: &[u8] = b"t_ms,x\n0,1\n20,2\n40,3\n";

/// A CSV that differs with `n`.
fn csv_file(n: u32) -> Vec<u8> {
    format!("t_ms,x\n0,{n}\n20,2\n40,3\n").into_bytes()
}

fn file(path: &str, bytes: impl Into<Vec<u8>>) -> ImportFile {
    ImportFile {
        path: path.into(),
        bytes: bytes.into(),
    }
}

fn plain(files: Vec<ImportFile>) -> Import {
    import(files, &ImportOptions::default())
}

fn label(recording: &Recording) -> &str {
    &recording.meta.spans[0].label
}

fn ei(value: u32) -> Vec<u8> {
    format!(
        r#"{{"payload":{{"interval_ms":10,"sensors":[{{"name":"x","units":"g"}}],"values":[[{value}],[2],[3],[4]]}}}}"#
    )
    .into_bytes()
}

#[test]
fn one_bad_file_does_not_spoil_the_good() {
    let got = plain(vec![
        file("good_1.csv", csv_file(1)),
        file("bad_1.csv", *b"t_ms,x\n0,1\n20,oops\n"),
        file("bad_2.json", *b"{\"payload\":"),
        file("good_2.csv", csv_file(2)),
    ]);
    assert_eq!(got.recordings.len(), 2);
    let paths: Vec<_> = got.problems.iter().map(|p| p.path.as_str()).collect();
    assert_eq!(paths, ["bad_1.csv", "bad_2.json"]);
    assert!(got.problems[0].what.contains("line 3"));
    assert!(got.problems.iter().all(|p| !p.remedy.is_empty()));
}

#[test]
fn labels_and_parts() {
    let rows = b"t_ms,x,label\n0,9,row\n20,2,row\n".to_vec();
    let got = plain(vec![
        file("d/test/row_x.csv", rows.clone()),
        file(
            "d/train/circle/1.csv",
            [rows.as_slice(), b"40,1,row\n"].concat(),
        ),
        file("wave_3.csv", csv_file(3)),
    ]);
    let said: Vec<_> = got
        .recordings
        .iter()
        .map(|r| (label(r), r.meta.split))
        .collect();
    assert_eq!(
        said,
        [
            ("row", Split::Test),
            ("circle", Split::Train),
            ("wave", Split::Auto)
        ]
    );
    assert_eq!(got.recordings[2].meta.name, "wave_3");
    assert_eq!(got.recordings[2].meta.source, "import");
}

#[test]
fn a_stated_label_wins() {
    let options = ImportOptions {
        label: Some("jump".into()),
        ..ImportOptions::default()
    };
    let got = import(vec![file("train/circle/1.csv", CSV)], &options);
    assert_eq!(label(&got.recordings[0]), "jump");
}

#[test]
fn no_label_is_a_problem() {
    let got = plain(vec![file("x/_1.csv", CSV), file(".csv", CSV)]);
    assert_eq!((got.recordings.len(), got.problems.len()), (0, 2));
    assert!(got.problems[1].what.contains("no label"));
    assert!(got.problems[1].remedy.contains("circle_1.csv"));
}

#[test]
fn options_are_checked_first() {
    for rate in [0.0, -5.0, f64::NAN, f64::INFINITY] {
        let options = ImportOptions {
            rate_hz: Some(rate),
            ..ImportOptions::default()
        };
        let got = import(vec![file("a_1.csv", CSV)], &options);
        assert!(got.recordings.is_empty());
        assert!(got.problems[0].what.contains("a rate of"), "{rate}");
    }
}

#[test]
fn doubles_are_skipped_and_contradictions_told() {
    let got = plain(vec![
        file("b_1.csv", CSV),
        file("a_1.csv", CSV),
        file("a_2.csv", CSV),
    ]);
    assert_eq!(got.recordings.len(), 1);
    assert_eq!(got.skipped, ["a_2.csv (the same samples as a_1.csv)"]);
    assert!(got.problems[0].what.contains("under another label"));
}

#[test]
fn the_order_of_files_does_not_matter() {
    let files = || (0..6).map(|i| file(&format!("a_{i}.csv"), csv_file(i)));
    let forwards = plain(files().collect());
    assert_eq!(forwards, plain(files().rev().collect()));
}

#[test]
fn an_index_gives_label_part_name_and_stretches() {
    let index = br#"{"version":1,"files":[
        {"path":"testing/1.json","name":"one","category":"testing","label":{"type":"label","label":"idle"},"metadata":{"who":"Al"}},
        {"path":"training/2.json","name":"two","category":"training","label":{"type":"multi-label","labels":[
            {"startIndex":0,"endIndex":1,"label":"a"},{"startIndex":2,"endIndex":3,"label":"b"}]}},
        {"path":"training/3.json","category":"training","label":{"type":"multi-label","labels":[
            {"startIndex":0,"endIndex":4,"label":"a"}]}},
        {"path":"training/gone.json","category":"training"}]}"#;
    let options = ImportOptions {
        group_by: Some("who".into()),
        ..ImportOptions::default()
    };
    let files = vec![
        file("ex/training/2.json", ei(2)),
        file("ex/training/3.json", ei(3)),
        file("ex/info.labels", *index),
        file("ex/testing/1.json", ei(1)),
    ];
    let got = import(files, &options);
    let metas: Vec<_> = got.recordings.iter().map(|r| &r.meta).collect();
    assert_eq!(
        (metas[0].name.as_str(), metas[0].split),
        ("one", Split::Test)
    );
    assert_eq!(metas[0].group.as_deref(), Some("Al"));
    assert_eq!((metas[1].spans.len(), metas[1].spans[1].end), (2, 4));
    // The third's label ends outside of its four samples.
    assert!(got.problems[0].what.contains("covers samples 0 to 5"));
    assert_eq!(
        got.skipped,
        ["ex/training/gone.json (named in an index, but not imported)"]
    );
}

#[test]
fn an_index_finds_files_without_folders() {
    let index = br#"{"version":1,"files":[{"path":"testing/q.json","category":"testing","label":{"type":"label","label":"idle"}}]}"#;
    let got = plain(vec![file("info.labels", *index), file("q.json", ei(1))]);
    assert_eq!(label(&got.recordings[0]), "idle");
    assert_eq!(got.recordings[0].meta.split, Split::Test);
}

#[test]
fn groups_from_file_names() {
    let options = ImportOptions {
        group_by: Some("file_name".into()),
        ..ImportOptions::default()
    };
    let got = import(vec![file("train/walk/s01_2.csv", CSV)], &options);
    assert_eq!(got.recordings[0].meta.group.as_deref(), Some("s01"));
}

#[test]
fn content_counts_and_not_the_ending() {
    let got = plain(vec![
        file("a_1.txt", CSV),
        file("b_1.csv", ei(1)),
        file("c_1", ei(2)),
    ]);
    assert_eq!((got.recordings.len(), got.problems.len()), (3, 0));
}

/// A sound that differs with `n`.
fn sound(n: i16) -> Vec<u8> {
    pcm16(16_000, &[n, -n, 0])
}

/// Name, label, part and group of each recording.
fn told(got: &Import) -> Vec<(&str, &str, Split, &str)> {
    assert!(got.problems.is_empty(), "{:?}", got.problems);
    got.recordings
        .iter()
        .map(|r| {
            let group = r.meta.group.as_deref().unwrap_or_default();
            (r.meta.name.as_str(), label(r), r.meta.split, group)
        })
        .collect()
}

#[test]
fn sounds_by_folder_index_and_name() {
    let by_folder = plain(vec![
        file("yes/1a_nohash_0.wav", sound(1)),
        file("no/1a_nohash_0.wav", sound(2)),
        file("_background_noise_/tap.wav", sound(3)),
        file("testing_list.txt", *b"no/1a_nohash_0.wav\n"),
    ]);
    let want = [
        ("tap", "_background_noise_", Split::Auto, ""),
        ("1a_nohash_0", "no", Split::Test, "1a"),
        ("1a_nohash_0", "yes", Split::Auto, "1a"),
    ];
    assert_eq!(told(&by_folder), want);
    let meta = &by_folder.recordings[0].meta;
    assert!(meta.is_sound() && meta.rate_hz == 16_000.0 && meta.samples == 3);

    // An index says more than folders do.
    let index = b"file,split,label,speaker,notes\ntest/0_al_1.wav,val,zero,al,loud\n";
    let by_index = plain(vec![
        file("d/index.csv", *index),
        file("d/test/0_al_1.wav", sound(1)),
        file("d/test/1_bo_1.wav", sound(2)),
    ]);
    let want = [
        ("0_al_1", "zero", Split::Validation, "al"),
        ("1_bo_1", "1", Split::Test, ""),
    ];
    assert_eq!(told(&by_index), want);
    assert_eq!(by_index.recordings[0].meta.notes, "loud");

    // Names without folder and ending, for files in a folder below.
    let by_name = plain(vec![
        file("index.csv", *b"name,label,word\nx_1,yes,ja\n"),
        file("wav/x_1.wav", sound(1)),
        file("wav/x_2.wav", sound(2)),
    ]);
    assert_eq!(told(&by_name)[0], ("x_1", "yes", Split::Auto, ""));
    assert!(by_name.skipped.is_empty());
}

#[test]
fn a_stated_key_tells_groups_from_a_table() {
    let options = ImportOptions {
        group_by: Some("Room".into()),
        ..ImportOptions::default()
    };
    let files = vec![
        file(
            "index.csv",
            *b"file,label,speaker,Room\na.wav,yes,al,kitchen\nb.wav,no,bo,\n",
        ),
        file("a.wav", sound(1)),
        file("b.wav", sound(2)),
    ];
    let got = import(files, &options);
    assert_eq!(told(&got)[0].3, "kitchen");
    assert_eq!(told(&got)[1].3, "bo");
}

#[test]
fn what_is_no_sound_is_told() {
    let got = plain(vec![
        file("a/text.wav", CSV),
        file("b/empty.wav", *b""),
        file("c/song.mp3", *b"ID3\x03\0\0\0"),
        file("d/good.dat", sound(1)),
    ]);
    let said: Vec<_> = got.problems.iter().map(|p| p.what.as_str()).collect();
    assert!(said[0].contains("text, not sound") && said[1].contains("empty"));
    assert!(said[2].contains("MP3"));
    assert_eq!(got.recordings.len(), 1, "a sound by its content");
}

#[test]
fn zips_are_unpacked() {
    let zip = pack(&[
        ("train/a/1.csv", &csv_file(1)),
        ("test/b/1.csv", &csv_file(2)),
        ("README.md", b"hello"),
        ("bad.csv", b"t_ms,x\n0,oops\n"),
    ]);
    let got = plain(vec![file("set.zip", zip)]);
    assert_eq!(got.recordings.len(), 2);
    assert_eq!(got.problems[0].path, "set.zip/bad.csv");
    assert_eq!(got.skipped, ["set.zip/README.md (not a recording)"]);
}

#[test]
fn zips_that_are_refused() {
    let inner = pack(&[("a.csv", CSV)]);
    let got = plain(vec![file("s.zip", pack(&[("in.zip", &inner)]))]);
    assert!(got.problems[0].what.contains("zip inside the zip"));
    let got = plain(vec![file("s.zip", inner[..inner.len() - 30].to_vec())]);
    assert!(got.problems[0].what.contains("not a whole zip"));
    let got = plain(vec![file("s.zip", pack(&[("project.json", b"{}")]))]);
    assert!(got.problems[0].remedy.contains("as a project"));
}

#[test]
fn no_bytes_make_it_panic() {
    let seeds: [&[u8]; 6] = [
        CSV,
        &ei(1),
        &pack(&[("a.csv", CSV)]),
        b"[{\"name\":\"a\"}]",
        &sound(1),
        b"file,label,start,end\na_1.csv,x,0,1\n",
    ];
    for seed in seeds {
        for i in 0..seed.len() {
            let mut bytes = seed.to_vec();
            for flip in [0x01, 0x80, 0xff] {
                bytes[i] ^= flip;
                plain(vec![file("a_1.csv", bytes.clone())]);
            }
            plain(vec![file("a_1.csv", seed[..i].to_vec())]);
        }
    }
}
