//! Treatment of secrets in requests.

use crate::codec::json::{ReadError, Reader};
use crate::codec::secret::Secret;

/// Treatment of the values of type [`Secret`].
pub(super) enum Secrets {
    /// They are written.
    Write,
    /// `***` is written instead.
    Redact,
    /// They are written and collected.
    Collect(Vec<Secret>),
}

/// Collects all strings in a value, which may be secrets.
pub(super) fn collect_strings(
    reader: &mut Reader<'_>,
    secrets: &mut Vec<Secret>,
) -> Result<(), ReadError> {
    match reader.peek() {
        Some(b'"') => secrets.push(Secret::new(reader.string()?)),
        Some(b'[') => {
            reader.begin_list()?;
            while reader.next_item()? {
                collect_strings(reader, secrets)?;
            }
        }
        Some(b'{') => {
            reader.begin_object()?;
            while reader.next_entry()?.is_some() {
                collect_strings(reader, secrets)?;
            }
        }
        _ => reader.skip()?,
    }
    Ok(())
}
