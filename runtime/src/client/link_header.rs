//! The `Link` header of RFC 8288, as far as pages need it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A parameter in the query of the link to the next page; `Err` where the link has none of that
/// name, or no text.
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
    let found = pairs.find(|(name, _)| decoded(name).is_some_and(|name| name == parameter));
    Some(found.and_then(|(_, value)| decoded(value)).ok_or(()))
}

/// A piece of a query, where a plus is a space as well.
fn decoded(piece: &str) -> Option<Cow<'_, str>> {
    if piece.contains('+') {
        let spaced = piece.replace('+', " ");
        let text = percent_decode_str(&spaced).decode_utf8().ok()?;
        return Some(text.into_owned().into());
    }
    percent_decode_str(piece).decode_utf8().ok()
}

/// The target of the first link whose relation is `next`.
fn next_url(mut header: &str) -> Option<&str> {
    loop {
        let (_, rest) = header.split_once('<')?;
        let (url, rest) = rest.split_once('>')?;
        let (parameters, others) = rest.split_at(end_of_link(rest));
        if is_next(parameters) {
            return Some(url);
        }
        header = others;
    }
}

/// Where the parameters of a link end: at a comma that no quotes hold.
fn end_of_link(parameters: &str) -> usize {
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
    relation.is_some_and(|(_, words)| {
        let mut words = words.trim().trim_matches('"').split_ascii_whitespace();
        words.any(|word| word.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(header: &str) -> Option<Result<String, ()>> {
        next_parameter(header, "page").map(|found| found.map(Cow::into_owned))
    }

    #[test]
    fn the_next_link_is_found() {
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
    fn no_link_is_no_page_and_an_odd_one_is_told() {
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
