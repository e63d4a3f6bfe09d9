//! Workspace ids, and their form in the query of a URL that was copied from the browser.

use percent_encoding::percent_decode_str;

/// Parameters of a query with a workspace id, in the order of their precedence. Only the first one may
/// have other values than numbers.
const PARAMETERS: [&str; 3] = ["w", "o", "workspace_id"];

/// Returns an error if a workspace id cannot be sent in a header.
pub(super) fn check(id: &str) -> Result<(), &'static str> {
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err("the workspace id is empty or contains anything but visible ASCII characters")
    }
}

/// Returns the workspace id in a query. An empty parameter is ignored.
pub(super) fn in_query(query: &str) -> Result<Option<String>, &'static str> {
    for name in PARAMETERS {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let mut values = pairs.filter(|(key, value)| *key == name && !value.is_empty());
        if let Some((_, value)) = values.next() {
            let id = percent_decode_str(value).decode_utf8_lossy();
            check(&id)?;
            if name != PARAMETERS[0] && !id.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err("the workspace id in the query is not a number");
            }
            return Ok(Some(id.into_owned()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_parameter_with_a_value_is_used() {
        for (query, id) in [
            ("", None),
            ("o", None),
            ("o=", None),
            ("x=1&oo=2&O=3", None),
            ("o=123", Some("123")),
            ("x=1&o=123&o=4", Some("123")),
            ("workspace_id=5&o=123", Some("123")),
            ("o=&workspace_id=5", Some("5")),
            ("o=123&w=a%2Db", Some("a-b")),
            ("o=%31%32", Some("12")),
        ] {
            assert_eq!(in_query(query), Ok(id.map(str::to_owned)), "{query}");
        }
    }

    #[test]
    fn invalid_ids_are_rejected() {
        for query in [
            "o=x",
            "workspace_id=-1",
            "w=%0a",
            "w=a%20b",
            "w=%e9",
            "o=%3",
        ] {
            assert!(in_query(query).is_err(), "{query}");
        }
        assert!(check("").is_err() && check("1\n").is_err() && check("123").is_ok());
    }
}
