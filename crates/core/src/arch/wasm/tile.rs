//! The loops in which a page's network spends its time, for one way of multiplying or another.
//!
//! Weights lie in blocks of eight outputs: two vectors of biases, then for each step two of
//! weights, of four outputs each. A step takes 32 bits of a row of values.
//!
//! Nothing here touches a stack or other memory than what it is given, for the loops are also
//! part of a module that has neither (`crates/relaxed`).

use core::arch::wasm32::{i32x4_add, i32x4_splat, v128, v128_load, v128_load32_splat, v128_store};

/// Rows that are multiplied at once.
pub(super) const ROWS: usize = 4;

/// How many numbers a step multiplies in a lane, and how.
pub(super) trait Dot {
    /// `sum + Σ x · w` in each lane.
    fn add(sum: v128, x: v128, w: v128) -> v128;
}

/// Four rows.
///
/// # Safety
/// As `relaxed::Tile` says.
#[inline(always)]
pub(super) unsafe fn four_rows<D: Dot>(
    x: usize,
    stride: usize,
    w: usize,
    sums: usize,
    steps: usize,
    blocks: usize,
) {
    let mut w = w as *const v128;
    let row = |i: usize| (x + i * stride) as *const u32;
    let rows = [row(0), row(1), row(2), row(3)];
    let width = 2 * blocks;
    for block in 0..blocks {
        // SAFETY: the caller's pointers reach as far as these loops go.
        unsafe {
            let bias = [v128_load(w), v128_load(w.add(1))];
            w = w.add(2);
            let mut all = [bias; ROWS];
            for k in 0..steps {
                let weights = [v128_load(w), v128_load(w.add(1))];
                w = w.add(2);
                for (all, row) in all.iter_mut().zip(rows) {
                    let x = v128_load32_splat(row.add(k));
                    all[0] = D::add(all[0], x, weights[0]);
                    all[1] = D::add(all[1], x, weights[1]);
                }
            }
            let to = (sums as *mut v128).add(2 * block);
            for (i, [a, b]) in all.into_iter().enumerate() {
                v128_store(to.add(i * width), a);
                v128_store(to.add(i * width + 1), b);
            }
        }
    }
}

/// One row; several sums an output are under way at once, so that none waits for the last.
///
/// # Safety
/// As `relaxed::Tile` says.
#[inline(always)]
pub(super) unsafe fn one_row<D: Dot>(
    x: usize,
    _: usize,
    w: usize,
    sums: usize,
    steps: usize,
    blocks: usize,
) {
    const APART: usize = 4;
    let mut w = w as *const v128;
    let x = x as *const u32;
    let zero = i32x4_splat(0);
    for block in 0..blocks {
        // SAFETY: the caller's pointers reach as far as these loops go.
        unsafe {
            let mut all = [[zero; 2]; APART];
            all[0] = [v128_load(w), v128_load(w.add(1))];
            w = w.add(2);
            let together = steps - steps % APART;
            let mut k = 0;
            while k < together {
                for (i, all) in all.iter_mut().enumerate() {
                    let x = v128_load32_splat(x.add(k + i));
                    all[0] = D::add(all[0], x, v128_load(w.add(2 * i)));
                    all[1] = D::add(all[1], x, v128_load(w.add(2 * i + 1)));
                }
                w = w.add(2 * APART);
                k += APART;
            }
            while k < steps {
                let x = v128_load32_splat(x.add(k));
                all[0][0] = D::add(all[0][0], x, v128_load(w));
                all[0][1] = D::add(all[0][1], x, v128_load(w.add(1)));
                w = w.add(2);
                k += 1;
            }
            let to = (sums as *mut v128).add(2 * block);
            let sum = |half: usize| {
                let [a, b, c, d] = [0, 1, 2, 3].map(|i| all[i][half]);
                i32x4_add(i32x4_add(a, b), i32x4_add(c, d))
            };
            v128_store(to, sum(0));
            v128_store(to.add(1), sum(1));
        }
    }
}
