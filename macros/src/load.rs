//! Spec files and inline specs.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use api_spec::Source;
use syn::LitStr;

/// A spec, and the files from which it was read.
pub(crate) struct Loaded {
    pub(crate) source: Source,
    pub(crate) files: Vec<String>,
}

/// Reads the spec file that the literal names, and the files that it includes. A literal of
/// several lines is an inline spec.
pub(crate) fn load(literal: &LitStr) -> syn::Result<Loaded> {
    let text = literal.value();
    if text.contains('\n') {
        return Ok(Loaded {
            source: Source::new(inline_name(literal), text),
            files: Vec::new(),
        });
    }
    let file = find(literal)?.map_err(|candidates| {
        let message = format!("cannot find the spec at {candidates}");
        syn::Error::new(literal.span(), message)
    })?;
    let mut files = vec![file.path.clone()];
    let mut source = Source::from_bytes(relative(&file.path), file.bytes);
    if let Some(target) = Source::link_target(source.text()) {
        let target = file.path.with_file_name(target);
        let linked = read_linked(&file.path, &target)
            .map_err(|message| syn::Error::new(literal.span(), message))?;
        source = Source::from_bytes(relative(&file.path), linked);
        files.push(target);
    }
    for included in source.included_paths() {
        let path = file.path.with_file_name(&included);
        let bytes = fs::read(&path);
        let bytes = bytes.map_err(|error| format!("cannot read {}: {error}", relative(&path)));
        let included_source = bytes.map(|bytes| Source::from_bytes(relative(&path), bytes));
        source.include(included, included_source);
        files.push(path);
    }
    // A missing file cannot be tracked. It is an error of the spec, so the crate is built again.
    let files = files.iter().filter(|path| path.is_file());
    let files = files.filter_map(|path| path.to_str().map(str::to_owned));
    Ok(Loaded {
        files: files.collect(),
        source,
    })
}

/// Reads the target of a symbolic link that Git has checked out as a text file.
fn read_linked(path: &Path, target: &Path) -> Result<Vec<u8>, String> {
    fs::read(target).map_err(|error| {
        let (path, target) = (relative(path), relative(target));
        format!("{path} is a symbolic link to {target}, which cannot be read: {error}")
    })
}

pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

/// Reads the file that the literal names. Returns the list of candidates for the error message
/// if none of them exists.
pub(crate) fn find(literal: &LitStr) -> syn::Result<Result<File, String>> {
    let candidates = candidates(literal);
    for path in &candidates {
        match fs::read(path) {
            Ok(bytes) => {
                return Ok(Ok(File {
                    path: path.clone(),
                    bytes,
                }));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!("cannot read {}: {error}", relative(path));
                return Err(syn::Error::new(literal.span(), message));
            }
        }
    }
    let candidates: Vec<_> = candidates.iter().map(|path| relative(path)).collect();
    Ok(Err(candidates.join(" or ")))
}

/// Returns the paths at which a file may be.
fn candidates(literal: &LitStr) -> Vec<PathBuf> {
    // cargo and rust-analyzer agree on the folder of the package only.
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    // trybuild compiles the source file as part of a package in another folder.
    let source_file = literal.span().unwrap().local_file();
    let source_folder = source_file.and_then(|file| file.parent().map(Path::to_owned));
    let mut paths: Vec<_> = [package, source_folder]
        .into_iter()
        .flatten()
        .map(|folder| absolute(&folder.join(literal.value())))
        .collect();
    paths.dedup();
    paths
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Returns the path relative to the directory in which cargo runs the compiler, where terminals
/// and editors can open it.
fn relative(path: &Path) -> String {
    let current = env::current_dir().ok();
    let relative = current
        .as_deref()
        .and_then(|current| path.strip_prefix(current).ok());
    relative.unwrap_or(path).display().to_string()
}

fn inline_name(literal: &LitStr) -> String {
    let file = literal.span().unwrap().local_file();
    let name = file.map(|file| relative(&absolute(&file)));
    format!("inline spec in {}", name.as_deref().unwrap_or("this file"))
}
