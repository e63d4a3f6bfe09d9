//! `new`: a description to start from.

use std::path::{Path, PathBuf};

use crate::cli::NewArgs;
use crate::exit::Failure;
use crate::{console, files, toml};

const STARTER: &str = include_str!("new/starter.toml");

pub(crate) fn new(args: &NewArgs) -> Result<(), Failure> {
    let name = args.name.trim();
    if name.is_empty() || name.contains(char::is_control) {
        return Err(Failure::usage("the name of an API is a line of text"));
    }
    let stem = stem(name);
    let path = match &args.path {
        Some(path) => path.clone(),
        None => PathBuf::from(format!("{stem}.toml")),
    };
    files::write_new(
        &path,
        &STARTER.replacen("NAME", &toml::text(name), 1),
        false,
    )?;
    console::print(&usage(&path, &stem))
}

/// The name as that of a file and of a module.
fn stem(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let stem = words.join("_");
    match stem.chars().next() {
        None => "api".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api_{stem}"),
        Some(_) => stem,
    }
}

fn usage(path: &Path, stem: &str) -> String {
    let module = if is_keyword(stem) { "api" } else { stem };
    let file = toml::text(&path.display().to_string());
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "\
Edit it, and check it with `cargo api-spec check {}`.

In Cargo.toml:

    [dependencies]
    api-runtime = \"{version}\"

In Rust:

    pub mod {module} {{
        api_runtime::api!({file});
    }}

    let client = api_runtime::Client::builder(\"https://example.com\").build()?;
    let started = {module}::jobs::start(&client, &{module}::jobs::Start::new(\"nightly\"))?;
",
        path.display()
    )
}

/// Whether a module cannot be called so.
fn is_keyword(word: &str) -> bool {
    syn::parse_str::<syn::Ident>(word).is_err()
}
