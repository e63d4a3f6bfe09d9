//! Header names and media types.

/// Returns whether the text is a `token` of RFC 9110, section 5.6.2.
pub(crate) fn is_token(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(allowed)
}

/// Returns whether the text is a type and a subtype, optionally with parameters: RFC 9110, section
/// 8.3.1.
pub fn is_media_type(text: &str) -> bool {
    let (essence, mut rest) = text.split_at(text.find(';').unwrap_or(text.len()));
    let is_essence = |(main, sub): (&str, &str)| is_token(main) && is_token(sub);
    if !essence
        .trim_end_matches(SPACES)
        .split_once('/')
        .is_some_and(is_essence)
    {
        return false;
    }
    while let Some(parameter) = rest.strip_prefix(';') {
        let Some((name, value)) = parameter.trim_start_matches(SPACES).split_once('=') else {
            return false;
        };
        let Some(behind) = strip_value(value).filter(|_| is_token(name)) else {
            return false;
        };
        rest = behind.trim_start_matches(SPACES);
    }
    rest.is_empty()
}

/// Returns whether values of a media type are JSON: of `application/json`, or with the suffix `+json`.
///
/// # Examples
///
/// ```
/// assert!(api_spec::is_json_media_type("application/merge-patch+json; charset=utf-8"));
/// assert!(!api_spec::is_json_media_type("text/plain"));
/// ```
pub fn is_json_media_type(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// Characters that may surround a semicolon.
const SPACES: [char; 2] = [' ', '\t'];

/// Removes a token or a quoted string from the start of a text.
fn strip_value(text: &str) -> Option<&str> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ' ', '\t']).unwrap_or(text.len());
        let (token, rest) = text.split_at(end);
        return is_token(token).then_some(rest);
    };
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return quoted.get(at + 1..),
            '\\' => {
                chars.next().filter(|(_, c)| is_quotable(*c))?;
            }
            c if !is_quotable(c) => return None,
            _ => {}
        }
    }
    None
}

fn is_quotable(c: char) -> bool {
    c == ' ' || c.is_ascii_graphic()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_type_has_a_subtype_and_complete_parameters() {
        assert!(is_media_type("text/csv"));
        assert!(is_media_type("application/json; charset=utf-8"));
        assert!(is_media_type("application/x; a=\"b; \\\"c\"; d=e"));
        for text in [
            "",
            "text",
            "text/",
            "/csv",
            "text/csv;",
            "text/csv; charset",
            "text/csv; charset=",
            "text/csv; charset=\"utf-8",
            "text/csv; charset=\"utf-8\"x",
            "text/csv\r\n; charset=utf-8",
            "a b/c",
        ] {
            assert!(!is_media_type(text), "{text}");
        }
    }
}
