//! Which windows a recording gives, and what each is labelled.

use crate::Span;

/// One window of a recording and its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowLabel {
    /// First sample of the window, at the rate that the spans are counted in.
    pub start: u32,
    /// The label that covers more than half of the window.
    pub label: String,
}

/// How many whole windows of `window` samples fit when one begins every `hop`
/// samples; 0 where `window` or `hop` is 0 or the recording is too short.
pub fn window_count(samples: u32, window: u32, hop: u32) -> u32 {
    if window == 0 || hop == 0 || samples < window {
        0
    } else {
        (samples - window) / hop + 1
    }
}

/// The labelled windows of a recording, in order of time.
///
/// A window bears the label that covers more than half of its samples, over
/// all spans of that label together; a window without such a label is left out
/// (it would teach two things at once). `spans` are in order, without overlap.
pub fn window_labels(spans: &[Span], samples: u32, window: u32, hop: u32) -> Vec<WindowLabel> {
    let mut out = Vec::new();
    // Spans that end before this window can't touch a later one.
    let mut first = 0;
    for i in 0..window_count(samples, window, hop) {
        let start = i * hop;
        let end = start + window;
        while spans.get(first).is_some_and(|s| s.end <= start) {
            first += 1;
        }
        let touching = || spans[first..].iter().take_while(|s| s.start < end);
        let covered = |label: &str| -> u64 {
            touching()
                .filter(|s| s.label == label)
                .map(|s| u64::from(s.end.min(end) - s.start.max(start)))
                .sum()
        };
        let winner = touching().find(|s| 2 * covered(&s.label) > u64::from(window));
        if let Some(span) = winner {
            out.push(WindowLabel {
                start,
                label: span.label.clone(),
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn span(start: u32, end: u32, label: &str) -> Span {
        Span {
            start,
            end,
            label: label.into(),
        }
    }

    fn short(windows: &[WindowLabel]) -> Vec<(u32, &str)> {
        windows
            .iter()
            .map(|w| (w.start, w.label.as_str()))
            .collect()
    }

    #[test]
    fn counts() {
        assert_eq!(window_count(100, 100, 50), 1);
        assert_eq!(window_count(99, 100, 50), 0);
        assert_eq!(window_count(1040, 208, 104), 9);
        assert_eq!(window_count(10, 0, 1), 0);
        assert_eq!(window_count(10, 1, 0), 0);
    }

    #[test]
    fn more_than_half_decides() {
        let spans = [span(0, 10, "a"), span(10, 20, "b")];
        // The window at 5 is half a, half b: left out.
        let got = window_labels(&spans, 20, 10, 5);
        assert_eq!(short(&got), [(0, "a"), (10, "b")]);
        let got = window_labels(&spans, 20, 10, 4);
        assert_eq!(short(&got), [(0, "a"), (4, "a"), (8, "b")]);
    }

    #[test]
    fn gaps_bear_no_label() {
        let got = window_labels(&[span(6, 10, "a")], 20, 10, 10);
        assert!(got.is_empty());
        let got = window_labels(&[span(4, 10, "a")], 20, 10, 10);
        assert_eq!(short(&got), [(0, "a")]);
    }

    #[test]
    fn pieces_of_one_label_add_up() {
        let spans = [span(0, 3, "a"), span(3, 7, "b"), span(7, 10, "a")];
        assert_eq!(short(&window_labels(&spans, 10, 10, 1)), [(0, "a")]);
    }

    #[test]
    fn no_overflow_at_the_end_of_u32() {
        let spans = [span(0, u32::MAX, "a")];
        let got = window_labels(&spans, u32::MAX, u32::MAX - 1, 1);
        assert_eq!(got.len(), 2);
    }
}
