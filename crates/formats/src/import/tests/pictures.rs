//! Pictures as a person drops them.

use super::*;
use crate::picture::testing::{png, small};

#[test]
fn folders_are_classes_and_nothing_else_is_said() {
    let got = plain(vec![
        file("set/cat/IMG_1.png", small(1)),
        file("set/cat/IMG_2.png", small(2)),
        file("set/dog/IMG_1.jpeg", small(3)),
    ]);
    let want = [
        ("IMG_1", "cat", Split::Auto, ""),
        ("IMG_2", "cat", Split::Auto, ""),
        ("IMG_1", "dog", Split::Auto, ""),
    ];
    assert_eq!(told(&got), want);
    let first = &got.recordings[0];
    assert!(first.meta.is_picture() && first.values.is_empty());
    assert_eq!((first.meta.samples, first.meta.size), (1, Some([12, 8])));
    assert_eq!(first.picture.as_ref().unwrap().encoded, small(1));
}

#[test]
fn parts_names_and_an_index_are_heard() {
    let got = plain(vec![
        file("d/train/cat/1.png", small(1)),
        file("d/val/dog/2.png", small(2)),
        file("d/test/3.png", small(3)),
        file(
            "d/index.csv",
            *b"file,split,label,person\ntest/3.png,test,bird,al\n",
        ),
    ]);
    let want = [
        ("3", "bird", Split::Test, "al"),
        ("1", "cat", Split::Train, ""),
        ("2", "dog", Split::Validation, ""),
    ];
    assert_eq!(told(&got), want);
    let by_name = plain(vec![
        file("cat_1.png", small(1)),
        file("dog.2.png", small(2)),
    ]);
    let want = [
        ("cat_1", "cat", Split::Auto, ""),
        ("dog.2", "dog", Split::Auto, ""),
    ];
    assert_eq!(told(&by_name), want);
}

#[test]
fn zips_one_a_class_and_zips_of_folders() {
    let cats = pack(&[("0.jpg", &small(1)), ("1.jpg", &small(2))]);
    let dogs = pack(&[("0.jpg", &small(3))]);
    let got = plain(vec![
        file("cat-samples.zip", cats),
        file("dog-samples.zip", dogs),
    ]);
    let labels: Vec<&str> = got.recordings.iter().map(label).collect();
    assert_eq!(labels, ["cat", "cat", "dog"]);
    let both = pack(&[
        ("Class 1/0.png", &small(1)),
        ("Class 2/0.png", &small(2)),
        ("__MACOSX/Class 1/._0.png", b"x"),
        ("Class 1/.DS_Store", b"x"),
    ]);
    let got = plain(vec![file("all.zip", both)]);
    let labels: Vec<&str> = got.recordings.iter().map(label).collect();
    assert_eq!(labels, ["Class 1", "Class 2"]);
    assert_eq!((got.problems.len(), got.skipped.len()), (0, 2));
}

#[test]
fn edge_impulse_gives_labels_and_its_boxes_are_told() {
    let index = br#"{"version":1,"files":[
        {"path":"training/a.1.png","name":"a.1","category":"training","label":{"type":"label","label":"cup"},
         "boundingBoxes":[{"label":"cup","x":1,"y":1,"width":2,"height":2}]},
        {"path":"testing/b.png","category":"testing","label":{"type":"unlabeled"}}]}"#;
    let boxes = br#"{"version":1,"type":"bounding-box-labels","boundingBoxes":{"a.1.png":[]}}"#;
    let got = plain(vec![
        file("ex/info.labels", *index),
        file("ex/training/bounding_boxes.labels", *boxes),
        file("ex/training/a.1.png", small(1)),
        file("ex/testing/b.png", small(2)),
    ]);
    let [only] = got.recordings.as_slice() else {
        panic!("{:?}", got.problems)
    };
    assert_eq!((label(only), only.meta.split), ("cup", Split::Train));
    assert_eq!(only.meta.notes, "1 bounding box was not read");
    assert!(got.problems[0].what.contains("unlabeled"));
    assert!(got.skipped[0].contains("bounding boxes are not read"));
}

#[test]
fn photos_are_made_smaller_as_they_come_and_say_so() {
    let mut importer = Importer::new();
    importer.add("a/photo.png", png(400, 800, &vec![90; 400 * 800 * 3]));
    let got = importer.finish(&ImportOptions::default());
    let only = &got.recordings[0];
    assert_eq!(only.meta.size, Some([320, 640]));
    assert_eq!(only.meta.notes, "made smaller from 400 × 800");
    assert!(
        only.picture
            .as_ref()
            .unwrap()
            .encoded
            .starts_with(b"\xff\xd8")
    );
}

#[test]
fn the_order_in_which_files_are_added_does_not_matter() {
    let files = || (1..6).map(|n| file(&format!("a_{n}.png"), small(n)));
    assert_eq!(plain(files().collect()), plain(files().rev().collect()));
}

#[test]
fn what_is_no_picture_is_named_and_the_rest_is_read() {
    let got = plain(vec![
        file("a/anim.png", *b"GIF89a\x01\0\x01\0\0\0\0;"),
        file("a/cut.jpg", small(1)[..60].to_vec()),
        file("a/good.dat", small(2)),
        file("a/phone.heic", *b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        file("a/text.jpg", CSV),
        file("a/song.jpg", sound(1)),
    ]);
    let problems: Vec<_> = got
        .problems
        .iter()
        .map(|p| (p.path.as_str(), p.what.as_str()))
        .collect();
    assert_eq!(got.recordings.len(), 2, "{problems:?}");
    for (problem, (path, part)) in problems.iter().zip([
        ("a/anim.png", "this is a GIF picture"),
        ("a/cut.jpg", "cut short"),
        ("a/phone.heic", "HEIC"),
        ("a/text.jpg", "no picture that is known"),
    ]) {
        assert!(problem.0 == path && problem.1.contains(part), "{problem:?}");
    }
    assert!(
        got.problems
            .iter()
            .all(|p| p.remedy.contains("JPEG") || p.remedy.contains("again"))
    );
}

#[test]
fn the_same_picture_twice_is_taken_once() {
    let got = plain(vec![
        file("a/1.png", small(1)),
        file("a/2.png", small(1)),
        file("b/3.png", small(1)),
    ]);
    assert_eq!(got.recordings.len(), 1);
    assert_eq!(got.skipped, ["a/2.png (the same picture as a/1.png)"]);
    assert!(
        got.problems[0]
            .what
            .contains("the same picture as a/1.png, under another label")
    );
}

#[test]
fn strange_names_are_left_out_and_do_not_spoil_the_rest() {
    let zip = pack(&[
        ("../evil/1.png", &small(1)),
        ("/etc/2.png", &small(2)),
        ("C:\\3.png", &small(3)),
        ("..\\4.png", &small(4)),
        ("katze ü/ 5.png", &small(5)),
        ("hund\\6.png", &small(6)),
        ("./hund/7.png", &small(7)),
    ]);
    let got = plain(vec![file("s.zip", zip)]);
    let labels: Vec<&str> = got.recordings.iter().map(label).collect();
    assert_eq!(labels, ["hund", "hund", "katze ü"]);
    let [only] = got.problems.as_slice() else {
        panic!()
    };
    assert!(
        only.what.contains("names of 4 files try to leave"),
        "{}",
        only.what
    );
    assert!(only.what.contains("\"../4.png\"") && only.what.contains('…'));
}

#[test]
fn a_zip_of_ten_thousand_files_is_read() {
    let names: Vec<String> = (0..10_000)
        .map(|i| format!("k{}/ñ {i}.csv", i % 3))
        .collect();
    let bodies: Vec<Vec<u8>> = (0..10_000).map(csv_file).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .zip(&bodies)
        .map(|(n, b)| (n.as_str(), b.as_slice()))
        .collect();
    let got = plain(vec![file("many.zip", pack(&files))]);
    assert_eq!((got.recordings.len(), got.problems.len()), (10_000, 0));
}

#[test]
fn a_bomb_is_told_and_what_lies_beside_it_is_read() {
    let bomb = vec![0; 600 << 20];
    let zip = pack(&[("a/bomb.png", &bomb), ("a/good.png", &small(1))]);
    assert!(zip.len() < 1 << 20);
    let got = plain(vec![file("s.zip", zip)]);
    assert_eq!(got.recordings.len(), 1);
    assert!(got.problems[0].what.contains("unpacks to more than"));
}

#[test]
fn a_zip_inside_a_zip_is_told_and_the_rest_is_read() {
    let inner = pack(&[("a.png", &small(1))]);
    let zip = pack(&[("in.zip", &inner), ("cat/1.png", &small(2))]);
    let got = plain(vec![file("s.zip", zip)]);
    assert_eq!(told_labels(&got), ["cat"]);
    assert_eq!(got.problems[0].path, "s.zip/in.zip");
}

fn told_labels(got: &Import) -> Vec<&str> {
    got.recordings.iter().map(label).collect()
}

#[test]
fn pictures_and_signals_together_are_each_what_they_are() {
    let got = plain(vec![
        file("s/cat/1.png", small(1)),
        file("s/dog/2.png", small(2)),
        file("walk_1.csv", csv_file(1)),
        file("s/yes/3.wav", sound(1)),
    ]);
    assert_eq!(told_labels(&got), ["cat", "dog", "yes", "walk"]);
}
