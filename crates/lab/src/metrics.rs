//! Figures from answers: confusion, precision, recall, majority votes.

use std::collections::BTreeMap;

use crate::ClassReport;

/// One answer to one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Which recording; any numbering.
    pub recording: usize,
    /// Index of the true label.
    pub truth: usize,
    /// Index of the label said.
    pub said: usize,
}

/// `[truth][said]`, counted.
pub(crate) fn confusion(classes: usize, answers: &[Answer]) -> Vec<Vec<u32>> {
    let mut table = vec![vec![0; classes]; classes];
    for a in answers {
        table[a.truth][a.said] += 1;
    }
    table
}

/// Share of the answers that are right; 0 where there are none.
pub(crate) fn accuracy(answers: &[Answer]) -> f32 {
    share(
        answers.iter().filter(|a| a.truth == a.said).count(),
        answers.len(),
    )
}

/// `part / whole`, 0 of nothing.
pub(crate) fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

/// Precision, recall and support of each class.
pub(crate) fn per_class(labels: &[String], confusion: &[Vec<u32>]) -> Vec<ClassReport> {
    let ratio = |part: u32, whole: u32| (whole > 0).then(|| part as f32 / whole as f32);
    let rows = labels.iter().enumerate();
    rows.map(|(i, label)| {
        let right = confusion[i][i];
        let support = confusion[i].iter().sum();
        let said = confusion.iter().map(|row| row[i]).sum();
        ClassReport {
            label: label.clone(),
            precision: ratio(right, said),
            recall: ratio(right, support),
            support,
        }
    })
    .collect()
}

/// How many recordings there are, and the share whose most frequent answer is
/// right. A recording that bears several labels counts once a label; of equally
/// frequent answers the first label counts.
pub(crate) fn by_recording(classes: usize, answers: &[Answer]) -> (u32, f32) {
    let mut votes: BTreeMap<(usize, usize), Vec<u32>> = BTreeMap::new();
    for a in answers {
        votes
            .entry((a.recording, a.truth))
            .or_insert_with(|| vec![0; classes])[a.said] += 1;
    }
    let right = votes.iter().filter(|((_, truth), said)| {
        let most = said.iter().max();
        said.iter().position(|n| Some(n) == most) == Some(*truth)
    });
    (votes.len() as u32, share(right.count(), votes.len()))
}

/// Index of the greatest value, the first of equals.
pub(crate) fn argmax<T: PartialOrd>(values: &[T]) -> usize {
    let mut best = 0;
    for (i, v) in values.iter().enumerate() {
        if *v > values[best] {
            best = i;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(rows: &[(usize, usize, usize)]) -> Vec<Answer> {
        rows.iter()
            .map(|&(recording, truth, said)| Answer {
                recording,
                truth,
                said,
            })
            .collect()
    }

    #[test]
    fn a_confusion_by_hand() {
        let a = answers(&[(0, 0, 0), (0, 0, 1), (1, 1, 1), (1, 1, 1), (2, 2, 1)]);
        let table = confusion(3, &a);
        assert_eq!(table, [[1, 1, 0], [0, 2, 0], [0, 1, 0]]);
        assert_eq!(accuracy(&a), 0.6);
        let labels = ["a", "b", "c"].map(String::from);
        let classes = per_class(&labels, &table);
        assert_eq!(classes[1].precision, Some(0.5));
        assert_eq!(classes[1].recall, Some(1.0));
        // Nothing was called c: its precision is unknown, not 0.
        assert_eq!((classes[2].precision, classes[2].recall), (None, Some(0.0)));
        assert_eq!(classes[0].support, 2);
    }

    #[test]
    fn votes_by_recording_and_label() {
        // Recording 0: two of three right. 1: a tie, which the first label wins.
        // 2 bears two labels and counts twice.
        let a = answers(&[
            (0, 1, 1),
            (0, 1, 1),
            (0, 1, 0),
            (1, 1, 0),
            (1, 1, 1),
            (2, 0, 0),
            (2, 1, 1),
        ]);
        assert_eq!(by_recording(2, &a), (4, 0.75));
        assert_eq!(by_recording(2, &[]), (0, 0.0));
    }

    #[test]
    fn the_first_of_equals() {
        assert_eq!(argmax(&[1, 3, 3]), 1);
        assert_eq!(argmax::<f32>(&[]), 0);
        assert_eq!(argmax(&[f32::NAN, 1.0]), 0);
    }
}
