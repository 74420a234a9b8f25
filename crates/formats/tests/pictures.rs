//! Small pictures of every kind, against the pixels that another reader or arithmetic gave.
//!
//! `tests/golden/pictures.py` made them. PNG is exact; two readers of a JPEG may differ by a
//! little, since the standard leaves the rounding of the transform and the way in which colour
//! is made finer to them.
#![allow(clippy::unwrap_used)]

mod same;

use std::path::{Path, PathBuf};

use lampyris_formats::picture::{decode, kept};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/pictures")
}

fn cases(ending: &str) -> Vec<(String, Vec<u8>, Vec<u8>)> {
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == ending) && path.with_extension("rgb").exists() {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let want = std::fs::read(path.with_extension("rgb")).unwrap();
            cases.push((name, std::fs::read(path).unwrap(), want));
        }
    }
    cases
}

#[test]
fn every_kind_of_png_is_exact() {
    let cases = cases("png");
    assert_eq!(cases.len(), 16);
    for (name, file, want) in cases {
        let got = decode(&file).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(
            got.rgb.len(),
            (got.width * got.height * 3) as usize,
            "{name}"
        );
        assert!(got.rgb == want, "{name}");
    }
}

#[test]
fn every_kind_of_jpeg_is_what_another_reader_sees() {
    let cases = cases("jpg");
    assert_eq!(cases.len(), 8);
    for (name, file, want) in cases {
        let got = decode(&file).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(got.rgb.len(), want.len(), "{name}");
        let apart = got
            .rgb
            .iter()
            .zip(&want)
            .map(|(a, b)| u32::from(a.abs_diff(*b)));
        let (sum, most) = apart.fold((0, 0), |(sum, most), d| (sum + d, most.max(d)));
        let mean = f64::from(sum) / want.len() as f64;
        assert!(
            mean < 1.0 && most < 16,
            "{name}: mean {mean:.2}, at most {most}"
        );
    }
}

#[test]
fn inks_are_refused_with_a_way_out() {
    let refused = decode(&std::fs::read(folder().join("inks.jpg")).unwrap()).unwrap_err();
    assert!(refused.what.contains("CMYK") && refused.remedy.contains("save it as JPEG"));
}

#[test]
fn what_is_kept_has_the_same_pixels_and_is_kept_again_as_it_is() {
    for (name, file, _) in cases("png").into_iter().chain(cases("jpg")) {
        let kept_once = kept(&file).unwrap();
        let encoded = &kept_once.picture.encoded;
        assert_eq!(decode(encoded).unwrap(), decode(&file).unwrap(), "{name}");
        assert!(encoded.len() <= file.len(), "{name}");
        assert!(!encoded.windows(6).any(|w| w == b"Author"), "{name}");
        assert_eq!(kept(encoded).unwrap(), kept_once, "{name}");
    }
}

#[test]
fn the_same_file_gives_the_same_bytes_everywhere() {
    assert_eq!(same::sums(), same::SAME);
}
