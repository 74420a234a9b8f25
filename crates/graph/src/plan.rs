//! Where each activation lies in the arena.
//!
//! Greedy: the largest buffer first, each into the tightest gap between those
//! that live at the same time (Pisarchyk and Lee, "Efficient Memory Management
//! for Deep Neural Net Inference", 2020, "greedy by size"), then a short search
//! around that order. What RESHAPE reads and writes is one buffer.

use crate::{Graph, GraphError, Op};

/// Buffers start on this many bytes, so that kernels may read words.
const ALIGN: usize = 4;
/// How many other orders are tried.
const SWAPS: usize = 1000;

/// One activation's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Index of the tensor.
    pub tensor: usize,
    /// Bytes from the arena's start.
    pub offset: usize,
    /// Bytes.
    pub size: usize,
    /// First node at which it lives.
    pub first: usize,
    /// Last node at which it lives.
    pub last: usize,
}

/// The arena's layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// One a live activation.
    pub placements: Vec<Placement>,
    /// Size of the arena in bytes.
    pub arena_bytes: usize,
    /// Live bytes at each node: the timeline that the page draws, and the bound
    /// that no plan can beat.
    pub live_bytes: Vec<usize>,
}

/// Bytes that one or more tensors share, from node to node.
#[derive(Clone, Debug, PartialEq)]
struct Buffer {
    size: usize,
    first: usize,
    last: usize,
    offset: usize,
}

impl Buffer {
    fn meets(&self, other: &Buffer) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    fn end(&self) -> usize {
        self.offset + self.size
    }
}

pub(crate) fn plan(graph: &Graph) -> Result<Plan, GraphError> {
    graph.check()?;
    let mut lives = lifetimes(graph);
    let owner = owners(graph);
    let mut buffers: Vec<Buffer> = Vec::new();
    let mut buffer_of = vec![None; graph.tensors.len()];
    for tensor in 0..graph.tensors.len() {
        let Some((first, last)) = lives[tensor] else {
            continue;
        };
        let root = owner[tensor];
        let buffer = *buffer_of[root].get_or_insert_with(|| {
            buffers.push(Buffer {
                size: graph.tensors[root].elements(),
                first,
                last,
                offset: 0,
            });
            buffers.len() - 1
        });
        buffer_of[tensor] = Some(buffer);
        buffers[buffer].first = buffers[buffer].first.min(first);
        buffers[buffer].last = buffers[buffer].last.max(last);
    }
    let live_bytes: Vec<usize> = (0..graph.nodes.len())
        .map(|node| {
            let live = |b: &&Buffer| b.first <= node && node <= b.last;
            buffers.iter().filter(live).map(|b| b.size).sum()
        })
        .collect();
    let bound = live_bytes.iter().copied().max().unwrap_or(0);
    let arena_bytes = place(&mut buffers, bound);
    let placements = (0..graph.tensors.len())
        .filter_map(|tensor| {
            let (first, last) = lives[tensor].take()?;
            Some(Placement {
                tensor,
                offset: buffers[buffer_of[tensor]?].offset,
                size: graph.tensors[tensor].elements(),
                first,
                last,
            })
        })
        .collect();
    Ok(Plan {
        placements,
        arena_bytes,
        live_bytes,
    })
}

/// First and last node of each activation that is read or written at all.
fn lifetimes(graph: &Graph) -> Vec<Option<(usize, usize)>> {
    let end = graph.nodes.len().saturating_sub(1);
    let mut lives: Vec<Option<(usize, usize)>> = vec![None; graph.tensors.len()];
    let mut touch = |tensor: usize, node: usize| {
        if graph.tensors[tensor].data.is_none() {
            let (first, last) = lives[tensor].unwrap_or((node, node));
            lives[tensor] = Some((first.min(node), last.max(node)));
        }
    };
    graph.inputs.iter().for_each(|&t| touch(t, 0));
    for (index, node) in graph.nodes.iter().enumerate() {
        let read = node.inputs.iter().flatten();
        read.chain(&node.outputs).for_each(|&t| touch(t, index));
    }
    graph.outputs.iter().for_each(|&t| touch(t, end));
    lives
}

/// For each tensor the one whose bytes it has: RESHAPE changes none.
fn owners(graph: &Graph) -> Vec<usize> {
    let mut owner: Vec<usize> = (0..graph.tensors.len()).collect();
    for node in &graph.nodes {
        if let (Op::Reshape, Some(Some(from)), Some(&to)) =
            (&node.op, node.inputs.first(), node.outputs.first())
        {
            owner[to] = owner[*from];
        }
    }
    owner
}

/// Gives each buffer its offset and returns the arena's size; `bound` is what no
/// plan can beat.
fn place(buffers: &mut [Buffer], bound: usize) -> usize {
    let mut order: Vec<usize> = (0..buffers.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse((buffers[i].size, buffers[i].last)), i));
    let mut best = place_in(buffers, &order);
    // Where the largest first is not the best order, look at neighbours of it:
    // swap two, keep what is no worse. The same swaps in every run.
    let mut seed = 1u32;
    let mut pick = |n: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % n
    };
    let mut trial = buffers.to_vec();
    for _ in 0..SWAPS {
        if best <= bound || buffers.len() < 2 {
            break;
        }
        let (a, b) = (pick(order.len()), pick(order.len()));
        order.swap(a, b);
        let arena = place_in(&mut trial, &order);
        if arena <= best {
            best = arena;
            buffers.clone_from_slice(&trial);
        } else {
            order.swap(a, b);
        }
    }
    best
}

/// Places the buffers in that order, each into the tightest gap that holds it.
fn place_in(buffers: &mut [Buffer], order: &[usize]) -> usize {
    let mut done: Vec<usize> = Vec::new();
    let mut arena = 0;
    for &index in order {
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for other in done.iter().map(|&i| &buffers[i]) {
            if other.meets(&buffers[index]) {
                let taker = (other.offset, other.end());
                let at = taken.partition_point(|t| *t < taker);
                taken.insert(at, taker);
            }
        }
        let size = buffers[index].size;
        let (mut gap_start, mut best) = (0usize, None);
        for (start, end) in taken {
            let gap = start.saturating_sub(gap_start);
            if gap >= size && best.is_none_or(|(smallest, _)| gap < smallest) {
                best = Some((gap, gap_start));
            }
            gap_start = gap_start.max(end.next_multiple_of(ALIGN));
        }
        buffers[index].offset = best.map_or(gap_start, |(_, offset)| offset);
        arena = arena.max(buffers[index].end());
        done.push(index);
    }
    arena
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{chain, random_chain};

    fn overlaps(a: &Placement, b: &Placement) -> bool {
        a.offset < b.offset + b.size && b.offset < a.offset + a.size
    }

    #[test]
    fn a_chain_needs_its_widest_pair() {
        let plan = chain(&[32, 20, 12, 4]).plan().expect("a sound graph");
        // x 32 → 20 → 12 → 4, then softmax 4 → 4.
        assert_eq!(plan.live_bytes, [52, 32, 16, 8]);
        assert_eq!(plan.arena_bytes, 52);
    }

    #[test]
    fn reshape_costs_nothing() {
        let mut graph = chain(&[6, 2]);
        let from = graph.inputs[0];
        let mut view = graph.tensors[from].clone();
        view.shape = vec![1, 2, 3];
        graph.tensors.push(view);
        let to = graph.tensors.len() - 1;
        graph.nodes[0].inputs[0] = Some(to);
        graph.nodes.insert(
            0,
            crate::Node {
                op: Op::Reshape,
                inputs: vec![Some(from)],
                outputs: vec![to],
            },
        );
        let plan = graph.plan().expect("a sound graph");
        let at = |t| {
            plan.placements
                .iter()
                .find(|p| p.tensor == t)
                .map(|p| p.offset)
        };
        assert_eq!(at(from), at(to));
        assert_eq!(plan.live_bytes, [6, 8, 4]);
    }

    #[test]
    fn no_two_live_buffers_share_a_byte() {
        for seed in 0..200 {
            let graph = random_chain(seed);
            let plan = graph.plan().expect("a sound graph");
            for (i, a) in plan.placements.iter().enumerate() {
                assert!(a.offset + a.size <= plan.arena_bytes);
                for b in &plan.placements[..i] {
                    let together = a.first <= b.last && b.first <= a.last;
                    assert!(!together || !overlaps(a, b), "seed {seed}: {a:?} {b:?}");
                }
            }
            let bound = plan.live_bytes.iter().copied().max().unwrap_or(0);
            assert!(plan.arena_bytes >= bound);
            // Alignment may cost up to three bytes a buffer.
            assert!(
                plan.arena_bytes <= bound + 3 * plan.placements.len(),
                "seed {seed}"
            );
        }
    }
}
