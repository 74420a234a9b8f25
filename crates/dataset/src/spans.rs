//! Labelled stretches: checked, looked up, moved to another rate.

use crate::{DatasetError, RecordingMeta, Span};

/// The spans in order, without overlap, inside the recording; one over all of
/// it where none is given.
pub(crate) fn checked_spans(
    label: String,
    spans: Vec<Span>,
    samples: u32,
) -> Result<Vec<Span>, DatasetError> {
    let spans = if spans.is_empty() {
        vec![Span {
            start: 0,
            end: samples,
            label,
        }]
    } else {
        spans
    };
    let mut from = 0;
    for span in &spans {
        if span.label.trim().is_empty() {
            return Err(DatasetError::new(
                "there is no label",
                format!("samples {} to {}", span.start, span.end),
                "say what was going on, for example \"circle\"",
            ));
        }
        if span.label.chars().any(char::is_control) {
            return Err(DatasetError::new(
                format!(
                    "the label {:?} has a line break or a control character",
                    span.label
                ),
                format!("samples {} to {}", span.start, span.end),
                "give it a name of one line",
            ));
        }
        if span.start < from || span.end <= span.start || span.end > samples {
            return Err(DatasetError::new(
                format!(
                    "the label \"{}\" covers samples {} to {}",
                    span.label, span.start, span.end
                ),
                format!("a recording of {samples} samples"),
                "give labelled stretches in order, without overlap, inside the recording",
            ));
        }
        from = span.end;
    }
    Ok(spans)
}

/// The label at one sample; `None` in a gap.
pub fn label_at(spans: &[Span], sample: u32) -> Option<&str> {
    let after = spans.partition_point(|s| s.end <= sample);
    spans
        .get(after)
        .filter(|s| s.start <= sample)
        .map(|s| s.label.as_str())
}

/// The spans of a recording in samples at another, even rate, where `samples`
/// is the length at that rate: edges are moved to the nearest sample in time.
///
/// `times_ms` are the recording's own (see [`crate::Recording::times_ms`]); spans that
/// become empty are left out.
pub fn spans_at_rate(
    meta: &RecordingMeta,
    times_ms: Option<&[f64]>,
    rate_hz: f64,
    samples: u32,
) -> Vec<Span> {
    let seconds = |sample: u32| match times_ms {
        Some(times) => {
            let first = times.first().copied().unwrap_or(0.0);
            let at = times.get(sample as usize).or(times.last());
            (at.copied().unwrap_or(first) - first) / 1000.0
        }
        None => f64::from(sample) / meta.rate_hz,
    };
    let place = |sample: u32| {
        if sample >= meta.samples {
            // The last sample is labelled too, whatever rounding says.
            samples
        } else {
            ((seconds(sample) * rate_hz).round() as u32).min(samples)
        }
    };
    let mut out: Vec<Span> = Vec::with_capacity(meta.spans.len());
    for span in &meta.spans {
        let (start, end) = (place(span.start), place(span.end));
        if start < end {
            out.push(Span {
                start,
                end,
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
    use crate::{Axis, NewRecording, Recording};

    /// A recording of one axis at 50 Hz.
    fn with(spans: Vec<Span>, samples: usize) -> Result<Recording, DatasetError> {
        let axis = Axis {
            name: "x".into(),
            unit: "g".into(),
        };
        let new = NewRecording {
            name: "take".into(),
            spans,
            axes: vec![axis],
            rate_hz: 50.0,
            source: "import".into(),
            ..NewRecording::default()
        };
        Recording::new(new, vec![0.0; samples], None)
    }

    fn span(start: u32, end: u32, label: &str) -> Span {
        Span {
            start,
            end,
            label: label.into(),
        }
    }

    #[test]
    fn spans_are_in_order_and_inside() {
        let fits = |spans: Vec<Span>| with(spans, 4).is_ok();
        assert!(fits(vec![span(0, 2, "a"), span(2, 4, "a")]));
        assert!(!fits(vec![span(0, 5, "a")]));
        assert!(!fits(vec![span(2, 2, "a")]));
        assert!(!fits(vec![span(0, 3, "a"), span(2, 4, "a")]));
        assert!(!fits(vec![span(0, 4, " ")]));
    }

    #[test]
    fn labels_by_sample() {
        let spans = [span(1, 3, "a"), span(5, 6, "b")];
        let got: Vec<_> = (0..7).map(|i| label_at(&spans, i)).collect();
        let (a, b) = (Some("a"), Some("b"));
        assert_eq!(got, [None, a, a, None, None, b, None]);
    }

    #[test]
    fn spans_move_with_the_rate() {
        let r = with(vec![span(0, 50, "a"), span(50, 100, "b")], 100).unwrap();
        let edges = |times: Option<&[f64]>, rate: f64, samples: u32| -> Vec<(u32, u32)> {
            let moved = spans_at_rate(&r.meta, times, rate, samples);
            moved.iter().map(|s| (s.start, s.end)).collect()
        };
        assert_eq!(edges(None, 25.0, 50), [(0, 25), (25, 50)]);
        // Uneven: the second half came at half the rate.
        let times: Vec<f64> = (0..100)
            .map(|i| f64::from(if i < 50 { i * 20 } else { 1000 + (i - 50) * 40 }))
            .collect();
        assert_eq!(edges(Some(&times), 50.0, 150), [(0, 50), (50, 150)]);
    }
}
