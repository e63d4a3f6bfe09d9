//! Parsing of the `Link` header (RFC 8288).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Returns a query parameter of the link to the next page. It is `None` without such a link, and
/// `Err` if the link has no such parameter or its value is not UTF-8.
pub(super) fn next_parameter<'h>(
    header: &'h str,
    parameter: &str,
) -> Option<Result<Cow<'h, str>, ()>> {
    let url = next_url(header)?;
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let mut pairs = query
        .split('&')
        .map(|it| it.split_once('=').unwrap_or((it, "")));
    let found = pairs.find(|(name, _)| decode(name).is_some_and(|name| name == parameter));
    Some(found.and_then(|(_, value)| decode(value)).ok_or(()))
}

/// Decodes a name or a value in a query. A plus is a space.
fn decode(piece: &str) -> Option<Cow<'_, str>> {
    if piece.contains('+') {
        let spaced = piece.replace('+', " ");
        let text = percent_decode_str(&spaced).decode_utf8().ok()?;
        return Some(text.into_owned().into());
    }
    percent_decode_str(piece).decode_utf8().ok()
}

/// Returns the target of the first link with the relation `next`.
fn next_url(mut header: &str) -> Option<&str> {
    loop {
        let (_, rest) = header.split_once('<')?;
        let (url, rest) = rest.split_once('>')?;
        let (parameters, other_links) = rest.split_at(link_end(rest));
        if is_next(parameters) {
            return Some(url);
        }
        header = other_links;
    }
}

/// Returns the end of the parameters of a link: the first comma outside of quotes.
fn link_end(parameters: &str) -> usize {
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in parameters.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b',' if !quoted => return at,
            _ => {}
        }
    }
    parameters.len()
}

fn is_next(parameters: &str) -> bool {
    let mut pairs = parameters.split(';').filter_map(|it| it.split_once('='));
    let relation = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("rel"));
    relation.is_some_and(|(_, relations)| {
        let mut relations = relations.trim().trim_matches('"').split_ascii_whitespace();
        relations.any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(header: &str) -> Option<Result<String, ()>> {
        next_parameter(header, "page").map(|found| found.map(Cow::into_owned))
    }

    #[test]
    fn next_link_is_found() {
        let found = |text: &str| Some(Ok(text.to_owned()));
        assert_eq!(page(r#"<https://a/b?page=2>; rel="next""#), found("2"));
        assert_eq!(
            page(r#"</b?page=1>; rel="prev", </b?q=x&page=3#top>; rel=next"#),
            found("3")
        );
        assert_eq!(
            page(r#"</b?page=1>; title="a, \"<b>\""; rel=last, <?page=a%2Bb+c>; REL="up NEXT""#),
            found("a+b c")
        );
        assert_eq!(page("<?page=2>;rel=next,<?page=3>;rel=next"), found("2"));
        assert_eq!(page("<?page>;rel=next"), found(""));
    }

    #[test]
    fn missing_and_invalid_links_are_distinguished() {
        for header in [
            "",
            "<?page=2",
            "<?page=2>",
            r#"<?page=2>; rel="prev""#,
            "rel=next",
        ] {
            assert_eq!(page(header), None, "{header}");
        }
        for header in [
            "<?pages=2>; rel=next",
            "</b>; rel=next",
            "<?page=%ff>; rel=next",
        ] {
            assert_eq!(page(header), Some(Err(())), "{header}");
        }
    }
}
