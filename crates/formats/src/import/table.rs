//! Indexes that are tables: `index.csv` beside the files, and the lists of
//! Speech Commands.
//!
//! ```text
//! file,split,label,speaker
//! train/yes/1.wav,train,yes,al
//! ```
//!
//! A CSV is an index, and no recording, where its header has a column for the
//! file and one of those below, and the first row names no number as its file.

use std::collections::BTreeMap;

use lampyris_dataset::{Span, Split};

use super::index::Entry;
use super::path::{file_name, split_named};
use crate::FormatError;
use crate::csv::rows::{Cells, Rows};
use crate::edge_impulse::Labelled;

/// Names of columns, in small letters; of several the first in this order counts.
const FILE: &[&str] = &["file", "path", "filename", "file_name"];
const LABEL: &[&str] = &["label", "class"];
const SPLIT: &[&str] = &["split", "category", "set"];
const GROUP: &[&str] = &["group", "speaker", "person", "subject"];
/// Files whose column `name` names files, where no column of [`FILE`] does.
const INDEX_NAMES: &[&str] = &["index.csv", "labels.csv", "metadata.csv"];

/// Where each thing stands in a row.
struct Columns {
    file: usize,
    name: Option<usize>,
    label: Option<usize>,
    split: Option<usize>,
    group: Option<usize>,
    notes: Option<usize>,
    stretch: Option<(usize, usize)>,
    names: Vec<String>,
}

impl Columns {
    fn of(path: &str, header: &Cells<'_>) -> Option<Self> {
        let names: Vec<String> = header.iter().map(|c| c.to_ascii_lowercase()).collect();
        let find = |known: &[&str]| {
            known
                .iter()
                .find_map(|known| names.iter().position(|name| name == known))
        };
        let name = find(&["name"]);
        let is_index = INDEX_NAMES.contains(&file_name(path).to_ascii_lowercase().as_str());
        let file = find(FILE).or(name.filter(|_| is_index))?;
        let columns = Self {
            file,
            name: name.filter(|name| *name != file),
            label: find(LABEL),
            split: find(SPLIT),
            group: find(GROUP),
            notes: find(&["notes"]),
            stretch: find(&["start"]).zip(find(&["end"])),
            names,
        };
        let told = [columns.label, columns.split, columns.group];
        told.iter().any(Option::is_some).then_some(columns)
    }
}

/// The entries of the file at `path`; `None` where it is no index.
///
/// # Errors
/// A row that is too short, and a stretch that is no pair of whole numbers.
pub(super) fn read(path: &str, text: &str) -> Result<Option<Vec<Entry>>, FormatError> {
    if let Some(split) = list(path) {
        return Ok(Some(
            text.lines().filter_map(|l| listed(l, split)).collect(),
        ));
    }
    let (mut rows, header) = Rows::open(text)?;
    let Some(columns) = Columns::of(path, &header) else {
        return Ok(None);
    };
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    let mut cells = Vec::new();
    while let Some(line) = rows.next(&mut cells)? {
        if cells.len() < header.len() {
            return Err(FormatError::new(
                format!(
                    "the row has {} cells, the header {}",
                    cells.len(),
                    header.len()
                ),
                format!("line {line}"),
                "give every row one cell for each column of the header",
            ));
        }
        if entries.is_empty() && cells[columns.file].parse::<f64>().is_ok() {
            return Ok(None);
        }
        let entry = columns.entry(&cells, line)?;
        match entries.get_mut(&entry.path) {
            None => {
                entries.insert(entry.path.clone(), entry);
            }
            Some(first) => {
                // Several rows of one file are its stretches.
                if let (Ok(Labelled::Spans(spans)), Ok(Labelled::Spans(more))) =
                    (&mut first.labelled, entry.labelled)
                {
                    spans.extend(more);
                }
            }
        }
    }
    Ok(Some(entries.into_values().collect()))
}

impl Columns {
    fn entry(&self, cells: &Cells<'_>, line: usize) -> Result<Entry, FormatError> {
        let cell = |column: Option<usize>| column.map_or("", |c| cells[c].as_ref());
        let said = |column| Some(cell(column).to_owned()).filter(|text| !text.is_empty());
        let labelled = match (said(self.label), self.stretch) {
            (None, _) => Labelled::Unsaid,
            (Some(label), Some((start, end))) if !cells[start].is_empty() => {
                let whole = |column: usize| {
                    cells[column].parse::<u32>().map_err(|_| {
                        FormatError::new(
                            format!("\"{}\" is not the number of a sample", cells[column]),
                            format!("line {line}, column \"{}\"", self.names[column]),
                            "give the first sample as start and one past the last as end",
                        )
                    })
                };
                Labelled::Spans(vec![Span {
                    start: whole(start)?,
                    end: whole(end)?,
                    label,
                }])
            }
            (Some(label), _) => Labelled::Whole(label),
        };
        let path = cells[self.file].replace('\\', "/");
        let metadata = self.names.iter().cloned();
        Ok(Entry {
            path: path.strip_prefix("./").unwrap_or(&path).to_owned(),
            name: said(self.name),
            split: split_named(cell(self.split)).unwrap_or(Split::Auto),
            labelled: Ok(labelled),
            group: said(self.group),
            notes: cell(self.notes).to_owned(),
            metadata: metadata
                .zip(cells.iter().map(|c| c.to_string()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        })
    }
}

/// Speech Commands names the files of two parts in lists; the rest is for training.
fn list(path: &str) -> Option<Split> {
    match file_name(path) {
        "testing_list.txt" => Some(Split::Test),
        "validation_list.txt" => Some(Split::Validation),
        _ => None,
    }
}

fn listed(line: &str, split: Split) -> Option<Entry> {
    let path = line.trim();
    (!path.is_empty()).then(|| Entry {
        path: path.to_owned(),
        name: None,
        split,
        labelled: Ok(Labelled::Unsaid),
        group: None,
        notes: String::new(),
        metadata: BTreeMap::new(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn entries(path: &str, text: &str) -> Vec<Entry> {
        read(path, text).unwrap().unwrap()
    }

    #[test]
    fn columns_by_any_of_their_names() {
        let got = entries(
            "index.csv",
            "Path;Category;Class;Person\n./a\\1.wav;testing;yes;Al\n",
        );
        let [one] = got.as_slice() else { panic!() };
        assert_eq!((one.path.as_str(), one.split), ("a/1.wav", Split::Test));
        assert!(matches!(&one.labelled, Ok(Labelled::Whole(l)) if l == "yes"));
        assert_eq!(one.group.as_deref(), Some("Al"));
        assert_eq!(one.metadata["person"], "Al");
    }

    #[test]
    fn a_name_is_a_file_only_in_an_index() {
        assert_eq!(entries("index.csv", "name,label\nx_1,yes\n")[0].path, "x_1");
        assert!(read("walk.csv", "name,label\nx_1,yes\n").unwrap().is_none());
        let both = entries("walk.csv", "file,name,label\na.wav,Al's,yes\n");
        assert_eq!(both[0].name.as_deref(), Some("Al's"));
    }

    #[test]
    fn recordings_are_no_indexes() {
        for text in [
            "t_ms,x\n0,1\n",
            "t_ms,x,label\n0,1,a\n",
            "file,label\n1,2\n",
            "file\na.wav\n",
        ] {
            assert!(read("x.csv", text).unwrap().is_none(), "{text}");
        }
    }

    #[test]
    fn several_rows_of_a_file_are_its_stretches() {
        let text = "file,label,start,end\na.csv,x,0,5\nb.csv,y,,\na.csv,z,7,9\n";
        let got = entries("index.csv", text);
        let Ok(Labelled::Spans(spans)) = &got[0].labelled else {
            panic!()
        };
        assert_eq!((spans.len(), spans[1].start, spans[1].end), (2, 7, 9));
        assert!(matches!(got[1].labelled, Ok(Labelled::Whole(_))));
        let wrong = read("index.csv", "file,label,start,end\na.csv,x,0.5,5\n")
            .err()
            .unwrap();
        assert!(wrong.to_string().contains("line 2, column \"start\""));
        let short = read("index.csv", "file,label\na.csv\n").err().unwrap();
        assert!(short.to_string().contains("line 2"));
    }

    #[test]
    fn lists_of_speech_commands() {
        let got = entries(
            "sc/testing_list.txt",
            "yes/1_nohash_0.wav\n\nno/2_nohash_1.wav\n",
        );
        assert_eq!((got.len(), got[1].split), (2, Split::Test));
        assert_eq!(got[1].path, "no/2_nohash_1.wav");
    }
}
