//! RESIZE_NEAREST_NEIGHBOR: a picture in another size, each pixel that of the nearest.
//!
//! # What
//! `y[n, r, c, k] = x[n, rows[r], columns[c], k]`. The host has computed both tables with
//! the float arithmetic of TFLite.
//!
//! # Shapes
//! x `[N, H, W, C]`, y `[N, OH, OW, C]`; rows `[OH]`, columns `[OW]`.
//!
//! # Quantisation
//! None: bytes. Scale and zero point of the output are those of the input.
//!
//! # Refuses
//! Other counts than one input and one output; tensors that are no pictures, or of other
//! batches or channels; tables outside the data, or that point out of the picture.
//!
//! # Source
//! TFLite `kernels/internal/reference/resize_nearest_neighbor.h`, TFLite Micro
//! `kernels/resize_nearest_neighbor.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::node::{Node, Tensor};

/// See the [module's text](self).
pub static RESIZE_NEAREST_NEIGHBOR: Operator = Operator {
    code: 97,
    name: "RESIZE_NEAREST_NEIGHBOR",
    types: Types::Same,
    overlap: Overlap::Never,
    check,
    eval,
};

/// As two words: where the tables of rows and of columns lie in the data.
struct Params<'a> {
    rows: &'a [i32],
    columns: &'a [i32],
    x: Tensor<'a>,
    y: Tensor<'a>,
}

impl<'a> Params<'a> {
    fn read(node: &Node<'a>) -> Result<Self, Fault> {
        let &[rows, columns] = node.params().ok_or(Fault::Params)?;
        let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
            return Err(Fault::Shape);
        };
        let [_, h, w, _] = y.dims();
        Ok(Self {
            rows: node.constant_i32(rows, h).ok_or(Fault::Constant)?,
            columns: node.constant_i32(columns, w).ok_or(Fault::Constant)?,
            x,
            y,
        })
    }
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    let p = Params::read(node)?;
    let ([n, h, w, c], [batches, _, _, channels]) = (p.x.dims(), p.y.dims());
    if (p.x.rank(), p.y.rank()) != (4, 4) || (n, c) != (batches, channels) {
        return Err(Fault::Shape);
    }
    let inside = |table: &[i32], len: usize| {
        let place = |&i: &i32| usize::try_from(i).is_ok_and(|i| i < len);
        table.iter().all(place)
    };
    if !inside(p.rows, h) || !inside(p.columns, w) {
        return Err(Fault::Params);
    }
    Ok(())
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let Ok(p) = Params::read(node) else {
        return;
    };
    let [batches, h, w, c] = p.x.dims();
    let Some((x, mut y)) = node.split(arena, &p.x, &p.y) else {
        return;
    };
    for batch in 0..batches {
        for &row in p.rows {
            let line = batch.wrapping_mul(h).wrapping_add(row as usize);
            for &column in p.columns {
                let pixel = line.wrapping_mul(w).wrapping_add(column as usize);
                let from = x.get(pixel.wrapping_mul(c)..).unwrap_or(&[]);
                let Some(to) = y.split_off_mut(..c) else {
                    return;
                };
                to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run_shaped;

    #[test]
    fn rows_and_columns_are_looked_up() {
        // Rows 1 0 1, columns 0 0; each on 16 bytes.
        let made = |data: &[u32], channels| {
            let shapes: (&[&[usize]], &[&[i8]]) = (&[&[1, 2, 1, 2]], &[&[1, 2, 3, 4]]);
            let to: &[usize] = &[1, 3, 2, channels];
            run_shaped(&RESIZE_NEAREST_NEIGHBOR, (&[0, 16], data), shapes, &[to])
        };
        let y = made(&[1, 0, 1, 0, 0, 0, 0, 0], 2).expect("sound");
        assert_eq!(y, [[3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4]]);
        assert_eq!(made(&[1, 0, 2, 0, 0, 0, 0, 0], 2), Err(Fault::Params));
        let below = u32::MAX;
        assert_eq!(made(&[1, 0, 1, 0, 0, below, 0, 0], 2), Err(Fault::Params));
        assert_eq!(made(&[1, 0, 1, 0, 0, 0, 0, 0], 1), Err(Fault::Shape));
        assert_eq!(made(&[1, 0, 1, 0], 2), Err(Fault::Constant));
    }

    #[test]
    fn any_word_may_be_anything() {
        crate::fixture::any_word_may_be_anything(
            &RESIZE_NEAREST_NEIGHBOR,
            (&[0, 16], &[1, 0, 1, 0, 0, 0, 0, 0]),
            &[&[1, 2, 1, 2]],
            &[&[1, 3, 2, 2]],
        );
    }
}
