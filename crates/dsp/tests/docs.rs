//! docs/blocks.md is made from the table of blocks.

use std::fmt::Write;
use std::{env, fs, path::Path};

use lampyris_dsp::{BLOCKS, Block, Setting, Step};

const END: &str = "<!-- end of blocks -->";

/// The number as a person would write it.
fn plain(x: f32) -> String {
    if x != 0.0 && (x.abs() >= 1e5 || x.abs() < 1e-3) {
        format!("{x:e}")
    } else {
        x.to_string()
    }
}

fn values(setting: &Setting) -> String {
    let (min, max) = (plain(setting.min), plain(setting.max));
    match setting.step {
        Step::Any => format!("{min} … {max}"),
        Step::Whole => format!("{min} … {max}, whole"),
        Step::PowerOfTwo => format!("{min} … {max}, powers of two"),
        Step::Switch => "0 or 1".into(),
    }
}

fn section(block: &Block) -> String {
    let mut text = format!("\n## `{}`: {}\n\n{}\n\n", block.id, block.title, block.help);
    text += "| setting | default | values | unit | what it does |\n|---|---|---|---|---|\n";
    for s in block.settings {
        let (default, values) = (plain(s.default), values(s));
        let _ = writeln!(
            text,
            "| `{}` | {default} | {values} | {} | {}. {} |",
            s.id, s.unit, s.title, s.help
        );
    }
    text
}

#[test]
fn the_page_of_blocks_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/blocks.md");
    let page = fs::read_to_string(&path).expect("docs/blocks.md");
    let begin = page.find("<!-- blocks:").expect("the first mark");
    let begin = begin + page[begin..].find('\n').expect("a line") + 1;
    let end = page.find(END).expect("the second mark");
    let made: String = BLOCKS.iter().map(|block| section(block)).collect();
    let made = format!("{made}\n");
    if env::var_os("LAMPYRIS_BLESS").is_some() {
        let page = format!("{}{made}{}", &page[..begin], &page[end..]);
        fs::write(&path, page).expect("docs/blocks.md can be written");
        return;
    }
    assert_eq!(
        &page[begin..end],
        made,
        "LAMPYRIS_BLESS=1 cargo test -p lampyris-dsp --test docs writes the page anew"
    );
}
