//! Pictures in the engine, in a dedicated worker of a real browser.

use js_sys::{Array, Float32Array, Function, Reflect, Uint8Array, Uint32Array};
use lampyris_lab::{Settings, Task};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::browser::{assert_refused, field, job, number, read};
use crate::files::Importer;
use crate::lab::Lab;
use crate::live::Live;
use crate::{js, sample};

#[path = "../../lab/tests/png/mod.rs"]
mod png;
#[path = "../../formats/tests/same/mod.rs"]
mod same;

const LABELS: [&str; 2] = ["dark left", "dark right"];

/// Pixels of a picture whose left or right half is dark, as `[height, width, 3]`.
fn pixels(width: usize, height: usize, label: usize, number: usize) -> Vec<u8> {
    let pixel = |i: usize| {
        let (x, y) = (i % width, i / width);
        let left = x < width / 2;
        let light = if left == (label == 0) { 40 } else { 200 };
        (light + (x * 7 + y * 13 + number * 29) % 24) as u8
    };
    (0..width * height).flat_map(|i| [pixel(i); 3]).collect()
}

fn picture(width: usize, height: usize, label: usize, number: usize) -> Vec<u8> {
    png::png(width, height, &pixels(width, height, label, number))
}

fn new(label: usize, number: usize) -> JsValue {
    let split = ["train", "train", "validation", "test"][number % 4];
    let json = serde_json::json!({
        "name": format!("{} {number}", LABELS[label]), "label": LABELS[label], "group": null,
        "split": split,
        "source": "camera", "created_ms": null, "notes": "", "rate_hz": 1.0,
        "axes": [{"name": "picture", "unit": ""}],
    });
    js::value(&json).expect("plain data")
}

fn settings() -> JsValue {
    let mut settings = Settings::default_for(Task::Image);
    settings.network.clear();
    settings.training.augment.copies = 0;
    js::value(&settings).expect("plain data")
}

fn text(value: &JsValue, name: &str) -> String {
    field(value, name).as_string().expect(name)
}

/// A lab with four pictures of each label, and their ids.
fn filled() -> (Lab, Vec<String>) {
    let mut lab = Lab::new();
    let mut ids = Vec::new();
    for label in 0..2 {
        for number in 0..4 {
            let file = picture(64, 48, label, number);
            let made = lab.make_picture(&new(label, number), &file);
            let made = made.expect("a good picture");
            let meta = made.meta().expect("plain data");
            let (encoded, look) = (made.encoded().expect("there"), made.look().expect("there"));
            let told = lab.put_picture(&meta, encoded, Some(look));
            assert_eq!(told.expect("intact"), None, "the look was given");
            ids.push(text(&meta, "id"));
        }
    }
    (lab, ids)
}

#[wasm_bindgen_test]
fn a_large_picture_is_kept_small_as_jpeg_and_looks_the_same_again() {
    let mut lab = Lab::new();
    let made = lab.make_picture(&new(0, 1), &picture(660, 500, 0, 1));
    let made = made.expect("a good picture");
    assert!(made.note().expect("a note").contains("660"));
    let encoded = made.encoded().expect("there");
    assert_eq!(encoded[..3], [0xff, 0xd8, 0xff], "a JPEG");
    let meta = made.meta().expect("plain data");
    let size = Array::from(&field(&meta, "size"));
    assert_eq!((size.get(0), size.get(1)), (422.into(), 320.into()));
    // Without its look, or with one of another build, it is looked at again.
    for look in [None, Some(vec![250, 1, 2])] {
        let told = lab.put_picture(&meta, encoded.clone(), look);
        assert_eq!(told.expect("intact"), made.look().ok());
    }
    let mut other = encoded.clone();
    other.push(0);
    assert_refused(lab.put_picture(&meta, other, made.look().ok()), "id");
    assert_refused(
        lab.make_picture(&new(0, 1), &encoded[..encoded.len() / 2]),
        "",
    );
    assert_refused(lab.make_picture(&new(0, 1), b"GIF89a"), "GIF");
}

#[wasm_bindgen_test]
fn pixels_and_kept_files_are_those_of_every_other_machine() {
    assert_eq!(same::sums(), same::SAME);
}

#[wasm_bindgen_test]
fn from_pictures_to_a_running_model() {
    let (mut lab, ids) = filled();
    let settings = settings();
    let overview = lab.overview(&settings).expect("readable settings");
    assert_eq!(field(&overview, "ready"), JsValue::TRUE, "{overview:?}");
    let shown = lab.shown(&settings, &ids[0]).expect("a picture");
    let [width, height, channels] =
        ["width", "height", "channels"].map(|name| number(&shown, name) as usize);
    let bytes = Uint8Array::from(field(&shown, "bytes")).to_vec();
    assert_eq!(bytes.len(), width * height * channels);
    assert!(bytes[0] < 100 && bytes[bytes.len() - 1] > 150);

    let means = lab.mean_pictures(&settings).expect("pictures");
    let labels = Array::from(&field(&means, "labels"));
    assert_eq!(labels.get(0), LABELS[0]);
    assert_eq!(Uint32Array::from(field(&means, "counts")).to_vec().len(), 2);
    assert_eq!(
        Uint8Array::from(field(&means, "bytes")).length() as usize,
        2 * bytes.len()
    );

    assert!(lab.scores(&settings, &ids[0]).expect("a picture").is_none());
    let whole = job(&mut lab, &settings).expect("two labels");
    let whole = lampyris_lab::Job::from_bytes(&whole).expect("intact");
    let report = lab
        .quantize(&settings, sample::trained(&whole), &JsValue::UNDEFINED)
        .expect("finite weights");
    assert!(number(&report, "accuracy_int8") > 0.99, "{report:?}");
    let scores = lab
        .scores(&settings, &ids[0])
        .expect("a picture")
        .expect("a model");
    assert!(scores.get_index(0) > 0.5);
    let answers = lab.answers(&settings).expect("a model");
    let (truth, said) = ["truth", "said"]
        .map(|name| Uint32Array::from(field(&answers, name)).to_vec())
        .into();
    assert_eq!(truth, said);
    assert!(!truth.is_empty());
    let scores = Float32Array::from(field(&answers, "scores"));
    assert_eq!(scores.length() as usize, 2 * truth.len());

    let mut live = Live::new(&lab.bundle().expect("a model")).expect("intact");
    let info = live.info().expect("plain data");
    assert_eq!(number(&field(&info, "picture"), "width") as usize, width);
    assert!(live.shown().is_empty());
    for label in 0..2 {
        let rgb = pixels(64, 48, label, 9);
        let rgba: Vec<u8> = rgb
            .chunks(3)
            .flat_map(|p| [p[0], p[1], p[2], 255])
            .collect();
        let answer = live.see(&rgba, 64, 48, 1000.0 + label as f64 * 100.0);
        let answer = answer.expect("a whole picture");
        let events = Array::from(&field(&answer, "events"));
        assert_eq!(events.length(), 1);
        let scores = Array::from(&field(&events.get(0), "scores"));
        let [right, wrong] = [label, 1 - label].map(|i| scores.get(i as u32).as_f64());
        assert!(right > wrong, "{scores:?}");
        // The exact input: what the lab shows of the same picture, less 128.
        let made = lab
            .make_picture(&new(label, 9), &picture(64, 48, label, 9))
            .expect("good");
        let meta = made.meta().expect("plain data");
        lab.put_picture(&meta, made.encoded().expect("there"), None)
            .expect("intact");
        let shown = lab.shown(&settings, &text(&meta, "id")).expect("a picture");
        let shown = Uint8Array::from(field(&shown, "bytes")).to_vec();
        let input: Vec<i8> = shown.iter().map(|b| (i16::from(*b) - 128) as i8).collect();
        assert_eq!(live.shown(), input);
    }
    // Of a stored JPEG, too: decoded by the browser, it would not be the same to the bit.
    let made = lab.make_picture(&new(0, 10), &picture(660, 500, 0, 10));
    let made = made.expect("a good picture");
    let (meta, encoded) = (made.meta().expect("plain data"), made.encoded());
    let encoded = encoded.expect("there");
    live.see_file(&encoded, 1200.0).expect("a good picture");
    lab.put_picture(&meta, encoded, None).expect("intact");
    let shown = lab.shown(&settings, &text(&meta, "id")).expect("a picture");
    let shown = Uint8Array::from(field(&shown, "bytes")).to_vec();
    let input: Vec<i8> = shown.iter().map(|b| (i16::from(*b) - 128) as i8).collect();
    assert_eq!(live.shown(), input);
    assert_refused(live.see_file(b"GIF89a", 1300.0), "GIF");
    assert_eq!(live.refusal(), None);
    live.spin_features(2).expect("of a picture");
    live.spin(2);
    assert_refused(live.see(&[1, 2, 3], 2, 2, 0.0), "3 bytes");
    assert_refused(live.classify(&[0.0; 3]), "a window");
}

#[wasm_bindgen_test]
fn labels_change_without_the_pixels() {
    let (mut lab, ids) = filled();
    let zip = lab.export_dataset().expect("pictures");
    let result = read(&[("set.zip", &zip)]);
    let metas = Array::from(&result.metas().expect("plain data"));
    assert_eq!(metas.length(), 8);
    let meta = metas
        .iter()
        .find(|meta| text(meta, "id") == ids[0])
        .expect("the same content");
    let spans = serde_json::json!([{"start": 0, "end": 1, "label": "new"}]);
    let spans = js::value(&spans).expect("plain data");
    Reflect::set(&meta, &"spans".into(), &spans).expect("an object");
    lab.put_meta(&meta).expect("it is there");
    let overview = lab.overview(&settings()).expect("readable settings");
    assert_eq!(Array::from(&field(&overview, "labels")).length(), 3);
    lab.remove(&ids[0]);
    assert_refused(lab.put_meta(&meta), "no such recording");
}

#[wasm_bindgen_test]
fn a_zip_tells_how_far_it_has_come_and_a_project_keeps_its_pictures() {
    let (lab, ids) = filled();
    let zip = lab
        .project("Sides".into(), &settings(), "null".into())
        .expect("a project");
    let back = Lab::read_project(&zip).expect("intact");
    let metas = Array::from(&back.metas().expect("plain data"));
    let mut again = Lab::new();
    for (i, meta) in metas.iter().enumerate() {
        let encoded = back.encoded(i).expect("there").expect("a picture");
        let look = back.look(i).expect("there");
        assert_eq!(
            again.put_picture(&meta, encoded, look).expect("intact"),
            None
        );
        assert!(ids.contains(&text(&meta, "id")));
    }
    let zip = again.export_dataset().expect("pictures");
    let told = Array::new();
    let hear = Function::new_with_args("done, total", "this.push([done, total])").bind0(&told);
    let mut importer = Importer::new();
    importer.add("set.zip", zip, &hear);
    assert_eq!(told.length(), 1);
    // Eight pictures and their index.
    assert_eq!(Array::from(&told.get(0)).get(1), 9);
    let result = importer
        .finish(&js_sys::Object::new())
        .expect("readable options");
    assert_eq!(
        Array::from(&result.metas().expect("plain data")).length(),
        8
    );
    assert!(result.encoded(0).expect("there").is_some());
    assert!(result.look(0).expect("there").is_some());
}
