//! Forms that carry files. A file is held until the act it accompanies is sent; the contracts service keeps it.

use axum::body::Body;
use multer::{Constraints, Field, Multipart, SizeLimit};
use sha2::{Digest as _, Sha256};

use crate::{
    Failure,
    acts::{PIECES, piece},
    form::{Form, MAX_FORM, SentFile},
};

/// Everything together: two of the largest files that are kept, which are held in memory meanwhile.
const MAX_UPLOAD: u64 = 52 * 1024 * 1024;
const MAX_FILES: usize = 20;

/// The fields, and one line for each file. Bytes are held for somebody who is signed in, and for nobody else.
pub(crate) async fn read(
    boundary: String,
    body: Body,
    is_signed_in: bool,
) -> Result<Form, Failure> {
    let limits = SizeLimit::new().whole_stream(MAX_UPLOAD);
    let constraints = Constraints::new().size_limit(limits);
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, constraints);
    let mut form = Form::default();
    let (mut typed, mut files) = (0, 0);
    while let Some(part) = parts
        .next_field()
        .await
        .map_err(|error| unreadable(&error))?
    {
        let name = part.name().unwrap_or_default().to_owned();
        if let Some(file_name) = part.file_name().map(ToOwned::to_owned) {
            if let Some(file) = received(part, &file_name, is_signed_in).await? {
                files += 1;
                form.push_file(PIECES, file);
            }
        } else {
            let text = part.text().await.map_err(|error| unreadable(&error))?;
            typed += text.len();
            form.push(&name, &text);
        }
        if typed > MAX_FORM || files > MAX_FILES {
            return Err(Failure::TooLarge);
        }
    }
    Ok(form)
}

/// One file with the line that stands for it; none for a field in which none was chosen.
async fn received(
    mut part: Field<'_>,
    name: &str,
    holds_bytes: bool,
) -> Result<Option<SentFile>, Failure> {
    let kind = part
        .content_type()
        .map(ToString::to_string)
        .unwrap_or_default();
    let (mut hash, mut size, mut bytes) = (Sha256::new(), 0, Vec::new());
    while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(&error))? {
        size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        hash.update(&chunk);
        if holds_bytes {
            bytes.extend_from_slice(&chunk);
        }
    }
    if name.is_empty() || size == 0 {
        return Ok(None);
    }
    let line = piece(name, &kind, size, &hex::encode(hash.finalize()));
    Ok(Some(SentFile { line, bytes }))
}

fn unreadable(error: &multer::Error) -> Failure {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            Failure::TooLarge
        }
        _ => Failure::Form("l’envoi est incomplet"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_held_under_its_hash_and_an_empty_field_is_none() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nNos observations\r\n\
             --x\r\nContent-Disposition: form-data; name=\"pieces\"; filename=\"a.txt\"\r\n\
             Content-Type: text/plain\r\n\r\nabc\r\n\
             --x\r\nContent-Disposition: form-data; name=\"pieces\"; filename=\"\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n";
        let form = read("x".to_owned(), Body::from(body), true).await.unwrap();
        assert_eq!(form.text("text"), "Nos observations");
        let pieces: Vec<&str> = form.all(PIECES).collect();
        assert_eq!(
            pieces,
            ["3|ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad|text/plain|a.txt"]
        );
        let [file] = form.files() else {
            panic!("{form:?}")
        };
        assert_eq!(
            (file.line.as_str(), &file.bytes[..]),
            (pieces[0], &b"abc"[..])
        );
        let stranger = read("x".to_owned(), Body::from(body), false).await.unwrap();
        assert!(stranger.files().iter().all(|file| file.bytes.is_empty()));
        assert!(read("y".to_owned(), Body::from(body), true).await.is_err());
    }
}
