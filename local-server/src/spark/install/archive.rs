//! The archive and its checksum.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read as _, Seek as _};

use ring::digest::{Context, SHA256};

use super::super::cache::PINNED_VERSION;
use super::error::InstallError;

/// Size of one read.
const BLOCK_BYTES: usize = 1 << 20;

/// A source package of pyspark.
#[derive(Clone, Debug)]
pub(super) struct Archive {
    pub(super) version: &'static str,
    pub(super) url: &'static str,
    /// Size of the archive.
    pub(super) bytes: u64,
    /// SHA-256 in hexadecimal.
    pub(super) checksum: &'static str,
    /// Space that the unpacked files take.
    pub(super) unpacked_bytes: u64,
}

impl Archive {
    /// The version that is installed. A newer one needs a change of all constants, and a run of the
    /// tests with Spark.
    pub(super) const PINNED: Self = Self {
        version: PINNED_VERSION,
        url: "https://files.pythonhosted.org/packages/46/b2/\
              4e28aaffe28db4745ac5df3ee9115719c1b5da5cce4106bee99c82d1eb2c/pyspark-4.3.0.tar.gz",
        bytes: 455_910_862,
        checksum: "e8c517948eff7088a7aa07449aa8eafa4a15a8d50319de2525a6fd26622476c6",
        unpacked_bytes: 501_342_208,
    };

    /// The oldest supported version, which tests use.
    pub(super) const OLDEST: Self = Self {
        version: "3.5.9",
        url: "https://files.pythonhosted.org/packages/95/ce/\
              81e53e729790556e3983e95de1a7d5df91a34adfcd34b5a5ab0e0c6e9b33/pyspark-3.5.9.tar.gz",
        bytes: 317_858_593,
        checksum: "ea27adc39ddac9413b8951e45aa748cbed6c785971b81386efc41938f6243d93",
        unpacked_bytes: 349_756_071,
    };

    /// Returns the name of the only folder in the archive.
    pub(super) fn folder(&self) -> String {
        format!("pyspark-{}", self.version)
    }
}

/// Checks the length and the checksum of a file. `name` is its path or URL.
pub(super) fn verify(
    mut file: &File,
    name: String,
    archive: &Archive,
    on_bytes: &mut dyn FnMut(u64),
) -> Result<(), InstallError> {
    let failed = |error: std::io::Error| InstallError::Read {
        path: name.clone(),
        reason: error.to_string(),
    };
    file.rewind().map_err(failed)?;
    let mut context = Context::new(&SHA256);
    let mut block = vec![0; BLOCK_BYTES];
    let mut bytes = 0;
    loop {
        let length = file.read(&mut block).map_err(failed)?;
        if length == 0 {
            break;
        }
        context.update(&block[..length]);
        bytes += length as u64;
        on_bytes(bytes);
    }
    file.rewind().map_err(failed)?;
    if bytes != archive.bytes {
        return Err(InstallError::Length {
            name,
            expected: archive.bytes,
            actual: bytes,
        });
    }
    let actual = hexadecimal(context.finish().as_ref());
    if actual != archive.checksum {
        return Err(InstallError::Checksum {
            name,
            expected: archive.checksum,
            actual,
        });
    }
    Ok(())
}

/// Formats bytes in hexadecimal.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a `String` cannot fail
        text
    })
}
