//! What a path says: label, part, name, and whether to look at it at all.

use lampyris_dataset::Split;

/// Why a file is not looked at, where it is not.
pub(crate) fn passed_over(path: &str) -> Option<&'static str> {
    let name = file_name(path);
    let lower = name.to_ascii_lowercase();
    let hidden = path.split('/').any(|p| p.starts_with('.') && p.len() > 1) && !name.is_empty();
    if path.split('/').any(|p| p == "__MACOSX") || (hidden && !lower.ends_with(".csv")) {
        return Some("a hidden file");
    }
    let prose = [".md", ".pdf", ".html", ".py", ".ipynb"];
    if prose.iter().any(|end| lower.ends_with(end))
        || ["readme", "license", "licence"]
            .iter()
            .any(|p| lower.starts_with(p))
        || ["thumbs.db", "desktop.ini"].contains(&lower.as_str())
    {
        return Some("not a recording");
    }
    None
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The file's name without its last ending.
pub(super) fn stem(path: &str) -> &str {
    let name = file_name(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        Some(_) | None => name,
    }
}

/// The file's name up to the first `_` or `.`, which names the label where
/// nothing else does.
pub(super) fn file_label(path: &str) -> &str {
    let name = file_name(path);
    let end = name.find(['_', '.']).unwrap_or(name.len());
    name[..end].trim()
}

/// The person whom Speech Commands' names tell: `<person>_nohash_<n>.wav`.
pub(super) fn speaker(path: &str) -> Option<&str> {
    let (person, _) = file_name(path).split_once("_nohash_")?;
    Some(person).filter(|person| !person.is_empty())
}

/// The part that a word names.
pub(crate) fn split_named(word: &str) -> Option<Split> {
    match word.to_ascii_lowercase().as_str() {
        "train" | "training" => Some(Split::Train),
        "test" | "testing" => Some(Split::Test),
        "val" | "validation" => Some(Split::Validation),
        _ => None,
    }
}

/// The part that a folder names; the innermost such folder counts.
pub(super) fn split(path: &str) -> Split {
    folders(path)
        .iter()
        .rev()
        .find_map(|folder| split_named(folder))
        .unwrap_or(Split::Auto)
}

/// The folder right below the one that names the part.
pub(super) fn class_folder(path: &str) -> Option<&str> {
    let folders = folders(path);
    let part = folders.iter().rposition(|f| split_named(f).is_some())?;
    folders.get(part + 1).copied()
}

/// The innermost folder, where it may be a class: no folder names a part, since
/// classes would lie below it, and it is no zip.
pub(super) fn class_home(path: &str) -> Option<&str> {
    let folders = folders(path);
    let parted = folders.iter().any(|f| split_named(f).is_some());
    let home = folders.last().copied()?;
    (!parted && !home.to_ascii_lowercase().ends_with(".zip")).then_some(home)
}

/// The zip's name where the file lies in it without a folder, as Teachable Machine gives the
/// pictures of a class: `cat-samples.zip/0.jpg`.
pub(super) fn zip_home(path: &str) -> Option<&str> {
    let zip = folders(path).pop()?;
    let end = zip.len().checked_sub(".zip".len())?;
    let (name, ending) = zip.split_at_checked(end)?;
    let name = name.strip_suffix("-samples").unwrap_or(name);
    (ending.eq_ignore_ascii_case(".zip") && !name.is_empty()).then_some(name)
}

fn folders(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        assert_eq!(class_folder("data/train/circle/1.csv"), Some("circle"));
        assert_eq!(class_folder("data/train/circle/more/1.csv"), Some("circle"));
        assert_eq!(class_folder("train/circle_1.csv"), None);
        assert_eq!(class_folder("circle/1.csv"), None);
        assert_eq!(file_label("x/circle.json.65.json"), "circle");
        assert_eq!(file_label("circle_1.csv"), "circle");
        assert_eq!(file_label("circle"), "circle");
        assert_eq!(file_label("x/.csv"), "");
    }

    #[test]
    fn speakers() {
        assert_eq!(speaker("yes/189cbabe_nohash_1.wav"), Some("189cbabe"));
        assert_eq!(speaker("yes/_nohash_1.wav"), None);
        assert_eq!(speaker("1_nohash_/yes_1.wav"), None);
    }

    #[test]
    fn parts() {
        assert_eq!(split("a/Training/b.csv"), Split::Train);
        assert_eq!(split("train/test/b.csv"), Split::Test);
        assert_eq!(split("val/x/b.csv"), Split::Validation);
        assert_eq!(split("trains/test.csv"), Split::Auto);
    }

    #[test]
    fn names() {
        assert_eq!(stem("a/b.c.json"), "b.c");
        assert_eq!(stem("a/b"), "b");
        assert_eq!(stem(".csv"), ".csv");
    }

    #[test]
    fn prose_is_passed_over() {
        for path in [
            "README.md",
            "a/LICENSE",
            "__MACOSX/a.csv",
            "a/.DS_Store",
            ".git/x",
        ] {
            assert!(passed_over(path).is_some(), "{path}");
        }
        for path in ["a.csv", "info.labels", "a/b.json", "x.txt", ".csv"] {
            assert!(passed_over(path).is_none(), "{path}");
        }
    }
}
