//! Files as a person drops them into recordings.
//!
//! ```text
//! files ─▶ unpack zips ─▶ read each by its content ─▶ label, part, group ─▶ check ─▶ recordings
//!               └▶ pictures made small   ▲   ▲                                       problems
//!                     info.labels, index.csv (paths)                                 skipped
//! ```
//!
//! One bad file never spoils the good ones, and nothing of a bad file is kept.
//! The order in which files come does not matter: they are sorted by path.

mod folders;
mod importer;
mod index;
mod path;
mod table;

use std::collections::BTreeMap;

use lampyris_dataset::{
    Axis, NewRecording, PICTURE_AXIS, Recording, SOUND_AXIS, Span, Split, sort_by,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::draft::Draft;
use crate::edge_impulse::{self, Labelled};
use crate::json::{self, Document};
use crate::picture::Kept;
use crate::{FormatError, csv, microbit, text, wav};
use folders::{Folders, Home};
pub use importer::Importer;
use importer::{Found, What};
use index::{Entry, Indexes};
pub(crate) use path::{passed_over, split_named};

/// A file with the path under which it was found; its folders say something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFile {
    /// With `/` between folders, for example `train/circle/1.csv`.
    pub path: String,
    /// The whole content.
    pub bytes: Vec<u8>,
}

/// What is stated for all files of an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct ImportOptions {
    /// The label of every recording, whatever folders, files and names say.
    pub label: Option<String>,
    /// The rate in Hz of files that state none.
    pub rate_hz: Option<f64>,
    /// What tells groups apart: a CSV column, a key of Edge Impulse's metadata,
    /// `device_name`, or `file_name` for the file's name up to the first `_` or `.`.
    pub group_by: Option<String>,
}

/// A file that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Problem {
    /// Its path.
    pub path: String,
    /// What is wrong, and where in the file.
    pub what: String,
    /// What a person can do about it.
    pub remedy: String,
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Import {
    /// Good recordings, in the order of their paths.
    pub recordings: Vec<Recording>,
    /// Refused files, in the order of their paths.
    pub problems: Vec<Problem>,
    /// Files that were passed over, each with the reason in brackets.
    pub skipped: Vec<String>,
}

impl Import {
    fn refuse(&mut self, path: &str, error: FormatError) {
        let what = if error.place.is_empty() {
            error.what
        } else {
            format!("{} ({})", error.what, error.place)
        };
        self.problems.push(Problem {
            path: path.into(),
            what,
            remedy: error.remedy,
        });
    }
}

/// Reads all files; see the module's head for what is understood.
///
/// * Label: the option; else what an index says; else the class folder
///   (`train/<label>/x.csv`); else what the file says; else, of sounds and pictures,
///   the folder (see `folders`); else the file's name up to the first `_` or `.`.
/// * Part: what an index says; else a folder called `train` or `training`,
///   `test` or `testing`, `val` or `validation`; else it is left open.
/// * Group: what the option points at; else what an index says; else the person
///   in a name of Speech Commands.
pub fn import(files: Vec<ImportFile>, options: &ImportOptions) -> Import {
    let mut importer = Importer::new();
    for file in files {
        importer.add(&file.path, file.bytes);
    }
    importer.finish(options)
}

/// What comes of files in the order of their paths, beside what was told of others.
fn recordings(found: Vec<Found>, options: &ImportOptions, mut out: Import) -> Import {
    let mut indexes = Indexes::default();
    let mut drafts: Vec<(String, Draft)> = Vec::new();
    for Found { path, what } in found {
        let content = match what {
            What::Bytes(bytes) => read(&path, &bytes, options),
            What::Picture(kept) => Ok(Content::Drafts(vec![picture_draft(*kept)])),
        };
        match content {
            Ok(Content::Drafts(found)) => {
                drafts.extend(found.into_iter().map(|draft| (path.clone(), draft)));
            }
            Ok(Content::Index(entries)) => indexes.add(&path, entries),
            Ok(Content::PassedOver(reason)) => out.skipped.push(format!("{path} ({reason})")),
            Err(error) => out.refuse(&path, error),
        }
    }
    let paths = |axis: &'static str| {
        let of_axis = drafts
            .iter()
            .filter(move |(_, draft)| has_axis(draft, axis));
        of_axis.map(|(path, _)| path.as_str())
    };
    let folders = [
        (SOUND_AXIS, Folders::of(paths(SOUND_AXIS), Home::Folder)),
        (
            PICTURE_AXIS,
            Folders::of(paths(PICTURE_AXIS), Home::FolderOrZip),
        ),
    ];
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut rest = drafts.into_iter().peekable();
    while let Some((path, draft)) = rest.next() {
        // A file with several recordings is taken whole or not at all.
        let mut of_file = vec![draft];
        while let Some((_, draft)) = rest.next_if(|(p, _)| *p == path) {
            of_file.push(draft);
        }
        let told = Told {
            path: &path,
            entry: indexes.find(&path),
            folders: &folders,
            options,
        };
        let made: Result<Vec<Recording>, FormatError> = of_file
            .into_iter()
            .map(|draft| told.finish(draft))
            .collect();
        match made {
            Ok(made) => made
                .into_iter()
                .for_each(|recording| keep(&path, recording, &mut seen, &mut out)),
            Err(error) => out.refuse(&path, error),
        }
    }
    out.skipped.extend(indexes.not_found());
    sort_by(&mut out.problems, |a, b| a.path.cmp(&b.path));
    out
}

/// A picture says nothing by itself but how it looks.
fn picture_draft(mut kept: Kept) -> Draft {
    Draft {
        axes: vec![Axis {
            name: PICTURE_AXIS.into(),
            unit: String::new(),
        }],
        rate_hz: 1.0,
        notes: kept.note.take().into_iter().collect(),
        picture: Some(kept),
        ..Draft::default()
    }
}

fn check(options: &ImportOptions) -> Result<(), FormatError> {
    if let Some(rate) = options.rate_hz
        && !(rate.is_finite() && rate > 0.0)
    {
        return Err(FormatError::new(
            format!("a rate of {rate} Hz"),
            "rate",
            "state a rate above 0 Hz, or none",
        ));
    }
    if options
        .label
        .as_deref()
        .is_some_and(|l| l.trim().is_empty())
    {
        return Err(FormatError::new(
            "the stated label is empty",
            "label",
            "state a label, or none so that folders and files give it",
        ));
    }
    Ok(())
}

enum Content {
    Drafts(Vec<Draft>),
    Index(Vec<Entry>),
    /// Nothing to be read, with the reason.
    PassedOver(&'static str),
}

/// Reads a file by what it holds, not by how it is called; but a name that
/// promises sound is taken at its word.
fn read(path: &str, bytes: &[u8], options: &ImportOptions) -> Result<Content, FormatError> {
    if wav::is_wav(bytes) || path.to_ascii_lowercase().ends_with(".wav") {
        return Ok(Content::Drafts(vec![wav::draft(bytes)?]));
    }
    if let Some(refusal) = wav::foreign(bytes) {
        return Err(refusal);
    }
    let text = text::decode(bytes)?;
    if text.trim_start().starts_with(['{', '[']) {
        return Ok(match json::parse(text)? {
            Document::Index(index) => {
                Content::Index(index.files.into_iter().map(Entry::from).collect())
            }
            Document::Acquisition(protected, payload) => {
                let group_by = options.group_by.as_deref();
                Content::Drafts(vec![edge_impulse::draft(&protected, payload, group_by)?])
            }
            Document::Actions(actions) => {
                Content::Drafts(microbit::drafts(actions, options.rate_hz)?)
            }
            Document::Boxes => Content::PassedOver(BOXES),
        });
    }
    if let Some(entries) = table::read(path, text)? {
        return Ok(Content::Index(entries));
    }
    let stated = csv::Stated {
        rate_hz: options.rate_hz,
        group_by: options.group_by.as_deref(),
    };
    Ok(Content::Drafts(csv::drafts(text, stated)?))
}

/// Why a file of boxes is passed over.
const BOXES: &str = "bounding boxes are not read: a picture has one label here";

/// Whether this is its one axis.
fn has_axis(draft: &Draft, name: &str) -> bool {
    matches!(draft.axes.as_slice(), [axis] if axis.name == name)
}

/// All that is told of a file from outside of it.
struct Told<'a> {
    path: &'a str,
    entry: Option<&'a Entry>,
    /// Of sounds and of pictures, by their axis.
    folders: &'a [(&'static str, Folders); 2],
    options: &'a ImportOptions,
}

impl Told<'_> {
    /// A draft with its label, part, group and name, checked.
    fn finish(&self, draft: Draft) -> Result<Recording, FormatError> {
        let samples = match draft.picture {
            Some(_) => 1,
            None => draft.values.len() / draft.axes.len().max(1),
        };
        let spans = self.labelled(&draft, samples)?;
        let split = match self.entry.map_or(Split::Auto, |e| e.split) {
            Split::Auto => path::split(self.path),
            said => said,
        };
        let name = match (self.entry.and_then(|e| e.name.as_deref()), &draft.part) {
            (_, Some(part)) => format!("{} {part}", path::stem(self.path)),
            (Some(name), None) => name.to_owned(),
            (None, None) => path::stem(self.path).to_owned(),
        };
        // What an export noted of a file and what reading it tells may be the same.
        let mut notes = self.entry.map_or(String::new(), |e| e.notes.clone());
        for note in &draft.notes {
            if !notes.contains(note.as_str()) {
                notes.push_str(if notes.is_empty() { "" } else { "; " });
                notes.push_str(note);
            }
        }
        let new = NewRecording {
            name,
            spans,
            group: self.group(&draft),
            split,
            axes: draft.axes,
            rate_hz: draft.rate_hz,
            source: "import".into(),
            created_ms: draft.created_ms,
            notes,
            ..NewRecording::default()
        };
        let made = match draft.picture {
            Some(kept) => Recording::picture(new, kept.picture, kept.size),
            None => Recording::new(new, draft.values, draft.times_ms),
        };
        made.map_err(|e| FormatError::new(e.what, e.place, e.remedy))
    }

    /// Person or occasion, by the rule at [`import`].
    fn group(&self, draft: &Draft) -> Option<String> {
        let stated = || match self.options.group_by.as_deref()? {
            "file_name" => Some(path::file_label(self.path).to_owned()),
            key => {
                let said = &self.entry?.metadata;
                let small = key.to_ascii_lowercase();
                said.get(key).or_else(|| said.get(&small)).cloned()
            }
        };
        let spoken = || path::speaker(self.path).filter(|_| has_axis(draft, SOUND_AXIS));
        (draft.group.clone())
            .or_else(stated)
            .or_else(|| self.entry?.group.clone())
            .or_else(|| spoken().map(Into::into))
    }

    /// The labelled stretches, by the rule at [`import`].
    fn labelled(&self, draft: &Draft, samples: usize) -> Result<Vec<Span>, FormatError> {
        let whole = |label: &str| {
            vec![Span {
                start: 0,
                // Longer recordings are refused where the recording is made.
                end: u32::try_from(samples).unwrap_or(u32::MAX),
                label: label.trim().into(),
            }]
        };
        if let Some(label) = &self.options.label {
            return Ok(whole(label));
        }
        match self.entry.map(|e| e.labelled.clone()).transpose()? {
            Some(Labelled::Whole(label)) => return Ok(whole(&label)),
            Some(Labelled::Spans(spans)) => return Ok(spans),
            Some(Labelled::Unsaid) | None => {}
        }
        if let Some(label) = path::class_folder(self.path) {
            return Ok(whole(label));
        }
        if !draft.spans.is_empty() {
            return Ok(draft.spans.clone());
        }
        if let Some(label) = &draft.label {
            return Ok(whole(label));
        }
        let folders = self.folders.iter().find(|(axis, _)| has_axis(draft, axis));
        let folder = folders.and_then(|(_, folders)| folders.class(self.path));
        match folder.unwrap_or(path::file_label(self.path)) {
            "" => Err(FormatError::new(
                "there is no label",
                "file name",
                "put the file in a folder such as train/circle/, begin its name with the label (circle_1.csv), or state a label when importing",
            )),
            label => Ok(whole(label)),
        }
    }
}

/// What is remembered of a recording to tell its doubles.
struct Seen {
    path: String,
    spans: Vec<Span>,
}

fn keep(path: &str, recording: Recording, seen: &mut BTreeMap<String, Seen>, out: &mut Import) {
    let id = recording.meta.id.clone();
    let same = if recording.meta.is_picture() {
        "picture"
    } else {
        "samples"
    };
    match seen.get(&id) {
        None => {
            let spans = recording.meta.spans.clone();
            let path = path.to_owned();
            seen.insert(id, Seen { path, spans });
            out.recordings.push(recording);
        }
        Some(first) if first.spans == recording.meta.spans => {
            out.skipped
                .push(format!("{path} (the same {same} as {})", first.path));
        }
        Some(first) => {
            let error = FormatError::new(
                format!("the same {same} as {}, under another label", first.path),
                "",
                "decide which label is right and remove the other file",
            );
            out.refuse(path, error);
        }
    }
}

#[cfg(test)]
mod tests;
