//! Header names and media types.

/// Returns whether the text is a `token` of RFC 9110, section 5.6.2.
pub(crate) fn is_token(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(allowed)
}

/// Returns whether the text is a type and a subtype, optionally with parameters: RFC 9110, section
/// 8.3.1, without quoted strings.
pub(crate) fn is_media_type(text: &str) -> bool {
    let mut parts = text.split(';');
    let essence = parts.next().unwrap_or_default().split_once('/');
    let mut parameters = parts.map(|part| part.trim().split_once('='));
    essence.is_some_and(|(main, sub)| is_token(main) && is_token(sub))
        && parameters
            .all(|part| part.is_some_and(|(name, value)| is_token(name) && is_token(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_type_has_a_subtype_and_complete_parameters() {
        assert!(is_media_type("text/csv"));
        assert!(is_media_type("application/json; charset=utf-8"));
        for text in [
            "",
            "text",
            "text/",
            "/csv",
            "text/csv;",
            "text/csv; charset",
            "a b/c",
        ] {
            assert!(!is_media_type(text), "{text}");
        }
    }
}
