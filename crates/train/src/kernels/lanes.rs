//! Four values at once: a vector register where the target has one, else an array. Each
//! lane is computed as a single value would be, so both give the same bytes.

use lampyris_net::Activation;

/// How many they are.
pub(super) const LANES: usize = 4;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wide {
    use core::arch::wasm32::{
        f32x4, f32x4_add, f32x4_eq, f32x4_extract_lane, f32x4_lt, f32x4_mul, f32x4_pmax,
        f32x4_pmin, f32x4_splat, v128, v128_and, v128_andnot,
    };

    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Four(v128);

    #[derive(Clone, Copy)]
    pub(crate) struct Mask(v128);

    impl Four {
        #[inline(always)]
        pub(crate) fn of([a, b, c, d]: [f32; 4]) -> Self {
            Self(f32x4(a, b, c, d))
        }

        #[inline(always)]
        pub(crate) fn all(value: f32) -> Self {
            Self(f32x4_splat(value))
        }

        #[inline(always)]
        pub(crate) fn values(self) -> [f32; 4] {
            [
                f32x4_extract_lane::<0>(self.0),
                f32x4_extract_lane::<1>(self.0),
                f32x4_extract_lane::<2>(self.0),
                f32x4_extract_lane::<3>(self.0),
            ]
        }

        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn times(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn at_least(self, other: Self) -> Self {
            Self(f32x4_pmax(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn at_most(self, other: Self) -> Self {
            Self(f32x4_pmin(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn is(self, other: Self) -> Mask {
            Mask(f32x4_eq(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn is_below(self, other: Self) -> Mask {
            Mask(f32x4_lt(self.0, other.0))
        }

        #[inline(always)]
        pub(crate) fn only(self, mask: Mask) -> Self {
            Self(v128_and(self.0, mask.0))
        }

        #[inline(always)]
        pub(crate) fn without(self, mask: Mask) -> Self {
            Self(v128_andnot(self.0, mask.0))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod wide {
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Four([f32; 4]);

    #[derive(Clone, Copy)]
    pub(crate) struct Mask([bool; 4]);

    impl Four {
        #[inline(always)]
        pub(crate) fn of(values: [f32; 4]) -> Self {
            Self(values)
        }

        #[inline(always)]
        pub(crate) fn all(value: f32) -> Self {
            Self([value; 4])
        }

        #[inline(always)]
        pub(crate) fn values(self) -> [f32; 4] {
            self.0
        }

        #[inline(always)]
        fn with<T>(self, other: Self, f: impl Fn(f32, f32) -> T) -> [T; 4] {
            std::array::from_fn(|i| f(self.0[i], other.0[i]))
        }

        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            Self(self.with(other, |a, b| a + b))
        }

        #[inline(always)]
        pub(crate) fn times(self, other: Self) -> Self {
            Self(self.with(other, |a, b| a * b))
        }

        #[inline(always)]
        pub(crate) fn at_least(self, other: Self) -> Self {
            Self(self.with(other, |a, b| if a < b { b } else { a }))
        }

        #[inline(always)]
        pub(crate) fn at_most(self, other: Self) -> Self {
            Self(self.with(other, |a, b| if b < a { b } else { a }))
        }

        #[inline(always)]
        pub(crate) fn is(self, other: Self) -> Mask {
            Mask(self.with(other, |a, b| a == b))
        }

        #[inline(always)]
        pub(crate) fn is_below(self, other: Self) -> Mask {
            Mask(self.with(other, |a, b| a < b))
        }

        #[inline(always)]
        pub(crate) fn only(self, mask: Mask) -> Self {
            Self(std::array::from_fn(
                |i| if mask.0[i] { self.0[i] } else { 0.0 },
            ))
        }

        #[inline(always)]
        pub(crate) fn without(self, mask: Mask) -> Self {
            Self(std::array::from_fn(
                |i| if mask.0[i] { 0.0 } else { self.0[i] },
            ))
        }
    }
}

pub(super) use wide::Four;

impl Four {
    /// The first of `values`, and zeros where there are fewer.
    #[inline(always)]
    pub(super) fn first(values: &[f32]) -> Self {
        match values.first_chunk() {
            Some(four) => Self::of(*four),
            None => {
                let mut four = [0.0; LANES];
                four.iter_mut().zip(values).for_each(|(own, v)| *own = *v);
                Self::of(four)
            }
        }
    }

    /// Puts as many as there is room for.
    #[inline(always)]
    pub(super) fn put(self, values: &mut [f32]) {
        match values.first_chunk_mut() {
            Some(four) => *four = self.values(),
            None => values
                .iter_mut()
                .zip(self.values())
                .for_each(|(to, v)| *to = v),
        }
    }

    #[inline(always)]
    pub(super) fn plus_product(self, a: Self, b: Self) -> Self {
        self.plus(a.times(b))
    }

    /// After an activation. NaN stays what it is.
    #[inline(always)]
    pub(super) fn activated(self, activation: Activation) -> Self {
        match activation {
            Activation::None => self,
            Activation::Relu => self.at_least(Self::all(0.0)),
            Activation::Relu6 => self.at_least(Self::all(0.0)).at_most(Self::all(6.0)),
        }
    }

    /// Of gradients what passes an activation that gave `y`.
    #[inline(always)]
    pub(super) fn passed(self, y: Self, activation: Activation) -> Self {
        match activation {
            Activation::None => self,
            Activation::Relu => self.only(Self::all(0.0).is_below(y)),
            Activation::Relu6 => {
                let positive = self.only(Self::all(0.0).is_below(y));
                positive.only(y.is_below(Self::all(6.0)))
            }
        }
    }
}

/// Calls `f` with fours of `a` and where they go in `to`; the last may have fewer.
#[inline(always)]
fn each(to: &mut [f32], a: &[f32], b: &[f32], f: impl Fn(Four, Four, Four) -> Four) {
    let (fours, rest) = to.as_chunks_mut();
    let ((a, rest_a), (b, rest_b)) = (a.as_chunks(), b.as_chunks());
    for ((to, a), b) in fours.iter_mut().zip(a).zip(b) {
        *to = f(Four::of(*to), Four::of(*a), Four::of(*b)).values();
    }
    if !rest.is_empty() {
        f(Four::first(rest), Four::first(rest_a), Four::first(rest_b)).put(rest);
    }
}

/// Puts what passes of `gradients` where `activation` has given `y`. All are as long.
#[inline(always)]
pub(super) fn pass(gradients: &[f32], y: &[f32], activation: Activation, to: &mut [f32]) {
    each(to, gradients, y, |_, g, y| g.passed(y, activation));
}

/// Applies an activation to sums of what is in `values` and `others`, which are as long.
#[inline(always)]
pub(super) fn sum(a: &[f32], b: &[f32], activation: Activation, to: &mut [f32]) {
    each(to, a, b, |_, a, b| a.plus(b).activated(activation));
}

/// Adds `values`, which are as long, to `sums`.
#[inline(always)]
pub(super) fn add(sums: &mut [f32], values: &[f32]) {
    each(sums, values, values, |sum, value, _| sum.plus(value));
}
