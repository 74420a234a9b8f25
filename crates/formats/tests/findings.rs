//! What fuzzing has found stays mended: the smallest file of each finding, asked again.

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/src/promises.rs"]
mod promises;

#[test]
fn the_promises_are_kept() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/findings");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the findings are part of the project")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    let mut asked = 0;
    for file in files {
        let bytes = fs::read(&file).expect("a readable file");
        // Shown where the promise is broken.
        println!("{}", file.display());
        match file.extension().and_then(|kind| kind.to_str()) {
            Some("tflite") => promises::reader(&bytes),
            Some("blob") => promises::engine(&bytes),
            _ => continue,
        }
        asked += 1;
    }
    assert!(asked > 0, "no findings where they should be");
}
