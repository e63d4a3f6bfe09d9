//! Formatting of generated code.

use std::env;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proc_macro2::TokenStream;

/// Formats the items of a file with rustfmt, in the configuration of `directory`.
///
/// Without rustfmt, the code has the format of prettyplease: the same code with other line breaks.
pub(super) fn format(code: TokenStream, directory: &Path) -> syn::Result<String> {
    let file = syn::parse2(code)?;
    let text = separate_items(&prettyplease::unparse(&file));
    Ok(rustfmt(&text, directory).unwrap_or(text))
}

/// Inserts empty lines between items. prettyplease inserts none, and rustfmt keeps those that exist.
fn separate_items(code: &str) -> String {
    let mut text = String::with_capacity(code.len());
    let mut previous = "";
    for line in code.lines() {
        let line_after_imports = previous.starts_with("use ") && !line.trim().starts_with("use ");
        let ends_item = previous.ends_with(['}', ';']) && !previous.starts_with("//");
        if line_after_imports || ends_item && starts_item(line.trim()) {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
        previous = line.trim();
    }
    text
}

fn starts_item(line: &str) -> bool {
    const STARTS: [&str; 7] = ["///", "#[", "pub ", "impl ", "fn ", "const ", "mod "];
    // Statements have paths, too, but no invocations of macros.
    let path = line.split_once("!(").map_or("", |(path, _)| path);
    let is_macro = path.contains("rt::") && !path.contains(' ');
    is_macro || STARTS.iter().any(|start| line.starts_with(start))
}

/// Returns the formatted text, or `None` if rustfmt is not installed or fails.
fn rustfmt(text: &str, directory: &Path) -> Option<String> {
    // cargo-fmt reads the same variable.
    let program = env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into());
    let mut child = Command::new(program)
        .args(["--edition", "2024", "--emit", "stdout"])
        .current_dir(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdin = child.stdin.take()?;
    // rustfmt reads all of its input before it writes, so that the pipes cannot block each other.
    let written = stdin.write_all(text.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().ok()?;
    let is_success = written.is_ok() && output.status.success();
    let formatted = String::from_utf8(output.stdout).ok()?;
    (is_success && !formatted.is_empty()).then_some(formatted)
}
