//! # Add
//!
//! **What.** `y[i] = activation(a[i] + b[i])`, where a is what the layer above gives and
//! b what an earlier one gave: the way round that lets deep networks learn. Lowered
//! to ADD with the activation fused.
//!
//! **Shapes.** Any, but the same of both.
//!
//! **Quantisation.** Inputs keep their scales; the output has its own, from its range.
//!
//! **Source.** He et al., "Deep residual learning", 2015; TFLite's ADD.

use lampyris_graph as graph;

use super::read_activation;
use crate::bytes::{self, Reader};
use crate::lower::{Lowering, affine};
use crate::{Activation, LayerCost, LayerSpec, NetError, Range, Shape};

pub(crate) const KIND: &str = "add";
pub(crate) const TAG: u8 = 11;

/// Adds the output of an earlier layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Add {
    /// How many layers above the other summand comes from; one above the first
    /// layer are the features.
    pub back: usize,
    /// Applied to each sum.
    pub activation: Activation,
}

/// Refuses a layer that isn't there, and one whose output exists only until its
/// batch norm is folded into it.
pub(crate) fn check(
    hidden: &[LayerSpec],
    at: usize,
    back: u32,
    place: &str,
) -> Result<(), NetError> {
    let back = back as usize;
    if !(2..=at + 1).contains(&back) {
        let remedy = if at == 0 {
            "put another layer before it: there is nothing to add yet".to_string()
        } else {
            format!("choose 2 to {}: 2 is the layer above the one above", at + 1)
        };
        return Err(NetError::new(
            format!("the sum with the layer {back} above"),
            place,
            remedy,
        ));
    }
    let behind = hidden.get(at + 1 - back);
    if back <= at && matches!(behind, Some(LayerSpec::BatchNorm { .. })) {
        return Err(NetError::new(
            "the sum with a layer that a batch norm is folded into",
            place,
            format!("add the batch norm's output: choose {}", back - 1),
        ));
    }
    Ok(())
}

/// The shape of the sum; `shapes` are those of the features and of every layer above.
pub(crate) fn output(shapes: &[Shape], back: usize, place: &str) -> Result<Shape, NetError> {
    let other = shapes.len().checked_sub(back).and_then(|i| shapes.get(i));
    let (Some(&a), Some(&b)) = (shapes.last(), other) else {
        return Err(NetError::new(
            format!("the sum with the layer {back} above"),
            place,
            format!("choose at most {}", shapes.len()),
        ));
    };
    if a == b {
        return Ok(a);
    }
    Err(NetError::new(
        format!("the sum of {a} and {b} values"),
        place,
        "add a layer of the same shape: as many filters, no stride or pool between",
    ))
}

pub(crate) fn cost(name: String, output: Shape) -> LayerCost {
    LayerCost::of(name, "ADD", output.dims())
}

impl Add {
    pub(crate) fn forward(&self, a: &[f32], b: &[f32]) -> Vec<f32> {
        let mut y: Vec<f32> = a.iter().zip(b).map(|(a, b)| a + b).collect();
        self.activation.apply(&mut y);
        y
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        bytes::put_u32(out, self.back);
        out.push(self.activation.code());
    }

    pub(crate) fn read(r: &mut Reader<'_>) -> Result<Self, NetError> {
        Ok(Self {
            back: r.u32()? as usize,
            activation: read_activation(r)?,
        })
    }

    pub(crate) fn lower(&self, name: &str, shape: Shape, range: Range, to: &mut Lowering) {
        let a = to.shaped(to.back(1), shape.dims(), name);
        let b = to.shaped(to.back(self.back), shape.dims(), name);
        let y = to.activation(name.to_string(), shape.dims(), affine(range));
        let op = graph::Op::Add {
            activation: self.activation.lowered(),
        };
        to.node(op, vec![Some(a), Some(b)], y);
        to.give(y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forward_is_the_formula() {
        let add = Add {
            back: 2,
            activation: Activation::Relu,
        };
        assert_eq!(add.forward(&[1.0, -2.0], &[0.5, 1.0]), [1.5, 0.0]);
    }

    #[test]
    fn only_what_is_there_can_be_added() {
        let hidden = vec![
            LayerSpec::Dense {
                units: 4,
                activation: Activation::None,
            },
            LayerSpec::BatchNorm {
                activation: Activation::Relu,
            },
            LayerSpec::Dropout { rate: 0.1 },
            LayerSpec::Flatten,
        ];
        for back in [2, 4] {
            check(&hidden, 3, back, "layer 4").expect("the norm, and the features");
        }
        for back in [0, 1, 5] {
            check(&hidden, 3, back, "layer 4").expect_err("out of reach");
        }
        let e = check(&hidden, 3, 3, "layer 4").expect_err("folded away");
        assert!(e.remedy.contains("choose 2"), "{e}");
        check(&hidden, 0, 2, "layer 1").expect_err("nothing before the first");
        let shapes = [Shape::flat(4), Shape::flat(3)];
        let e = output(&shapes, 2, "layer 2").expect_err("3 is not 4");
        assert!(e.what.contains("1×1×3"), "{e}");
    }
}
