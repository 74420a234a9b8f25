//! Cross-entropy over softmax: its value, what was right, and its gradient with respect
//! to the logits, `(softmax − truth) · weight`, which is all that has to flow back.

use crate::Options;

/// How much each label counts and how sure a network may be.
pub(crate) struct Loss {
    /// A factor for each label; their mean over the training windows is 1.
    weights: Vec<f32>,
    /// What is taken from the truth and spread over all labels.
    smoothing: f32,
}

/// Sums over the windows of one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Score {
    /// Of the cross-entropies, in nats, times the weights of their labels.
    pub(crate) loss: f64,
    /// Of the weights.
    pub(crate) weight: f64,
    /// Of the windows that were right.
    pub(crate) right: usize,
    /// Of all windows.
    pub(crate) windows: usize,
}

impl Score {
    pub(crate) fn add(&mut self, other: Score) {
        self.loss += other.loss;
        self.weight += other.weight;
        self.right += other.right;
        self.windows += other.windows;
    }

    /// Mean loss and accuracy.
    pub(crate) fn means(&self) -> (f32, f32) {
        let right = self.right as f64 / self.windows.max(1) as f64;
        let weight = if self.weight > 0.0 { self.weight } else { 1.0 };
        ((self.loss / weight) as f32, right as f32)
    }
}

impl Loss {
    /// For training windows of which `counts` bear each label.
    pub(crate) fn new(options: &Options, counts: &[usize]) -> Self {
        let present = counts.iter().filter(|n| **n > 0).count() as f32;
        let all = counts.iter().sum::<usize>() as f32;
        let weight = |&n: &usize| {
            if options.class_weights && n > 0 {
                all / (present * n as f32)
            } else {
                1.0
            }
        };
        Self {
            weights: counts.iter().map(weight).collect(),
            smoothing: options.label_smoothing,
        }
    }

    /// The sums for `logits`, `[windows, classes]`, which become their gradient of the
    /// mean over the batch.
    pub(crate) fn gradient(&self, logits: &mut [f32], y: &[usize]) -> Score {
        let classes = self.weights.len();
        let share = 1.0 / y.len() as f32;
        let mut sum = Score::default();
        for (row, &label) in logits.chunks_exact_mut(classes).zip(y) {
            sum.add(self.score(row, label));
            let (off, on) = (self.smoothing / classes as f32, 1.0 - self.smoothing);
            let weight = self.weights[label] * share;
            for (i, p) in row.iter_mut().enumerate() {
                let truth = off + if i == label { on } else { 0.0 };
                *p = (*p - truth) * weight;
            }
        }
        sum
    }

    /// The sums alone; `logits` become probabilities.
    pub(crate) fn scores(&self, logits: &mut [f32], y: &[usize]) -> Score {
        let mut sum = Score::default();
        for (row, &label) in logits.chunks_exact_mut(self.weights.len()).zip(y) {
            sum.add(self.score(row, label));
        }
        sum
    }

    /// One window: its score without smoothing, and its probabilities in place of its
    /// logits.
    fn score(&self, row: &mut [f32], label: usize) -> Score {
        let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let told = row[label];
        // Right when no other label is as likely; NaN is never right.
        let beaten = |(i, l): (usize, &f32)| i == label || *l < told;
        let right = row.iter().enumerate().all(beaten) && !told.is_nan();
        let mut total = 0.0;
        for v in row.iter_mut() {
            *v = libm::expf(*v - most);
            total += *v;
        }
        let loss = f64::from(libm::logf(total)) - (f64::from(told) - f64::from(most));
        row.iter_mut().for_each(|v| *v /= total);
        let weight = f64::from(self.weights[label]);
        Score {
            loss: loss * weight,
            weight,
            right: usize::from(right),
            windows: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(class_weights: bool, label_smoothing: f32, counts: &[usize]) -> Loss {
        let options = Options {
            class_weights,
            label_smoothing,
            ..Options::default()
        };
        Loss::new(&options, counts)
    }

    #[test]
    fn scores_are_counted_by_hand() {
        let plain = loss(false, 0.0, &[5, 5]);
        // ln(1 + e^-1) and ln(1 + e^1); the second is wrong.
        let s = plain.scores(&mut [1.0, 0.0, 1.0, 0.0], &[0, 1]);
        assert_eq!((s.right, s.windows), (1, 2));
        assert!((s.loss - (0.313_261_7 + 1.313_261_7)).abs() < 1e-6, "{s:?}");
        let s = plain.scores(&mut [f32::NAN, 0.0, 0.5, 0.5], &[0, 1]);
        assert!(s.loss.is_nan());
        assert_eq!(s.right, 0, "neither NaN nor a tie is an answer");
    }

    #[test]
    fn the_gradient_is_probability_less_truth() {
        let mut logits = [0.0, 0.0, 3.0_f32.ln(), 0.0];
        loss(false, 0.0, &[1, 1]).gradient(&mut logits, &[0, 0]);
        let expected = [-0.25, 0.25, -0.125, 0.125];
        for (a, b) in logits.iter().zip(expected) {
            assert!((a - b).abs() < 1e-6, "{logits:?}");
        }
        let mut logits = [0.0, 0.0];
        loss(false, 0.2, &[1, 1]).gradient(&mut logits, &[0]);
        assert!((logits[0] + 0.4).abs() < 1e-6, "{logits:?}");
    }

    #[test]
    fn rare_labels_weigh_more() {
        // 12 windows of 2 labels: 12/(2·9), 12/(2·3); a label without windows counts 1.
        let weighted = loss(true, 0.0, &[9, 3, 0]);
        assert_eq!(weighted.weights, [12.0 / 18.0, 2.0, 1.0]);
        let s = weighted.scores(&mut [0.0; 6], &[0, 1]);
        let (mean, _) = s.means();
        assert!((mean - 3.0_f32.ln()).abs() < 1e-6, "a mean is a mean");
    }
}
