//! Reader of DER, the encoding of certificates (X.690).

/// Tags of the values in certificates.
pub(super) const OBJECT_ID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
const BMP_STRING: u8 = 0x1e;

/// A value: its tag and its contents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    pub(super) tag: u8,
    pub(super) contents: &'a [u8],
}

impl<'a> Value<'a> {
    /// Returns the values that this one contains.
    pub(super) fn values(self) -> Values<'a> {
        Values(self.contents)
    }

    /// Returns the text of a string.
    pub(super) fn text(self) -> String {
        if self.tag == BMP_STRING {
            let units = self.contents.chunks(2);
            let units =
                units.map(|unit| unit.iter().fold(0, |high, low| high << 8 | u16::from(*low)));
            return String::from_utf16_lossy(&units.collect::<Vec<_>>());
        }
        String::from_utf8_lossy(self.contents).into_owned()
    }
}

/// Values one after the other, up to the first one that is not complete.
#[derive(Clone, Debug)]
pub(super) struct Values<'a>(pub(super) &'a [u8]);

impl<'a> Values<'a> {
    /// Returns the next value if it has this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Option<Value<'a>> {
        self.next().filter(|value| value.tag == tag)
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let (tag, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = match *first {
            length @ 0..=0x7f => (usize::from(length), rest),
            // The number of bytes of the length. No certificate has 16 MiB.
            count @ 0x81..=0x83 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(count - 0x80))?;
                let bytes = bytes.iter().map(|byte| usize::from(*byte));
                (bytes.fold(0, |high, low| high << 8 | low), rest)
            }
            _ => return None,
        };
        let (contents, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(Value {
            tag: *tag,
            contents,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_up_to_three_bytes() {
        let contents = [7; 300];
        for (header, length) in [
            (&[SET, 0][..], 0),
            (&[SET, 127], 127),
            (&[SET, 0x81, 200], 200),
            (&[SET, 0x82, 1, 44], 300),
            (&[SET, 0x83, 0, 1, 44], 300),
        ] {
            let bytes = [header, &contents[..length]].concat();
            let mut values = Values(&bytes);
            let value = values.expect(SET).unwrap();
            assert_eq!((value.contents.len(), values.0.len()), (length, 0));
            for end in 0..bytes.len() {
                assert!(Values(&bytes[..end]).next().is_none(), "{end}");
            }
        }
        for long in [0x80, 0x84, 0xff] {
            assert!(Values(&[SET, long, 0, 0, 0, 1, 7]).next().is_none());
        }
    }

    #[test]
    fn strings_are_decoded() {
        let text = |tag, contents| Value { tag, contents }.text();
        assert_eq!(text(0x0c, "é".as_bytes()), "é");
        assert_eq!(text(BMP_STRING, &[0, b'a', 0x65, 0xe5]), "a日");
    }
}
