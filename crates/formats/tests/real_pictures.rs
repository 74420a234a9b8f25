//! Real pictures from elsewhere: found through `LAMPYRIS_DATA`; without it these
//! tests say what they skipped.
#![allow(clippy::unwrap_used)]

mod real;

use std::collections::{BTreeMap, BTreeSet};

use lampyris_dataset::{HealthRule, Look, Recording, Split, health, look};
use lampyris_formats::import::{Import, ImportFile, ImportOptions, import};
use lampyris_formats::project::{self, Project};
use lampyris_formats::{export, picture};

use real::{count, data, files, labels};

fn signs() -> Option<Import> {
    let got = import(
        files(&data("image/sign-digits")?),
        &ImportOptions::default(),
    );
    assert!(got.problems.is_empty(), "{:?}", got.problems);
    Some(got)
}

#[test]
fn digits_of_people_in_an_index() {
    let Some(got) = signs() else { return };
    let parts = [Split::Train, Split::Validation, Split::Test];
    assert_eq!(got.recordings.len(), 737);
    assert_eq!(parts.map(|part| count(&got, part)), [479, 98, 160]);
    let labels = labels(&got);
    assert!(
        labels
            .keys()
            .copied()
            .eq(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
    );
    assert!(labels.values().all(|n| (70..=74).contains(n)), "{labels:?}");
    // People are named, and none of them is in two parts.
    let mut homes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for meta in got.recordings.iter().map(|r| &r.meta) {
        let home = homes.entry(meta.group.as_deref().unwrap()).or_default();
        home.insert(match meta.split {
            Split::Train => "train",
            Split::Validation => "validation",
            _ => "test",
        });
        assert_eq!(meta.size, Some([100, 100]));
        assert!(meta.is_picture() && meta.notes.is_empty());
    }
    assert_eq!(homes.len(), 74);
    assert!(homes.values().all(|home| home.len() == 1));
}

#[test]
fn what_is_exported_comes_back_with_the_same_ids() {
    let Some(got) = signs() else { return };
    let file = ImportFile {
        path: "signs.zip".into(),
        bytes: export::dataset(got.recordings.iter()).unwrap(),
    };
    let again = import(vec![file], &ImportOptions::default());
    assert!(again.problems.is_empty(), "{:?}", again.problems);
    let of = |all: &[Recording]| -> BTreeMap<String, (Split, Option<String>, Vec<u8>)> {
        let told = |r: &Recording| {
            let encoded = r.picture.as_ref().unwrap().encoded.clone();
            (r.meta.split, r.meta.group.clone(), encoded)
        };
        all.iter().map(|r| (r.meta.id.clone(), told(r))).collect()
    };
    assert_eq!(of(&again.recordings), of(&got.recordings));

    let mut want = Project {
        settings_json: "{}".into(),
        recordings: got.recordings,
        ..Project::default()
    };
    let zip = project::write(&want).unwrap();
    want.recordings.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
    assert!(project::read(&zip).unwrap() == want);
}

#[test]
fn good_pictures_are_called_good() {
    let Some(got) = signs() else { return };
    let looks: Vec<Look> = got.recordings.iter().map(look).collect();
    let pairs: Vec<_> = got.recordings.iter().map(|r| &r.meta).zip(&looks).collect();
    let splits = got
        .recordings
        .iter()
        .map(|r| (r.meta.id.clone(), r.meta.split))
        .collect();
    let rule = HealthRule {
        rate_hz: 5.0,
        window_ms: 0.0,
        axes: &[],
        splits: &splits,
        quiet: &[],
    };
    for issue in health(&pairs, &rule) {
        println!(
            "{:?} {} ({})",
            issue.severity,
            issue.what,
            issue.recordings.len()
        );
        // A few of 737 may be soft or nearly the same; most are not.
        assert!(issue.recordings.len() < 40, "{}", issue.what);
    }
    let mut sharp: Vec<f32> = got
        .recordings
        .iter()
        .map(|r| r.picture.as_ref().unwrap().look.sharpness)
        .collect();
    sharp.sort_by(f32::total_cmp);
    println!(
        "sharpness {:?}",
        [0, 7, 73, 368, 663, 736].map(|i| sharp[i])
    );
}

#[test]
fn a_blur_is_seen_where_a_sharp_picture_lies_beside_it() {
    let Some(got) = signs() else { return };
    let (mut softer, mut all) = (0, 0);
    for recording in got.recordings.iter().step_by(7) {
        let kept = recording.picture.as_ref().unwrap();
        let sharp = picture::decode(&kept.encoded).unwrap();
        let (w, h) = (sharp.width as usize, sharp.height as usize);
        // The mean of 5 × 5 pixels, twice.
        let mut rgb = sharp.rgb;
        for _ in 0..2 {
            let from = rgb.clone();
            for (i, to) in rgb.iter_mut().enumerate() {
                let (x, y, c) = (i / 3 % w, i / 3 / w, i % 3);
                let mut sum = 0;
                for dy in 0..5 {
                    for dx in 0..5 {
                        let x = (x + dx).saturating_sub(2).min(w - 1);
                        let y = (y + dy).saturating_sub(2).min(h - 1);
                        sum += u32::from(from[(y * w + x) * 3 + c]);
                    }
                }
                *to = (sum / 25) as u8;
            }
        }
        let blurred = lampyris_dataset::PictureLook::of(sharp.width, sharp.height, &rgb);
        all += 1;
        softer += u32::from(blurred.sharpness < 0.45 * kept.look.sharpness);
    }
    assert!(softer * 10 > all * 9, "{softer} of {all}");
}
