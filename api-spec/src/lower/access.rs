//! Where the API is, and how callers say who they are.

use super::{Lowerer, Place};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::model::Auth;
use crate::path;
use crate::raw::{self, Text};
use crate::suggest::nearest;

const SCHEMES: [&str; 2] = ["bearer", "basic"];

impl Lowerer<'_, '_> {
    pub(super) fn lower_url(&mut self, url: Option<&Text>) -> Option<String> {
        let text = url?;
        let Err(help) = check_url(&text.value) else {
            return Some(text.value.trim_end_matches('/').to_owned());
        };
        let message = format!("`{}` is not where an API can be", shown(&text.value));
        self.diagnostics
            .push(Diagnostic::new(Code::Url, message, text.inside(), "the URL").help(help));
        None
    }

    pub(super) fn lower_auth(&mut self, auth: Option<&raw::Auth>) -> Option<Auth> {
        let text = match auth? {
            raw::Auth::Header(name) => {
                self.check_header(name, Place::Header);
                return Some(Auth::Header(name.value.clone()));
            }
            raw::Auth::Scheme(text) => text,
        };
        match text.value.as_str() {
            "bearer" => Some(Auth::Bearer),
            "basic" => Some(Auth::Basic),
            _ => {
                let help = "say `\"bearer\"`, `\"basic\"`, or `{ header = \"X-Api-Key\" }`";
                self.unknown_scheme(text, &SCHEMES, help);
                None
            }
        }
    }

    pub(super) fn lower_unauthenticated(&mut self, raw: &raw::Endpoint) -> bool {
        let Some(text) = &raw.auth else {
            return false;
        };
        if text.value != "none" {
            let help = "an endpoint says `\"none\"`, or nothing: the scheme is that of the API";
            self.unknown_scheme(text, &["none"], help);
        }
        true
    }

    fn unknown_scheme(&mut self, text: &Text, known: &[&str], help: &str) {
        let at = text.inside();
        let meant = nearest(self.diagnostics.len(), &text.value, known.iter().copied());
        let message = format!("unknown scheme `{}`", shown(&text.value));
        self.diagnostics.push(
            Diagnostic::new(Code::Auth, message, at, "not a scheme")
                .did_you_mean(at, meant)
                .help(help),
        );
    }
}

/// What the runtime takes for a base URL; what is wrong with others.
fn check_url(url: &str) -> Result<(), &'static str> {
    let schemes = ["https://", "http://"];
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    let rest = rest.ok_or("it begins with `https://`, or with `http://`")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let sound = |c: char| c.is_ascii_alphanumeric() || "-._[]:".contains(c);
    if host.is_empty() || !host.chars().all(sound) {
        return Err("a host follows the scheme, as in `https://api.example.com`; no user");
    }
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err("a port is a number, as in `http://localhost:8080`");
    }
    let path = path.trim_end_matches('/');
    let plain = path.is_empty() || (path::check_base_path(path).is_ok() && !path.contains('{'));
    if plain {
        Ok(())
    } else {
        Err("it ends with a path that is always the same: no query, no fragment, no parameters")
    }
}
