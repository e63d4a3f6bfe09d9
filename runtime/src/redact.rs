//! Preparation of text from servers for people: hidden characters are removed, secrets replaced, and
//! long texts cut.
//!
//! ```text
//! ServerText ─▶ Redactor::line ─▶ Error
//!                 ├ characters   hidden characters, escape sequences
//!                 ├ needle       forms of a secret
//!                 ├ length       cuts
//!                 └ page         text of web pages
//! ```
//!
//! [`ServerText`] cannot be formatted, so that text from a server reaches a message through this
//! module only. In addition, [`clean`] is applied to the message of every error.

mod characters;
mod length;
mod needle;
mod page;
mod server_text;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::length::{MAX_CHARS, truncate};
use self::needle::Needle;
pub use self::server_text::{ServerText, show};
use crate::codec::secret::Secret;

/// Limit of the whole message of an error, in characters.
const MAX_MESSAGE_CHARS: usize = 4000;

/// Number of recent secrets that are kept: those of requests whose responses may still arrive.
const MAX_RECENT: usize = 16;

/// Replaces secrets in text by `***`: servers may repeat the credentials that they received.
///
/// Clones share the recent secrets.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    known: Arc<Known>,
    /// Secrets in the fields of one request.
    of_request: Vec<Secret>,
}

#[derive(Default)]
struct Known {
    fixed: Vec<Secret>,
    /// Secrets of credentials that change over time, the newest one last.
    recent: Mutex<VecDeque<Secret>>,
}

impl Redactor {
    pub(crate) fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let known = Known {
            fixed: secrets.into_iter().collect(),
            recent: Mutex::default(),
        };
        Self {
            known: Arc::new(known),
            of_request: Vec::new(),
        }
    }

    /// Adds the secrets that authenticate a request. The oldest ones are dropped.
    pub(crate) fn record<'s>(&self, secrets: impl IntoIterator<Item = &'s str>) {
        let mut recent = self.recent();
        for secret in secrets {
            if recent.iter().rev().all(|known| known.expose() != secret) {
                if recent.len() == MAX_RECENT {
                    recent.pop_front();
                }
                recent.push_back(Secret::new(secret));
            }
        }
    }

    /// Returns a redactor that also replaces secrets in the fields of a request.
    pub(crate) fn with_request(&self, secrets: Vec<Secret>) -> Self {
        Self {
            known: Arc::clone(&self.known),
            of_request: secrets,
        }
    }

    /// Replaces all secrets.
    pub(crate) fn redact(&self, text: &str) -> String {
        redact(text, text.len(), &self.needles())
    }

    /// Returns the text as one line of limited length, without hidden characters and secrets.
    pub(crate) fn line(&self, text: ServerText<'_>) -> String {
        let needles = self.needles();
        cut_line(text, false, &needles, max_chars(&needles))
    }

    /// Returns the text of a response body as one line: that of a web page, or the beginning.
    pub(crate) fn excerpt(&self, body: &[u8]) -> String {
        let needles = self.needles();
        let margin = max_chars(&needles);
        let (text, is_cut) = page::text(body, MAX_CHARS * 16 + margin);
        cut_line(ServerText::new(&text), is_cut, &needles, margin)
    }

    fn needles(&self) -> Vec<Needle> {
        let recent = self.recent();
        let known = self.known.fixed.iter().chain(&*recent);
        known
            .chain(&self.of_request)
            .flat_map(|secret| Needle::forms(secret.expose()))
            .collect()
    }

    fn recent(&self) -> MutexGuard<'_, VecDeque<Secret>> {
        let recent = self.known.recent.lock();
        recent.unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

fn max_chars(needles: &[Needle]) -> usize {
    needles.iter().map(Needle::max_chars).max().unwrap_or(0)
}

/// Returns a line of limited length. `is_cut` is set if the text is the beginning of another one.
///
/// No secret is longer than `margin`. A secret that begins in front of the last `margin` characters of
/// a text that was cut is therefore complete.
fn cut_line(text: ServerText<'_>, is_cut: bool, needles: &[Needle], margin: usize) -> String {
    let (line, is_longer) = text.first_chars(MAX_CHARS * 4 + margin);
    let is_cut = is_cut || is_longer;
    let mut starts = line.char_indices().rev().map(|(at, _)| at);
    let end = match margin.checked_sub(1).filter(|_| is_cut) {
        Some(index) => starts.nth(index).unwrap_or(0),
        None => line.len(),
    };
    truncate(redact(&line, end, needles), is_cut)
}

/// Returns the text up to about `end` with secrets replaced. A secret that begins before `end` is
/// replaced as a whole.
fn redact(text: &str, end: usize, needles: &[Needle]) -> String {
    let mut redacted = String::with_capacity(end);
    let mut at = 0;
    while at < end {
        let rest = &text[at..];
        let found = needles.iter().filter_map(|form| form.find_at_start(rest));
        let Some(found) = found.max() else {
            let c = rest.chars().next().unwrap_or_default();
            redacted.push(c);
            at += c.len_utf8();
            continue;
        };
        at += found.length;
        if found.is_base64 {
            needle::trim_base64_end(&mut redacted);
            at += needle::base64_start(&text[at..]);
        }
        redacted.push_str("***");
    }
    redacted
}

/// Returns the message of an error as one line without hidden characters.
pub(crate) fn clean(message: String) -> String {
    if server_text::is_plain(&message, MAX_MESSAGE_CHARS) {
        return message;
    }
    let (line, is_cut) = ServerText::new(&message).first_chars(MAX_MESSAGE_CHARS);
    if is_cut { line + "…" } else { line }
}

#[cfg(test)]
mod tests;
