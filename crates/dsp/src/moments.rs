//! Moments of one axis, as the blocks of slow signals use them.

/// Deviation at or below which an axis counts as still.
pub(crate) const STILL: f32 = 1e-6;
/// Most that kurtosis may be, so that one knock in a quiet window does not stretch
/// the range of the network's int8 input.
const KURTOSIS_MAX: f32 = 20.0;

/// Reach, mean and deviation of an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moments {
    pub low: f32,
    pub high: f32,
    pub mean: f32,
    /// √(Σ(x−mean)² / n).
    pub deviation: f32,
}

/// Takes the mean off the axis in place, and tells what it was; `x` is not empty.
pub(crate) fn centre(x: &mut [f32]) -> Moments {
    let n = x.len() as f32;
    let (mut low, mut high, mut sum) = (f32::MAX, f32::MIN, 0.0);
    for v in x.iter() {
        // Compared as whole numbers, which takes a third of the time where there is no
        // floating point; only zeros of either sign are told apart by it.
        low = if v.total_cmp(&low).is_lt() { *v } else { low };
        high = if v.total_cmp(&high).is_gt() { *v } else { high };
        sum += *v;
    }
    // The mean of equal values is that value, whatever the rounding of their sum.
    let mean = if low == high { low } else { sum / n };
    let mut square = 0.0;
    for v in x.iter_mut() {
        *v -= mean;
        square += *v * *v;
    }
    Moments {
        low,
        high,
        mean,
        deviation: libm::sqrtf(square / n),
    }
}

/// Skewness Σz³/n and kurtosis Σz⁴/n − 3, at most 20, of a centred axis, z = x/deviation;
/// 0 and 0 where the axis is still.
pub(crate) fn shape(x: &[f32], deviation: f32) -> (f32, f32) {
    if deviation <= STILL {
        return (0.0, 0.0);
    }
    let n = x.len() as f32;
    // One division for all: chips without floating point need hundreds of steps for it.
    let inverse = 1.0 / deviation;
    let (mut third, mut fourth) = (0.0, 0.0);
    for v in x {
        let z = *v * inverse;
        let z2 = z * z;
        third += z2 * z;
        fourth += z2 * z2;
    }
    let kurtosis = fourth / n - 3.0;
    let kurtosis = if kurtosis > KURTOSIS_MAX {
        KURTOSIS_MAX
    } else {
        kurtosis
    };
    (third / n, kurtosis)
}
