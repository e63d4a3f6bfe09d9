//! The last part of the output of a process.

use std::collections::VecDeque;

/// Maximum size of a tail.
const TAIL_BYTES: usize = 10 << 10;

/// Buffer for the last 10 KiB of an output.
#[derive(Debug, Default)]
pub(crate) struct Tail(VecDeque<u8>);

impl Tail {
    /// Appends output, and drops the part that precedes the last 10 KiB.
    pub(crate) fn append(&mut self, bytes: &[u8]) {
        let bytes = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
        let excess = (self.0.len() + bytes.len()).saturating_sub(TAIL_BYTES);
        self.0.drain(..excess);
        self.0.extend(bytes);
    }

    /// Returns the output as text, without a cut character at the start and white space at the end.
    pub(crate) fn text(&mut self) -> String {
        let is_continuation = |byte: &&u8| **byte & 0b1100_0000 == 0b1000_0000;
        let bytes = self.0.make_contiguous();
        let cut = bytes.iter().take(3).take_while(is_continuation).count();
        String::from_utf8_lossy(&bytes[cut..]).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{TAIL_BYTES, Tail};

    #[test]
    fn last_bytes_are_kept() {
        for (parts, expected) in [
            (&["a", "b\n"][..], "ab".to_owned()),
            (&["x", &"y".repeat(TAIL_BYTES)], "y".repeat(TAIL_BYTES)),
            (
                &[&"y".repeat(TAIL_BYTES), "z"],
                "y".repeat(TAIL_BYTES - 1) + "z",
            ),
            (&[&"y".repeat(3 * TAIL_BYTES)], "y".repeat(TAIL_BYTES)),
            // The first character is cut in the middle.
            (
                &["é", &"y".repeat(TAIL_BYTES - 1)],
                "y".repeat(TAIL_BYTES - 1),
            ),
        ] {
            let mut tail = Tail::default();
            for part in parts {
                tail.append(part.as_bytes());
            }
            assert_eq!(tail.text(), expected);
        }
    }
}
