//! Small models for the operators' tests, each of one node.

extern crate std;

use std::vec::Vec;

use crate::blob::{HEADER_WORDS, MAGIC, VERSION};
use crate::{Fault, ModelError, Operator, Session, ops};

/// Bytes that start on 16, as a model must.
pub(crate) fn aligned(words: &[u32]) -> Vec<u128> {
    let word = |four: &[u32]| {
        four.iter()
            .enumerate()
            .fold(0u128, |all, (i, &w)| all | u128::from(w) << (32 * i))
    };
    words.chunks(4).map(word).collect()
}

/// The words of a model whose tensors lie one after the other in the arena, all inputs,
/// then all outputs; and the size of that arena.
pub(crate) fn model(
    operator: &Operator,
    (params, data): (&[u32], &[u32]),
    inputs: &[&[usize]],
    outputs: &[&[usize]],
) -> (Vec<u32>, usize) {
    let (mut tensors, mut arena) = (Vec::new(), 0usize);
    for shape in inputs.iter().chain(outputs) {
        let size: usize = shape.iter().product();
        let id = tensors.len() / 8;
        tensors.extend([id, shape.len() << 8, arena, size]);
        tensors.extend((0..4).map(|d| shape.get(d).copied().unwrap_or(1)));
        arena += size;
    }
    let (n, m) = (inputs.len(), outputs.len());
    let node = [
        operator.code as usize,
        0,
        params.len(),
        n + m,
        n,
        n + m + n,
        m,
        0,
    ];
    let list: Vec<usize> = (0..n + m).chain(0..n + m).collect();
    let words = |of: &[usize]| of.iter().map(|&w| w as u32).collect::<Vec<_>>();
    let sections = [
        (8, words(&tensors)),
        (8, words(&node)),
        (1, words(&list)),
        (1, params.to_vec()),
        (1, data.to_vec()),
    ];
    let mut body = Vec::new();
    let mut header = std::vec![u32::from_le_bytes(MAGIC), VERSION, 0, arena as u32];
    for (at, (size, section)) in sections.into_iter().enumerate() {
        let count = section.len() / size * if at == 4 { 4 } else { 1 };
        header.extend([4 * (HEADER_WORDS + body.len()) as u32, count as u32]);
        body.extend(section);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    header.extend([n as u32, m as u32]);
    header.resize(HEADER_WORDS, 0);
    header[2] = 4 * (HEADER_WORDS + body.len()) as u32;
    header.extend(body);
    (header, arena)
}

/// What the node makes of vectors, or why the operator refuses it.
pub(crate) fn run(
    operator: &Operator,
    params: &[u32],
    inputs: &[&[i8]],
    outputs: &[usize],
) -> Result<Vec<Vec<i8>>, Fault> {
    let shapes: Vec<[usize; 1]> = inputs.iter().map(|x| [x.len()]).collect();
    let shapes: Vec<&[usize]> = shapes.iter().map(|s| &s[..]).collect();
    let sizes: Vec<[usize; 1]> = outputs.iter().map(|&n| [n]).collect();
    let sizes: Vec<&[usize]> = sizes.iter().map(|s| &s[..]).collect();
    run_shaped(operator, (params, &[]), (&shapes, inputs), &sizes)
}

/// What the node makes of inputs of these shapes, or why the operator refuses it.
pub(crate) fn run_shaped(
    operator: &Operator,
    constants: (&[u32], &[u32]),
    (shapes, inputs): (&[&[usize]], &[&[i8]]),
    outputs: &[&[usize]],
) -> Result<Vec<Vec<i8>>, Fault> {
    let (words, arena) = model(operator, constants, shapes, outputs);
    let blob = aligned(&words);
    let bytes: &[u8] = bytemuck::cast_slice(&blob);
    let mut session = match Session::new(bytes, std::vec![0u8; arena], ops::ALL) {
        Ok(session) => session,
        Err(ModelError::Node { node: 0, fault }) => return Err(fault),
        Err(other) => panic!("{other}"),
    };
    for (i, x) in inputs.iter().enumerate() {
        session.input_mut(i).copy_from_slice(x);
    }
    session.run();
    Ok((0..outputs.len())
        .map(|o| session.output(o).to_vec())
        .collect())
}

/// Puts odd values into each word of a model: whatever is taken must run, and nothing may
/// panic.
pub(crate) fn any_word_may_be_anything(
    operator: &Operator,
    constants: (&[u32], &[u32]),
    inputs: &[&[usize]],
    outputs: &[&[usize]],
) {
    let (words, arena) = model(operator, constants, inputs, outputs);
    let odd = [
        0,
        1,
        2,
        3,
        5,
        9,
        255,
        0x7fff_ffff,
        1 << 31,
        u32::MAX - 1,
        u32::MAX,
    ];
    // All of them take Miri an hour.
    let every = if cfg!(miri) { 37 } else { 1 };
    for case in (0..words.len() * odd.len()).step_by(every) {
        let mut spoiled = words.clone();
        spoiled[case / odd.len()] = odd[case % odd.len()];
        let blob = aligned(&spoiled);
        let arena = std::vec![0u8; arena + 16];
        let session = Session::new(bytemuck::cast_slice::<_, u8>(&blob), arena, ops::ALL);
        if let Ok(mut session) = session {
            session.run();
        }
    }
}

/// A node of vectors whose output may lie where one likes: over its inputs, too.
#[derive(Clone, Default)]
pub(crate) struct Fixture<'a> {
    pub(crate) params: &'a [u32],
    /// Constants that params point to.
    pub(crate) data: &'a [u8],
    /// Values read, one tensor after another in the arena from 16 bytes on.
    pub(crate) inputs: &'a [&'a [i8]],
    /// Where the output begins, and how many values it has.
    pub(crate) output: (usize, usize),
}

impl Fixture<'_> {
    /// Checks the node, runs it, and gives the output.
    pub(crate) fn run(&self, operator: &Operator) -> Result<Vec<i8>, Fault> {
        const FIRST: u32 = 16;
        let (at, len) = self.output;
        let sizes: Vec<[usize; 1]> = self.inputs.iter().map(|x| [x.len()]).collect();
        let sizes: Vec<&[usize]> = sizes.iter().map(|s| &s[..]).collect();
        let word = |four: &[u8]| {
            let mut word = [0; 4];
            word[..four.len()].copy_from_slice(four);
            u32::from_le_bytes(word)
        };
        let data: Vec<u32> = self.data.chunks(4).map(word).collect();
        let (mut words, inner) = model(operator, (self.params, &data), &sizes, &[&[len]]);
        let offset = |tensor: usize| HEADER_WORDS + 8 * tensor + 2;
        for input in 0..sizes.len() {
            words[offset(input)] += FIRST;
        }
        words[offset(sizes.len())] = at as u32;
        let arena = (inner + FIRST as usize).max(at + len);
        words[3] = arena as u32;
        let blob = aligned(&words);
        match Session::new(bytemuck::cast_slice(&blob), std::vec![0; arena], ops::ALL) {
            Ok(mut session) => {
                for (i, x) in self.inputs.iter().enumerate() {
                    session.input_mut(i).copy_from_slice(x);
                }
                session.run();
                Ok(session.output(0).to_vec())
            }
            Err(ModelError::Node { node: 0, fault }) => Err(fault),
            Err(other) => panic!("{other}"),
        }
    }
}
