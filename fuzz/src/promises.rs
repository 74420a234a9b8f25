//! What the engine and the reader promise of any bytes; a broken promise panics.

use lampyris_core::{ModelError, Session, arena_bytes, codes, ops::ALL};
use lampyris_formats::tflite::{self, Metadata};
use lampyris_graph::{AlignedBytes, Graph, Node, NodeCost, Op};

/// Bytes of arena behind what the model asks for: nothing may touch them.
const GUARD: usize = 64;
/// Steps of a run that one input may take.
const MAX_WORK: u64 = 1 << 27;
/// The same of a graph, counted by its operators.
const MAX_EFFORT: u64 = 20_000_000;
/// The largest arena of a graph that is run, in bytes.
const MAX_ARENA: usize = 4 << 20;

type Engine<'a> = Session<AlignedBytes, &'a mut [u8]>;

/// Operators whose words say which bytes of the output they write; the check proves that
/// these lie inside, not that they are all. What `emit` makes writes all.
const MOVES: &str =
    "CONCATENATION PACK PAD PADV2 SLICE SPLIT SPLIT_V STRIDED_SLICE TRANSPOSE UNPACK";

/// The engine refuses a blob, or runs it for good: without a panic, within its arena, and
/// to the same bytes after a reset; where nothing stays unwritten, see [`the_same`].
pub fn engine(blob: &[u8]) {
    let bytes = AlignedBytes::new(blob);
    let Ok(len) = arena_bytes(bytes.as_ref()) else {
        assert!(Session::new(bytes, [0; GUARD], ALL).is_err());
        return;
    };
    if work(blob, len) > MAX_WORK {
        return;
    }
    let Ok(first) = within(blob, len, 0, answers) else {
        return;
    };
    let moves = |code| {
        ALL.iter()
            .any(|op| op.code == code && MOVES.split(' ').any(|m| m == op.name))
    };
    if codes(bytes.as_ref()).is_ok_and(|mut codes| !codes.any(moves)) {
        the_same(blob, len, &first);
    } else {
        let twice = |session: &mut Engine<'_>| [(); 2].map(|()| answers(session));
        assert!(within(blob, len, 0, twice).is_ok());
    }
}

/// Always the same bytes: in a second run, after a reset, whatever the arena held before
/// and wherever the tensors lie.
fn the_same(blob: &[u8], len: usize, first: &[u8]) {
    let more = |session: &mut Engine<'_>| {
        let twice = [(); 2].map(|()| answers(session));
        session.reset();
        (twice, answers(session))
    };
    let ([dirty, second], reset) = within(blob, len, 0xa5, more).expect("it was accepted");
    assert_eq!(first, dirty, "what the arena held shows");
    let stateless = header(blob, RESETS) == 0;
    assert!(first == second || !stateless, "a run changes the next");
    assert_eq!(first, reset, "a reset leaves something");
    if let Some((apart, len)) = spread(blob) {
        let apart = within(&apart, len, 0, answers).expect("it was accepted");
        assert_eq!(first, apart, "tensors that overlap spoil");
    }
}

/// The reader refuses a file, or gives a graph that survives everything that is done with
/// one: written, read again, fused, emitted, run.
pub fn reader(file: &[u8]) {
    let Ok((graph, metadata)) = tflite::read(file) else {
        return;
    };
    if effort(&graph) > MAX_EFFORT {
        return;
    }
    let fused = graph.fused();
    let Ok(blob) = graph.emit() else {
        return;
    };
    rewritten(&graph, &metadata);
    emitted(&blob, &fused.emit().expect("fused, it can't be emitted"));
}

/// A graph's blob, as it is and fused, answers the same.
pub fn emitted(plain: &[u8], fused: &[u8]) {
    if let Some((plain, fused)) = run(plain).zip(run(fused)) {
        assert_eq!(plain, fused, "fused, it answers otherwise");
    }
}

/// Our own file says the same.
fn rewritten(graph: &Graph, metadata: &Metadata) {
    let plain = Metadata::default();
    let (file, metadata) = match tflite::write(graph, metadata) {
        Ok(file) => (file, metadata),
        // Labels that don't fit are refused, and nothing else.
        Err(_) => (
            tflite::write(graph, &plain).expect("a graph that is emitted is written"),
            &plain,
        ),
    };
    let again = tflite::read(&file).expect("our own file is read");
    // As text, for a scale that is no number equals itself there.
    let text = |pair: (&Graph, &Metadata)| format!("{pair:?}");
    assert_eq!(text((&again.0, &again.1)), text((graph, metadata)));
    assert_eq!(tflite::write(&again.0, metadata).as_ref(), Ok(&file));
}

/// What the outputs hold; `None` if that would take too much.
fn run(blob: &[u8]) -> Option<Vec<u8>> {
    let bytes = AlignedBytes::new(blob);
    let len = arena_bytes(bytes.as_ref()).expect("the engine knows what was emitted");
    if len > MAX_ARENA {
        return None;
    }
    let first = within(blob, len, 0, answers).expect("the engine takes what was emitted");
    the_same(blob, len, &first);
    Some(first)
}

/// What `act` makes of a session whose arena is filled with that byte; it must leave
/// alone what lies behind the arena.
fn within<T>(
    blob: &[u8],
    len: usize,
    fill: u8,
    act: impl FnOnce(&mut Engine<'_>) -> T,
) -> Result<T, ModelError> {
    const BEHIND: [u8; GUARD] = [0x77; GUARD];
    let mut arena = vec![fill; len];
    arena.extend(BEHIND);
    let session = Session::new(AlignedBytes::new(blob), &mut arena[..], ALL);
    let made = session.map(|mut session| act(&mut session));
    assert_eq!(arena[len..], BEHIND, "written behind the arena");
    made
}

/// Runs on inputs that are always the same; what all outputs then hold.
fn answers(session: &mut Engine<'_>) -> Vec<u8> {
    let (inputs, outputs) = session.arity();
    let mut value = 1u8;
    for i in 0..inputs {
        for to in session.input_mut(i) {
            value = value.wrapping_mul(29).wrapping_add(91);
            *to = (value ^ value >> 4) as i8;
        }
    }
    session.run();
    let values = (0..outputs).flat_map(|o| session.output(o));
    values.map(|&v| v as u8).collect()
}

/// Words of the header; sections are an offset and a count.
const ARENA: usize = 3;
const TENSORS: usize = 4;
const NODES: usize = 6;
const LIST: usize = 8;
const PARAMS: usize = 10;
const DATA: usize = 12;
const RESETS: usize = 16;

fn header(blob: &[u8], word: usize) -> usize {
    let bytes = blob.as_chunks::<4>().0.get(word);
    bytes.map_or(0, |&word| u32::from_le_bytes(word) as usize)
}

/// What a run may take at most: each node makes at most every value of the arena, each of
/// at most all that there is to read.
fn work(blob: &[u8], arena: usize) -> u64 {
    let values = arena.saturating_add(blob.len()) as u64;
    (header(blob, NODES + 1) as u64 + 1)
        .saturating_mul(arena as u64)
        .saturating_mul(values)
}

/// Multiply-accumulates of a graph, and what its pools read.
fn effort(graph: &Graph) -> u64 {
    let of = |(node, cost): (&Node, NodeCost)| {
        let taps = match &node.op {
            Op::AveragePool2d { pool, .. } | Op::MaxPool2d { pool, .. } => {
                pool.size[0].saturating_mul(pool.size[1])
            }
            _ => 1,
        };
        let values = cost.output_shape.iter().chain([&taps]);
        let read = values.fold(1u64, |n, &d| n.saturating_mul(d as u64));
        cost.macs.max(read)
    };
    let all = graph.nodes.iter().zip(graph.costs()).map(of);
    all.fold(0, u64::saturating_add)
}

/// The blob with every tensor of the arena behind the one before, and the arena's length;
/// `None` if that is too long, or if another section shares bytes with the tensors.
fn spread(blob: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut apart = blob.to_vec();
    let mut end = 0usize;
    for tensor in 0..header(blob, TENSORS + 1) {
        let word = header(blob, TENSORS) / 4 + tensor * 8;
        if header(blob, word + 1) >> 16 < 2 {
            set(&mut apart, word + 2, end)?;
            end = end.checked_add(header(blob, word + 3))?;
        }
    }
    set(&mut apart, ARENA, end)?;
    let same = |&(section, size): &(usize, usize)| {
        let (at, count) = (header(blob, section), header(blob, section + 1));
        let bytes = at..at.saturating_add(count.saturating_mul(size));
        blob.get(bytes.clone()) == apart.get(bytes)
    };
    let rest = [(NODES, 32), (LIST, 4), (PARAMS, 4), (DATA, 1)];
    (end <= MAX_ARENA && rest.iter().all(same)).then_some((apart, end))
}

fn set(blob: &mut [u8], word: usize, value: usize) -> Option<()> {
    let bytes = blob.as_chunks_mut::<4>().0.get_mut(word)?;
    *bytes = u32::try_from(value).ok()?.to_le_bytes();
    Some(())
}
