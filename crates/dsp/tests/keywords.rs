//! `mfcc` against the front end of MLPerf Tiny's keyword spotting: 60 recordings and
//! the int8 features that are published with them. They lie outside of the project,
//! in `$LAMPYRIS_DATA/audio/kws-frontend-pairs`.

use std::path::PathBuf;
use std::{env, fs};

use lampyris_dsp::Signal;
use lampyris_dsp::block::by_id;

/// What the recipe says, by the names of the settings; the others keep their defaults.
const RECIPE: [(&str, f32); 12] = [
    ("frame_ms", 30.0),
    ("stride_ms", 20.0),
    ("fft_length", 512.0),
    ("low_hz", 20.0),
    ("high_hz", 4000.0),
    ("pre_emphasis", 0.0),
    ("hann", 1.0),
    ("magnitude", 1.0),
    ("noise_floor_db", -120.0),
    ("filters", 40.0),
    ("coefficients", 10.0),
    ("peak", 1.0),
];
/// Scale and zero point of the published features.
const SCALE: f32 = 0.584_702_9;
const ZERO_POINT: f32 = 83.0;

/// The samples of a WAV file of 16-bit mono: all there is in this set.
fn samples(wav: &[u8]) -> Vec<f32> {
    let data = wav.windows(4).position(|w| w == b"data").expect("data") + 8;
    let samples = wav[data..].chunks_exact(2);
    samples
        .map(|s| f32::from(i16::from_le_bytes([s[0], s[1]])) / 32768.0)
        .collect()
}

#[test]
fn gives_the_published_inputs_of_mlperf_tiny() {
    let data = env::var_os("LAMPYRIS_DATA").map(PathBuf::from);
    let folder = data.map(|data| data.join("audio/kws-frontend-pairs"));
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        println!("skipped: no LAMPYRIS_DATA with audio/kws-frontend-pairs");
        return;
    };
    let block = by_id("mfcc").expect("in the table");
    let settings: Vec<f32> = block
        .settings
        .iter()
        .map(|s| {
            let said = RECIPE.iter().find(|(id, _)| *id == s.id);
            said.map_or(s.default, |(_, value)| *value)
        })
        .collect();
    let signal = Signal {
        rate_hz: 16000.0,
        samples: 16000,
        axes: 1,
    };
    let layout = (block.check)(&signal, &settings).expect("legal");
    assert_eq!((layout.frames, layout.columns()), (49, 10));
    let mut scratch = vec![f32::NAN; layout.scratch];
    (block.prepare)(&signal, &settings, &mut scratch);

    let (mut pairs, mut values, mut equal, mut farthest) = (0, 0, 0, 0);
    for entry in fs::read_dir(folder.join("wav")).expect("wav") {
        let wav = entry.expect("an entry").path();
        let name = wav.file_stem().expect("a name").to_owned();
        let window = samples(&fs::read(&wav).expect("a file"));
        assert_eq!(window.len(), 16000, "{name:?}");
        let expected = folder.join("mfcc_int8").join(name).with_extension("bin");
        let expected = fs::read(expected).expect("each WAV has its features");
        let mut features = vec![f32::NAN; layout.features];
        (block.run)(&signal, &settings, &window, &mut scratch, &mut features);
        assert_eq!(expected.len(), features.len());
        for (x, expected) in features.iter().zip(expected) {
            let found = (x / SCALE + ZERO_POINT) as i8;
            let distance = (i32::from(found) - i32::from(expected as i8)).abs();
            values += 1;
            equal += usize::from(distance == 0);
            farthest = farthest.max(distance);
        }
        pairs += 1;
    }
    let share = 100.0 * equal as f64 / values as f64;
    println!("{pairs} pairs, {values} values: {share:.2} % equal, the others off by {farthest}");
    assert!(pairs == 60 && share >= 99.5 && farthest <= 1, "{share} %");
}
