//! Which encoding a file is in. Published extracts say nothing of it: recent ones are UTF-8, older
//! ones windows-1252. No windows-1252 text with accents is valid UTF-8 by accident, so strict UTF-8
//! decides for the whole file.

use std::borrow::Cow;

use super::issue::Unreadable;

/// A text and the encoding it was in.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) encoding: &'static str,
}

/// Strict UTF-8 (a byte order mark is dropped), else windows-1252. UTF-16, which spreadsheets call
/// "Unicode text", is refused by name rather than read as noise.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Unreadable> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Unreadable::Encoding("UTF-16"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Decoded {
            text: Cow::Borrowed(text),
            encoding: "UTF-8",
        });
    }
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok(Decoded {
        text,
        encoding: "windows-1252",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_is_recognised() {
        let utf8 = decode("hôpital d’Apt".as_bytes()).unwrap();
        assert_eq!(
            (utf8.text.as_ref(), utf8.encoding),
            ("hôpital d’Apt", "UTF-8")
        );
        let marked = decode("\u{FEFF}hôpital".as_bytes()).unwrap();
        assert_eq!(
            (marked.text.as_ref(), marked.encoding),
            ("hôpital", "UTF-8")
        );
        let latin = decode(b"h\xF4pital d\x92Apt \x80").unwrap();
        assert_eq!(
            (latin.text.as_ref(), latin.encoding),
            ("hôpital d’Apt €", "windows-1252")
        );
    }

    #[test]
    fn what_cannot_be_text_is_refused_by_name() {
        assert_eq!(decode(b"\xFF\xFEh\0"), Err(Unreadable::Encoding("UTF-16")));
        assert_eq!(decode(b""), Err(Unreadable::Empty));
        assert_eq!(decode(b"\xEF\xBB\xBF \r\n"), Err(Unreadable::Empty));
    }
}
