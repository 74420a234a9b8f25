//! WAVs by hand: each coding, each oddity, each refusal.
#![allow(clippy::unwrap_used)]

use super::testing::{chunk, format, pcm16, riff};
use super::*;
use lampyris_dataset::NewRecording;
use lampyris_dataset::pcm::STEPS;

fn wav(format: &[u8], data: &[u8]) -> Vec<u8> {
    riff(&[chunk(b"fmt ", format), chunk(b"data", data)])
}

fn samples(bytes: &[u8]) -> Vec<f32> {
    read(bytes).unwrap().samples
}

fn refusal(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

fn recording(rate_hz: f64, values: Vec<f32>) -> Recording {
    let new = NewRecording {
        name: "take".into(),
        label: "a".into(),
        axes: vec![axis()],
        rate_hz,
        source: "import".into(),
        ..NewRecording::default()
    };
    Recording::new(new, values, None).unwrap()
}

#[test]
fn every_coding_gives_shares_of_full_scale() {
    let rate = 16_000;
    let bytes = |tag, bits, data: &[u8]| samples(&wav(&format(tag, 1, rate, bits), data));
    assert_eq!(
        bytes(1, 8, &[0, 128, 192, 255]),
        [-1.0, 0.0, 0.5, 127.0 / 128.0]
    );
    assert_eq!(
        bytes(1, 16, &[0, 0x80, 0, 0, 1, 0]),
        [-1.0, 0.0, 1.0 / 32768.0]
    );
    // -2^23 and 1: the smallest and the first above zero.
    assert_eq!(
        bytes(1, 24, &[0, 0, 0x80, 1, 0, 0]),
        [-1.0, 1.0 / 8_388_608.0]
    );
    assert_eq!(bytes(1, 32, &[0, 0, 0, 0xc0, 0, 0, 0, 0x20]), [-0.5, 0.25]);
    // Twelve bits lie in the upper part of two bytes.
    assert_eq!(bytes(1, 12, &[0, 0x40]), [0.5]);
    let floats: Vec<u8> = [0.1f32, -1.0]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    assert_eq!(bytes(3, 32, &floats), [0.1, -1.0]);
    let doubles: Vec<u8> = [0.1f64, 2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
    let sound = read(&wav(&format(3, 1, rate, 64), &doubles)).unwrap();
    assert_eq!(sound.samples, [0.1, 2.0]);
    assert_eq!(sound.notes, ["1 samples are beyond full scale"]);
}

#[test]
fn the_rate_is_the_files_own() {
    for rate in [
        4_000, 8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000,
    ] {
        assert_eq!(read(&pcm16(rate, &[1, 2])).unwrap().rate_hz, rate);
    }
}

#[test]
fn a_length_that_leaves_sound_behind_is_told() {
    let steps: Vec<i16> = (0..16_000)
        .map(|i| (i * 37 % 20_000) as i16 - 9_999)
        .collect();
    let mut file = pcm16(16_000, &steps);
    file[40..44].copy_from_slice(&1000u32.to_le_bytes());
    let sound = read(&file).unwrap();
    assert_eq!(sound.samples.len(), 500);
    assert_eq!(
        sound.notes,
        [
            "the file holds 31000 bytes after its sound that are no chunk: the header may state too short a length"
        ]
    );
    let quiet = |tail: &[u8]| {
        let mut file = pcm16(16_000, &steps);
        file.extend(tail);
        assert!(read(&file).unwrap().notes.is_empty(), "{tail:?}");
    };
    quiet(&[0; 512]);
    quiet(&chunk(b"LIST", &[7; 41]));
    quiet(b"LIST\x00\x10\0\0cut off here and now");
}

#[test]
fn an_extensible_format_names_its_coding_further_on() {
    let mut long = format(0xfffe, 2, 48_000, 16);
    long.extend([22, 0, 16, 0, 3, 0, 0, 0, 1, 0]);
    long.extend(b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71");
    let got = read(&wav(&long, &[0, 0x40, 0, 0x20])).unwrap();
    assert_eq!(got.samples, [0.375]);
    assert!(refusal(&wav(&long[..24], &[0; 4])).contains("extensible format of 24 bytes"));
    long[24] = 7;
    assert!(refusal(&wav(&long, &[0; 4])).contains("µ-law"));
}

#[test]
fn channels_are_mixed_by_their_mean_and_stay_in_steps() {
    // (1 + 2) / 2 lies between two steps of 16 bits: to the further from zero.
    let got = read(&wav(&format(1, 2, 8_000, 16), &[1, 0, 2, 0, 4, 0, 8, 0])).unwrap();
    assert_eq!(got.samples, [2.0 / STEPS, 6.0 / STEPS]);
    assert_eq!(got.notes, ["mixed from 2 channels"]);
    let got = read(&wav(&format(1, 3, 8_000, 8), &[128, 129, 130])).unwrap();
    assert_eq!(got.samples, [1.0 / 128.0]);
    // 24 bits are finer than that and stay so.
    let got = read(&wav(&format(1, 2, 8_000, 24), &[1, 0, 0, 0, 0, 0])).unwrap();
    assert_eq!(got.samples, [0.5 / 8_388_608.0]);
}

#[test]
fn odd_and_unknown_chunks_are_passed_over() {
    let fmt = chunk(b"fmt ", &format(1, 1, 8_000, 8));
    let data = chunk(b"data", &[128, 255, 128]);
    let list = chunk(b"LIST", b"INFOIART\x02\0\0\0me");
    let odd = chunk(b"junk", b"odd");
    let want = [0.0, 127.0 / 128.0, 0.0];
    let fact = chunk(b"fact", &3u32.to_le_bytes());
    let all = [fmt.clone(), odd.clone(), fact, data.clone(), list.clone()];
    assert_eq!(samples(&riff(&all)), want);
    // Its samples first, then what they are.
    assert_eq!(samples(&riff(&[data.clone(), fmt.clone()])), want);
    // A writer that forgot the padding byte.
    let bare = odd[..odd.len() - 1].to_vec();
    assert_eq!(samples(&riff(&[fmt.clone(), bare, data.clone()])), want);
    // The RIFF's own length is not believed.
    let mut lie = riff(&[fmt, data]);
    lie[4..8].copy_from_slice(&[0xff; 4]);
    assert_eq!(samples(&lie), want);
}

#[test]
fn lengths_that_streaming_recorders_leave_open() {
    let good = pcm16(8_000, &[100, -100, 7]);
    for claim in [0, u32::MAX] {
        let mut open = good.clone();
        open[40..44].copy_from_slice(&claim.to_le_bytes());
        let got = read(&open).unwrap();
        assert_eq!(got.samples, samples(&good), "{claim}");
        assert_eq!(got.notes, [""; 0]);
    }
    // A length of 0 is true where another chunk follows.
    let none = riff(&[
        chunk(b"fmt ", &format(1, 1, 8_000, 16)),
        chunk(b"data", &[]),
        chunk(b"LIST", b"INFO"),
    ]);
    assert!(refusal(&none).contains("no sample"));
}

#[test]
fn what_is_there_of_a_cut_file_is_taken() {
    let good = pcm16(8_000, &[1, 2, 3, 4]);
    let got = read(&good[..good.len() - 3]).unwrap();
    assert_eq!(got.samples, [1.0 / STEPS, 2.0 / STEPS]);
    assert_eq!(
        got.notes,
        [
            "the file ends early: 5 of 8 bytes of sound are there",
            "1 bytes at the end make no whole sample"
        ]
    );
    // A claim of nearly 4 GB allocates nothing.
    let mut huge = good.clone();
    huge[40..44].copy_from_slice(&0xffff_fff0u32.to_le_bytes());
    assert_eq!(read(&huge).unwrap().samples.len(), 4);
}

#[test]
fn floats_that_are_no_numbers_become_silence_and_are_told() {
    let data: Vec<u8> = [f32::NAN, 0.5, f32::INFINITY]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    let got = read(&wav(&format(3, 1, 8_000, 32), &data)).unwrap();
    assert_eq!(got.samples, [0.0, 0.5, 0.0]);
    assert!(got.notes[0].starts_with("2 samples were no finite"));
    assert!(refusal(&wav(&format(3, 1, 8_000, 32), &data[..4])).contains("no sample is a finite"));
}

/// Each malformed file with what is said of it; the remedy is never empty.
#[test]
fn refusals_say_what_where_and_the_remedy() {
    let fmt = |tag, channels, rate, bits| wav(&format(tag, channels, rate, bits), &[0; 8]);
    let mut frame = format(1, 2, 8_000, 16);
    frame[12] = 3;
    let cases: [(&str, Vec<u8>, &str); 27] = [
        ("nothing", vec![], "the file is empty"),
        (
            "text",
            b"t_ms,x\n0,1\n".to_vec(),
            "this is text, not sound (first bytes): if it holds readings",
        ),
        (
            "noise",
            vec![0, 0xc3, 0x28, 9, 7],
            "does not begin with RIFF",
        ),
        ("only RIFF", b"RIFF".to_vec(), "this is text"),
        ("no chunk", riff(&[]), "no chunk \"fmt \""),
        (
            "no format",
            riff(&[chunk(b"data", &[0; 4])]),
            "no chunk \"fmt \"",
        ),
        (
            "no data",
            riff(&[chunk(b"fmt ", &format(1, 1, 8_000, 16))]),
            "no chunk \"data\"",
        ),
        (
            "empty data",
            wav(&format(1, 1, 8_000, 16), &[]),
            "no sample (chunk data)",
        ),
        (
            "half a sample",
            wav(&format(1, 2, 8_000, 16), &[0; 3]),
            "no sample",
        ),
        (
            "short format",
            wav(&[1, 0, 1, 0], &[0; 4]),
            "it has 4 bytes, not 16",
        ),
        ("no channel", fmt(1, 0, 8_000, 16), "no channel"),
        ("no rate", fmt(1, 1, 0, 16), "a rate of 0 Hz"),
        ("mad rate", fmt(1, 1, 400_000, 16), "a rate of 400000 Hz"),
        ("no bits", fmt(1, 1, 8_000, 0), "samples of 0 bits"),
        (
            "64-bit PCM",
            fmt(1, 1, 8_000, 64),
            "samples of 64 bits as whole numbers",
        ),
        (
            "16-bit float",
            fmt(3, 1, 8_000, 16),
            "samples of 16 bits as floats",
        ),
        (
            "odd frame",
            wav(&frame, &[0; 8]),
            "2 channels of 16 bits don't make frames of 3 bytes",
        ),
        ("ADPCM", fmt(2, 1, 8_000, 4), "coded as Microsoft ADPCM"),
        ("IMA ADPCM", fmt(0x11, 1, 8_000, 4), "coded as IMA ADPCM"),
        ("A-law", fmt(6, 1, 8_000, 8), "coded as A-law"),
        ("µ-law", fmt(7, 1, 8_000, 8), "coded as µ-law"),
        ("MP3 in WAV", fmt(0x55, 1, 8_000, 0), "coded as MP3"),
        (
            "unknown",
            fmt(0x1234, 1, 8_000, 8),
            "coded as number 0x1234",
        ),
        (
            "RF64",
            [b"RF64\xff\xff\xff\xffWAVE".as_slice(), &[0; 40]].concat(),
            "RF64",
        ),
        ("RIFX", b"RIFX\0\0\0\x20WAVEfmt ".to_vec(), "RIFX"),
        ("MP3", vec![0xff, 0xfb, 0x90, 0x64, 0, 0], "this is MP3"),
        ("FLAC", b"fLaC\0\0\0\x22".to_vec(), "this is FLAC"),
    ];
    for (name, bytes, want) in cases {
        let error = read(&bytes).unwrap_err();
        assert!(error.to_string().contains(want), "{name}: {error}");
        assert!(!error.remedy.is_empty(), "{name}");
    }
}

#[test]
fn what_is_written_is_read_again() {
    let steps = [0i16, 1, -1, 32767, -32768, 12_345];
    let values: Vec<f32> = steps.iter().map(|s| f32::from(*s) / STEPS).collect();
    let take = recording(16_000.0, values.clone());
    assert!(is_exact(&take));
    let bytes = write(&take).unwrap();
    assert_eq!(bytes, pcm16(16_000, &steps));
    assert_eq!(samples(&bytes), values);
    // What is beyond full scale is cut off, what lies between goes to the nearest.
    let rough = recording(8_000.0, vec![1.5, -2.0, 0.6 / STEPS]);
    assert!(!is_exact(&rough));
    assert_eq!(write(&rough).unwrap(), pcm16(8_000, &[32767, -32768, 1]));
    assert!(!is_exact(&recording(8_000.0, vec![1.0])));
    assert!(!is_exact(&recording(8_000.0, vec![-0.0])));
    assert!(!is_exact(&recording(8_000.5, vec![0.0])));
}

#[test]
fn what_no_wav_can_hold() {
    let mut take = recording(8_000.5, vec![0.0; 4]);
    assert!(write(&take).unwrap_err().what.contains("8000.5 Hz"));
    take.meta.rate_hz = 50.0;
    assert!(write(&take).unwrap_err().what.contains("a rate of 50 Hz"));
    take.times_ms = Some(vec![0.0; 4]);
    assert!(write(&take).unwrap_err().what.contains("uneven times"));
}

/// Thousands of damaged files: every byte changed, every length cut, at random many at once.
#[test]
fn no_bytes_make_it_panic() {
    let mut long = format(0xfffe, 2, 48_000, 24);
    long.extend([22, 0, 24, 0, 3, 0, 0, 0, 3, 0]);
    long.extend([0; 14]);
    let seeds = [
        pcm16(16_000, &[1, -2, 3]),
        riff(&[
            chunk(b"LIST", b"odd"),
            chunk(b"fmt ", &long),
            chunk(b"data", &[7; 12]),
        ]),
        wav(&format(3, 1, 8_000, 32), &[0x7f; 8]),
    ];
    let mut asked = 0;
    let mut ask = |bytes: &[u8]| {
        asked += 1;
        if let Ok(sound) = read(bytes) {
            assert!(sound.samples.len() <= bytes.len());
            assert!(sound.samples.iter().all(|v| v.is_finite()));
        }
    };
    let mut random = 1_u32;
    for seed in &seeds {
        for i in 0..seed.len() {
            ask(&seed[..i]);
            for value in [0, 1, 0x7f, 0x80, 0xfe, 0xff] {
                let mut bytes = seed.clone();
                bytes[i] = value;
                ask(&bytes);
            }
        }
        for _ in 0..5_000 {
            let mut bytes = seed.clone();
            for _ in 0..4 {
                random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = (random >> 8) as usize % bytes.len();
                bytes[at] = (random >> 24) as u8;
            }
            ask(&bytes);
        }
    }
    assert!(asked > 15_000);
}
