//! Networks of random weights, to measure with and to compare kernels on; the same in every
//! run.
//!
//! `cargo run -p lampyris-formats --example random_models -- bench DIR` writes
//! `DIR/ic_like.tflite` and `DIR/ad_like.tflite`: networks with the shapes of two of MLPerf
//! Tiny's. `DIR/<name>/` holds the same as `model.tflite`, and random inputs of two calls as
//! `in.bin`, as the example `chip_models` takes them.
//!
//! `… random_models -- kernels DIR CASES` writes networks of one or two operators, and what
//! this engine's plain loops give on the host: kernels for one processor must give the same
//! bytes. `DIR/cases.txt` says what each case is, a line each; `DIR/cases.bin` holds, for
//! each case (numbers are little-endian),
//!
//! ```text
//! u32 × 4  bytes of the graph (a multiple of 16), calls, bytes of all inputs, of all outputs
//! the graph, as emitted
//! for each call its input
//! for each call its output
//! ```
//!
//! `DIR/odd.bin` and `DIR/odd.txt` are the same of networks with one parameter spoiled that the
//! engine's check lets pass here; where words have 32 bits it may refuse some of them.

mod bench;
mod kernels;
mod made;

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["bench", dir] => bench::write_all(Path::new(dir)),
        ["kernels", dir, cases] => kernels::write_all(Path::new(dir), cases.parse()?),
        _ => Err("usage: random_models bench DIR | kernels DIR CASES".into()),
    }
}
