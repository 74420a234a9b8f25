//! Varies blobs: fields of the header, of tensors and of nodes, parameters, constants.
//!
//! The header's length is put right at the end, so that changes reach what lies behind
//! it. A change that breaks a section is as welcome as one that doesn't.

use lampyris_core::blob::{ALIGN, MAGIC, NODE_WORDS, TENSOR_WORDS, VERSION};
use lampyris_core::ops::ALL;

use crate::random::Random;

/// Words of the header that hold a section's offset; its count follows.
const TENSORS: usize = 4;
const NODES: usize = 6;
const LIST: usize = 8;
const PARAMS: usize = 10;
const DATA: usize = 12;
/// Words that lie at the edges of what is legal somewhere.
const EDGES: [u32; 20] = [
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    127,
    128,
    255,
    256,
    0xff80,
    0xffff,
    0x0001_0000,
    1 << 30,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ff80,
    0xffff_fffe,
    0xffff_ffff,
];

/// One to four changes; the blob stays below `max_len` bytes.
pub fn vary(blob: &[u8], random: &mut Random, max_len: usize) -> Vec<u8> {
    let (words, _) = blob.as_chunks::<4>();
    let mut words: Vec<u32> = words.iter().map(|&w| u32::from_le_bytes(w)).collect();
    if words.len() < 20 {
        return blob.to_vec();
    }
    for _ in 0..random.between(1, 4) {
        match random.below(20) {
            0..5 => tensor(&mut words, random),
            5..10 => node(&mut words, random),
            10..12 => copy_word(&mut words, random, LIST),
            12 => copy_word(&mut words, random, PARAMS),
            13..16 => change_word(&mut words, random, PARAMS),
            16 => change_word(&mut words, random, DATA),
            17 => header(&mut words, random),
            18 if words.len() * 4 < max_len / 2 => longer(&mut words, random),
            _ => copy_record(&mut words, random),
        }
    }
    words.resize(words.len().next_multiple_of(ALIGN / 4), 0);
    if !random.once_in(64) {
        words[0] = u32::from_le_bytes(MAGIC);
        words[1] = VERSION;
        words[2] = (words.len() * 4) as u32;
    }
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// Where the section's words lie, as far as they exist.
fn section(words: &[u32], section: usize, record: usize) -> Vec<usize> {
    let start = words[section] as usize / 4;
    let count = (words[section + 1] as usize).min(words.len()) * record;
    (start..start.saturating_add(count).min(words.len())).collect()
}

/// The first word of a record at random.
fn record(words: &[u32], at: usize, size: usize, random: &mut Random) -> Option<usize> {
    let all = section(words, at, size);
    let count = all.len() / size;
    (count > 0).then(|| all[random.below(count) * size])
}

/// Another value, near the old one or at an edge.
fn other(old: u32, random: &mut Random) -> u32 {
    match random.below(8) {
        0 => old.wrapping_add(1),
        1 => old.wrapping_sub(1),
        2 => old.wrapping_add(random.between(2, 40) as u32),
        3 => old.wrapping_sub(random.between(2, 40) as u32),
        4 => old.wrapping_mul(2),
        5 => old / 2,
        6 => old.wrapping_neg(),
        _ => random.of(&EDGES),
    }
}

fn tensor(words: &mut [u32], random: &mut Random) {
    let [Some(at), Some(from)] = [0; 2].map(|_| record(words, TENSORS, TENSOR_WORDS, random))
    else {
        return;
    };
    if at + TENSOR_WORDS > words.len() || from + TENSOR_WORDS > words.len() {
        return;
    }
    let dim = at + 4 + random.below(4);
    match random.below(10) {
        // Another place, often that of another tensor or near it.
        0..3 => words[at + 2] = other(words[at + 2], random),
        3..5 => {
            let near = random.of(&[0, 0, 1, 2, 3, 4, 8, u32::MAX, u32::MAX - 3]);
            words[at + 2] = words[from + 2].wrapping_add(near);
        }
        // Another shape of as many values, or of others.
        5 => words.swap(dim, at + 4 + from % 4),
        6 => {
            words[dim] = other(words[dim], random);
            let dims = &words[at + 4..at + 8];
            words[at + 3] = dims.iter().fold(1, |n: u32, &d| n.wrapping_mul(d));
        }
        7 => words[at + 3] = other(words[at + 3], random),
        8 => {
            let (kind, rank, place) = (random.below(3), random.below(6), random.below(4));
            let old = words[at + 1];
            words[at + 1] = match random.below(3) {
                0 => old & !0xff | kind as u32,
                1 => old & !0xff00 | (rank as u32) << 8,
                _ => old & 0xffff | (place as u32) << 16,
            };
        }
        _ => words.copy_within(from + 3..from + TENSOR_WORDS, at + 3),
    }
}

fn node(words: &mut [u32], random: &mut Random) {
    let [Some(at), Some(from)] = [0; 2].map(|_| record(words, NODES, NODE_WORDS, random)) else {
        return;
    };
    if at + NODE_WORDS > words.len() || from + NODE_WORDS > words.len() {
        return;
    }
    match random.below(6) {
        0 => words[at] = ALL[random.below(ALL.len())].code,
        1 => words.copy_within(from + 3..from + 5, at + 3),
        2 => words.copy_within(from + 5..from + 7, at + 5),
        3 => words.copy_within(from..from + 3, at),
        4 => {
            let mut a = [0; NODE_WORDS];
            a.copy_from_slice(&words[at..at + NODE_WORDS]);
            words.copy_within(from..from + NODE_WORDS, at);
            words[from..from + NODE_WORDS].copy_from_slice(&a);
        }
        _ => {
            let field = at + random.between(1, 6);
            words[field] = other(words[field], random);
        }
    }
}

/// A word of the section becomes another.
fn change_word(words: &mut [u32], random: &mut Random, at: usize) {
    let all = words_of(words, at);
    if !all.is_empty() {
        let word = random.of(&all);
        words[word] = other(words[word], random);
    }
}

/// A word of the section becomes that of another place in it.
fn copy_word(words: &mut [u32], random: &mut Random, at: usize) {
    let all = words_of(words, at);
    if !all.is_empty() {
        words[random.of(&all)] = words[random.of(&all)];
    }
}

/// The words of a section without records; that of the data counts bytes.
fn words_of(words: &[u32], at: usize) -> Vec<usize> {
    let mut all = section(words, at, 1);
    if at == DATA {
        all.truncate(words[DATA + 1] as usize / 4);
    }
    all
}

fn copy_record(words: &mut [u32], random: &mut Random) {
    let (section, size) = random.of(&[(TENSORS, TENSOR_WORDS), (NODES, NODE_WORDS)]);
    let [Some(at), Some(from)] = [0; 2].map(|_| record(words, section, size, random)) else {
        return;
    };
    if at + size <= words.len() && from + size <= words.len() {
        words.copy_within(from..from + size, at);
    }
}

fn header(words: &mut [u32], random: &mut Random) {
    let word = random.of(&[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    words[word] = other(words[word], random);
}

/// One of the sections, copied to the end with a record more: there is then room for
/// another tensor, node or parameter.
fn longer(words: &mut Vec<u32>, random: &mut Random) {
    let (at, size) = random.of(&[
        (TENSORS, TENSOR_WORDS),
        (NODES, NODE_WORDS),
        (LIST, 1),
        (PARAMS, 1),
    ]);
    let all = section(words, at, size);
    let Some(again) = record(words, at, size, random) else {
        return;
    };
    words.resize(words.len().next_multiple_of(ALIGN / 4), 0);
    words[at] = (words.len() * 4) as u32;
    words[at + 1] = (all.len() / size + 1) as u32;
    let copy: Vec<u32> = all.iter().map(|&i| words[i]).collect();
    words.extend(copy);
    for word in again..again + size {
        let copy = words[word];
        words.push(copy);
    }
}
