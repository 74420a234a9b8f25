//! The engine in a dedicated worker of a real browser, where it lives.

use js_sys::{Array, Error, Float32Array, Function, JSON, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::files::{ImportResult, Importer};
use crate::lab::Lab;
use crate::live::Live;
use crate::network::Network;
use crate::{catalog, js, sample};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

pub(crate) fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).expect("an object")
}

pub(crate) fn number(value: &JsValue, name: &str) -> f64 {
    field(value, name).as_f64().expect(name)
}

fn settings() -> JsValue {
    js::value(&sample::settings()).expect("plain data")
}

/// A lab with four takes of each label, and the ids.
fn filled() -> (Lab, Vec<String>) {
    let mut lab = Lab::new();
    let mut ids = Vec::new();
    for label in 0..2 {
        for take in 0..4 {
            let (new, values) = sample::take(label, take);
            let new = js::value(&new).expect("plain data");
            let meta = lab.make(&new, values.clone(), None).expect("a good take");
            ids.push(field(&meta, "id").as_string().expect("text"));
            lab.put(&meta, values, None).expect("a good take");
        }
    }
    (lab, ids)
}

/// All pieces of a job one after another.
pub(crate) fn job(lab: &mut Lab, settings: &JsValue) -> Result<Vec<u8>, JsValue> {
    let mut stream = lab.job_stream(settings)?;
    let mut whole = Vec::new();
    let mut pieces = 0;
    while let Some(piece) = stream.next(lab)? {
        pieces += 1;
        whole.extend(piece);
    }
    assert_eq!(pieces, stream.total());
    Ok(whole)
}

/// A lab with a model.
fn quantized() -> (Lab, JsValue) {
    let (mut lab, _) = filled();
    let bytes = job(&mut lab, &settings()).expect("two classes");
    let job = lampyris_lab::Job::from_bytes(&bytes).expect("intact");
    let report = lab.quantize(&settings(), sample::trained(&job), &JsValue::UNDEFINED);
    (lab, report.expect("finite weights"))
}

/// What was thrown must be an `Error` that says what, where and the remedy.
pub(crate) fn assert_refused<T>(result: Result<T, JsValue>, what: &str) {
    let error = result.err().expect(what);
    assert!(error.dyn_ref::<Error>().is_some(), "{what}: no Error");
    let text = field(&error, "what").as_string().expect("text");
    assert!(text.contains(what), "{text:?} does not say {what:?}");
    for name in ["place", "remedy", "message"] {
        let text = field(&error, name).as_string().expect("text");
        assert!(!text.is_empty(), "{what}: no {name}");
    }
}

#[wasm_bindgen_test]
fn the_catalog_offers_blocks_boards_and_legal_defaults() {
    let catalog = catalog().expect("plain data");
    assert!(Array::from(&field(&catalog, "blocks")).length() > 0);
    assert!(Array::from(&field(&catalog, "boards")).length() > 0);
    let defaults = field(&catalog, "defaults");
    assert_eq!(field(&defaults, "task"), "motion");
    // Through JSON: no 0.0010000000474974513 for an f32 of 0.001.
    let text = JSON::stringify(&defaults).expect("plain").as_string();
    let text = text.expect("text");
    assert!(!text.contains("0000000"), "{text}");
    Lab::new()
        .overview(&defaults)
        .expect("defaults can be read");
}

#[wasm_bindgen_test]
fn from_takes_to_a_running_model() {
    let (mut lab, ids) = filled();
    let overview = lab.overview(&settings()).expect("readable settings");
    assert_eq!(field(&overview, "ready"), JsValue::TRUE, "{overview:?}");
    assert_eq!(Array::from(&field(&overview, "labels")).length(), 2);
    let view = lab
        .window(&settings(), &ids[0], 0)
        .expect("inside the take");
    let features = number(&overview, "features");
    let told = Array::from(&field(&view, "features")).length();
    assert_eq!(f64::from(told), features);

    let (lab, report) = quantized();
    assert!(number(&report, "accuracy_int8") > 0.99, "{report:?}");
    assert_eq!(&lab.tflite().expect("a model")[4..8], b"TFL3");

    let mut live = Live::new(&lab.bundle().expect("a model")).expect("intact");
    let info = live.info().expect("plain data");
    assert_eq!(field(&info, "sha256"), field(&report, "model_sha256"));
    let window = number(&info, "window") as usize;
    for label in 0..2 {
        let class = sample::class_of(label);
        let times: Vec<f64> = (0..300).map(|i| f64::from(i) * 1000.0 / 60.0).collect();
        let readings: Vec<f32> = times
            .iter()
            .flat_map(|t| sample::motion(class, *t))
            .collect();
        let answer = live.push(&readings, &times).expect("whole readings");
        // The second time the clock begins anew: what lies between is a gap.
        assert_eq!(number(&answer, "gaps"), label as f64);
        let events = Array::from(&field(&answer, "events"));
        assert!(events.length() > 0);
        for event in events.iter() {
            assert_eq!(number(&event, "label"), label as f64, "{event:?}");
        }
        assert!((live.sensor_rate() - 60.0).abs() < 0.5);
        assert_eq!(live.refusal(), None);

        let even = (0..window).flat_map(|i| sample::motion(class, i as f64 * 20.0));
        let scores = live
            .classify(&even.collect::<Vec<_>>())
            .expect("a whole window");
        assert!(scores[label] > scores[1 - label], "{scores:?}");
        let before = scores.clone();
        live.spin(3);
        live.spin_features(3)
            .expect("a picture of its own is legal");
        let again = (0..window).flat_map(|i| sample::motion(class, i as f64 * 20.0));
        assert_eq!(
            live.classify(&again.collect::<Vec<_>>()).expect("whole"),
            before
        );
    }
}

#[wasm_bindgen_test]
fn a_project_comes_back_whole() {
    let (lab, _) = quantized();
    let zip = lab.project("Gestures".into(), &settings(), "[1,2]".into());
    let zip = zip.expect("a project");
    let back = Lab::read_project(&zip).expect("intact");
    assert_eq!(back.name(), "Gestures");
    assert_eq!(back.history_json(), "[1,2]");
    assert_eq!(back.bundle(), lab.bundle().ok());
    assert!(back.trained().is_some());
    assert!(number(&back.report().expect("plain data"), "accuracy_int8") > 0.99);
    let metas = Array::from(&back.metas().expect("plain data"));
    assert_eq!(metas.length(), 8);
    let mut again = Lab::new();
    for (i, meta) in metas.iter().enumerate() {
        let (values, times) = (
            back.values(i).expect("there"),
            back.times(i).expect("there"),
        );
        again.put(&meta, values, times).expect("intact");
    }
    assert_eq!(
        job(&mut again, &settings()).ok(),
        job(&mut filled().0, &settings()).ok()
    );
    let mut cut = zip.clone();
    cut.truncate(zip.len() / 2);
    assert!(Lab::read_project(&cut).is_err());
}

#[wasm_bindgen_test]
fn any_model_file_is_looked_into_and_run() {
    let (lab, report) = quantized();
    let mut network = Network::new(&lab.tflite().expect("a model")).expect("our own file");
    let info = network.info().expect("plain data");
    assert_eq!(field(&info, "macs"), field(&report, "macs"));
    assert_eq!(field(&info, "arena_bytes"), field(&report, "arena_bytes"));
    let random = network.fill(0, Some(7));
    assert_eq!(random, network.fill(0, Some(7)));
    let inputs = |raw: &[u8]| Array::of1(&Uint8Array::from(raw));
    let outputs = network.run(&inputs(&random)).expect("of the right length");
    let raw = Uint8Array::from(outputs.get(0)).to_vec();
    let shares: f32 = network.dequantize(0, &raw).iter().sum();
    assert!((shares - 1.0).abs() < 0.05, "{shares}");
    let zeros = network.fill(0, None);
    assert_eq!(network.quantize(0, &vec![0.0; zeros.len()]), zeros);
    let times = network.measure(1.0, true).expect("plain data");
    assert_eq!(number(&times, "blocks"), 1.0);
    assert!(number(&field(&times, "run"), "median_us") > 0.0);

    assert_refused(network.run(&Array::new()), "0 inputs");
    assert_refused(network.run(&inputs(&[1, 2])), "2 values");
    assert_refused(network.run(&Array::of1(&7.into())), "no list of bytes");
    assert_refused(Network::new(b"no model at all"), "not a TensorFlow Lite");
    assert!(Network::operators().contains(&"FULLY_CONNECTED".to_string()));
}

/// Files one after another, as the page gives them.
pub(crate) fn read(files: &[(&str, &[u8])]) -> ImportResult {
    let mut importer = Importer::new();
    for (path, bytes) in files {
        importer.add(path, bytes.to_vec(), &Function::new_no_args(""));
    }
    importer.finish(&Object::new()).expect("readable options")
}

#[wasm_bindgen_test]
fn files_are_imported_and_one_bad_file_spoils_nothing() {
    let csv = "time_ms,x,y\n0,1,2\n20,3,4\n40,5,6\n";
    let result = read(&[
        ("train/left/a.csv", csv.as_bytes()),
        ("train/left/b.json", b"{"),
    ]);
    let metas = Array::from(&result.metas().expect("plain data"));
    assert_eq!(metas.length(), 1, "{metas:?}");
    let spans = Array::from(&field(&metas.get(0), "spans"));
    assert_eq!(field(&spans.get(0), "label"), "left");
    assert_eq!(
        result.values(0).expect("there"),
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    );
    assert_eq!(Array::from(&result.problems().expect("plain")).length(), 1);
    assert!(result.values(1).is_err());
    // Typed arrays, not lists of boxed numbers.
    let values = JsValue::from(result.values(0).expect("there"));
    assert!(values.is_instance_of::<Float32Array>());
}

#[wasm_bindgen_test]
fn a_data_set_goes_out_and_comes_back() {
    let (lab, mut ids) = filled();
    let zip = lab.export_dataset().expect("a few takes");
    let result = read(&[("set.zip", &zip)]);
    let metas = Array::from(&result.metas().expect("plain data"));
    let id = |meta: JsValue| field(&meta, "id").as_string().expect("text");
    let mut again: Vec<String> = metas.iter().map(id).collect();
    ids.sort();
    again.sort();
    assert_eq!(again, ids);
}

#[wasm_bindgen_test]
fn a_long_take_is_split_where_something_moves() {
    let axes = js::value(&serde_json::json!({
        "name": "long", "label": "clap", "rate_hz": 1000, "source": "microphone",
        "axes": [{"name": "audio", "unit": ""}],
    }));
    let mut values = vec![0.0; 4000];
    for (i, v) in values[2000..2200].iter_mut().enumerate() {
        *v = if i % 2 == 0 { 0.5 } else { -0.5 };
    }
    let mut lab = Lab::new();
    let meta = lab.make(&axes.expect("plain"), values.clone(), None);
    let meta = meta.expect("a good take");
    lab.put(&meta, values, None).expect("a good take");
    let id = field(&meta, "id").as_string().expect("text");
    let pieces = Array::from(&lab.takes(&id, &Object::new()).expect("a good take"));
    assert_eq!(pieces.length(), 1);
    let piece = pieces.get(0);
    assert_eq!(
        (number(&piece, "start"), number(&piece, "end")),
        (1600.0, 2600.0)
    );
    assert_refused(lab.takes("nobody", &Object::new()), "no such recording");
}

#[wasm_bindgen_test]
fn refusals_are_errors_with_what_place_and_remedy() {
    let (mut lab, ids) = filled();
    assert_refused(lab.overview(&JsValue::from(7)), "settings can't be read");
    assert_refused(lab.overview(&JsValue::UNDEFINED), "settings can't be read");
    assert_refused(lab.window(&settings(), &ids[0], 1_000_000), "over the end");
    assert_refused(lab.window(&settings(), "nobody", 0), "no such recording");
    assert_refused(lab.bundle(), "no model");
    assert_refused(
        lab.quantize(&settings(), vec![1, 2, 3], &JsValue::UNDEFINED),
        "end",
    );
    let (new, mut values) = sample::take(0, 0);
    let new = js::value(&new).expect("plain data");
    values[5] = f32::NAN;
    assert!(lab.make(&new, values, None).is_err());
    for id in &ids[4..] {
        lab.remove(id);
    }
    assert!(job(&mut lab, &settings()).is_err(), "one class only");
    lab.clear();
    assert!(job(&mut lab, &settings()).is_err(), "no recordings");

    assert!(Live::new(b"no bundle").is_err());
    let bundle = quantized().0.bundle().expect("a model");
    let mut damaged = bundle.clone();
    damaged[100] ^= 1;
    assert_refused(Live::new(&damaged), "damaged");
    let mut live = Live::new(&bundle).expect("intact");
    assert_refused(live.classify(&[0.0; 5]), "window of 5");
    assert_refused(live.push(&[0.0; 4], &[0.0]), "4 values");
}
