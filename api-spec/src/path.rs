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
    Parameter,
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
            Self::Parameter => "a parameter",
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
            Self::Parameter => {
                "path parameters are not in the language yet; an endpoint whose path is always \
                 the same can be described"
            }
            Self::EmptySegment => "write one `/`",
            Self::DotSegment => {
                "write the path that is meant: `.` and `..` are resolved on the way"
            }
            Self::BadPercent => "write a percent sign as `%25`",
            Self::BadCharacter => "percent-encode it, as in `/a%20b` for a space",
        }
    }
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

/// Finds the first fault of an endpoint's path.
pub(crate) fn check_path(path: &str) -> Result<(), PathFault> {
    if !path.starts_with('/') {
        return Err(PathFault {
            kind: PathFaultKind::NoSlash,
            at: 0..0,
        });
    }
    check_characters(path)?;
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
    for (at, c) in path.char_indices() {
        let kind = match c {
            '?' => PathFaultKind::Query,
            '#' => PathFaultKind::Fragment,
            '{' => PathFaultKind::Parameter,
            '%' if !is_percent(&path[at..]) => PathFaultKind::BadPercent,
            c if c == '%' || is_path_char(c) => continue,
            _ => PathFaultKind::BadCharacter,
        };
        let len = match kind {
            PathFaultKind::Parameter => path[at..].find('}').map_or(1, |close| close + 1),
            _ => c.len_utf8(),
        };
        return Err(PathFault {
            kind,
            at: at..at + len,
        });
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
        ] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        assert_eq!(check_base_path(""), Ok(()));
        assert_eq!(check_base_path("/api/1.2"), Ok(()));
    }

    #[test]
    fn bad_paths_are_pointed_at() {
        fails("a", PathFaultKind::NoSlash, 0..0);
        fails("/a?b", PathFaultKind::Query, 2..3);
        fails("/a#b", PathFaultKind::Fragment, 2..3);
        fails("/a/{id}/b", PathFaultKind::Parameter, 3..7);
        fails("/a/{id", PathFaultKind::Parameter, 3..4);
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
    }
}
