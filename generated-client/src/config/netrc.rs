//! Credentials from netrc files, in the format that `curl -n` supports.
//!
//! An unknown keyword is an error in the entry that is used, since an unquoted password with white
//! space results in one. It is ignored in other entries.
//!
//! Differences from curl:
//!
//! - A `machine` entry takes precedence over a `default` entry before it.
//! - A `macdef` inside of an entry is skipped.

mod tokens;

use std::path::Path;

use api_runtime::{Credentials, Error, Secret};

use self::tokens::Tokens;
use super::error::invalid;
use super::file::{self, SyntaxError};
use super::host::Host;

/// Returns the credentials for a host, or `None` if the file or an entry for the host does not exist.
pub(super) fn find(host: &Host, path: &Path) -> Result<Option<Credentials>, Error> {
    let Some(text) = file::read(path)? else {
        return Ok(None);
    };
    let entry = find_entry(text.expose(), host.name()).map_err(|error| error.in_file(path))?;
    let Some(entry) = entry else {
        return Ok(None);
    };
    let (login, password) = entry.complete().map_err(|error| error.in_file(path))?;
    let origin = if entry.is_default {
        format!("the default entry in {}", path.display())
    } else {
        machine_entry(host, path)
    };
    Credentials::basic(login.expose(), password.clone())
        .map(|credentials| Some(credentials.found_in(&origin)))
        .map_err(|error| invalid(format!("{origin}: {}", error.message())))
}

/// Describes the entry for a host in messages.
pub(super) fn machine_entry(host: &Host, path: &Path) -> String {
    format!("machine `{}` in {}", host.name(), path.display())
}

/// Entry for a machine, or the default entry.
#[derive(Debug)]
struct Entry {
    is_default: bool,
    line: usize,
    login: Option<Secret>,
    password: Option<Secret>,
    /// First syntax error. It is reported only if the entry is used.
    error: Option<SyntaxError>,
}

impl Entry {
    /// Returns login and password.
    fn complete(&self) -> Result<(&Secret, &Secret), SyntaxError> {
        let missing = |message| SyntaxError {
            line: self.line,
            message,
        };
        match (self.error, &self.login, &self.password) {
            (Some(error), _, _) => Err(error),
            (None, Some(login), Some(password)) => Ok((login, password)),
            (None, None, _) => Err(missing("missing `login` in this entry")),
            (None, _, None) => Err(missing("missing `password` in this entry")),
        }
    }
}

/// Returns the first entry for a machine, or the first default entry.
fn find_entry(text: &str, machine: &str) -> Result<Option<Entry>, SyntaxError> {
    let mut tokens = Tokens::new(text);
    let mut default = None;
    while let Some(keyword) = tokens.keyword()? {
        match Keyword::from(&keyword) {
            Keyword::Machine => {
                let line = tokens.line();
                let is_match = is_same_host(tokens.value()?.expose(), machine);
                let entry = parse_entry(&mut tokens, line, false)?;
                if is_match {
                    return Ok(Some(entry));
                }
            }
            Keyword::Default => {
                let line = tokens.line();
                let entry = parse_entry(&mut tokens, line, true)?;
                default.get_or_insert(entry);
            }
            Keyword::Macdef => tokens.skip_macro(),
            // All other tokens outside of an entry are ignored.
            _ => {}
        }
    }
    Ok(default)
}

/// Compares host names. An IPv6 address in the file may have brackets.
fn is_same_host(machine: &str, name: &str) -> bool {
    let address = machine
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    address.unwrap_or(machine).eq_ignore_ascii_case(name)
}

/// Parses the rest of an entry, up to the keyword that starts the next one.
fn parse_entry(
    tokens: &mut Tokens<'_>,
    line: usize,
    is_default: bool,
) -> Result<Entry, SyntaxError> {
    let mut entry = Entry {
        is_default,
        line,
        login: None,
        password: None,
        error: None,
    };
    loop {
        // The keyword of the next entry must not be consumed.
        let mut lookahead = *tokens;
        let Some(keyword) = lookahead.keyword()? else {
            return Ok(entry);
        };
        match Keyword::from(&keyword) {
            Keyword::Machine | Keyword::Default => return Ok(entry),
            Keyword::Login => entry.login = Some(lookahead.value()?),
            Keyword::Password => entry.password = Some(lookahead.value()?),
            Keyword::Account => drop(lookahead.value()?),
            Keyword::Macdef => lookahead.skip_macro(),
            Keyword::Unknown => {
                entry.error.get_or_insert(SyntaxError {
                    line: lookahead.line(),
                    message: "unknown keyword; values that contain white space must be quoted",
                });
            }
        }
        *tokens = lookahead;
    }
}

enum Keyword {
    Machine,
    Default,
    Login,
    Password,
    Account,
    Macdef,
    Unknown,
}

impl From<&Secret> for Keyword {
    fn from(token: &Secret) -> Self {
        match token.expose().to_ascii_lowercase().as_str() {
            "machine" => Self::Machine,
            "default" => Self::Default,
            "login" => Self::Login,
            "password" => Self::Password,
            "account" => Self::Account,
            "macdef" => Self::Macdef,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests;
