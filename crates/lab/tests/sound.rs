//! The pipeline on synthetic sounds: short clips, background, features as a picture.
#![allow(clippy::unwrap_used)]

use lampyris_dataset::{Axis, NewRecording, Recording, Severity, Split};
use lampyris_lab::{Job, Lab, Part, Settings, Task};
use serde_json::json;

/// A tone of `samples` at `rate`, that swells and fades, in steps of 16 bits.
fn tone(label: &str, take: u32, rate_hz: f64, samples: u32, period: u32) -> Recording {
    let values = (0..samples).map(|i| {
        let phase = (i + take * 3) % period;
        let up = phase.min(period - phase) as f32 / period as f32 - 0.25;
        let swell = i.min(samples - i) as f32 / samples as f32;
        (up * swell * 20_000.0 + (i * 7919 % 13) as f32 * (1.0 + take as f32)).round() / 32_768.0
    });
    let new = NewRecording {
        name: format!("{label}.{take}"),
        label: label.into(),
        axes: vec![Axis {
            name: "audio".into(),
            unit: String::new(),
        }],
        rate_hz,
        source: "microphone".into(),
        ..NewRecording::default()
    };
    Recording::new(new, values.collect(), None).unwrap()
}

fn lab() -> Lab {
    let mut lab = Lab::new();
    for take in 0..6 {
        // Shorter than a window, a window long, and of half the rate.
        lab.put(tone("low", take, 16_000.0, 6_000 + take * 100, 80));
        lab.put(tone("high", take, 16_000.0, 16_000, 12));
        lab.put(tone("slow", take, 8_000.0, 4_000, 50));
    }
    lab.put(tone("_background_noise_", 0, 16_000.0, 40_000, 31));
    lab
}

fn settings() -> Settings {
    Settings::default_for(Task::Audio)
}

#[test]
fn a_network_that_does_not_fit_is_an_issue_of_its_layer() {
    let lab = lab();
    let mut settings = settings();
    let wide = json!([
        {"kind": "max_pool", "size": [2, 1]},
        {"kind": "conv1d", "filters": 4, "kernel": 1000, "padding": "valid"}
    ]);
    settings.network = serde_json::from_value(wide).unwrap();
    let overview = lab.overview(&settings);
    assert!(!overview.ready && overview.layers.is_empty());
    let first = &overview.issues[0];
    assert_eq!(first.severity, Severity::Error);
    assert!(first.what.ends_with(" (layer 2)."), "{}", first.what);
    assert!(!first.remedy.is_empty());
}

#[test]
fn a_short_sound_lies_in_the_middle_of_silence() {
    let mut lab = lab();
    let overview = lab.overview(&settings());
    assert!(overview.ready, "{:?}", overview.issues);
    let count = |label: &str| overview.labels.iter().find(|l| l.label == label).unwrap();
    for label in ["low", "high", "slow"] {
        let c = count(label);
        assert_eq!(
            c.train + c.validation + c.test,
            6,
            "{label}: one window a clip"
        );
    }
    assert_eq!(
        overview.frames * overview.feature_names.len() as u32,
        overview.features
    );

    let short = tone("low", 1, 16_000.0, 6_100, 80);
    let view = lab.window(&settings(), &short.meta.id, 0).unwrap();
    assert_eq!(view.label.as_deref(), Some("low"));
    assert_eq!(view.samples.len(), 16_000);
    let before = (16_000 - 6_100) / 2;
    assert!(view.samples[..before].iter().all(|v| *v == 0.0));
    assert_eq!(view.samples[before..before + 6_100], short.values);
    lab.window(&settings(), &short.meta.id, 1).unwrap_err();
}

#[test]
fn a_picture_has_one_norm_a_column() {
    let job = lab().job(&settings()).unwrap();
    let columns = job.features / job.frames;
    assert!(job.frames > 1 && columns > 1);
    let unmasked = json!({"training": {"augment": {"mask_frames": 0, "mask_columns": 0}}});
    let job = lab()
        .job(&settings().with_changes(&unmasked).unwrap())
        .unwrap();
    let mut row = vec![0.0; job.features];
    let (mut sum, mut squares, mut n) = (vec![0.0f64; columns], vec![0.0f64; columns], 0.0);
    for i in 0..job.len(Part::Train) {
        job.draw(Part::Train, 0, i, &mut row);
        for frame in row.chunks_exact(columns) {
            n += 1.0;
            for (c, v) in frame.iter().enumerate() {
                sum[c] += f64::from(*v);
                squares[c] += f64::from(*v) * f64::from(*v);
            }
        }
    }
    for (sum, squares) in sum.iter().zip(squares) {
        assert!((sum / n).abs() < 1e-3, "mean {}", sum / n);
        let variance = squares / n;
        assert!(
            (variance - 1.0).abs() < 1e-2 || variance < 1e-9,
            "{variance}"
        );
    }
}

#[test]
fn a_job_carries_its_sounds_and_its_background() {
    let job = lab().job(&settings()).unwrap();
    let bytes = job.to_bytes();
    assert_eq!(Job::from_bytes(&bytes).unwrap(), job);
    let draw = |job: &Job| {
        let mut row = vec![0.0; job.features];
        job.draw(Part::Train, 5, job.train.y.len(), &mut row);
        row
    };
    let with = draw(&job);
    assert_eq!(draw(&Job::from_bytes(&bytes).unwrap()), with);
    // Another background is another variation, though nothing else changed.
    let other = settings()
        .with_changes(&json!({"background": ["high"]}))
        .unwrap();
    let other = lab().job(&other).unwrap();
    assert_eq!(other.train.y, job.train.y);
    assert_ne!(draw(&other), with);
    assert_ne!(other.settings_hash, job.settings_hash);
}

#[test]
fn a_background_that_is_held_out_or_no_label_is_heard_only_where_it_may_be() {
    // Left out as a label, it is still heard.
    let left_out = settings()
        .with_changes(&json!({"merge": {"_background_noise_": ""}}))
        .unwrap();
    let silent = settings()
        .with_changes(&json!({"merge": {"_background_noise_": ""}, "background": ["nothing"]}))
        .unwrap();
    let draw = |lab: &mut Lab, settings: &Settings| {
        let job = lab.job(settings).unwrap();
        assert_eq!(job.labels, ["high", "low", "slow"]);
        let mut row = vec![0.0; job.features];
        job.draw(Part::Train, 5, job.train.y.len(), &mut row);
        row
    };
    let heard = draw(&mut lab(), &left_out);
    let unheard = draw(&mut lab(), &silent);
    assert_ne!(heard, unheard);
    // Kept for test, it is not.
    let mut held = tone("_background_noise_", 0, 16_000.0, 40_000, 31);
    held.meta.split = Split::Test;
    let mut lab = lab();
    lab.put(held);
    // Where some recordings are for test, no other is: the parts differ, the sounds don't.
    let parts = json!({"split": {"test_fraction": 0}});
    let a = draw(&mut lab, &left_out.with_changes(&parts).unwrap());
    let b = draw(&mut lab, &silent.with_changes(&parts).unwrap());
    assert_eq!(a, b);
    // The room in which a tone for test was recorded is not heard either, as long as groups
    // stay whole.
    let room = |mut recording: Recording, split: Split| {
        recording.meta.group = Some("room".into());
        recording.meta.split = split;
        recording
    };
    let background = tone("_background_noise_", 0, 16_000.0, 40_000, 31);
    lab.put(room(background, Split::Auto));
    lab.put(room(tone("high", 0, 16_000.0, 16_000, 12), Split::Test));
    for (by, same) in [("group", true), ("recording", false)] {
        let parts = json!({"split": {"by": by}});
        let a = draw(&mut lab, &left_out.with_changes(&parts).unwrap());
        let b = draw(&mut lab, &silent.with_changes(&parts).unwrap());
        assert_eq!(a == b, same, "by {by}");
    }
}

#[test]
fn a_picture_of_a_window_is_what_the_network_learns_from() {
    let mut lab = lab();
    let long = tone("_background_noise_", 0, 16_000.0, 40_000, 31);
    let id = long.meta.id.as_str();
    let whole = lab.picture(&settings(), id, None).unwrap();
    let start = 2 * whole.stride_samples as u32;
    let window = lab.picture(&settings(), id, Some(start)).unwrap();
    assert_eq!(window.values.len(), window.frames * window.columns);
    assert_eq!(window.column_names.len(), window.columns);
    assert_eq!(
        (window.samples.len(), whole.samples.len()),
        (16_000, 40_000)
    );
    // Frames of a take are those of its windows.
    assert_eq!(
        whole.values[2 * window.columns..][..window.values.len()],
        window.values
    );
    assert_eq!(
        whole.frames,
        (40_000 - whole.frame_samples) / whole.stride_samples + 1
    );
    let view = lab.window(&settings(), id, start).unwrap();
    let values: Vec<f32> = view.features.iter().map(|f| f.value).collect();
    assert_eq!(values, window.values);
    assert_eq!(window.label.as_deref(), Some("_background_noise_"));
    lab.picture(&settings(), id, Some(24_001)).unwrap_err();

    // Of windows that are normalised as wholes, one after the other.
    let wholes = settings()
        .with_changes(&json!({"block": {"id": "mfcc", "settings": {"cmvn_frames": 101}}}))
        .unwrap();
    let window = lab.picture(&wholes, id, Some(16_000)).unwrap();
    let take = lab.picture(&wholes, id, None).unwrap();
    assert_eq!(take.values.len(), 2 * window.values.len());
    assert_eq!(take.values[window.values.len()..], window.values);
}

#[test]
fn a_map_puts_equal_sounds_together() {
    let mut lab = lab();
    let map = lab.map(&settings()).unwrap();
    let overview = lab.overview(&settings());
    let windows: u32 = overview
        .labels
        .iter()
        .map(|l| l.train + l.validation + l.test)
        .sum();
    assert_eq!(map.x.len() as u32, windows);
    assert!(map.shown > 0.5 && map.shown <= 1.0, "{}", map.shown);
    // Takes of one sound lie closer to each other than to any other sound.
    let of = |label: &str| -> Vec<(f32, f32)> {
        let label = map.label_names.iter().position(|l| l == label).unwrap() as u32;
        let points = map.x.iter().zip(&map.y).zip(&map.labels);
        points
            .filter(|(_, l)| **l == label)
            .map(|((x, y), _)| (*x, *y))
            .collect()
    };
    let far = |a: (f32, f32), b: (f32, f32)| (a.0 - b.0).hypot(a.1 - b.1);
    let (low, high) = (of("low"), of("high"));
    let within = low.iter().map(|p| far(*p, low[0])).fold(0.0, f32::max);
    let between = high
        .iter()
        .map(|p| far(*p, low[0]))
        .fold(f32::MAX, f32::min);
    assert!(within < between, "{within} {between}");
    assert_eq!(lab.map(&settings()).unwrap(), map);
    assert!(Lab::new().map(&settings()).unwrap().x.is_empty());
}

#[test]
fn layers_tell_what_they_cost_before_training() {
    let overview = lab().overview(&settings());
    let running = overview.layers.iter().filter(|l| l.cost.operator != "-");
    assert!(running.clone().count() > 2);
    assert!(
        running.clone().all(|l| l.arena_bytes > 0),
        "{:?}",
        overview.layers
    );
}
