//! Base URLs.

use crate::import::document::{Document, Node, Text, Version};
use crate::import::report::Report;

/// A document without a scheme has that of the URL from which it was loaded, which is not known here.
const WITHOUT_SCHEME: &str = "base URL without a scheme: `https` is used";

/// The base URL of an API, split where the language splits it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Base {
    /// Scheme, host and port.
    pub(super) url: Option<String>,
    /// Path without a trailing slash. It contains no parameters.
    pub(super) path: String,
    /// Path with parameters, which precedes the path of each endpoint.
    pub(super) template: String,
}

/// Returns the base URL of a document: that of its first server.
pub(super) fn base(document: &Document, report: &mut Report) -> Base {
    let root = document.root();
    match document.version {
        Version::Swagger2 => swagger(root, report),
        Version::OpenApi3 => {
            let server = root.list("servers").first();
            server.map_or_else(Base::default, |it| of_server(it, report))
        }
    }
}

fn swagger(root: &Node, report: &mut Report) -> Base {
    let schemes = root.list("schemes");
    let https = schemes.iter().find(|it| it.as_text() == Some("https"));
    let scheme = https.or(schemes.first());
    let scheme = scheme.and_then(|it| it.read().as_text());
    let host = root.text("host");
    if let Some(host) = root.get("host").filter(|_| scheme.is_none()) {
        report.approximate(host, "", WITHOUT_SCHEME);
    }
    let scheme = scheme.unwrap_or("https");
    let path = root.text("basePath").unwrap_or_default();
    Base {
        url: host.map(|host| format!("{scheme}://{host}")),
        path: without_outer_slashes(path),
        template: String::new(),
    }
}

/// Returns the base URL of a server of OpenAPI 3.
pub(super) fn of_server(server: &Node, report: &mut Report) -> Base {
    let url = server.read().text("url").unwrap_or_default();
    let variables = server.object("variables");
    let (origin, path) = split(url);
    let origin = match origin.strip_prefix("//") {
        Some(host) => {
            report.approximate(server, "", WITHOUT_SCHEME);
            format!("https://{host}")
        }
        None => origin.to_owned(),
    };
    let origin = substituted(&origin, variables, false, report);
    let path = substituted(path, variables, true, report);
    let path = without_outer_slashes(&path);
    let has_parameters = path.contains('{');
    let is_absolute = origin.starts_with("https://") || origin.starts_with("http://");
    let is_complete = !origin.contains('{');
    if !is_complete {
        let note = format!("base URL `{origin}` not used: it has a variable without a default");
        report.approximate(server, "", note);
    } else if !is_absolute && !origin.is_empty() {
        report.approximate(server, "", format!("base URL `{origin}` is not supported"));
    }
    Base {
        url: Some(origin).filter(|_| is_absolute && is_complete),
        path: if has_parameters {
            String::new()
        } else {
            path.clone()
        },
        template: if has_parameters { path } else { String::new() },
    }
}

/// Returns a path without slashes at its end, and with one at its start unless it is empty.
fn without_outer_slashes(path: &str) -> String {
    let path = path.trim_end_matches('/');
    match path.trim_start_matches('/') {
        rest if path.starts_with('/') => format!("/{rest}"),
        rest => rest.to_owned(),
    }
}

/// Splits a URL, which may be relative, into its origin and its path.
fn split(url: &str) -> (&str, &str) {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let path = rest.find('/').unwrap_or(rest.len());
            url.split_at(scheme.len() + 3 + path)
        }
        None if url.starts_with("//") => {
            let path = url[2..].find('/').map_or(url.len(), |it| it + 2);
            url.split_at(path)
        }
        // A URL that begins with a variable, e.g. `{baseUrl}/v1`.
        None if url.starts_with('{') => {
            let path = url.find('/').unwrap_or(url.len());
            url.split_at(path)
        }
        None => ("", url),
    }
}

/// Replaces the variables of a server URL by their defaults, if they have any. In a path, a variable whose
/// default is only a placeholder remains as a parameter.
fn substituted(
    template: &str,
    variables: &[(Text, Node)],
    is_path: bool,
    report: &mut Report,
) -> String {
    let mut result = template.to_owned();
    for (name, variable) in variables {
        let reference = format!("{{{name}}}");
        if !template.contains(&reference) {
            continue;
        }
        let default = variable.read().peek("default");
        let default = default.map_or_else(String::new, |it| {
            it.as_text().map_or_else(|| it.scalar(), str::to_owned)
        });
        if default.is_empty() || (is_path && is_placeholder(name, &default)) {
            continue;
        }
        variable.get("default");
        result = result.replace(&reference, &default);
        let note = format!("the base URL contains the default `{default}`");
        report.approximate(variable, name, note);
    }
    result
}

/// Returns whether the default of a server variable is no value, e.g. `<token>` or `your-token`.
fn is_placeholder(name: &str, default: &str) -> bool {
    let lower = default.to_lowercase();
    lower == name.to_lowercase()
        || lower.starts_with("your")
        || default.contains(['<', '>', '{', '}'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::document::parse;

    #[track_caller]
    fn assert_base(server: &str, url: Option<&str>, path: &str, template: &str) {
        let server = parse(server).unwrap();
        let expected = Base {
            url: url.map(str::to_owned),
            path: path.to_owned(),
            template: template.to_owned(),
        };
        assert_eq!(of_server(&server, &mut Report::default()), expected);
    }

    #[test]
    fn server_url_is_split_into_origin_and_path() {
        assert_base(
            r#"{ "url": "https://a.example:8/v1/" }"#,
            Some("https://a.example:8"),
            "/v1",
            "",
        );
        assert_base(r#"{ "url": "/v1" }"#, None, "/v1", "");
        assert_base(r#"{ "url": "/" }"#, None, "", "");
    }

    #[test]
    fn url_without_a_scheme_has_a_host() {
        let url = Some("https://api.example.com");
        assert_base(r#"{ "url": "//api.example.com" }"#, url, "", "");
        assert_base(r#"{ "url": "//api.example.com/v1/" }"#, url, "/v1", "");
    }

    #[test]
    fn slash_before_a_variable_is_not_repeated() {
        assert_base(
            r#"{ "url": "https://example.org/{base}",
                "variables": { "base": { "default": "/api/v1" } } }"#,
            Some("https://example.org"),
            "/api/v1",
            "",
        );
    }

    #[test]
    fn variables_are_replaced_by_their_defaults() {
        assert_base(
            r#"{ "url": "https://{region}.example/{version}",
                "variables": { "region": { "default": "eu" }, "version": { "default": "v2" } } }"#,
            Some("https://eu.example"),
            "/v2",
            "",
        );
    }

    #[test]
    fn origin_with_a_variable_without_a_default_is_omitted() {
        let variables = r#"{ "domain": { "description": "Your domain." } }"#;
        for variables in [variables, "{}"] {
            let server = format!(
                r#"{{ "url": "https://{{domain}}.example.net/v1", "variables": {variables} }}"#
            );
            assert_base(&server, None, "/v1", "");
        }
    }

    #[test]
    fn variable_of_a_path_without_a_default_is_a_parameter() {
        assert_base(
            r#"{ "url": "https://example.org/bot{token}",
                "variables": { "token": { "default": "<token>" } } }"#,
            Some("https://example.org"),
            "",
            "/bot{token}",
        );
    }
}
