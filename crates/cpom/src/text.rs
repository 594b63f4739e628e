//! Bytes to text: UTF-8 when the file is UTF-8, else Latin-1 as Windows writes it.

use std::{borrow::Cow, io::Read, path::Path};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// How a file encodes its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    /// Latin-1 with the additions of Windows; any bytes are valid in it.
    Windows1252,
}

impl Encoding {
    /// The text of some bytes.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes),
            Self::Windows1252 => {
                encoding_rs::WINDOWS_1252
                    .decode_without_bom_handling(bytes)
                    .0
            }
        }
    }
}

/// What one pass over a file tells, before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    pub sha256: String,
    pub encoding: Encoding,
    pub lines: u64,
}

/// Reads a file once, in constant memory.
pub fn survey(path: &Path) -> Result<Survey> {
    let describe = || format!("could not read {}", path.display());
    let file = std::fs::File::open(path).with_context(describe)?;
    survey_of(file).with_context(describe)
}

fn survey_of(mut source: impl Read) -> std::io::Result<Survey> {
    let mut hash = Sha256::new();
    let mut utf8 = Utf8Check::default();
    let mut lines = 0;
    let mut last = b'\n';
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = source.read(&mut buffer)?;
        let Some(chunk) = buffer.get(..length).filter(|chunk| !chunk.is_empty()) else {
            break;
        };
        hash.update(chunk);
        utf8.feed(chunk);
        for &byte in chunk {
            lines += u64::from(byte == b'\n');
        }
        last = chunk.last().copied().unwrap_or(last);
    }
    let encoding = if utf8.is_valid() {
        Encoding::Utf8
    } else {
        Encoding::Windows1252
    };
    let lines = lines + u64::from(last != b'\n');
    Ok(Survey {
        sha256: hex::encode(hash.finalize()),
        encoding,
        lines,
    })
}

/// Whether a stream of bytes is UTF-8, chunk by chunk.
#[derive(Default)]
struct Utf8Check {
    /// The beginning of a character that the next chunk may complete.
    tail: Vec<u8>,
    broken: bool,
}

impl Utf8Check {
    fn feed(&mut self, chunk: &[u8]) {
        if self.broken {
            return;
        }
        self.tail.extend_from_slice(chunk);
        match std::str::from_utf8(&self.tail) {
            Ok(_) => self.tail.clear(),
            Err(error) if error.error_len().is_none() => {
                self.tail.drain(..error.valid_up_to());
            }
            Err(_) => self.broken = true,
        }
    }

    fn is_valid(&self) -> bool {
        !self.broken && self.tail.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, so that characters are cut.
    struct Slowly<'a>(&'a [u8]);

    impl Read for Slowly<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let (now, later) = self.0.split_at(self.0.len().min(1));
            buffer[..now.len()].copy_from_slice(now);
            self.0 = later;
            Ok(now.len())
        }
    }

    #[test]
    fn characters_cut_between_two_reads_are_still_utf8() {
        let survey = survey_of(Slowly("été\n€".as_bytes())).unwrap();
        assert_eq!((survey.encoding, survey.lines), (Encoding::Utf8, 2));
    }

    #[test]
    fn latin_1_is_recognised_and_read() {
        let latin = b"Cl\xf4tur\xe9e\n";
        let survey = survey_of(Slowly(latin)).unwrap();
        assert_eq!((survey.encoding, survey.lines), (Encoding::Windows1252, 1));
        assert_eq!(survey.encoding.decode(latin), "Clôturée\n");
    }

    #[test]
    fn a_file_that_ends_in_the_middle_of_a_character_is_not_utf8() {
        assert_eq!(
            survey_of(Slowly(b"abc\xc3")).unwrap().encoding,
            Encoding::Windows1252
        );
    }
}
