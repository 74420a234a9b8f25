//! Operators that only move values, compared with their definitions by index.

use super::case::{Array, Case, Input, shape};
use crate::fixture::{Random, one_scale};
use crate::*;

/// An axis as it is, or counted from the end.
fn from_either_end(r: &mut Random, axis: usize, rank: usize) -> i32 {
    axis as i32 - if r.below(2) == 0 { rank as i32 } else { 0 }
}

#[test]
fn concatenation_equals_its_definition() {
    for seed in 0..400 {
        let r = &mut Random(seed);
        let mut whole = shape(r, 6);
        let axis = r.below(whole.len() as u32) as usize;
        let parts: Vec<Array> = (0..1 + r.below(5))
            .map(|_| {
                whole[axis] = 1 + r.below(4) as usize;
                Array::random(r, &whole)
            })
            .collect();
        whole[axis] = parts.iter().map(|x| x.shape[axis]).sum();
        let y = Array::new(&whole, |index| {
            let mut index = index.to_vec();
            for x in &parts {
                if index[axis] < x.shape[axis] {
                    return x.at(&index);
                }
                index[axis] -= x.shape[axis];
            }
            unreachable!()
        });
        let place = |(i, x)| match (i, r.below(3)) {
            (1.., 0) => Input::Constant(x),
            _ => Input::Given(x),
        };
        let inputs = parts.into_iter().enumerate().map(place).collect();
        let op = Op::Concatenation {
            axis: from_either_end(r, axis, whole.len()),
            activation: Activation::None,
        };
        Case::new(op, inputs, vec![y]).holds(seed);
    }
}

#[test]
fn pack_and_unpack_equal_their_definitions() {
    for seed in 0..300 {
        let r = &mut Random(seed);
        let part = shape(r, 5);
        let axis = r.below(part.len() as u32 + 1) as usize;
        let count = 1 + r.below(4) as usize;
        let parts: Vec<Array> = (0..count).map(|_| Array::random(r, &part)).collect();
        let mut shape = part.clone();
        shape.insert(axis, count);
        let whole = Array::new(&shape, |index| {
            let mut index = index.to_vec();
            let k = index.remove(axis);
            parts[k].at(&index)
        });
        let axis = from_either_end(r, axis, shape.len());
        let given = parts.iter().cloned().map(Input::Given).collect();
        Case::new(Op::Pack { axis }, given, vec![whole.clone()]).holds(seed);
        Case::new(Op::Unpack { axis }, vec![Input::Given(whole)], parts).holds(seed);
    }
}

#[test]
fn splits_equal_their_definitions() {
    for seed in 0..300 {
        let r = &mut Random(seed);
        let mut whole = shape(r, 6);
        let axis = r.below(whole.len() as u32) as usize;
        let count = 1 + r.below(4) as usize;
        let equal = r.below(2) == 0;
        let size = 1 + r.below(3) as usize;
        let mut own = || {
            if equal { size } else { 1 + r.below(4) as usize }
        };
        let sizes: Vec<usize> = (0..count).map(|_| own()).collect();
        whole[axis] = sizes.iter().sum();
        let x = Array::random(r, &whole);
        let part = |k: usize| {
            let mut shape = whole.clone();
            shape[axis] = sizes[k];
            Array::new(&shape, |index| {
                let mut index = index.to_vec();
                index[axis] += sizes[..k].iter().sum::<usize>();
                x.at(&index)
            })
        };
        let wanted: Vec<Array> = (0..count).map(part).collect();
        let axis = from_either_end(r, axis, whole.len());
        if equal {
            let inputs = vec![Input::Numbers(vec![axis]), Input::Given(x.clone())];
            Case::new(Op::Split, inputs, wanted.clone()).holds(seed);
        }
        let mut given: Vec<i32> = sizes.iter().map(|&n| n as i32).collect();
        if r.below(2) == 0 {
            given[r.below(count as u32) as usize] = -1;
        }
        let ends = [given, vec![axis]].map(Input::Numbers);
        let inputs = [vec![Input::Given(x)], ends.to_vec()].concat();
        Case::new(Op::SplitV, inputs, wanted).holds(seed);
    }
}

#[test]
fn slice_equals_its_definition() {
    for seed in 0..400 {
        let r = &mut Random(seed);
        let x = Array::any(r);
        let (mut begin, mut size, mut given) = (Vec::new(), Vec::new(), Vec::new());
        for &n in &x.shape {
            let first = r.below(n as u32) as usize;
            let left = n - first;
            let count = 1 + r.below(left as u32) as usize;
            begin.push(first as i32);
            size.push(count);
            let to_the_end = count == left && r.below(2) == 0;
            given.push(if to_the_end { -1 } else { count as i32 });
        }
        let y = Array::new(&size, |index| {
            let index = index.iter().zip(&begin);
            x.at(&index.map(|(i, &b)| i + b as usize).collect::<Vec<_>>())
        });
        let inputs = vec![
            Input::Given(x),
            Input::Numbers(begin),
            Input::Numbers(given),
        ];
        Case::new(Op::Slice, inputs, vec![y]).holds(seed);
    }
}

/// What Python takes of a list of `n` by `[begin:end:stride]`.
fn taken(n: usize, begin: Option<i32>, end: Option<i32>, stride: i32) -> Vec<usize> {
    let n = n as i32;
    let own = |index: i32| if index < 0 { index + n } else { index };
    let mut at = match begin.map(own) {
        None if stride > 0 => 0,
        None => n - 1,
        Some(at) if stride > 0 => at.max(0),
        Some(at) => at.min(n - 1),
    };
    let mut found = Vec::new();
    while (0..n).contains(&at) {
        let past = end
            .map(own)
            .is_some_and(|end| if stride > 0 { at >= end } else { at <= end });
        if past {
            break;
        }
        found.push(at as usize);
        at += stride;
    }
    found
}

#[test]
fn strided_slice_equals_its_definition() {
    let mut backwards = 0;
    for seed in 0..800 {
        let r = &mut Random(seed);
        let x = Array::any(r);
        let [mut begin, mut end, mut strides] = [Vec::new(), Vec::new(), Vec::new()];
        let [mut begin_mask, mut end_mask, mut shrink_axis_mask] = [0, 0, 0];
        let mut picked = Vec::new();
        for (d, &n) in x.shape.iter().enumerate() {
            let positions = loop {
                let near = |r: &mut Random| r.below(4 * n as u32 + 4) as i32 - 2 * n as i32 - 2;
                let (b, e, s) = (near(r), near(r), r.below(7) as i32 - 3);
                let [b_out, e_out, shrink] = [r.below(3), r.below(3), r.below(4)].map(|k| k == 0);
                if s == 0 {
                    continue;
                }
                let given = |v: i32, out: bool| (!out).then_some(v);
                let positions = if shrink {
                    let first = if b < 0 { b + n as i32 } else { b };
                    if b_out || !(0..n as i32).contains(&first) {
                        continue;
                    }
                    vec![first as usize]
                } else {
                    taken(n, given(b, b_out), given(e, e_out), s)
                };
                if positions.is_empty() {
                    continue;
                }
                begin.push(b);
                end.push(e);
                strides.push(s);
                begin_mask |= u32::from(b_out) << d;
                end_mask |= u32::from(e_out) << d;
                shrink_axis_mask |= u32::from(shrink) << d;
                break positions;
            };
            backwards += usize::from(positions.len() > 1 && positions[0] > positions[1]);
            picked.push(positions);
        }
        let kept = |d: &usize| shrink_axis_mask >> d & 1 == 0;
        let kept: Vec<usize> = (0..x.shape.len()).filter(kept).collect();
        let shape: Vec<usize> = kept.iter().map(|&d| picked[d].len()).collect();
        let y = Array::new(&shape, |index| {
            let mut from = vec![0; x.shape.len()];
            kept.iter().zip(index).for_each(|(&d, &i)| from[d] = i);
            let from = from.iter().zip(&picked).map(|(&i, p)| p[i]);
            x.at(&from.collect::<Vec<_>>())
        });
        let op = Op::StridedSlice {
            begin_mask,
            end_mask,
            ellipsis_mask: 0,
            new_axis_mask: 0,
            shrink_axis_mask,
            offset: false,
        };
        let ends = [begin, end, strides].map(Input::Numbers);
        let inputs = [vec![Input::Given(x)], ends.to_vec()].concat();
        Case::new(op, inputs, vec![y]).holds(seed);
    }
    assert!(backwards > 100, "{backwards}");
}

#[test]
fn transpose_equals_its_definition() {
    for seed in 0..600 {
        let r = &mut Random(seed);
        let x = Array::any(r);
        let rank = x.shape.len();
        let mut order: Vec<usize> = (0..rank).collect();
        for i in (1..rank).rev() {
            order.swap(i, r.below(i as u32 + 1) as usize);
        }
        let shape: Vec<usize> = order.iter().map(|&d| x.shape[d]).collect();
        let y = Array::new(&shape, |index| {
            let mut from = vec![0; rank];
            order.iter().zip(index).for_each(|(&d, &i)| from[d] = i);
            x.at(&from)
        });
        let order = order.iter().map(|&d| d as i32).collect();
        let inputs = vec![Input::Given(x), Input::Numbers(order)];
        Case::new(Op::Transpose, inputs, vec![y]).holds(seed);
    }
}

#[test]
fn pads_equal_their_definitions() {
    for seed in 0..300 {
        let r = &mut Random(seed);
        let x = Array::any(r);
        let paddings: Vec<usize> = (0..2 * x.shape.len())
            .map(|_| r.below(3) as usize)
            .collect();
        let around = |(n, pair): (&usize, &[usize])| n + pair[0] + pair[1];
        let shape: Vec<usize> = x.shape.iter().zip(paddings.chunks(2)).map(around).collect();
        let value = r.below(128) as i8;
        let padded = |value: i8| {
            Array::new(&shape, |index| {
                let from: Option<Vec<usize>> = (0..shape.len())
                    .map(|d| index[d].checked_sub(paddings[2 * d]))
                    .collect();
                let inside = |from: &Vec<usize>| from.iter().zip(&x.shape).all(|(i, n)| i < n);
                from.filter(inside).map_or(value, |from| x.at(&from))
            })
        };
        let numbers = Input::Numbers(paddings.iter().map(|&n| n as i32).collect());
        let mut inputs = vec![Input::Given(x.clone()), numbers];
        Case::new(Op::Pad, inputs.clone(), vec![padded(3)]).holds(seed);
        inputs.push(Input::Constant(Array::new(&[], |_| value)));
        Case::new(Op::PadV2, inputs, vec![padded(value)]).holds(seed);
    }
}

#[test]
fn a_pad_takes_the_outputs_zero_point_and_leaves_the_bytes() {
    let x = Array::new(&[2], |i| i[0] as i8);
    let inputs = vec![Input::Given(x), Input::Numbers(vec![1, 0])];
    let case = Case::new(Op::Pad, inputs, vec![Array::new(&[3], |_| 0)]);
    let mut graph = case.graph(DType::I8);
    graph.tensors[0].quant = one_scale(0.1, -7);
    let y = super::run(&graph, &[4, 5]);
    assert_eq!(y, [[3, 4, 5]]);
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    let x = |shape: &[usize]| Input::Given(Array::new(shape, |_| 0));
    let n = |values: &[i32]| Input::Numbers(values.to_vec());
    let refusal = |op: Op, inputs: Vec<Input>, shapes: &[&[usize]]| {
        let wanted = shapes.iter().map(|s| Array::new(s, |_| 0)).collect();
        Case::new(op, inputs, wanted).refusal()
    };
    let join = |axis, activation| Op::Concatenation { axis, activation };
    let none = Activation::None;
    let strided = |ellipsis_mask| Op::StridedSlice {
        begin_mask: 0,
        end_mask: 0,
        ellipsis_mask,
        new_axis_mask: 0,
        shrink_axis_mask: 0,
        offset: false,
    };
    let cases = [
        (
            "fused Relu",
            refusal(join(0, Activation::Relu), vec![x(&[2])], &[&[2]]),
        ),
        (
            "no axis 2 in 2",
            refusal(join(2, none), vec![x(&[2, 2])], &[&[2, 2]]),
        ),
        (
            "[1, 2] and [1, 3] don't fit together along axis 0",
            refusal(join(0, none), vec![x(&[1, 2]), x(&[1, 3])], &[&[2, 2]]),
        ),
        (
            "makes [3, 2] of [1, 2]",
            refusal(join(0, none), vec![x(&[1, 2]), x(&[2, 2])], &[&[3, 3]]),
        ),
        (
            "can't be cut into 2 equal parts",
            refusal(Op::Split, vec![n(&[0]), x(&[3])], &[&[1], &[2]]),
        ),
        (
            "can't be cut into [-1, -1] for 2 outputs",
            refusal(
                Op::SplitV,
                vec![x(&[3]), n(&[-1, -1]), n(&[0])],
                &[&[1], &[2]],
            ),
        ),
        (
            "there is no slice of 3 from 1 on in a dimension of 3",
            refusal(Op::Slice, vec![x(&[3]), n(&[1]), n(&[3])], &[&[3]]),
        ),
        (
            "silently ignores",
            refusal(
                strided(1),
                vec![x(&[3]), n(&[0]), n(&[3]), n(&[1])],
                &[&[3]],
            ),
        ),
        (
            "takes no value from 2 to 1 by 1 in a dimension of 3",
            refusal(
                strided(0),
                vec![x(&[3]), n(&[2]), n(&[1]), n(&[1])],
                &[&[3]],
            ),
        ),
        (
            "[0, 0] is no permutation",
            refusal(Op::Transpose, vec![x(&[1, 2]), n(&[0, 0])], &[&[1, 2]]),
        ),
        (
            "permutation must be constant int32",
            refusal(Op::Transpose, vec![x(&[1, 2]), x(&[2])], &[&[1, 2]]),
        ),
        (
            "two counts for each dimension of [1, 2]",
            refusal(Op::Pad, vec![x(&[1, 2]), n(&[0, 1])], &[&[1, 3]]),
        ),
        (
            "is cut into 3, and there are 2",
            refusal(Op::Unpack { axis: 0 }, vec![x(&[3])], &[&[], &[]]),
        ),
        (
            "packs [2] and [3]",
            refusal(Op::Pack { axis: 0 }, vec![x(&[2]), x(&[3])], &[&[2, 2]]),
        ),
    ];
    for (needle, message) in cases {
        assert!(message.contains(needle), "{message:?} lacks {needle:?}");
    }
}
