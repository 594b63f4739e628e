//! Types of files: which are accepted, and whether bytes are what their type says.

/// An accepted type of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    Pdf,
    Png,
    Jpeg,
    Docx,
    Xlsx,
    Odt,
    Ods,
    Text,
    Csv,
}

/// Why a file is not accepted as what it says it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    #[error("{0:?} is not accepted; send one of: {list}", list = MediaType::ALL.map(MediaType::as_str).join(", "))]
    NotAccepted(String),
    #[error("the file is said to be {told} and its bytes are {found}")]
    Mismatch {
        told: &'static str,
        found: &'static str,
    },
}

impl MediaType {
    /// Every accepted type.
    pub const ALL: [Self; 9] = [
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Docx,
        Self::Xlsx,
        Self::Odt,
        Self::Ods,
        Self::Text,
        Self::Csv,
    ];

    /// As RFC 6838 writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Text => "text/plain",
            Self::Csv => "text/csv",
        }
    }

    /// The accepted type of this name; parameters such as a character set are left aside.
    ///
    /// # Errors
    /// [`MediaError::NotAccepted`] for any other.
    pub fn parse(text: &str) -> Result<Self, MediaError> {
        let essence = text.split(';').next().unwrap_or_default().trim();
        Self::ALL
            .into_iter()
            .find(|accepted| accepted.as_str().eq_ignore_ascii_case(essence))
            .ok_or_else(|| MediaError::NotAccepted(text.to_owned()))
    }

    /// Checks that bytes are of this type: by their signature, or, for texts, which have none, by being UTF-8
    /// without control characters.
    ///
    /// # Errors
    /// [`MediaError::Mismatch`] with what was found.
    pub fn check(self, bytes: &[u8]) -> Result<(), MediaError> {
        let mismatch = |found| MediaError::Mismatch {
            told: self.as_str(),
            found,
        };
        let signature = infer::get(bytes).map(|found| found.mime_type());
        match (self, signature) {
            (Self::Text | Self::Csv, None) if is_text(bytes) => Ok(()),
            (_, Some(found)) if found == self.as_str() => Ok(()),
            (_, Some(found)) => Err(mismatch(found)),
            (_, None) if is_text(bytes) => Err(mismatch("text")),
            (_, None) => Err(mismatch("of no known type")),
        }
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let is_readable = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    std::str::from_utf8(bytes)
        .is_ok_and(|text| text.trim_start_matches('\u{feff}').chars().all(is_readable))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    // As long as the header of an ELF file is.
    const PROGRAM: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0\x01\0\0\0\
        \0\x10@\0\0\0\0\0@\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0@\08\0\0\0@\0\0\0\0\0";

    #[test]
    fn a_file_is_what_its_type_says() {
        assert_eq!(MediaType::Pdf.check(PDF), Ok(()));
        assert_eq!(MediaType::Png.check(PNG), Ok(()));
        assert_eq!(
            MediaType::Csv.check("finess;séjours\n130786049;12\n".as_bytes()),
            Ok(())
        );
    }

    #[test]
    fn a_file_that_is_something_else_is_refused_with_what_it_is() {
        for (told, bytes, found) in [
            (MediaType::Pdf, PNG, "image/png"),
            (MediaType::Pdf, b"hello".as_slice(), "text"),
            (MediaType::Text, PDF, "application/pdf"),
            (MediaType::Csv, PROGRAM, "application/x-executable"),
            (MediaType::Text, b"a\0b", "of no known type"),
            (MediaType::Text, b"\xff\xfe\xfd", "of no known type"),
        ] {
            let told_as = told.as_str();
            let expected = MediaError::Mismatch {
                told: told_as,
                found,
            };
            assert_eq!(told.check(bytes), Err(expected), "{told_as}");
        }
    }

    #[test]
    fn only_documents_images_and_texts_are_accepted() {
        assert_eq!(
            MediaType::parse("Text/CSV; charset=utf-8"),
            Ok(MediaType::Csv)
        );
        for other in ["application/x-msdownload", "text/html", "image/svg+xml", ""] {
            let refused = MediaType::parse(other).unwrap_err();
            assert_eq!(refused, MediaError::NotAccepted(other.to_owned()));
            assert!(refused.to_string().contains("application/pdf"));
        }
    }
}
