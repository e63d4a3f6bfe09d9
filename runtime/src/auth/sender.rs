//! Who a request was sent as.

use std::sync::Arc;

use super::{Credentials, Headers};
use crate::answer::text;

/// A secret of fewer bytes is none, and would be found in any text.
const LEAST_SECRET: usize = 4;

/// The credentials of one request. A server may repeat them: their secrets are taken out of its
/// words before those are shown.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    pub(crate) credentials: Arc<Credentials>,
    /// The headers of this request, where they are not the same for all.
    pub(crate) own: Option<Headers>,
}

impl Sender {
    /// A server's words, fit for a line on a terminal and without secrets.
    pub(crate) fn shown(&self, words: &str) -> String {
        // Secrets go before anything is cut; and once more when the line is clean, as what is left
        // out of it may have stood within one.
        let line = text::cleaned(&self.redact(words));
        text::cut(self.redact(&line))
    }

    pub(crate) fn redact(&self, text: &str) -> String {
        let fixed = self.credentials.secrets();
        let own = self.own.iter().flat_map(Headers::secrets);
        fixed
            .chain(own)
            .filter(|secret| secret.len() >= LEAST_SECRET)
            .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}
