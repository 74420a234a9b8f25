//! What goes value by value.

use lampyris_net::Activation;

use super::lanes::{pass, sum};
use super::{Kernel, Seen};

/// The sum of two layers' outputs, with its activation.
#[derive(Debug)]
pub(crate) struct Sum(pub(crate) Activation);

impl Kernel for Sum {
    fn forward(&self, x: &[f32], other: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let mut y = vec![0.0; x.len()];
        sum(x, other, self.0, &mut y);
        (y, Vec::new())
    }

    fn backward(&self, seen: Seen<'_>, gradient: &[f32]) -> [Option<Vec<f32>>; 2] {
        let mut passing = vec![0.0; gradient.len()];
        pass(gradient, seen.y, self.0, &mut passing);
        let [x, other] = seen.wanted;
        let copy = (x && other).then(|| passing.clone());
        match seen.wanted {
            [true, _] => [Some(passing), copy],
            _ => [None, other.then_some(passing)],
        }
    }
}

/// Values times constants: dropout with its mask, and logits with their gradient, whose sum
/// is all that Burn needs to go back from.
#[derive(Debug)]
pub(crate) struct Scaled {
    pub(crate) summed: bool,
}

impl Kernel for Scaled {
    fn forward(&self, x: &[f32], factors: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let scaled = x.iter().zip(factors).map(|(x, f)| x * f);
        let y = if self.summed {
            vec![scaled.sum()]
        } else {
            scaled.collect()
        };
        (y, Vec::new())
    }

    fn backward(&self, seen: Seen<'_>, gradient: &[f32]) -> [Option<Vec<f32>>; 2] {
        let factors = seen.other.iter();
        let dx = match gradient {
            [g] if self.summed => factors.map(|f| f * g).collect(),
            _ => factors.zip(gradient).map(|(f, g)| f * g).collect(),
        };
        [Some(dx), None]
    }
}
