//! The `http` line: a method and a path.

use std::ops::Range;

use super::header::is_token;
use crate::model::Method;

/// Error in a path, and its byte range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathError {
    pub(crate) kind: PathErrorKind,
    pub(crate) at: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathErrorKind {
    MissingSlash,
    TrailingSlash,
    Query,
    Fragment,
    UnclosedParameter,
    ParameterName,
    DuplicateParameter,
    EmptySegment,
    DotSegment,
    BadPercent,
    BadCharacter,
}

impl PathErrorKind {
    /// Returns whether the error is about a parameter.
    pub(crate) const fn is_parameter(self) -> bool {
        matches!(
            self,
            Self::UnclosedParameter | Self::ParameterName | Self::DuplicateParameter
        )
    }
}

/// Returns the names and byte ranges of the parameters of a valid path, in order.
pub(crate) fn parameters(path: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    path.match_indices('{').filter_map(|(open, _)| {
        let close = open + path[open..].find('}')?;
        let name = &path[open + 1..close];
        Some((name.strip_prefix('+').unwrap_or(name), open..close + 1))
    })
}

/// Returns the byte ranges of the method and the path in `METHOD /path`.
pub(crate) fn split_http(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    let gap = start + text.get(start..end)?.find(char::is_whitespace)?;
    let path = end - text[gap..end].trim_start().len();
    Some((start..gap, path..end))
}

/// Error in the name of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MethodError {
    NotAToken,
    LowerCase,
    TooLong,
    Connect,
}

/// Returns the method with this name, which may be any token of RFC 9110 in upper case.
pub(crate) fn parse_method(name: &str) -> Result<Method, MethodError> {
    if let Some(method) = Method::known(name) {
        return Ok(method);
    }
    if !is_token(name) {
        return Err(MethodError::NotAToken);
    }
    if name.contains(|c: char| c.is_ascii_lowercase()) {
        return Err(MethodError::LowerCase);
    }
    // A request for a tunnel through a proxy, which has no path.
    if name == "CONNECT" {
        return Err(MethodError::Connect);
    }
    Method::other(name).ok_or(MethodError::TooLong)
}

/// Returns whether the path is a single parameter, i.e. a URL from an earlier response.
pub(crate) fn is_link(path: &str) -> bool {
    let is_whole = |name: &str| !name.starts_with('+') && parameter_len(path) == Ok(path.len());
    path.strip_prefix('{').is_some_and(is_whole)
}

/// Checks the path of an endpoint and returns its first error.
pub(crate) fn check_path(path: &str) -> Result<(), PathError> {
    if is_link(path) {
        return Ok(());
    }
    if !path.starts_with('/') {
        return Err(PathError {
            kind: PathErrorKind::MissingSlash,
            at: 0..0,
        });
    }
    check_characters(path)?;
    check_parameters(path)?;
    let mut start = 1;
    let mut segments = path[1..].split('/').peekable();
    while let Some(segment) = segments.next() {
        let end = start + segment.len();
        if segment.is_empty() && segments.peek().is_some() {
            return Err(PathError {
                kind: PathErrorKind::EmptySegment,
                at: start - 1..start + 1,
            });
        }
        if is_dot_segment(segment) {
            return Err(PathError {
                kind: PathErrorKind::DotSegment,
                at: start..end,
            });
        }
        start = end + 1;
    }
    Ok(())
}

/// Checks a `base_path`, which may be empty, and returns its first error.
pub(crate) fn check_base_path(path: &str) -> Result<(), PathError> {
    if path.is_empty() {
        return Ok(());
    }
    if is_link(path) {
        let kind = PathErrorKind::MissingSlash;
        return Err(PathError { kind, at: 0..0 });
    }
    check_path(path)?;
    if path.ends_with('/') {
        let at = path.len() - 1..path.len();
        return Err(PathError {
            kind: PathErrorKind::TrailingSlash,
            at,
        });
    }
    Ok(())
}

fn check_characters(path: &str) -> Result<(), PathError> {
    let mut end = 0;
    for (at, c) in path.char_indices() {
        if at < end {
            continue;
        }
        let kind = match c {
            '?' => PathErrorKind::Query,
            '#' => PathErrorKind::Fragment,
            '{' => match parameter_len(&path[at..]) {
                Ok(len) => {
                    end = at + len;
                    continue;
                }
                Err(kind) => kind,
            },
            '%' if !is_percent_encoded(&path[at..]) => PathErrorKind::BadPercent,
            c if c == '%' || is_path_char(c) => continue,
            _ => PathErrorKind::BadCharacter,
        };
        let len = match kind {
            PathErrorKind::ParameterName => path[at..].find('}').map_or(1, |close| close + 1),
            _ => c.len_utf8(),
        };
        return Err(PathError {
            kind,
            at: at..at + len,
        });
    }
    Ok(())
}

/// Returns the length of the parameter at the start of `rest`.
fn parameter_len(rest: &str) -> Result<usize, PathErrorKind> {
    let close = rest.find('}').ok_or(PathErrorKind::UnclosedParameter)?;
    let name = rest[1..close].strip_prefix('+').unwrap_or(&rest[1..close]);
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty() || !name.chars().all(is_name) {
        return Err(PathErrorKind::ParameterName);
    }
    Ok(close + 1)
}

fn check_parameters(path: &str) -> Result<(), PathError> {
    let mut seen = Vec::new();
    for (name, at) in parameters(path) {
        if seen.contains(&name) {
            return Err(PathError {
                kind: PathErrorKind::DuplicateParameter,
                at,
            });
        }
        seen.push(name);
    }
    Ok(())
}

/// Returns whether the character is `/` or a `pchar` of RFC 3986 other than `%`.
fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/".contains(c)
}

fn is_percent_encoded(rest: &str) -> bool {
    let digits = rest.as_bytes().get(1..3);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.replace("%2e", ".").replace("%2E", ".");
    plain == "." || plain == ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fails(path: &str, kind: PathErrorKind, at: Range<usize>) {
        assert_eq!(check_path(path), Err(PathError { kind, at }), "{path}");
    }

    #[test]
    fn method_and_path_are_split_at_whitespace() {
        assert_eq!(split_http("GET /a"), Some((0..3, 4..6)));
        assert_eq!(split_http("  GET   /a b "), Some((2..5, 8..12)));
        assert_eq!(split_http("GET"), None);
        assert_eq!(split_http("   "), None);
        assert_eq!(split_http(""), None);
    }

    #[test]
    fn valid_path_is_accepted() {
        for path in [
            "/",
            "/a",
            "/a/",
            "/api/2.0/jobs/runs:submit",
            "/a%20b",
            "/a/..b",
            "/a/{id}/b",
            "/{a}.{b}/{+c}:publish",
            "{location}",
        ] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        assert_eq!(check_base_path(""), Ok(()));
        assert_eq!(check_base_path("/api/1.2"), Ok(()));
    }

    #[test]
    fn error_has_the_byte_range_of_the_invalid_part() {
        fails("a", PathErrorKind::MissingSlash, 0..0);
        fails("{a}/b", PathErrorKind::MissingSlash, 0..0);
        fails("{a}{b}", PathErrorKind::MissingSlash, 0..0);
        fails("{+a}", PathErrorKind::MissingSlash, 0..0);
        fails("{}", PathErrorKind::MissingSlash, 0..0);
        fails("/a?b", PathErrorKind::Query, 2..3);
        fails("/a#b", PathErrorKind::Fragment, 2..3);
        fails("/a/{id", PathErrorKind::UnclosedParameter, 3..4);
        fails("/a/{}/b", PathErrorKind::ParameterName, 3..5);
        fails("/a/{b/c}", PathErrorKind::ParameterName, 3..8);
        fails("/a/{b c}", PathErrorKind::ParameterName, 3..8);
        fails("/{a}/{+a}", PathErrorKind::DuplicateParameter, 5..9);
        fails("/a}", PathErrorKind::BadCharacter, 2..3);
        fails("/a//b", PathErrorKind::EmptySegment, 2..4);
        fails("/a/../b", PathErrorKind::DotSegment, 3..5);
        fails("/a/%2E%2e", PathErrorKind::DotSegment, 3..9);
        fails("/a%2", PathErrorKind::BadPercent, 2..3);
        fails("/a b", PathErrorKind::BadCharacter, 2..3);
        fails("/größe", PathErrorKind::BadCharacter, 3..5);
        let at = 4..5;
        let error = PathError {
            kind: PathErrorKind::TrailingSlash,
            at,
        };
        assert_eq!(check_base_path("/api/"), Err(error));
        let at = 0..0;
        let kind = PathErrorKind::MissingSlash;
        assert_eq!(check_base_path("{url}"), Err(PathError { kind, at }));
    }
}
