//! Any blob into the engine. A `.tflite` among the seeds stands for its own blob.
#![no_main]

use lampyris_formats::tflite;
use lampyris_fuzz::{blobs, graphs, promises, random::Random};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};

fuzz_target!(|bytes: &[u8]| promises::engine(&blob_of(bytes).unwrap_or(bytes.to_vec())));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut random = Random::new(seed);
    if random.once_in(3) && blob_of(&data[..size]).is_none() {
        return fuzzer_mutate(data, size, max_size);
    }
    let whole = blob_of(&data[..size]).unwrap_or(data[..size].to_vec());
    let varied = match random.below(24) {
        0 => fresh(&mut random).unwrap_or(whole),
        _ => blobs::vary(&whole, &mut random, max_size),
    };
    if varied.len() > max_size {
        return fuzzer_mutate(data, size, max_size);
    }
    data[..varied.len()].copy_from_slice(&varied);
    varied.len()
});

/// The blob of a network that nobody has seen yet.
fn fresh(random: &mut Random) -> Option<Vec<u8>> {
    let graph = graphs::graph(random);
    if random.once_in(2) {
        graph.emit()
    } else {
        graph.fused().emit()
    }
    .ok()
}

fn blob_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let file = (bytes.get(4..8) == Some(b"TFL3")).then_some(bytes)?;
    tflite::read(file).ok()?.0.emit().ok()
}
