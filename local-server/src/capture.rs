//! What a command prints, while it runs and when it has ended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a command printed, as far as it is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Printed {
    pub(crate) text: String,
    pub(crate) truncated: bool,
}

/// Gathers what a command prints, up to a limit. Clones are the same: one is written to, another
/// is read meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Capture(Arc<Mutex<Gathered>>);

#[derive(Debug)]
struct Gathered {
    bytes: Vec<u8>,
    limit: usize,
    truncated: bool,
}

impl Capture {
    pub(crate) fn new(limit: usize) -> Self {
        Self(Arc::new(Mutex::new(Gathered {
            bytes: Vec::new(),
            limit,
            truncated: false,
        })))
    }

    pub(crate) fn add(&self, bytes: &[u8]) {
        let mut gathered = self.lock();
        let kept = bytes.len().min(gathered.limit - gathered.bytes.len());
        gathered.truncated |= kept < bytes.len();
        gathered.bytes.extend_from_slice(&bytes[..kept]);
    }

    /// What was gathered so far, to the letter; nothing if there is nothing yet.
    ///
    /// It only grows: what is told later begins with it, and so does what is told in the end, but
    /// that the newline at its end may then be missing.
    pub(crate) fn so_far(&self) -> Option<Printed> {
        let gathered = self.lock();
        // The rest of a character that is not whole is still to come.
        let whole = &gathered.bytes[..whole_characters(&gathered.bytes)];
        (!whole.is_empty()).then(|| Printed {
            text: String::from_utf8_lossy(whole).into_owned(),
            truncated: gathered.truncated,
        })
    }

    /// Takes what was gathered; the newline that ends a print is not part of the text.
    pub(crate) fn take(&self) -> Printed {
        let mut gathered = self.lock();
        let truncated = std::mem::take(&mut gathered.truncated);
        let mut bytes = std::mem::take(&mut gathered.bytes);
        drop(gathered);
        if truncated {
            bytes.truncate(whole_characters(&bytes));
        } else if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Printed { text, truncated }
    }

    fn lock(&self) -> MutexGuard<'_, Gathered> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The length without a character that was cut in two at the end.
fn whole_characters(bytes: &[u8]) -> usize {
    let is_start = |byte: &u8| byte & 0b1100_0000 != 0b1000_0000;
    let Some(start) = bytes.iter().rposition(is_start) else {
        return bytes.len();
    };
    let is_cut = std::str::from_utf8(&bytes[start..]).is_err_and(|e| e.error_len().is_none());
    if is_cut { start } else { bytes.len() }
}

#[cfg(test)]
mod tests {
    use super::{Capture, Printed};

    fn printed(limit: usize, parts: &[&[u8]]) -> Printed {
        let capture = Capture::new(limit);
        for part in parts {
            capture.add(part);
        }
        capture.take()
    }

    #[test]
    fn one_trailing_newline_is_not_part_of_the_text() {
        assert_eq!(printed(9, &[b"1\n"]).text, "1");
        assert_eq!(printed(9, &[b"1\n", b"\n"]).text, "1\n");
        assert_eq!(printed(9, &[b"\n1"]).text, "\n1");
    }

    #[test]
    fn a_cut_is_told_and_leaves_no_half_character() {
        let cut = printed(4, &["aé".as_bytes(), "é".as_bytes()]);
        assert_eq!((cut.text.as_str(), cut.truncated), ("aé", true));
        let whole = printed(5, &["aé".as_bytes(), "é".as_bytes()]);
        assert_eq!((whole.text.as_str(), whole.truncated), ("aéé", false));
    }

    #[test]
    fn a_newline_before_the_cut_stays() {
        assert_eq!(printed(2, &[b"a\nb"]).text, "a\n");
    }

    #[test]
    fn bytes_that_are_not_text_do_not_spoil_the_rest() {
        assert_eq!(printed(9, &[b"a\xffb"]).text, "a\u{fffd}b");
    }

    /// Byte by byte: each text told is the beginning of the next, and of the one in the end.
    #[test]
    fn what_is_told_meanwhile_only_grows() {
        for (limit, bytes) in [
            (99, &b"a\n\nb\n"[..]),
            (99, "aé€🦀\n".as_bytes()),
            (6, "aé€🦀\n".as_bytes()),
            (99, b"\xff\xe2\x82a\xe2\x28\xf0\x9f\xa6"),
            (99, b"\x80\x80\n"),
        ] {
            let capture = Capture::new(limit);
            let mut told = String::new();
            for byte in bytes {
                capture.add(&[*byte]);
                let now = capture.so_far().map(|p| p.text).unwrap_or_default();
                assert!(now.starts_with(&told), "{told:?}, then {now:?}");
                told = now;
            }
            let end = capture.take().text;
            let same = end.starts_with(&told) || format!("{end}\n") == told;
            assert!(same, "{told:?}, in the end {end:?}");
        }
    }

    #[test]
    fn nothing_is_told_before_something_is_printed() {
        let capture = Capture::new(3);
        assert_eq!(capture.so_far(), None);
        capture.add(&"é".as_bytes()[..1]);
        assert_eq!(capture.so_far(), None);
        capture.add(&"é".as_bytes()[1..]);
        capture.clone().add(b"12");
        let printed = capture.so_far().unwrap();
        assert_eq!((printed.text.as_str(), printed.truncated), ("é1", true));
    }
}
