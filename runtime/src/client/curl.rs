//! Requests as `curl` command lines.

use ureq::http::{HeaderName, HeaderValue, Method, Request, header};

use super::shown::{
    is_multipart, prefix, query_names, redacted, unusual_multipart, visible, with_parameter,
};
use crate::auth::RequestCredentials;
use crate::codec::encode::BodyPreview;
use crate::transport::Body;

/// Longer command lines are continued on further lines.
const MAX_LINE_CHARS: usize = 100;

/// Names of environment variables that a `curl` command line contains instead of values.
#[derive(Clone, Copy, Debug, Default)]
pub struct CurlVariables<'a> {
    /// Variable with the base URL. Without it, the URL is written out.
    pub base_url: Option<&'a str>,
    /// Variable with the bearer token or the API key. Without it, they are `***`.
    pub token: Option<&'a str>,
    /// Variables with user name and password. Without them, they are `***`.
    pub user: Option<(&'a str, &'a str)>,
    /// Names of headers and query parameters, and the variables with their keys. They take precedence
    /// over `token`.
    pub keys: &'a [(&'a str, &'a str)],
}

impl<'a> CurlVariables<'a> {
    fn key(&self, name: &str) -> Option<&'a str> {
        let mut keys = self.keys.iter();
        let key = keys.find(|(key, _)| key.eq_ignore_ascii_case(name));
        key.map(|(_, variable)| *variable).or(self.token)
    }
}

/// A request to show.
pub(super) struct Shown<'a> {
    pub(super) request: &'a Request<Body<'static>>,
    /// Preview of a body that is not in memory.
    pub(super) parts: &'a [BodyPreview],
    /// The credentials, whose query parameters are not in the URL.
    pub(super) credentials: &'a RequestCredentials,
    pub(super) base_url: &'a str,
}

/// Returns the command line that sends a request.
pub(super) fn command_line(shown: &Shown<'_>, variables: &CurlVariables<'_>) -> String {
    let &Shown {
        request,
        parts,
        credentials,
        base_url,
    } = shown;
    let mut line = Line::default();
    let mut url = request.uri().to_string();
    let mut options = Vec::new();
    for name in query_names(credentials) {
        match variables.key(name) {
            // curl encodes the value of the variable.
            Some(variable) => {
                let pair = format!("{}=${variable}", escape(name));
                options.push(format!("--url-query \"{pair}\""));
            }
            None => url = with_parameter(&url, name, "***"),
        }
    }
    line.push(&format!("curl{}", method(request, parts)));
    // curl expands these otherwise.
    if url.contains(['[', ']', '{', '}']) {
        line.push("-g");
    }
    line.push(&url_argument(&url, base_url, variables));
    for option in &options {
        line.push(option);
    }
    for (name, value) in visible(request.headers()) {
        if *name != header::CONTENT_TYPE || !is_multipart(parts) {
            line.push(&header_option(name, value, credentials, variables));
        } else if let Some(media_type) = unusual_multipart(value) {
            // curl adds the boundary.
            line.push(&format!("-H {}", quote(&format!("{name}: {media_type}"))));
        }
    }
    for part in parts {
        line.push(&part_option(part));
    }
    match request.body() {
        Body::Bytes(bytes) if parts.is_empty() => {
            let text = String::from_utf8_lossy(bytes);
            line.push(&format!("--data-binary {}", quote(&text)));
        }
        _ => {}
    }
    line.0
}

/// A command line.
#[derive(Default)]
struct Line(String);

impl Line {
    /// Appends an argument, or an option with its value, on the same line if there is space.
    fn push(&mut self, argument: &str) {
        let last_line = self.0.rsplit('\n').next().unwrap_or_default();
        match (last_line.chars().count(), argument.chars().count()) {
            (0, _) => {}
            (used, length) if used + length >= MAX_LINE_CHARS && used > 4 => {
                self.0.push_str(" \\\n  ");
            }
            _ => self.0.push(' '),
        }
        self.0.push_str(argument);
    }
}

/// Returns the option for the method, unless it follows from the body.
fn method(request: &Request<Body<'_>>, parts: &[BodyPreview]) -> String {
    let has_body = !parts.is_empty() || matches!(request.body(), Body::Bytes(_));
    match *request.method() {
        Method::GET if !has_body => String::new(),
        Method::POST if has_body => String::new(),
        // With `-X HEAD`, curl waits for a body.
        Method::HEAD => " --head".to_owned(),
        ref method => format!(" -X {method}"),
    }
}

fn url_argument(url: &str, base_url: &str, variables: &CurlVariables<'_>) -> String {
    let below = variables.base_url.zip(url.strip_prefix(base_url));
    match below {
        Some((variable, path)) => format!("\"${variable}{}\"", escape(path)),
        None => quote(url),
    }
}

fn header_option(
    name: &HeaderName,
    value: &HeaderValue,
    credentials: &RequestCredentials,
    variables: &CurlVariables<'_>,
) -> String {
    let prefix = prefix(name, credentials);
    let is_authorization = *name == header::AUTHORIZATION;
    let option = match (variables.key(name.as_str()), variables.user) {
        _ if !value.is_sensitive() => None,
        (_, user) if is_authorization && prefix == "Basic " => {
            user.map(|(user, password)| format!("-u \"${user}:${password}\""))
        }
        (Some(token), _) => {
            let name = if is_authorization {
                "Authorization"
            } else {
                name.as_str()
            };
            Some(format!("-H \"{name}: {}${token}\"", escape(prefix)))
        }
        _ => None,
    };
    option.unwrap_or_else(|| {
        let value = redacted(name, value, credentials);
        format!("-H {}", quote(&format!("{name}: {value}")))
    })
}

fn part_option(part: &BodyPreview) -> String {
    match part {
        BodyPreview::Text {
            name,
            text,
            media_type: Some(media_type),
        } => {
            let part = format!("{name}={};type={media_type}", quoted_word(text));
            format!("-F {}", quote(&part))
        }
        // `-F` gives a meaning to characters that are not plain.
        BodyPreview::Text { name, text, .. } if is_plain(text) && is_plain(name) => {
            format!("-F {name}={text}")
        }
        BodyPreview::Text { name, text, .. } => {
            format!("--form-string {}", quote(&format!("{name}={text}")))
        }
        BodyPreview::Body { path } => format!("--data-binary {}", quote(&format!("@{path}"))),
        BodyPreview::File {
            name,
            path,
            media_type,
        } => format!(
            "-F {}",
            quote(&file_part(name, path, media_type.as_deref()))
        ),
    }
}

/// Returns the argument of `-F` for a file. curl would derive another media type from some extensions.
fn file_part(name: &str, path: &str, media_type: Option<&str>) -> String {
    let is_quoted = path.contains([';', ',', '"', '\\']);
    let path_word = if is_quoted {
        quoted_word(path)
    } else {
        path.to_owned()
    };
    let extension = path.rsplit('.').next().unwrap_or_default();
    let known = [
        "gif", "jpg", "jpeg", "png", "svg", "txt", "htm", "html", "pdf", "xml",
    ];
    let is_known = known.iter().any(|it| it.eq_ignore_ascii_case(extension));
    match media_type.or(is_known.then_some("application/octet-stream")) {
        Some(media_type) => format!("{name}=@{path_word};type={media_type}"),
        None => format!("{name}=@{path_word}"),
    }
}

/// Quotes the text of a part or the path of a file in the argument of `-F`.
fn quoted_word(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

/// Quotes text for a POSIX shell if necessary.
fn quote(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_./:=@%+,-".contains(c);
    if !text.is_empty() && text.chars().all(is_word) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Escapes text inside double quotes of a POSIX shell.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if ['\\', '"', '$', '`'].contains(&c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Returns whether text has no character with a meaning for `-F` or a shell.
fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./:-".contains(c);
    !text.is_empty() && text.chars().all(is_plain)
}
