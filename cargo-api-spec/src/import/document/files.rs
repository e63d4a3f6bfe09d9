//! The files of a document.
//!
//! A reference to another file, e.g. `responses.yaml#/Error`, loads the file. References are
//! rewritten to name their file by its path relative to the main file, so that a reference means
//! the same in every file.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::path::Path;

use percent_encoding::percent_decode_str;

use super::node::{Node, Value};
use super::parse::parse;

/// Maximum number of files of one document.
const MAX_FILES: usize = 10_000;

#[derive(Debug)]
pub(in crate::import) struct File {
    /// Path relative to the folder of the main file. Empty for the main file.
    pub(in crate::import) path: String,
    /// Name in messages.
    pub(in crate::import) name: String,
    pub(in crate::import) root: Node,
}

/// The main file and the files that it refers to.
#[derive(Debug)]
pub(in crate::import) struct Files {
    pub(in crate::import) all: Vec<File>,
    /// Indexes in `all`, or the reason why a file could not be loaded.
    by_path: HashMap<String, Result<usize, String>>,
}

impl Files {
    /// Returns a document of one file, whose references to other files cannot be resolved.
    #[cfg(test)]
    pub(in crate::import) fn single(root: Node) -> Self {
        Self::load(root, "test", None)
    }

    /// Loads the files that the main file refers to, directly and indirectly. `folder` is that of
    /// the main file, if it has one.
    pub(in crate::import) fn load(root: Node, name: &str, folder: Option<&Path>) -> Self {
        let mut files = Self {
            all: Vec::new(),
            by_path: HashMap::new(),
        };
        let mut pending = VecDeque::new();
        files.add(String::new(), name.to_owned(), root, &mut pending);
        while let Some(path) = pending.pop_front() {
            if files.by_path.contains_key(&path) {
                continue;
            }
            let loaded = match folder {
                Some(_) if files.all.len() >= MAX_FILES => Err("too many files".to_owned()),
                Some(folder) => read(&folder.join(&path)),
                None => Err("the document is not in a folder".to_owned()),
            };
            match loaded {
                Ok(root) => {
                    let name = folder.unwrap_or(Path::new("")).join(&path);
                    files.add(path, name.display().to_string(), root, &mut pending);
                }
                Err(reason) => {
                    files.by_path.insert(path, Err(reason));
                }
            }
        }
        files
    }

    fn add(&mut self, path: String, name: String, mut root: Node, pending: &mut VecDeque<String>) {
        qualify(&mut root, &path, pending);
        self.by_path.insert(path.clone(), Ok(self.all.len()));
        self.all.push(File { path, name, root });
    }

    /// Returns the root of a file.
    ///
    /// # Errors
    ///
    /// If the file could not be loaded.
    pub(in crate::import) fn root(&self, path: &str) -> Result<&Node, String> {
        match self.by_path.get(path) {
            Some(Ok(index)) => Ok(&self.all[*index].root),
            Some(Err(reason)) => Err(reason.clone()),
            None => Err("it is not a relative path of a file".to_owned()),
        }
    }
}

fn read(path: &Path) -> Result<Node, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    // A description may be in a file of its own, in Markdown.
    let is_document = path
        .extension()
        .is_some_and(|it| ["json", "yaml", "yml"].iter().any(|known| it == *known));
    let text = String::from_utf8(bytes).map_err(|_| "not valid UTF-8".to_owned())?;
    if is_document {
        parse(&text)
    } else {
        Ok(Value::Text(text.into()).into())
    }
}

/// Rewrites all references in a file, and adds the files that they name to `pending`.
fn qualify(node: &mut Node, file: &str, pending: &mut VecDeque<String>) {
    match node.value_mut() {
        Value::List(items) => {
            for item in items {
                qualify(item, file, pending);
            }
        }
        Value::Object(members) => {
            for (key, value) in members {
                if &**key == "$ref"
                    && let Value::Text(reference) = value.value_mut()
                {
                    *reference = qualified(reference, file, pending).into();
                } else if &**key == "mapping" && !file.is_empty() {
                    qualify_mapping(value, file, pending);
                } else {
                    qualify(value, file, pending);
                }
            }
        }
        _ => {}
    }
}

/// Rewrites the values of `mapping` in a discriminator. They are references or names of components.
fn qualify_mapping(mapping: &mut Node, file: &str, pending: &mut VecDeque<String>) {
    if let Value::Object(members) = mapping.value_mut() {
        for (_, value) in members {
            match value.value_mut() {
                Value::Text(target) if target.contains(['#', '/']) => {
                    *target = qualified(target, file, pending).into();
                }
                _ => qualify(value, file, pending),
            }
        }
    }
}

/// Returns a reference of the file `file` with the path relative to the main file.
fn qualified(reference: &str, file: &str, pending: &mut VecDeque<String>) -> String {
    let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    if path.is_empty() {
        return format!("{file}#{fragment}");
    }
    if path.contains("://") || path.starts_with('/') {
        return reference.to_owned();
    }
    let path = percent_decode_str(path).decode_utf8_lossy();
    let path = joined(file, &path);
    pending.push_back(path.clone());
    format!("{path}#{fragment}")
}

/// Returns a path relative to the file `file`, without the segments `.` and `..` where possible.
fn joined(file: &str, path: &str) -> String {
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut segments: Vec<&str> = Vec::new();
    for segment in folder.split('/').chain(path.split('/')) {
        match segment {
            "" | "." => {}
            ".." if segments.last().is_some_and(|it| *it != "..") => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_qualified_by_the_path_from_the_main_file() {
        for (reference, file, expected) in [
            ("#/a", "", "#/a"),
            ("#/a", "x/b.yaml", "x/b.yaml#/a"),
            ("c.yaml#/a", "x/b.yaml", "x/c.yaml#/a"),
            ("../c%20d.yaml", "x/b.yaml", "c d.yaml#"),
            ("../../c.yaml", "x/b.yaml", "../c.yaml#"),
            ("https://h/c.yaml#/a", "b.yaml", "https://h/c.yaml#/a"),
        ] {
            let mut pending = VecDeque::new();
            assert_eq!(qualified(reference, file, &mut pending), expected);
        }
    }
}
