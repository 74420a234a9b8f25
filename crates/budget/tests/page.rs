//! docs/boards.md is written from the tables: this test holds it to them, and writes it anew where
//! RENEW is set.

use std::fmt::Write;

use lampyris_budget::{BATTERIES, BOARDS, Figure, RADIOS, SENSORS};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/boards.md");

const HEAD: &str = "# Boards, batteries, radios, sensors

Written from the tables in `crates/budget/src`; `RENEW=1 cargo test -p lampyris-budget --test page` writes it anew.
A figure is *sourced* (somebody measured or published it), *assumed* (ours, with what it rests on) or *unknown*: what is computed from an
unknown is unknown, and no verdict follows from it. How to add a row: [recipes/board.md](recipes/board.md).

Flash and RAM \"that the board keeps\" are what bootloader, radio and the board's own software take; the most of it is taken off before a model is called
fitting. Power asleep has RAM kept, since samples must survive. A clock that a board does not
list leads to the nearest that it does. `library` is the folder of the export for C.

";

fn value(figure: &Figure, unit: &str) -> String {
    let number = |n: f64| -> String {
        match unit {
            "B" if n >= 1024.0 * 1024.0 => format!("{} MiB", round(n / 1024.0 / 1024.0)),
            "B" if n >= 1024.0 => format!("{} KiB", round(n / 1024.0)),
            _ => format!("{} {unit}", round(n)).trim_end().into(),
        }
    };
    match figure.range() {
        None => "?".into(),
        Some((low, high)) if low == high => number(low),
        Some((low, high)) => format!("{} to {}", number(low), number(high)),
    }
}

fn round(n: f64) -> f64 {
    (n * 1000.0).round() / 1000.0
}

fn rows<'a>(page: &mut String, figures: impl IntoIterator<Item = (&'a str, &'a str, Figure)>) {
    page.push_str("| figure | value | kind | source, or why |\n|---|---|---|---|\n");
    for (name, unit, figure) in figures {
        let (value, kind, text) = (value(&figure, unit), figure.kind(), figure.text());
        let _ = writeln!(page, "| {name} | {value} | {kind} | {text} |");
    }
    page.push('\n');
}

fn page() -> String {
    let mut page = String::from(HEAD);
    page.push_str("## Boards\n\n| id | board | chip | core | library | Arduino | sourced, assumed, unknown |\n|---|---|---|---|---|---|---|\n");
    for b in BOARDS {
        let of = |kind: &str| b.figures().iter().filter(|f| f.2.kind() == kind).count();
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} | {}, {}, {} |",
            b.id,
            b.name,
            b.chip,
            b.core.name(),
            b.library.map_or("none".into(), |l| format!("`{l}`")),
            b.arduino.map_or("none".into(), |a| format!("`{a}`")),
            of("sourced"),
            of("assumed"),
            of("unknown"),
        );
    }
    page.push('\n');
    for b in BOARDS {
        let _ = writeln!(page, "### {}\n", b.name);
        let figures = b.figures();
        rows(
            &mut page,
            figures.iter().map(|(n, u, f)| (n.as_str(), *u, *f)),
        );
    }
    page.push_str("## Batteries\n\n");
    for b in BATTERIES {
        let _ = writeln!(page, "### {} (`{}`)\n", b.name, b.id);
        rows(&mut page, b.figures());
    }
    page.push_str("## Radios\n\n");
    for r in RADIOS {
        let _ = writeln!(page, "### {} (`{}`)\n", r.name, r.id);
        rows(&mut page, r.figures());
    }
    page.push_str("## Sensors\n\n");
    for s in SENSORS {
        let _ = writeln!(page, "### {} (`{}`)\n", s.name, s.id);
        rows(&mut page, s.figures());
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

#[test]
fn the_page_says_what_the_tables_say() {
    let told = page();
    if std::env::var_os("RENEW").is_some() {
        std::fs::write(PAGE, &told).expect("docs can be written");
    }
    let page = std::fs::read_to_string(PAGE).unwrap_or_default();
    let differs = page.lines().zip(told.lines()).find(|(a, b)| a != b);
    assert!(
        page == told,
        "docs/boards.md is out of date, run with RENEW=1: {differs:?}"
    );
}
