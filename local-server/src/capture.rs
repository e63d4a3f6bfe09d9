//! Bounded capture of command output.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Captured output of a command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Captured {
    pub(crate) text: String,
    pub(crate) truncated: bool,
}

impl Captured {
    /// Text that was not truncated.
    pub(crate) fn whole(text: String) -> Self {
        Self {
            text,
            truncated: false,
        }
    }
}

/// Buffer for command output, up to a size limit. Clones share the buffer, so that one can be read
/// while another is written to.
#[derive(Clone, Debug)]
pub(crate) struct Capture(Arc<Mutex<Buffer>>);

#[derive(Debug)]
struct Buffer {
    bytes: Vec<u8>,
    limit: usize,
    truncated: bool,
}

impl Capture {
    /// Creates a buffer that keeps up to `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self(Arc::new(Mutex::new(Buffer {
            bytes: Vec::new(),
            limit,
            truncated: false,
        })))
    }

    /// Appends output, and drops the part beyond the limit.
    pub(crate) fn append(&self, bytes: &[u8]) {
        let mut buffer = self.lock();
        let kept = bytes.len().min(buffer.limit - buffer.bytes.len());
        buffer.truncated |= kept < bytes.len();
        buffer.bytes.extend_from_slice(&bytes[..kept]);
    }

    /// Returns a copy of the output so far, or `None` if there is none yet.
    ///
    /// Each snapshot is a prefix of the following ones and of the text that [`take`](Self::take)
    /// returns, except that the latter may lack the newline at the end.
    pub(crate) fn snapshot(&self) -> Option<Captured> {
        let buffer = self.lock();
        // The remaining bytes of an incomplete character may follow.
        let complete = &buffer.bytes[..len_of_complete_chars(&buffer.bytes)];
        (!complete.is_empty()).then(|| Captured {
            text: String::from_utf8_lossy(complete).into_owned(),
            truncated: buffer.truncated,
        })
    }

    /// Removes the output from the buffer and returns it, without the newline of the last line.
    pub(crate) fn take(&self) -> Captured {
        let mut buffer = self.lock();
        let truncated = std::mem::take(&mut buffer.truncated);
        let mut bytes = std::mem::take(&mut buffer.bytes);
        drop(buffer);
        if truncated {
            bytes.truncate(len_of_complete_chars(&bytes));
        } else if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Captured { text, truncated }
    }

    fn lock(&self) -> MutexGuard<'_, Buffer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the length without an incomplete character at the end.
fn len_of_complete_chars(bytes: &[u8]) -> usize {
    let is_start = |byte: &u8| byte & 0b1100_0000 != 0b1000_0000;
    let Some(start) = bytes.iter().rposition(is_start) else {
        return bytes.len();
    };
    // `error_len` is `None` at an unexpected end of the input only.
    let is_cut = std::str::from_utf8(&bytes[start..]).is_err_and(|e| e.error_len().is_none());
    if is_cut { start } else { bytes.len() }
}

#[cfg(test)]
mod tests {
    use super::{Capture, Captured};

    fn captured(limit: usize, parts: &[&[u8]]) -> Captured {
        let capture = Capture::new(limit);
        for part in parts {
            capture.append(part);
        }
        capture.take()
    }

    #[test]
    fn one_trailing_newline_is_removed() {
        assert_eq!(captured(9, &[b"1\n"]).text, "1");
        assert_eq!(captured(9, &[b"1\n", b"\n"]).text, "1\n");
        assert_eq!(captured(9, &[b"\n1"]).text, "\n1");
    }

    #[test]
    fn truncation_is_reported_and_keeps_characters_whole() {
        let cut = captured(4, &["aé".as_bytes(), "é".as_bytes()]);
        assert_eq!((cut.text.as_str(), cut.truncated), ("aé", true));
        let whole = captured(5, &["aé".as_bytes(), "é".as_bytes()]);
        assert_eq!((whole.text.as_str(), whole.truncated), ("aéé", false));
    }

    #[test]
    fn newline_before_the_truncation_is_kept() {
        assert_eq!(captured(2, &[b"a\nb"]).text, "a\n");
    }

    #[test]
    fn invalid_utf8_is_replaced() {
        assert_eq!(captured(9, &[b"a\xffb"]).text, "a\u{fffd}b");
    }

    #[test]
    fn each_snapshot_is_a_prefix_of_the_next() {
        for (limit, bytes) in [
            (99, &b"a\n\nb\n"[..]),
            (99, "aé€🦀\n".as_bytes()),
            (6, "aé€🦀\n".as_bytes()),
            (99, b"\xff\xe2\x82a\xe2\x28\xf0\x9f\xa6"),
            (99, b"\x80\x80\n"),
        ] {
            let capture = Capture::new(limit);
            let mut previous = String::new();
            for byte in bytes {
                capture.append(&[*byte]);
                let snapshot = capture.snapshot().map(|c| c.text).unwrap_or_default();
                assert!(
                    snapshot.starts_with(&previous),
                    "{previous:?}, then {snapshot:?}"
                );
                previous = snapshot;
            }
            let taken = capture.take().text;
            let extends = taken.starts_with(&previous) || format!("{taken}\n") == previous;
            assert!(extends, "{previous:?}, finally {taken:?}");
        }
    }

    #[test]
    fn snapshot_is_none_before_any_complete_character() {
        let capture = Capture::new(3);
        assert_eq!(capture.snapshot(), None);
        capture.append(&"é".as_bytes()[..1]);
        assert_eq!(capture.snapshot(), None);
        capture.append(&"é".as_bytes()[1..]);
        capture.clone().append(b"12");
        let captured = capture.snapshot().unwrap();
        assert_eq!((captured.text.as_str(), captured.truncated), ("é1", true));
    }
}
