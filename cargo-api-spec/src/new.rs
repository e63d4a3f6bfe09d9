//! `new`: a spec to start from.

use std::path::{Path, PathBuf};

use crate::cli::NewArgs;
use crate::error::CliError;
use crate::{console, files, toml};

const STARTER: &str = include_str!("new/starter.toml");

pub(crate) fn new(args: &NewArgs) -> Result<(), CliError> {
    let name = args.name.trim();
    if name.is_empty() || name.contains(char::is_control) {
        let message = "invalid API name: expected one non-empty line of text";
        return Err(CliError::usage(message));
    }
    let stem = snake_case(name);
    let path = match &args.path {
        Some(path) => path.clone(),
        None => PathBuf::from(format!("{stem}.toml")),
    };
    let spec = STARTER.replacen("NAME", &toml::string(name), 1);
    files::write_new(&path, &spec, false)?;
    console::print(&next_steps(&path, &stem))
}

/// Converts the name of an API to the name of its file and of its module.
fn snake_case(name: &str) -> String {
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

fn next_steps(path: &Path, stem: &str) -> String {
    let module = if is_keyword(stem) { "api" } else { stem };
    let file = toml::string(&path.display().to_string());
    format!(
        "\
Edit the spec, and check it with `cargo api-spec check {}`.

Add the runtime to your package, from a checkout of the repository of `cargo-api-spec`:

    cargo add --path <checkout>/runtime

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

fn is_keyword(word: &str) -> bool {
    syn::parse_str::<syn::Ident>(word).is_err()
}
