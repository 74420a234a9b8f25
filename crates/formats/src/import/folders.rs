//! Which folders of sounds or pictures are classes, where no folder tells a part.
//!
//! Sound comes as one folder a class (`yes/1.wav`, `no/1.wav`) or as one folder of
//! files that begin with their class (`yes.1.wav`, `0_george_3.wav`). Several
//! folders are classes. One folder is a class unless its files' names tell
//! several, and at least one of them twice. Pictures come in the same ways, and as one zip a
//! class as well, without a folder in it.

use std::collections::{BTreeMap, BTreeSet};

use super::path::{class_home, file_label, speaker, stem, zip_home};

/// Where a class may be told.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Home {
    /// By the innermost folder.
    Folder,
    /// The same; by the zip's name, where no file has a folder.
    FolderOrZip,
}

/// The folders of an import's sounds, or of its pictures.
pub(super) struct Folders {
    home: fn(&str) -> Option<&str>,
    are_classes: bool,
}

impl Folders {
    /// Looks at the paths of all of them.
    pub(super) fn of<'a>(paths: impl Iterator<Item = &'a str> + Clone, told_by: Home) -> Self {
        let zips = told_by == Home::FolderOrZip && paths.clone().all(|p| class_home(p).is_none());
        let home = if zips { zip_home } else { class_home };
        let mut homes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in paths {
            if let Some(home) = home(path) {
                homes.entry(home).or_default().push(path);
            }
        }
        let are_classes = match homes.len() {
            0 => false,
            1 => !homes.values().all(|paths| names_tell(paths)),
            _ => true,
        };
        Self { home, are_classes }
    }

    /// The class that the folder tells.
    pub(super) fn class<'a>(&self, path: &'a str) -> Option<&'a str> {
        (self.home)(path).filter(|_| self.are_classes)
    }
}

/// Whether names begin with a label: several labels, fewer than files.
fn names_tell(paths: &[&str]) -> bool {
    let labels: BTreeSet<&str> = paths.iter().map(|path| file_label(path)).collect();
    let parted = |path: &&str| speaker(path).is_none() && stem(path).contains(['_', '.']);
    labels.len() > 1 && labels.len() < paths.len() && paths.iter().all(parted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes<'a>(paths: &[&'a str]) -> Vec<Option<&'a str>> {
        classes_by(Home::Folder, paths)
    }

    fn classes_by<'a>(home: Home, paths: &[&'a str]) -> Vec<Option<&'a str>> {
        let folders = Folders::of(paths.iter().copied(), home);
        paths.iter().map(|path| folders.class(path)).collect()
    }

    #[test]
    fn several_folders_are_classes() {
        let got = classes(&["d/yes/a_1.wav", "d/no/a_2.wav", "loose_1.wav"]);
        assert_eq!(got, [Some("yes"), Some("no"), None]);
    }

    #[test]
    fn one_folder_is_a_class_unless_names_tell_several() {
        assert_eq!(
            classes(&["d/yes.1.wav", "d/yes.2.wav", "d/no.1.wav"]),
            [None; 3]
        );
        assert_eq!(
            classes(&["clap/take_1.wav", "clap/take_2.wav"]),
            [Some("clap"); 2]
        );
        assert_eq!(
            classes(&["clap/one.wav", "clap/two.wav"]),
            [Some("clap"); 2]
        );
        let hashes = [
            "yes/1a_nohash_0.wav",
            "yes/1a_nohash_1.wav",
            "yes/2b_nohash_0.wav",
        ];
        assert_eq!(classes(&hashes), [Some("yes"); 3]);
    }

    #[test]
    fn parts_and_zips_are_no_classes() {
        assert_eq!(
            classes(&["s.zip/train/a.wav", "s.zip/b.wav", "c.wav"]),
            [None; 3]
        );
        assert_eq!(classes(&["digits/test/0_al_1.wav"]), [None]);
        assert_eq!(classes(&["s.zip/yes/a.wav"]), [Some("yes")]);
    }

    #[test]
    fn a_zip_is_a_class_where_there_are_no_folders() {
        let zips = ["cat-samples.zip/1.jpg", "x/dog.ZIP/1.jpg"];
        assert_eq!(
            classes_by(Home::FolderOrZip, &zips),
            [Some("cat"), Some("dog")]
        );
        assert_eq!(classes_by(Home::Folder, &zips), [None; 2]);
        let mixed = ["a.zip/cat/1.jpg", "a.zip/2.jpg"];
        assert_eq!(classes_by(Home::FolderOrZip, &mixed), [Some("cat"), None]);
        let named = ["a.zip/cat_1.jpg", "a.zip/cat_2.jpg", "a.zip/dog_1.jpg"];
        assert_eq!(classes_by(Home::FolderOrZip, &named), [None; 3]);
    }
}
