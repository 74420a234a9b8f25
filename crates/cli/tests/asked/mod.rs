//! Asks the command as a script does.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// An empty folder of its own for each test.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the command to its end.
pub fn lampyris(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lampyris"))
        .args(args)
        .output()
        .unwrap()
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Standard output as JSON of a command that must succeed.
pub fn json(args: &[&str]) -> Value {
    let output = lampyris(args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The last line on standard error of a command that must fail with code 1.
pub fn refusal(args: &[&str]) -> String {
    let output = lampyris(args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    assert!(output.stdout.is_empty(), "no result: {args:?}");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!errors.contains("panicked"), "{errors}");
    let last = errors.lines().last().unwrap().to_string();
    assert!(
        last.starts_with("lampyris: ") && last.contains("): "),
        "{last}"
    );
    last
}
