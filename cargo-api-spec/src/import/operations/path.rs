//! Paths of operations.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::importer::Importer;
use crate::import::spec::names;
use crate::import::spec::{Field, Request, TypeExpr};
use crate::toml;

/// Characters that a path contains in percent-encoded form only.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'|')
    .add(b'}');

/// The path of an operation, which may contain a query and a fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathTemplate<'d> {
    segments: Vec<Part<'d>>,
    query: Vec<(&'d str, &'d str)>,
    fragment: Option<&'d str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part<'d> {
    Text(String),
    Parameter(&'d str),
}

impl<'d> PathTemplate<'d> {
    pub(super) fn new(path: &'d str) -> Self {
        let (rest, fragment) = match path.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (path, None),
        };
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        Self {
            segments: parts(path),
            query: pairs
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .collect(),
            fragment,
        }
    }

    /// Returns the path in the syntax of the language.
    pub(super) fn path(&self) -> String {
        let parts = self.segments.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Parameter(name) => format!("{{{}}}", parameter_name(name)),
        });
        let path: String = parts.collect();
        if path.starts_with('/') {
            path
        } else {
            format!("/{path}")
        }
    }

    /// Returns the parameter whose name differs only in case, if none has the name itself.
    fn name_in_other_case(&self, name: &str) -> Option<&'d str> {
        let mut names = self.segments.iter().filter_map(|part| match part {
            Part::Parameter(name) => Some(*name),
            Part::Text(_) => None,
        });
        let found = names.find(|it| it.eq_ignore_ascii_case(name));
        found.filter(|_| !self.has_parameter(name))
    }

    fn has_parameter(&self, name: &str) -> bool {
        self.segments.contains(&Part::Parameter(name))
    }
}

fn parts(path: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        let Some(len) = rest[open..].find('}') else {
            break;
        };
        parts.push(text(&rest[..open]));
        parts.push(Part::Parameter(&rest[open + 1..open + len]));
        rest = &rest[open + len + 1..];
    }
    parts.push(text(rest));
    parts
}

fn text<'d>(text: &str) -> Part<'d> {
    Part::Text(utf8_percent_encode(text, ENCODED).to_string())
}

/// Returns the name of a parameter in the path of the language, which is not on the wire.
pub(super) fn parameter_name(name: &str) -> String {
    let is_valid = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    name.replace(|c| !is_valid(c), "_")
}

impl Importer<'_> {
    /// Adapts the fields of a request to the path: adds the parameters that the document does not
    /// declare, and those of a query in the path.
    pub(super) fn add_path(&mut self, template: &PathTemplate<'_>, request: &mut Request) {
        if let Some(fragment) = template.fragment {
            let note = format!("`#{fragment}` omitted from the path");
            self.approximate(note);
        }
        for (key, value) in &template.query {
            let parameter = value.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
            let declared = request.path.iter();
            let declared = declared
                .clone()
                .position(|field| parameter.is_some_and(|name| field.wire == name));
            let in_query = request.query.iter().position(|field| field.wire == *key);
            if let (Some(index), None) = (in_query, declared) {
                // The document declares it as a parameter of the query as well.
                if parameter.is_some() {
                    continue;
                }
                request.query.remove(index);
                let note = format!("parameter `{key}` omitted: the path has a value for it");
                self.approximate(note);
            }
            let field = match (declared, parameter) {
                (Some(index), _) => {
                    let mut field = request.path.remove(index);
                    // The Rust name follows from the name of the parameter.
                    field.rust = field.rust.or(Some(names::snake_name(&field.wire, "field")));
                    (*key).clone_into(&mut field.wire);
                    field
                }
                (None, Some(_)) => self.undeclared(key),
                (None, None) => Field {
                    wire: (*key).to_owned(),
                    ty: TypeExpr::Builtin("string"),
                    value: Some(toml::string(value)),
                    ..Field::default()
                },
            };
            request.query.push(field);
        }
        for field in &mut request.path {
            if let Some(name) = template.name_in_other_case(&field.wire) {
                let note = format!("path parameter `{}` imported as `{name}`", field.wire);
                self.approximate(note);
                let rust = names::field_name(&field.wire);
                if rust != names::field_name(name) {
                    field.rust = field.rust.take().or(rust);
                }
                name.clone_into(&mut field.wire);
            }
        }
        self.remove_repeated(&mut request.path);
        let (kept, unused): (Vec<_>, Vec<_>) = std::mem::take(&mut request.path)
            .into_iter()
            .partition(|field| template.has_parameter(&field.wire));
        for field in unused {
            let note = format!("path parameter `{}` omitted: not in the path", field.wire);
            self.approximate(note);
        }
        request.path = kept;
        for part in &template.segments {
            if let Part::Parameter(name) = part
                && request.path.iter().all(|field| field.wire != *name)
            {
                let note = format!("path parameter `{name}` is not declared, imported as `string`");
                self.approximate(note);
                let field = self.undeclared(name);
                request.path.push(field);
            }
        }
        for field in &mut request.path {
            let name = parameter_name(&field.wire);
            if name != field.wire {
                field.rust = field
                    .rust
                    .take()
                    .or(Some(names::snake_name(&name, "field")));
                field.wire = name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_split_from_query_and_fragment() {
        let template = PathTemplate::new("/a b/{id}?x=1&y={y}#part");
        assert_eq!(template.path(), "/a%20b/{id}");
        assert_eq!(template.query, [("x", "1"), ("y", "{y}")]);
        assert_eq!(template.fragment, Some("part"));
    }

    #[test]
    fn characters_that_a_path_cannot_contain_are_encoded() {
        for (path, expected) in [
            ("/größe", "/gr%C3%B6%C3%9Fe"),
            ("/a/{id*}/[x]", "/a/{id_}/%5Bx%5D"),
            ("a", "/a"),
            ("/a/{b", "/a/{b"),
        ] {
            assert_eq!(PathTemplate::new(path).path(), expected);
        }
    }
}
