//! Headers with the values of fields.

use ureq::http::{HeaderMap, HeaderName, HeaderValue};

/// Headers that were written so far. Most requests have none.
#[derive(Default)]
pub(super) struct Headers(Option<Box<HeaderMap>>);

impl Headers {
    /// Appends a header.
    ///
    /// # Errors
    ///
    /// If the name or the value is not valid in HTTP.
    pub(super) fn append(&mut self, name: &str, value: &[u8]) -> Result<(), String> {
        let parsed = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("`{name}` is not a valid header name"))?;
        // A line break in a value would begin another header or the body.
        let value = HeaderValue::from_bytes(value).map_err(|_| {
            format!("the value of the header `{name}` contains a line break or another control character")
        })?;
        self.0.get_or_insert_default().append(parsed, value);
        Ok(())
    }

    pub(super) fn into_map(self) -> HeaderMap {
        self.0.map_or_else(HeaderMap::new, |map| *map)
    }
}
