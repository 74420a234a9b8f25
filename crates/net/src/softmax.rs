//! Logits to probabilities.

/// `p[i] = exp(x[i] − max x) / Σ exp(x[j] − max x)`, through `libm`, so that every
/// machine gives the same bytes. Of no values it gives none.
pub fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut p: Vec<f32> = logits.iter().map(|x| libm::expf(x - largest)).collect();
    let sum: f32 = p.iter().sum();
    for v in &mut p {
        *v /= sum;
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_logits_do_not_overflow() {
        assert_eq!(softmax(&[1000.0, 1000.0]), [0.5, 0.5]);
        assert_eq!(softmax(&[0.0, -1000.0]), [1.0, 0.0]);
        let p = softmax(&[0.0, core::f32::consts::LN_2]);
        assert!((p[1] - 2.0 / 3.0).abs() < 1e-6);
        assert!(softmax(&[]).is_empty());
    }
}
