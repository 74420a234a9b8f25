//! Words that are safe where they are put: in Markdown, in Rust, in names.

/// Whether a character has no place in source that people read: controls and ends of lines,
/// marks that turn the direction of what follows (compilers refuse those in comments), and
/// what has no width. The joiners stay, which Persian and emoji are written with.
pub(super) fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        )
        || matches!(c, '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A text for Markdown: what would be markup is shown as it is, on one line.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) {
            out.push(' ');
            continue;
        }
        if "\\`*_{}[]<>()#+!|~&$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A number without needless digits.
pub(super) fn number(value: f32) -> String {
    if value == value.trunc() && value.abs() < 1e9 {
        format!("{}", value as i64)
    } else {
        format!("{value:.3}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .into()
    }
}

/// Bytes for people.
pub(super) fn kibibytes(bytes: usize) -> String {
    format!("{:.1} KiB", bytes as f32 / 1024.0)
}

/// A name for each label that Rust takes as a variant: words of ASCII letters and digits,
/// each begun by a capital, none twice. A label without any is `Label` and its number.
pub(super) fn variants<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (index, label) in labels.enumerate() {
        let mut name = String::new();
        let mut begins = true;
        for c in label.chars() {
            if !c.is_ascii_alphanumeric() {
                begins = true;
                continue;
            }
            name.push(if begins { c.to_ascii_uppercase() } else { c });
            begins = false;
        }
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            name.insert_str(0, "Label");
        }
        if name == "Label" {
            name = format!("Label{index}");
        }
        // The one keyword that begins with a capital.
        let taken = |name: &String, names: &[String]| name == "Self" || names.contains(name);
        let mut number = 2;
        let mut unique = name.clone();
        while taken(&unique, &names) {
            unique = format!("{name}{number}");
            number += 1;
        }
        names.push(unique);
    }
    names
}

/// The name as a crate's: what Rust keeps for itself gets an ending.
pub(super) fn crate_name(name: &str) -> String {
    const KEPT: &str = " abstract alloc as async await become box break const continue core crate do dyn else enum extern \
        false final fn for gen if impl in let libm loop macro match mod move mut override priv proc_macro pub ref return \
        bytemuck self static std struct super test trait true try type typeof unsafe unsized use virtual where while yield \
        lampyris lampyris_core lampyris_device lampyris_dsp firmware build examples deps incremental ";
    let kept = KEPT.split_ascii_whitespace().any(|word| word == name);
    if kept {
        format!("{name}_model")
    } else {
        name.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_label_is_text() {
        assert_eq!(markdown("a|b*c`d\n"), "a\\|b\\*c\\`d ");
        assert_eq!(markdown("Grüße 手"), "Grüße 手");
        assert_eq!(markdown("\u{202e}a\u{2066}b\u{200d}"), " a b\u{200d}");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [number(50.0), number(0.32), number(1.0 / 3.0)],
            ["50", "0.32", "0.333"]
        );
        assert_eq!(kibibytes(1536), "1.5 KiB");
    }

    #[test]
    fn variants_are_names_and_no_two_alike() {
        let labels = [
            "left turn",
            "Left-Turn",
            "手",
            "3 times",
            "self",
            "Self",
            "_",
            "x\"*/@NAME@\\",
        ];
        let found = variants(labels.into_iter());
        let expected = [
            "LeftTurn",
            "LeftTurn2",
            "Label2",
            "Label3Times",
            "Self2",
            "Self3",
            "Label6",
            "XNAME",
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn crates_bear_no_kept_name() {
        assert_eq!(crate_name("core"), "core_model");
        assert_eq!(crate_name("match"), "match_model");
        assert_eq!(crate_name("gestures"), "gestures");
    }
}
