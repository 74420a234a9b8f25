//! What fuzzing has found stays mended: the smallest file of each finding, asked again.
//!
//! `make fuzz` starts from these files too, so they are also what it varies.

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/src/promises.rs"]
mod promises;

fn each(target: &str, promise: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/findings");
    let mut files: Vec<_> = fs::read_dir(folder.join(target))
        .expect("the findings are part of the project")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    for file in files {
        // The name is shown where the promise is broken.
        println!("{}", file.display());
        promise(&fs::read(&file).expect("a readable file"));
    }
}

#[test]
fn the_reader_keeps_its_promise() {
    each("reader", promises::reader);
}

#[test]
fn the_engine_keeps_its_promise() {
    each("engine", promises::engine);
}
