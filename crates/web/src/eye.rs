//! When the pictures of a camera came, and what the model saw of the last.

use std::collections::VecDeque;

/// A pause that is longer than this, in milliseconds, and than [`GAP_TURNS`] is a gap: the
/// page gives fewer pictures than the camera takes, and what was said before a pause has
/// nothing to do with what follows.
const GAP_MS: f64 = 2000.0;
/// So many pictures of a model that looks less often than once in a while may be missing.
const GAP_TURNS: f64 = 3.0;

/// A model's view of a camera.
pub(crate) struct Eye {
    /// The longest pause that is no gap, in milliseconds; the rate is measured over as long.
    pause_ms: f64,
    /// Times of the last pictures, rising.
    recent: VecDeque<f64>,
    /// The network's input of the last one.
    pub shown: Vec<i8>,
}

impl Eye {
    /// Of a model that looks `rate_hz` times a second.
    pub(crate) fn new(rate_hz: f32) -> Self {
        Self {
            pause_ms: GAP_MS.max(GAP_TURNS * 1000.0 / f64::from(rate_hz)),
            recent: VecDeque::new(),
            shown: Vec::new(),
        }
    }

    /// Takes the time of a picture; says whether pictures are missing before it.
    pub(crate) fn take(&mut self, t_ms: f64) -> bool {
        let last = self.recent.back().copied();
        let gap = last.is_some_and(|last| !(0.0..=self.pause_ms).contains(&(t_ms - last)));
        if gap {
            self.recent.clear();
        }
        self.recent.push_back(t_ms);
        while self
            .recent
            .front()
            .is_some_and(|t| t_ms - t > self.pause_ms)
        {
            self.recent.pop_front();
        }
        gap
    }

    /// Pictures per second of late; 0 before that can be told.
    pub(crate) fn rate_hz(&self) -> f64 {
        match (self.recent.front(), self.recent.back()) {
            (Some(first), Some(last)) if last > first => {
                1000.0 * (self.recent.len() - 1) as f64 / (last - first)
            }
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_two_seconds() {
        let mut eye = Eye::new(5.0);
        assert_eq!(eye.rate_hz(), 0.0);
        for i in 0..100 {
            assert!(!eye.take(f64::from(i) * 100.0));
        }
        assert!((eye.rate_hz() - 10.0).abs() < 1e-9);
        for i in 0..20 {
            assert!(!eye.take(10_000.0 + f64::from(i) * 250.0));
        }
        assert!((eye.rate_hz() - 4.0).abs() < 1e-9);
    }

    #[test]
    fn a_pause_and_a_clock_that_falls_back_are_gaps() {
        let mut eye = Eye::new(5.0);
        assert!(!eye.take(5000.0));
        assert!(!eye.take(7000.0));
        assert!(eye.take(9001.0));
        assert_eq!(eye.rate_hz(), 0.0);
        assert!(eye.take(9000.0));
        assert!(eye.take(f64::NAN));
    }

    #[test]
    fn a_model_that_looks_seldom_has_no_gap_at_each_picture() {
        let mut eye = Eye::new(0.1);
        for i in 0..5 {
            assert!(!eye.take(f64::from(i) * 10_000.0));
        }
        assert!((eye.rate_hz() - 0.1).abs() < 1e-9);
        assert!(!eye.take(69_000.0));
        assert!(eye.take(99_500.0));
    }
}
