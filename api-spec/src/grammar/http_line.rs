//! The `http` line and the paths in it.

use std::ops::Range;

use crate::model::Method;

/// What is wrong with a path, and the bytes concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathFault {
    pub(crate) kind: PathFaultKind,
    pub(crate) at: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathFaultKind {
    NoSlash,
    FinalSlash,
    Query,
    Fragment,
    OpenParameter,
    ParameterName,
    ParameterTwice,
    EmptySegment,
    DotSegment,
    BadPercent,
    BadCharacter,
}

impl PathFaultKind {
    /// What is said at the place.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::NoSlash => "a `/` is missing here",
            Self::FinalSlash => "this `/` is one too many",
            Self::Query => "a query begins here",
            Self::Fragment => "a fragment begins here",
            Self::OpenParameter => "`}` is due behind this",
            Self::ParameterName => "not the name of a parameter",
            Self::ParameterTwice => "a second time",
            Self::EmptySegment => "nothing between two `/`",
            Self::DotSegment => "a dot segment",
            Self::BadPercent => "`%` without two hexadecimal digits",
            Self::BadCharacter => "not allowed in a path",
        }
    }

    pub(crate) const fn help(self) -> &'static str {
        match self {
            Self::NoSlash => "begin the path with `/`",
            Self::FinalSlash => "drop the last `/`: the path that follows begins with one",
            Self::Query => "describe parameters of the query under `query = { … }`",
            Self::Fragment => "drop the fragment: it is never sent",
            Self::OpenParameter => {
                "a parameter is written `{name}`, or `{+name}` where it may hold `/`"
            }
            Self::ParameterName => {
                "between the braces stands one name of ASCII letters, digits, `_`, `-` and `.`, \
                 as in `{name}`; `{+name}` where the value may hold `/`"
            }
            Self::ParameterTwice => "let each parameter stand once in the path",
            Self::EmptySegment => "write one `/`",
            Self::DotSegment => {
                "write the path that is meant: `.` and `..` are resolved on the way"
            }
            Self::BadPercent => "write a percent sign as `%25`",
            Self::BadCharacter => "percent-encode it, as in `/a%20b` for a space",
        }
    }
}

impl PathFaultKind {
    /// Whether it is one of a parameter.
    pub(crate) const fn is_parameter(self) -> bool {
        matches!(
            self,
            Self::OpenParameter | Self::ParameterName | Self::ParameterTwice
        )
    }
}

/// The names of the parameters of a sound path, in their order, each with its place.
pub(crate) fn parameters(path: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    path.match_indices('{').filter_map(|(open, _)| {
        let close = open + path[open..].find('}')?;
        let name = &path[open + 1..close];
        Some((name.strip_prefix('+').unwrap_or(name), open..close + 1))
    })
}

/// The words of `METHOD /path`, each with its place.
pub(crate) fn split_http(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    let gap = start + text.get(start..end)?.find(char::is_whitespace)?;
    let path = end - text[gap..end].trim_start().len();
    Some((start..gap, path..end))
}

/// The method a word stands for.
pub(crate) fn find_method(word: &str) -> Option<Method> {
    Method::ALL
        .into_iter()
        .find(|method| method.as_str() == word)
}

/// Whether a path is nothing but a parameter: a URL that the server gave.
pub(crate) fn is_link(path: &str) -> bool {
    let is_whole = |name: &str| !name.starts_with('+') && parameter_end(path) == Ok(path.len());
    path.strip_prefix('{').is_some_and(is_whole)
}

/// Finds the first fault of an endpoint's path.
pub(crate) fn check_path(path: &str) -> Result<(), PathFault> {
    if is_link(path) {
        return Ok(());
    }
    if !path.starts_with('/') {
        return Err(PathFault {
            kind: PathFaultKind::NoSlash,
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
            return Err(PathFault {
                kind: PathFaultKind::EmptySegment,
                at: start - 1..start + 1,
            });
        }
        if is_dots(segment) {
            return Err(PathFault {
                kind: PathFaultKind::DotSegment,
                at: start..end,
            });
        }
        start = end + 1;
    }
    Ok(())
}

/// Finds the first fault of a `base_path`, which may be empty.
pub(crate) fn check_base_path(path: &str) -> Result<(), PathFault> {
    if path.is_empty() {
        return Ok(());
    }
    if is_link(path) {
        let kind = PathFaultKind::NoSlash;
        return Err(PathFault { kind, at: 0..0 });
    }
    check_path(path)?;
    if path.ends_with('/') {
        let at = path.len() - 1..path.len();
        return Err(PathFault {
            kind: PathFaultKind::FinalSlash,
            at,
        });
    }
    Ok(())
}

fn check_characters(path: &str) -> Result<(), PathFault> {
    let mut end = 0;
    for (at, c) in path.char_indices() {
        if at < end {
            continue;
        }
        let kind = match c {
            '?' => PathFaultKind::Query,
            '#' => PathFaultKind::Fragment,
            '{' => match parameter_end(&path[at..]) {
                Ok(len) => {
                    end = at + len;
                    continue;
                }
                Err(kind) => kind,
            },
            '%' if !is_percent(&path[at..]) => PathFaultKind::BadPercent,
            c if c == '%' || is_path_char(c) => continue,
            _ => PathFaultKind::BadCharacter,
        };
        let len = match kind {
            PathFaultKind::ParameterName => path[at..].find('}').map_or(1, |close| close + 1),
            _ => c.len_utf8(),
        };
        return Err(PathFault {
            kind,
            at: at..at + len,
        });
    }
    Ok(())
}

/// How long the parameter is that begins `rest`.
fn parameter_end(rest: &str) -> Result<usize, PathFaultKind> {
    let close = rest.find('}').ok_or(PathFaultKind::OpenParameter)?;
    let name = rest[1..close].strip_prefix('+').unwrap_or(&rest[1..close]);
    let sound = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.is_empty() || !name.chars().all(sound) {
        return Err(PathFaultKind::ParameterName);
    }
    Ok(close + 1)
}

fn check_parameters(path: &str) -> Result<(), PathFault> {
    let mut seen = Vec::new();
    for (name, at) in parameters(path) {
        if seen.contains(&name) {
            return Err(PathFault {
                kind: PathFaultKind::ParameterTwice,
                at,
            });
        }
        seen.push(name);
    }
    Ok(())
}

/// `pchar` of RFC 3986 and `/`, without percent-encoding.
fn is_path_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/".contains(c)
}

fn is_percent(rest: &str) -> bool {
    let digits = rest.as_bytes().get(1..3);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn is_dots(segment: &str) -> bool {
    let plain = segment.replace("%2e", ".").replace("%2E", ".");
    plain == "." || plain == ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fails(path: &str, kind: PathFaultKind, at: Range<usize>) {
        assert_eq!(check_path(path), Err(PathFault { kind, at }), "{path}");
    }

    #[test]
    fn the_line_is_split() {
        assert_eq!(split_http("GET /a"), Some((0..3, 4..6)));
        assert_eq!(split_http("  GET   /a b "), Some((2..5, 8..12)));
        assert_eq!(split_http("GET"), None);
        assert_eq!(split_http("   "), None);
        assert_eq!(split_http(""), None);
    }

    #[test]
    fn good_paths_pass() {
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
    fn bad_paths_are_pointed_at() {
        fails("a", PathFaultKind::NoSlash, 0..0);
        fails("{a}/b", PathFaultKind::NoSlash, 0..0);
        fails("{a}{b}", PathFaultKind::NoSlash, 0..0);
        fails("{+a}", PathFaultKind::NoSlash, 0..0);
        fails("{}", PathFaultKind::NoSlash, 0..0);
        fails("/a?b", PathFaultKind::Query, 2..3);
        fails("/a#b", PathFaultKind::Fragment, 2..3);
        fails("/a/{id", PathFaultKind::OpenParameter, 3..4);
        fails("/a/{}/b", PathFaultKind::ParameterName, 3..5);
        fails("/a/{b/c}", PathFaultKind::ParameterName, 3..8);
        fails("/a/{b c}", PathFaultKind::ParameterName, 3..8);
        fails("/{a}/{+a}", PathFaultKind::ParameterTwice, 5..9);
        fails("/a}", PathFaultKind::BadCharacter, 2..3);
        fails("/a//b", PathFaultKind::EmptySegment, 2..4);
        fails("/a/../b", PathFaultKind::DotSegment, 3..5);
        fails("/a/%2E%2e", PathFaultKind::DotSegment, 3..9);
        fails("/a%2", PathFaultKind::BadPercent, 2..3);
        fails("/a b", PathFaultKind::BadCharacter, 2..3);
        fails("/größe", PathFaultKind::BadCharacter, 3..5);
        let at = 4..5;
        let fault = PathFault {
            kind: PathFaultKind::FinalSlash,
            at,
        };
        assert_eq!(check_base_path("/api/"), Err(fault));
        let at = 0..0;
        let kind = PathFaultKind::NoSlash;
        assert_eq!(check_base_path("{url}"), Err(PathFault { kind, at }));
    }
}
