//! Scalars in the syntax of each part of a request.

use super::encoder::Encoder;
use super::secrets::{Secrets, collect_strings};
use super::syntax::Syntax;
use super::{form, json};
use crate::codec::secret::Secret;
use crate::codec::types::RawJson;

impl Encoder {
    /// Writes a string.
    pub fn string(&mut self, value: &str) {
        match &self.syntax {
            Syntax::Json => json::string(&mut self.text, value),
            Syntax::Form(_) => form::percent_encode(&mut self.text, value),
            Syntax::Path(template) => template.percent_encode(&mut self.text, value),
            // The body is the first field, which is a file or a value that is written as JSON.
            Syntax::JsonValue | Syntax::RawBody(_) => {}
            Syntax::Headers(_) | Syntax::Multipart(_) | Syntax::Preview(_) => {
                self.text.extend_from_slice(value.as_bytes());
            }
            Syntax::Nested(_) => self.nested_text(value),
        }
    }

    /// Writes null in JSON. Other parts of a request have no null, and the value is empty.
    pub(crate) fn null(&mut self) {
        self.literal(match self.syntax {
            Syntax::Json => "null",
            _ => "",
        });
    }

    /// Writes a number, `true`, `false` or `null`, which have no quotes in JSON.
    pub(crate) fn literal(&mut self, value: &str) {
        match self.syntax {
            Syntax::Json => self.text.extend_from_slice(value.as_bytes()),
            _ => self.string(value),
        }
    }

    /// Writes a number, or records an error if it is not finite. JSON has no such numbers, and other
    /// parts of a request have no common notation for them.
    pub(super) fn float(&mut self, value: f64) {
        match serde_json::Number::from_f64(value) {
            Some(number) => self.literal(&number.to_string()),
            None => self.fail_value("a finite number".to_owned()),
        }
    }

    /// Writes the separator between two items of a list that is sent as one text.
    pub(super) fn separator(&mut self, separator: char) {
        let mut buffer = [0; 4];
        let separator = separator.encode_utf8(&mut buffer);
        match self.syntax {
            Syntax::Form(_) => form::separator(&mut self.text, separator),
            _ => self.text.extend_from_slice(separator.as_bytes()),
        }
    }

    /// Writes a secret, or `***` if secrets are redacted.
    pub(super) fn secret(&mut self, value: &Secret) {
        match &mut self.secrets {
            Secrets::Redact => return self.string("***"),
            Secrets::Collect(secrets) => secrets.push(value.clone()),
            Secrets::Write => {}
        }
        self.string(value.expose());
    }

    /// Writes JSON that contains secrets, or `***` if secrets are redacted.
    pub(crate) fn secret_json(&mut self, value: &RawJson) {
        match &mut self.secrets {
            Secrets::Redact => return self.string("***"),
            // The text was checked when it was parsed.
            Secrets::Collect(secrets) => {
                let _ = collect_strings(&mut value.reader(), secrets);
            }
            Secrets::Write => {}
        }
        self.raw_json(value.as_str());
    }
}
