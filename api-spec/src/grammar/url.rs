//! The base URL of an API.

use super::http_line;

/// The part of a URL that cannot be part of a base URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UrlError {
    Scheme,
    Host,
    Port,
    Path,
}

/// Checks that the runtime accepts the text as a base URL.
pub(crate) fn check_base_url(url: &str) -> Result<(), UrlError> {
    let schemes = ["https://", "http://"];
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    let rest = rest.ok_or(UrlError::Scheme)?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = match authority.rsplit_once(':') {
        // The last colon of `[::1]` is part of the address.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
    if host.is_empty() || !host.chars().all(is_host) {
        return Err(UrlError::Host);
    }
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(UrlError::Port);
    }
    let path = path.trim_end_matches('/');
    if path.contains('{') || http_line::check_base_path(path).is_err() {
        return Err(UrlError::Path);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_url_has_a_scheme_a_host_and_a_fixed_path() {
        for url in [
            "https://api.example.com",
            "http://localhost:8080/",
            "http://[::1]",
            "http://[::1]:80/api/2.0",
        ] {
            assert_eq!(check_base_url(url), Ok(()), "{url}");
        }
        for (url, error) in [
            ("", UrlError::Scheme),
            ("api.example.com", UrlError::Scheme),
            ("https://", UrlError::Host),
            ("https://user@host", UrlError::Host),
            ("https://host:port", UrlError::Port),
            ("https://host/{id}", UrlError::Path),
            ("https://host/a?b", UrlError::Path),
        ] {
            assert_eq!(check_base_url(url), Err(error), "{url}");
        }
    }
}
