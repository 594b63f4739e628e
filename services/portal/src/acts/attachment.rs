//! Files that accompany what somebody says: known by their name, size and hash (CRPA L122-1: observations may be
//! supported by any document).

use futures::stream;
use proto::contracts::v1::{Attachment, AttachmentHeader, UploadAttachmentRequest};
use tonic::{Request, Status};

use crate::{
    form::{Form, SentFile},
    services::Services,
};

/// Bytes of one message of an upload.
const CHUNK: usize = 256 * 1024;

/// The field in which a form carries its files. Each is told in one line: `size|sha256|type|name`.
pub(crate) const PIECES: &str = "pieces";

/// The files of a form, in their order. A line that tells none is left out.
pub(crate) fn attachments(form: &Form) -> Vec<Attachment> {
    form.all(PIECES).filter_map(read).collect()
}

/// Has the contracts service keep the files of a form, for an act on this review or procedure that will name them.
pub(crate) async fn keep(services: &Services, parent: &str, form: &Form) -> Result<(), Status> {
    for file in form.files().iter().filter(|file| !file.bytes.is_empty()) {
        let Some(attachment) = read(&file.line) else {
            continue;
        };
        let messages = stream::iter(messages(parent, attachment, file));
        let mut client = services.attachments();
        client.upload_attachment(Request::new(messages)).await?;
    }
    Ok(())
}

/// Has the contracts service keep a text as a file, for an act on this review that will name it. `sha256` is that of its
/// bytes, as its author told it: another one is refused.
pub(crate) async fn keep_text(
    services: &Services,
    parent: &str,
    file_name: String,
    (text, sha256): (String, String),
) -> Result<Attachment, Status> {
    let attachment = Attachment {
        file_name,
        media_type: "text/plain".to_owned(),
        size_bytes: i64::try_from(text.len()).unwrap_or(i64::MAX),
        sha256,
    };
    let file = SentFile {
        line: String::new(),
        bytes: text.into_bytes(),
    };
    let messages = stream::iter(messages(parent, attachment.clone(), &file));
    let mut client = services.attachments();
    client.upload_attachment(Request::new(messages)).await?;
    Ok(attachment)
}

/// What the file is, then its bytes.
fn messages(parent: &str, attachment: Attachment, file: &SentFile) -> Vec<UploadAttachmentRequest> {
    let header = UploadAttachmentRequest {
        header: Some(AttachmentHeader {
            parent: parent.to_owned(),
            attachment: Some(attachment),
        }),
        chunk: Vec::new(),
    };
    let chunks = file
        .bytes
        .chunks(CHUNK)
        .map(|chunk| UploadAttachmentRequest {
            header: None,
            chunk: chunk.to_vec(),
        });
    std::iter::once(header).chain(chunks).collect()
}

/// The name of the file that a line stands for.
pub(crate) fn file_name(line: &str) -> &str {
    line.splitn(4, '|').nth(3).unwrap_or(line)
}

fn read(line: &str) -> Option<Attachment> {
    let mut parts = line.splitn(4, '|');
    let size_bytes = parts.next()?.parse().ok()?;
    let sha256 = parts.next()?.to_owned();
    let media_type = parts.next()?.to_owned();
    let file_name = parts.next()?.to_owned();
    Some(Attachment {
        file_name,
        media_type,
        size_bytes,
        sha256,
    })
}

/// The line of a file that was received.
pub(crate) fn line(name: &str, media_type: &str, size: u64, sha256: &str) -> String {
    let letters = |text: &str| {
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/.+-".contains(c);
        !text.is_empty() && text.contains('/') && text.chars().all(known)
    };
    let kind = if letters(media_type) {
        media_type
    } else {
        "application/octet-stream"
    };
    // A name is shown in one line, whatever it holds.
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    format!("{size}|{sha256}|{kind}|{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_goes_through_its_line_and_back() {
        let sha256 = "0f".repeat(32);
        let line = line("bilan | 2026.pdf", "application/pdf", 1_234, &sha256);
        let mut form = Form::default();
        form.push(PIECES, &line);
        form.push(PIECES, "n’importe quoi");
        let read = attachments(&form);
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].file_name, "bilan | 2026.pdf");
        assert_eq!(file_name(&line), "bilan | 2026.pdf");
        assert_eq!(
            (read[0].size_bytes, read[0].sha256.as_str()),
            (1_234, sha256.as_str())
        );
    }

    #[test]
    fn a_type_that_is_none_is_bytes() {
        assert!(line("a", "n'importe", 1, "x").contains("|application/octet-stream|"));
        assert!(line("a\nb", "text/plain", 1, "x").ends_with("|text/plain|ab"));
    }
}
