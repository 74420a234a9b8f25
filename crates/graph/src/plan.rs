//! Where each activation lies in the arena.
//!
//! Two tensors that live at the same time must lie apart, each behind the other's end;
//! but an output may lie over its own input where the operator writes in order over what
//! it has read (the engine says how far before or behind the input it must begin then),
//! and what RESHAPE and its like read and write is one buffer.
//!
//! Greedy: the largest buffer first, each at the lowest offset that keeps those distances
//! (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020,
//! "greedy by size"; distances for operators in place are ours), then a search around
//! that order, until the bound is met that no plan can beat.

use std::cmp::Reverse;

use lampyris_core::ops::{self, ALL};
use lampyris_core::{Overlap, Reach};

use crate::emit::Draft;
use crate::{AlignedBytes, Graph, GraphError};

/// Buffers start on this many bytes where that costs nothing much: words are read
/// quickest so.
const ALIGN: usize = 4;
/// How many other orders are tried.
const SWAPS: usize = 2000;
/// How many pairs of buffers they may look at in all: some hundred buffers that live at
/// once get fewer orders, and a plan takes a fraction of a second.
const MAX_LOOKS: usize = 1 << 21;

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
    /// One a live activation, and one a variable, which lives throughout.
    pub placements: Vec<Placement>,
    /// Size of the arena in bytes.
    pub arena_bytes: usize,
    /// Bytes that each node can't do without, an output that may lie over its input
    /// counted with it: the timeline that the page draws. Its largest value is the bound
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
    /// Buffers that live at the same time: index, how far behind this one's start the
    /// other must begin, and how far behind the other's start this one.
    met: Vec<(usize, usize, usize)>,
}

pub(crate) fn plan(graph: &Graph) -> Result<Plan, GraphError> {
    place(graph, &Draft::new(graph)?)
}

pub(crate) fn place(graph: &Graph, draft: &Draft) -> Result<Plan, GraphError> {
    let mut lives = lifetimes(graph);
    let (mut buffers, buffer_of) = buffers(graph, draft, &lives);
    let overlays = overlays(graph, draft, &lives, &buffers, &buffer_of)?;
    meet(&mut buffers, &overlays);
    let live_bytes = live_bytes(graph.nodes.len(), &buffers, &overlays);
    let bound = live_bytes.iter().copied().max().unwrap_or(0);
    let mut arena_bytes = search(&mut buffers, bound, ALIGN);
    if arena_bytes > bound + bound / 64 {
        // Of a tiny arena the gaps between words are no tiny part.
        let mut dense = buffers.clone();
        let without_gaps = search(&mut dense, bound, 1);
        if without_gaps < arena_bytes {
            (buffers, arena_bytes) = (dense, without_gaps);
        }
    }
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
    // What an output holds is read after the last node.
    graph.outputs.iter().for_each(|&t| touch(t, end));
    for variable in &graph.variables {
        touch(variable.tensor, 0);
        touch(variable.tensor, end);
    }
    lives
}

/// The buffers, and which one each tensor has.
fn buffers(
    graph: &Graph,
    draft: &Draft,
    lives: &[Option<(usize, usize)>],
) -> (Vec<Buffer>, Vec<Option<usize>>) {
    let owner = owners(graph, draft);
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
                met: Vec::new(),
            });
            buffers.len() - 1
        });
        buffer_of[tensor] = Some(buffer);
        buffers[buffer].first = buffers[buffer].first.min(first);
        buffers[buffer].last = buffers[buffer].last.max(last);
    }
    (buffers, buffer_of)
}

/// For each tensor the one whose bytes it has: RESHAPE and its like change none.
fn owners(graph: &Graph, draft: &Draft) -> Vec<usize> {
    let mut owner: Vec<usize> = (0..graph.tensors.len()).collect();
    for node in &draft.nodes[draft.resets..] {
        let copies = ops::find(ALL, node.code).map(|op| op.overlap);
        if let (Some(Overlap::Copies), &[from], &[to]) =
            (copies, &node.inputs[..], &node.outputs[..])
            && graph.tensors[from].data.is_none()
            && !graph.is_variable(from)
        {
            owner[to] = owner[from];
        }
    }
    owner
}

/// An output's buffer over that of an input which nothing reads any more.
#[derive(Debug)]
struct Overlay {
    node: usize,
    input: usize,
    output: usize,
    reach: Reach,
}

/// What the engine lets lie over each other.
fn overlays(
    graph: &Graph,
    draft: &Draft,
    lives: &[Option<(usize, usize)>],
    buffers: &[Buffer],
    buffer_of: &[Option<usize>],
) -> Result<Vec<Overlay>, GraphError> {
    // Every tensor somewhere, for the engine to look at the nodes.
    let nowhere = Plan {
        placements: (0..graph.tensors.len())
            .filter(|&tensor| lives[tensor].is_some())
            .map(|tensor| Placement {
                tensor,
                offset: 0,
                size: 0,
                first: 0,
                last: 0,
            })
            .collect(),
        arena_bytes: 0,
        live_bytes: Vec::new(),
    };
    let blob = AlignedBytes::from(draft.blob(graph, &nowhere)?);
    // What is still wanted behind the last node.
    let kept = |buffer: usize| graph.outputs.iter().any(|&t| buffer_of[t] == Some(buffer));
    let mut found = Vec::new();
    for (index, node) in draft.nodes.iter().enumerate().skip(draft.resets) {
        let step = index - draft.resets;
        let Some(output) = node.outputs.first().and_then(|&t| buffer_of[t]) else {
            continue;
        };
        for (place, &tensor) in node.inputs.iter().enumerate() {
            let Some(input) = buffer_of[tensor] else {
                continue;
            };
            let others = node.inputs.iter().enumerate();
            // The same bytes at another place of the node must be as near.
            let again = others.filter(|&(p, &t)| p != place && buffer_of[t] == Some(input));
            let reach = |p: usize| ops::reach(blob.as_ref(), ALL, index, p);
            let ends_here = buffers[input].last == step && !kept(input);
            let begins_here = buffers[output].first == step;
            if let (Some(own), true) = (reach(place), ends_here && begins_here && input != output)
                && again.into_iter().all(|(p, _)| reach(p) == Some(own))
                && !found
                    .iter()
                    .any(|o: &Overlay| (o.node, o.input) == (step, input))
            {
                found.push(Overlay {
                    node: step,
                    input,
                    output,
                    reach: own,
                });
            }
        }
    }
    Ok(found)
}

/// Fills in who lives at the same time as whom, and how far apart they must be.
fn meet(buffers: &mut [Buffer], overlays: &[Overlay]) {
    for a in 0..buffers.len() {
        for b in 0..a {
            if buffers[a].last < buffers[b].first || buffers[b].last < buffers[a].first {
                continue;
            }
            let (mut behind_a, mut behind_b) = (buffers[a].size, buffers[b].size);
            for o in overlays {
                if (o.output, o.input) == (a, b) {
                    behind_a = behind_a.min(o.reach.before);
                    behind_b = behind_b.min(o.reach.behind);
                } else if (o.output, o.input) == (b, a) {
                    behind_b = behind_b.min(o.reach.before);
                    behind_a = behind_a.min(o.reach.behind);
                }
            }
            buffers[a].met.push((b, behind_a, behind_b));
            buffers[b].met.push((a, behind_b, behind_a));
        }
    }
}

/// What each node needs at least: all that lives, with the overlay that saves most.
fn live_bytes(nodes: usize, buffers: &[Buffer], overlays: &[Overlay]) -> Vec<usize> {
    (0..nodes)
        .map(|node| {
            let live = |b: &&Buffer| b.first <= node && node <= b.last;
            let all: usize = buffers.iter().filter(live).map(|b| b.size).sum();
            let saved = |o: &Overlay| {
                let (x, y) = (buffers[o.input].size, buffers[o.output].size);
                let over = |low: usize, high: usize, apart: usize| {
                    // The upper one begins that far above the lower one.
                    low.max(apart.min(low).saturating_add(high))
                };
                let together = over(y, x, o.reach.before).min(over(x, y, o.reach.behind));
                (x + y).saturating_sub(together)
            };
            let here = overlays.iter().filter(|o| o.node == node);
            all - here.map(saved).max().unwrap_or(0)
        })
        .collect()
}

/// Gives each buffer its offset and returns the arena's size; `bound` is what no
/// plan can beat.
fn search(buffers: &mut [Buffer], bound: usize, align: usize) -> usize {
    let mut order: Vec<usize> = (0..buffers.len()).collect();
    order.sort_by_key(|&i| (Reverse(buffers[i].size), buffers[i].first, i));
    let mut best = place_in(buffers, &order, align);
    // Where the largest first is not the best order, look at neighbours of it:
    // swap two, keep what is no worse. The same swaps in every run.
    let mut seed = 1u32;
    let mut pick = |n: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % n
    };
    let mut trial = buffers.to_vec();
    let pairs: usize = buffers.iter().map(|b| b.met.len()).sum();
    for _ in 0..SWAPS.min(MAX_LOOKS / pairs.max(1)) {
        if best <= bound || buffers.len() < 2 {
            break;
        }
        let (a, b) = (pick(order.len()), pick(order.len()));
        order.swap(a, b);
        let arena = place_in(&mut trial, &order, align);
        if arena <= best {
            best = arena;
            buffers.clone_from_slice(&trial);
        } else {
            order.swap(a, b);
        }
    }
    best
}

/// Places the buffers in that order, each at the lowest offset that is free, and returns
/// the arena's size.
fn place_in(buffers: &mut [Buffer], order: &[usize], align: usize) -> usize {
    let mut placed = vec![false; buffers.len()];
    let mut arena = 0;
    for &index in order {
        let own = &buffers[index];
        // (where the other begins, how far it must be behind this one, and this one behind it)
        let near = own
            .met
            .iter()
            .filter(|met| placed[met.0])
            .map(|&(other, ahead, behind)| (buffers[other].offset, ahead, behind));
        let offset = lowest_free(near, align);
        arena = arena.max(offset + own.size);
        placed[index] = true;
        buffers[index].offset = offset;
    }
    arena
}

/// The lowest place on `align` bytes that keeps its distance to all that lies near: where
/// each begins, how far it must be behind the place, and how far the place behind it.
fn lowest_free(near: impl Iterator<Item = (usize, usize, usize)>, align: usize) -> usize {
    // Each rules out a stretch of places; by where these begin.
    let mut taken: Vec<(usize, usize)> = near
        .map(|(at, ahead, behind)| ((at + 1).saturating_sub(ahead), at.saturating_add(behind)))
        .collect();
    taken.sort_unstable();
    let mut lowest = 0usize;
    for (first, end) in taken {
        if lowest < first {
            break;
        }
        if lowest < end {
            lowest = end.next_multiple_of(align);
        }
    }
    lowest
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
    fn six_hundred_outputs_are_placed_at_once() {
        let tensor = |n| crate::fixture::activation("", &[n], 0.5, 0);
        let mut graph = Graph {
            tensors: vec![tensor(600)],
            inputs: vec![0],
            outputs: (1..=600).collect(),
            ..Graph::default()
        };
        graph.tensors.resize(601, tensor(1));
        for t in &mut graph.tensors[1..] {
            t.shape.clear();
        }
        graph.nodes.push(crate::Node {
            op: crate::Op::Unpack { axis: 0 },
            inputs: vec![Some(0)],
            outputs: (1..=600).collect(),
        });
        assert_eq!(graph.plan().map(|p| p.placements.len()), Ok(601));
    }

    #[test]
    fn the_lowest_place_keeps_all_distances() {
        let lowest = |near: &[(usize, usize, usize)]| lowest_free(near.iter().copied(), 4);
        assert_eq!(lowest(&[]), 0);
        // Eight bytes beside ten at 0, at 12 and behind 22; one of 4 fits between.
        assert_eq!(lowest(&[(0, 8, 10), (12, 8, 10)]), 24);
        assert_eq!(lowest(&[(12, 4, 10), (0, 4, 5)]), 8);
        // What may lie over another needs no distance.
        assert_eq!(lowest(&[(0, 8, 0)]), 0);
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
                op: crate::Op::Reshape,
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
    fn an_output_is_kept_though_the_last_node_reads_it() {
        let tensor = |name| crate::fixture::activation(name, &[1, 8], 0.5, 0);
        let relu = |from, to| crate::Node {
            op: crate::Op::Relu,
            inputs: vec![Some(from)],
            outputs: vec![to],
        };
        let mut graph = Graph {
            tensors: ["x", "y", "z"].map(tensor).to_vec(),
            nodes: vec![relu(0, 1), relu(1, 2)],
            inputs: vec![0],
            outputs: vec![1, 2],
            ..Graph::default()
        };
        assert_eq!(graph.plan().map(|p| p.arena_bytes), Ok(16));
        graph.emit().expect("the engine takes it");
        graph.outputs = vec![2];
        assert_eq!(graph.plan().map(|p| p.arena_bytes), Ok(8));
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
            assert!(plan.arena_bytes <= bound + bound / 50, "seed {seed}");
        }
    }
}
