//! Minimal gzip encoder.

/// Encodes bytes as gzip without compression.
pub(crate) fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = HEADER.to_vec();
    let length = u16::try_from(bytes.len()).expect("at most 64 KiB");
    gzip.push(1);
    gzip.extend_from_slice(&length.to_le_bytes());
    gzip.extend_from_slice(&(!length).to_le_bytes());
    gzip.extend_from_slice(bytes);
    gzip.extend_from_slice(&crc(bytes).to_le_bytes());
    gzip.extend_from_slice(&u32::from(length).to_le_bytes());
    gzip
}

/// Returns gzip of `{"id":"` followed by about `length` times the same letter, without an end. The
/// ratio of the sizes is about 159.
pub(crate) fn bomb(length: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    // Header of a final block with fixed Huffman codes (RFC 1951, section 3.2.6).
    bits.push(0b1, 1);
    bits.push(0b01, 2);
    for byte in *b"{\"id\":\"a" {
        bits.push_code(u32::from(byte) + 0x30, 8);
    }
    for _ in 0..length / 258 {
        // A match of length 258 at distance 1.
        bits.push_code(0b1100_0101, 8);
        bits.push_code(0, 5);
    }
    let mut gzip = HEADER.to_vec();
    gzip.extend_from_slice(&bits.bytes);
    gzip
}

const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    /// Appends a number, least significant bit first.
    fn push(&mut self, number: u32, bits: u32) {
        for at in 0..bits {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let bit = u8::from(number >> at & 1 == 1);
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << (self.used % 8);
            }
            self.used += 1;
        }
    }

    /// Appends a Huffman code, most significant bit first.
    fn push_code(&mut self, code: u32, bits: u32) {
        self.push(code.reverse_bits() >> (32 - bits), bits);
    }
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}
