//! From the literal of the call to a source.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use api_spec::Source;
use syn::LitStr;

/// A description, and the files whose changes call for a new build.
pub(crate) struct Loaded {
    pub(crate) source: Source,
    pub(crate) files: Vec<String>,
}

/// Reads the file that the literal names, or takes the literal itself.
pub(crate) fn load(literal: &LitStr) -> syn::Result<Loaded> {
    let text = literal.value();
    if text.contains('\n') {
        return Ok(Loaded {
            source: Source::new(inline_name(literal), text),
            files: Vec::new(),
        });
    }
    let file = find(literal)?.map_err(|tried| {
        let message = format!("there is no description at {tried}");
        syn::Error::new(literal.span(), message)
    })?;
    let mut source = Source::new(shown(&file.path), file.text);
    let mut files = vec![file.path.clone()];
    for wanted in source.included_paths() {
        let path = file.path.with_file_name(&wanted);
        let read = fs::read_to_string(&path);
        let read = read.map_err(|error| format!("{} cannot be read: {error}", shown(&path)));
        source.include(wanted, read.map(|text| Source::new(shown(&path), text)));
        files.push(path);
    }
    // A file that is not there cannot be tracked; the fault keeps the crate from being built.
    let files = files.iter().filter(|path| path.is_file());
    let files = files.filter_map(|path| path.to_str().map(str::to_owned));
    Ok(Loaded {
        files: files.collect(),
        source,
    })
}

/// A file that a literal names.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// Reads the file that the literal names; where there is none, tells where it was looked for.
pub(crate) fn find(literal: &LitStr) -> syn::Result<Result<File, String>> {
    let candidates = candidates(literal, &literal.value());
    for path in &candidates {
        match fs::read_to_string(path) {
            Ok(text) => {
                return Ok(Ok(File {
                    path: path.clone(),
                    text,
                }));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!("cannot read {}: {error}", shown(path));
                return Err(syn::Error::new(literal.span(), message));
            }
        }
    }
    let tried: Vec<_> = candidates.iter().map(|path| shown(path)).collect();
    Ok(Err(tried.join(" or ")))
}

/// The package's folder comes first: it is what cargo and rust-analyzer agree on. The folder of
/// the source file is what trybuild leaves, which builds from elsewhere.
fn candidates(literal: &LitStr, text: &str) -> Vec<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let file = literal.span().unwrap().local_file();
    let beside = file.and_then(|file| file.parent().map(Path::to_owned));
    let mut paths: Vec<_> = [package, beside]
        .into_iter()
        .flatten()
        .map(|folder| absolute(&folder.join(text)))
        .collect();
    paths.dedup();
    paths
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The path from where cargo runs the compiler, so that terminals can follow it.
fn shown(path: &Path) -> String {
    let here = env::current_dir().ok();
    let short = here
        .as_deref()
        .and_then(|here| path.strip_prefix(here).ok());
    short.unwrap_or(path).display().to_string()
}

fn inline_name(literal: &LitStr) -> String {
    let file = literal.span().unwrap().local_file();
    let name = file.map(|file| shown(&absolute(&file)));
    format!(
        "the description in {}",
        name.as_deref().unwrap_or("this file")
    )
}
