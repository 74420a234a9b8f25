//! The pipeline of pictures, without a trainer: first weights stand in for trained ones,
//! because what is tested here is what surrounds them.
#![allow(clippy::unwrap_used)]

mod png;

use lampyris_dataset::{
    Axis, NewRecording, PICTURE_AXIS, Picture, PictureLook, Recording, Severity, Split,
};
use lampyris_device::Chip;
use lampyris_lab::{
    EpochRow, Job, JobReader, Lab, LabError, ModelInfo, OpenBundle, Part, Settings, Task,
    TrainingResult, Values, Varied, evaluate, extract, extract_int8, golden_windows,
    model_settings,
};
use lampyris_net::Net;
use png::png;
use serde_json::json;

const WIDTH: usize = 40;
const HEIGHT: usize = 30;

/// Stripes of one direction in one of many greys and places, with a little noise.
fn pixels(label: usize, take: usize) -> Vec<u8> {
    let places = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    places
        .flat_map(|(x, y)| {
            let along = [x, y][label] + take;
            let noise = (x * 31 + y * 17 + take * 7) % 13;
            let light = if along % 8 < 4 { 200 } else { 40 } + noise as u8;
            [light, light / 2, 255 - light]
        })
        .collect()
}

const LABELS: [&str; 2] = ["lying", "standing"];

fn picture(label: usize, take: usize) -> Recording {
    let new = NewRecording {
        name: format!("{}.{take}", LABELS[label]),
        label: LABELS[label].into(),
        split: [Split::Train, Split::Train, Split::Validation, Split::Test][take % 4],
        source: "import".into(),
        ..NewRecording::default()
    };
    let rgb = pixels(label, take);
    let kept = Picture {
        encoded: png(WIDTH, HEIGHT, &rgb),
        look: PictureLook::of(WIDTH as u32, HEIGHT as u32, &rgb),
    };
    Recording::picture(new, kept, [WIDTH as u32, HEIGHT as u32]).unwrap()
}

fn pictures() -> Vec<Recording> {
    let all = (0..12).flat_map(|take| [picture(0, take), picture(1, take)]);
    all.collect()
}

fn lab() -> Lab {
    let mut lab = Lab::new();
    pictures().into_iter().for_each(|r| lab.put(r));
    lab
}

fn settings() -> Settings {
    let small = json!({
        "block": {"settings": {"width": 12, "height": 8, "colour": 1}},
        "training": {"augment": {"copies": 1}}
    });
    Settings::default_for(Task::Image)
        .with_changes(&small)
        .unwrap()
}

/// What a trainer could have given back.
fn result(job: &Job) -> TrainingResult {
    TrainingResult {
        settings_hash: job.settings_hash.clone(),
        net: Net::init(&job.network(), 1).unwrap().to_bytes(),
        history: vec![EpochRow::default()],
        best_epoch: 1,
    }
}

#[test]
fn the_overview_counts_pictures() {
    let overview = lab().overview(&settings());
    assert!(overview.ready, "{:?}", overview.issues);
    assert_eq!((overview.window, overview.hop), (1, 1));
    assert_eq!((overview.features, overview.frames), (12 * 8 * 3, 12 * 8));
    assert_eq!(overview.feature_names, ["red", "green", "blue"]);
    assert_eq!(overview.axes, [PICTURE_AXIS]);
    let counted = overview.labels.iter();
    let counted: Vec<_> = counted
        .map(|l| (l.recordings, l.seconds, l.train, l.validation, l.test))
        .collect();
    assert_eq!(counted, [(12, 0.0, 6, 3, 3); 2]);
    let footprint = overview.footprint.unwrap();
    let camera = footprint
        .ram_whole
        .parts
        .iter()
        .find(|p| p.name == "camera");
    assert_eq!(camera.unwrap().low, Some(160.0 * 120.0));
    assert!(footprint.energy.low.is_some_and(|e| e > 0.0));
    assert_eq!(footprint.latency.limit, Some(200.0));
    // Each doubling of the rate halves what a picture may take.
    let faster = settings().with_changes(&json!({"hop_ms": 100})).unwrap();
    let faster = lab().overview(&faster).footprint.unwrap();
    assert_eq!(faster.latency.limit, Some(100.0));
}

#[test]
fn recordings_of_another_kind_are_told_and_left_out() {
    let stranger = Recording::new(
        NewRecording {
            name: "walk".into(),
            label: "walking".into(),
            axes: vec![Axis {
                // A column of that name makes no picture.
                name: PICTURE_AXIS.into(),
                unit: String::new(),
            }],
            rate_hz: 50.0,
            source: "import".into(),
            ..NewRecording::default()
        },
        vec![0.5; 500],
        None,
    );
    let stranger = stranger.unwrap();
    let mut lab = lab();
    lab.put(stranger.clone());
    let told = |lab: &Lab, settings: &Settings, text: &str| {
        let overview = lab.overview(settings);
        let issue = overview.issues.iter().find(|i| i.what.contains(text));
        let issue = issue.unwrap_or_else(|| panic!("{:?}", overview.issues));
        assert_eq!(issue.severity, Severity::Warning);
        issue.recordings.len()
    };
    assert_eq!(told(&lab, &settings(), "1 recording is no picture"), 1);
    assert_eq!(lab.overview(&settings()).labels.len(), 2);
    assert!(lab.job(&settings()).is_ok());
    let motion = Settings::default_for(Task::Motion);
    assert_eq!(told(&lab, &motion, "24 recordings are pictures"), 24);
    assert!(lab.job(&motion).is_err());
    let mut others = Lab::new();
    others.put(stranger);
    let overview = others.overview(&settings());
    assert!(!overview.ready && overview.labels.is_empty());
}

#[test]
fn a_job_holds_bytes_in_their_own_order() {
    let job = lab().job(&settings()).unwrap();
    assert_eq!((job.train.y.len(), job.validation.y.len()), (12, 6));
    assert_eq!((job.features, job.grid), (288, Some([8, 12])));
    let Values::Bytes(x) = &job.train.x else {
        panic!("pictures are bytes");
    };
    assert_eq!((x.len(), x.capacity()), (12 * 288, 12 * 288));
    let input = job.network().input;
    assert_eq!((input.height, input.width, input.channels), (8, 12, 3));
    // As recorded, then varied; equal epochs give equal values.
    let copies = job.training.augment.copies as usize;
    assert_eq!(
        (job.len(Part::Train), copies > 0),
        (12 * (1 + copies), true)
    );
    let draw = |epoch, index| {
        let mut out = vec![9.0; 288];
        job.draw(Part::Train, epoch, index, &mut out);
        out
    };
    let plain: Vec<f32> = x[..288]
        .iter()
        .map(|v| (f32::from(*v) - 128.0) / 128.0)
        .collect();
    assert_eq!((draw(0, 0), draw(7, 0)), (plain.clone(), plain.clone()));
    assert_eq!(draw(3, 12), draw(3, 12));
    assert!(draw(3, 12) != draw(4, 12) && draw(3, 12) != plain);
    assert!((0..24).all(|i| draw(0, i).iter().all(|v| (-1.0..1.0).contains(v))));
    assert_eq!(job.label(Part::Train, 12), job.label(Part::Train, 0));
    let still = settings().with_changes(&json!({"training": {"augment": {"copies": 0}}}));
    let still = lab().job(&still.unwrap()).unwrap();
    assert!(still.varied.is_none() && still.len(Part::Train) == 12);
}

/// All pieces of the stream of a lab.
fn pieces(lab: &mut Lab, settings: &Settings) -> Result<Vec<Vec<u8>>, LabError> {
    let mut stream = lab.job_stream(settings)?;
    let mut pieces = Vec::new();
    while let Some(piece) = stream.next(lab)? {
        assert!(piece.len() <= 4 << 20);
        pieces.push(piece);
    }
    assert_eq!(pieces.len(), stream.total());
    Ok(pieces)
}

#[test]
fn a_job_in_pieces_is_the_job() {
    let mut lab = lab();
    let job = lab.job(&settings()).unwrap();
    let streamed = pieces(&mut lab, &settings()).unwrap().concat();
    assert!(streamed == job.to_bytes());
    assert!(Job::from_bytes(&streamed).unwrap() == job);
    // However they are cut.
    for size in [1, 3, 1000] {
        let mut reader = JobReader::new();
        for piece in streamed.chunks(size) {
            reader.push(piece).unwrap();
        }
        assert!(reader.finish().unwrap() == job, "pieces of {size}");
    }
    // Neither who put the pictures in nor in which order matters.
    let mut reversed = Lab::new();
    pictures().into_iter().rev().for_each(|r| reversed.put(r));
    assert!(pieces(&mut reversed, &settings()).unwrap().concat() == streamed);
}

#[test]
fn a_large_job_takes_several_pieces() {
    let mut lab = lab();
    let large = json!({"block": {"settings": {"width": 160, "height": 160}}});
    let large = settings().with_changes(&large).unwrap();
    // 18 rows of 76,800 bytes fit one piece, so there must be more of them.
    for take in 12..120 {
        lab.put(picture(take % 2, take));
    }
    let pieces = pieces(&mut lab, &large).unwrap();
    assert!(pieces.len() > 1, "{}", pieces.len());
    assert!(Job::from_bytes(&pieces.concat()).unwrap() == lab.job(&large).unwrap());
}

#[test]
fn damage_and_cuts_are_refused() {
    let bytes = lab().job(&settings()).unwrap().to_bytes();
    let read = |bytes: &[u8]| Job::from_bytes(bytes).map(|_| ());
    for at in (0..bytes.len()).step_by(37).chain([bytes.len() - 1]) {
        let mut bad = bytes.clone();
        bad[at] ^= 0x10;
        read(&bad).expect_err("a flipped bit");
        read(&bytes[..at]).expect_err("a cut");
    }
    let more = [bytes.as_slice(), &[0]].concat();
    assert!(read(&more).unwrap_err().what.contains("more bytes"));
    let mut reader = JobReader::new();
    reader
        .push(b"something else, and long enough for a whole prefix")
        .unwrap_err();
    reader.push(&bytes).expect_err("it has failed before");
}

#[test]
fn a_picture_that_goes_or_is_none_is_told() {
    let mut lab = lab();
    let mut stream = lab.job_stream(&settings()).unwrap();
    let gone = pictures()[0].meta.id.clone();
    assert!(lab.remove(&gone));
    let error = stream.next(&mut lab).unwrap_err();
    assert_eq!(error.what, "there is no such recording");

    let broken = Picture {
        encoded: b"no picture".to_vec(),
        look: PictureLook::of(1, 1, &[0; 3]),
    };
    let new = NewRecording {
        name: "broken".into(),
        label: "lying".into(),
        split: Split::Train,
        ..NewRecording::default()
    };
    lab.put(Recording::picture(new, broken, [4, 4]).unwrap());
    let error = lab.job(&settings()).unwrap_err();
    assert!(error.place.contains("broken"), "{error}");
}

#[test]
fn what_the_model_sees_is_shown() {
    let mut lab = lab();
    let id = pictures()[0].meta.id.clone();
    let shown = lab.shown(&settings(), &id).unwrap();
    assert_eq!((shown.width, shown.height, shown.channels), (12, 8, 3));
    assert_eq!(shown.bytes.len(), 12 * 8 * 3);
    // Red is what is not blue.
    let off = shown
        .bytes
        .chunks(3)
        .map(|p| (i32::from(p[0]) + i32::from(p[2]) - 255).abs());
    assert!(off.max().unwrap() <= 1);
    let grey = json!({"block": {"settings": {"colour": 0}}});
    let grey = settings().with_changes(&grey).unwrap();
    assert_eq!(lab.shown(&grey, &id).unwrap().bytes.len(), 12 * 8);
    assert!(lab.shown(&settings(), &id).unwrap() == shown);
    lab.shown(&settings(), "nobody").unwrap_err();
    let motion = Settings::default_for(Task::Motion);
    assert!(lab.shown(&motion, &id).unwrap_err().place.contains("task"));

    let means = lab.mean_pictures(&settings()).unwrap();
    assert_eq!(means.labels, LABELS);
    // Test pictures are not looked at.
    assert_eq!(means.counts, [9, 9]);
    let train = pictures()
        .into_iter()
        .filter(|r| r.meta.split != Split::Test);
    let mine: Vec<_> = train.filter(|r| r.meta.labels() == ["standing"]).collect();
    let mut sum = 0;
    for r in &mine {
        sum += u32::from(lab.shown(&settings(), &r.meta.id).unwrap().bytes[100]);
    }
    assert_eq!(u32::from(means.bytes[288 + 100]), (sum + 4) / 9);

    let view = lab.window(&settings(), &id, 0).unwrap();
    assert_eq!((view.samples.len(), view.features.len()), (0, 0));
    assert_eq!(view.label.as_deref(), Some("lying"));
    let picture = lab.picture(&settings(), &id, None).unwrap();
    assert_eq!((picture.frames, picture.columns), (96, 3));
    assert_eq!(picture.values[5], f32::from(shown.bytes[5]));
}

#[test]
fn the_map_is_of_looks() {
    let map = lab().map(&settings()).unwrap();
    assert_eq!((map.ids.len(), map.x.len()), (24, 24));
    assert_eq!(map.label_names, LABELS);
    assert!(map.starts.iter().all(|s| *s == 0) && map.shown > 0.0);
    assert!(Lab::new().map(&settings()).unwrap().x.is_empty());
}

#[test]
fn a_model_is_measured_kept_and_asked() {
    let mut lab = lab();
    let id = pictures()[0].meta.id.clone();
    assert_eq!(lab.scores(&settings(), &id).unwrap(), None);
    lab.answers(&settings()).unwrap_err();
    let job = lab.job(&settings()).unwrap();
    let model = lab.quantize(&settings(), &result(&job)).unwrap().clone();
    let report = &model.report;
    assert_eq!((report.windows_test, report.recordings_test), (6, 6));
    assert_eq!(report.evaluated_on, Split::Test);
    assert!(report.calibration.iter().all(|c| c.windows == 6));

    let chip = Chip::parse(model.chip.as_ref()).unwrap();
    assert_eq!(
        (chip.input_scale(), chip.input_zero_point()),
        (1.0 / 128.0, 0)
    );
    assert_eq!((chip.rate_hz(), chip.grid()), (5.0, Some([8, 12])));
    let info = ModelInfo::of(model.chip.as_ref(), Vec::new(), None).unwrap();
    assert_eq!(info.likely_task(), Task::Image);
    let seen = info.picture.unwrap();
    assert_eq!((seen.width, seen.height, seen.channels), (12, 8, 3));

    // Golden vectors have the network's input and no samples.
    assert_eq!(model.golden.len(), 2);
    for golden in &model.golden {
        assert_eq!((golden.window.len(), golden.features.len()), (0, 288));
    }
    let (carried, axes) = model_settings(&model.tflite).unwrap();
    assert_eq!(
        (carried, axes),
        (settings(), vec![PICTURE_AXIS.to_string()])
    );

    let answers = lab.answers(&settings()).unwrap();
    assert_eq!((answers.ids.len(), answers.scores.len()), (6, 12));
    let mut confusion = vec![vec![0; 2]; 2];
    for (truth, said) in answers.truth.iter().zip(&answers.said) {
        confusion[*truth as usize][*said as usize] += 1;
    }
    assert_eq!(confusion, report.confusion);
    for (id, scores) in answers.ids.iter().zip(answers.scores.chunks(2)) {
        assert_eq!(lab.scores(&settings(), id).unwrap().unwrap(), scores);
    }
    // Another rate is the same model; another size is not.
    let faster = settings().with_changes(&json!({"hop_ms": 100})).unwrap();
    assert!(lab.answers(&faster).is_ok());
    let other = settings().with_changes(&json!({"block": {"settings": {"width": 10}}}));
    let other = other.unwrap();
    lab.answers(&other).unwrap_err();
    assert_eq!(lab.scores(&other, &id).unwrap(), None);
    lab.remove(&answers.ids[0].clone());
    assert_eq!(lab.answers(&settings()).unwrap().ids, answers.ids[1..]);
}

#[test]
fn a_finished_model_runs_on_other_pictures() {
    let mut lab = lab();
    let job = lab.job(&settings()).unwrap();
    let model = lab.quantize(&settings(), &result(&job)).unwrap().clone();
    let chip = model.chip.as_ref();
    let axes = [PICTURE_AXIS.to_string()];
    let test = || {
        pictures()
            .into_iter()
            .filter(|r| r.meta.split == Split::Test)
    };
    let test: Vec<Recording> = test().collect();
    let windows = golden_windows(chip, &settings(), &axes, test.iter()).unwrap();
    assert_eq!(windows.len(), 6);
    let golden = &model.golden[0];
    let same = windows.iter().find(|w| w.features == golden.features);
    assert_eq!(same.unwrap().outputs, golden.outputs);
    let evaluation = evaluate(chip, &settings(), &axes, test.iter()).unwrap();
    assert_eq!(evaluation.confusion, model.report.confusion);
    let open = OpenBundle::open(&model.bundle()).unwrap();
    for i in 0..model.golden.len() {
        let check = open.check(i).unwrap().unwrap();
        assert!(check.features && check.outputs, "{}", check.label);
    }
    // A chip part alone, without names of axes, does as well.
    assert!(evaluate(chip, &settings(), &[], test.iter()).is_ok());

    let floats = extract(&settings(), &test[0]).unwrap();
    assert_eq!((floats.windows, floats.frames, floats.columns), (1, 96, 3));
    let bytes = extract_int8(chip, &settings(), &axes, &test[0]).unwrap();
    let less: Vec<f32> = bytes.values.iter().map(|q| f32::from(*q) + 128.0).collect();
    assert_eq!(floats.values, less);
    let same = windows.iter().find(|w| w.recording == test[0].meta.id);
    assert_eq!(bytes.values, same.unwrap().features);
}

#[test]
fn varied_pictures_carry_their_ids() {
    let job = lab().job(&settings()).unwrap();
    let Some(Varied::Pictures(ids)) = &job.varied else {
        panic!("pictures are varied from themselves");
    };
    assert_eq!(ids.len(), job.train.y.len());
    assert!(ids.is_sorted());
}
