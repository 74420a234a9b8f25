//! Any file into the reader, and what it reads through everything that follows.
#![no_main]

use lampyris_formats::tflite::{self, Metadata};
use lampyris_fuzz::{files, graphs, promises, random::Random};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|file: &[u8]| promises::reader(file));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut random = Random::new(seed);
    let varied = match random.below(32) {
        0 => fresh(&mut random),
        1..20 => Some(files::vary(&data[..size], &mut random)),
        _ => None,
    };
    let Some(varied) = varied.filter(|varied| varied.len() <= max_size) else {
        return fuzzer_mutate(data, size, max_size);
    };
    data[..varied.len()].copy_from_slice(&varied);
    varied.len()
});

/// The file of a network that nobody has seen yet.
fn fresh(random: &mut Random) -> Option<Vec<u8>> {
    let graph = graphs::graph(random);
    tflite::write(&graph, &Metadata::default()).ok()
}
