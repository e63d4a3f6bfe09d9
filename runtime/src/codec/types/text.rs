//! Bytes and integers as text.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use super::newtype::{encode_display, newtypes};
use crate::codec::decode::DecodeInto;
use crate::codec::json::{ReadError, Reader};

newtypes! {
    /// Bytes as a Base64 string. It is sent in the standard alphabet with padding. The URL-safe
    /// alphabet and missing padding are accepted when reading.
    Base64(Vec<u8>) = Vec::new();
    /// A signed integer as a string, because many JSON libraries lose precision beyond 53 bits. A
    /// number is accepted when reading.
    #[derive(Copy)]
    IntText(i64) = 0;
    /// An unsigned integer as a string, like [`IntText`].
    #[derive(Copy)]
    UintText(u64) = 0;
}

encode_display! {
    Base64 as string;
    IntText as string;
    UintText as string;
}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl fmt::Display for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(&self.0))
    }
}

impl fmt::Display for IntText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for UintText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl DecodeInto for Base64 {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let text = reader.text()?;
        let decoded = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
            .iter()
            .find_map(|engine| engine.decode(text.as_bytes()).ok());
        self.0 = decoded.ok_or_else(|| reader.invalid("Base64"))?;
        Ok(())
    }
}

impl DecodeInto for IntText {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let number = reader.id()?.parse();
        self.0 = number.map_err(|_| reader.invalid("a 64-bit integer in a string"))?;
        Ok(())
    }
}

impl DecodeInto for UintText {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        let number = reader.id()?.parse();
        self.0 = number.map_err(|_| reader.invalid("an unsigned 64-bit integer in a string"))?;
        Ok(())
    }
}
