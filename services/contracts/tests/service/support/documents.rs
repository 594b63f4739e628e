//! Documents, and how their words are read.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Object, ObjectId, content::Content};
use proto::contracts::v1::{
    Contract, GetContractPdfRequest, Pdf, Rendition, document_service_client::DocumentServiceClient,
};
use rpc::client::Peer;
use testkit::Persona;
use tonic::Status;

use super::World;

impl World {
    pub(crate) fn documents(&self, who: &Persona) -> DocumentServiceClient<Peer> {
        DocumentServiceClient::new(self.service.peer(who)).max_decoding_message_size(32 << 20)
    }

    pub(crate) async fn contract_pdf(
        &self,
        contract: &Contract,
        rendition: Rendition,
        who: &Persona,
    ) -> Result<Pdf, Status> {
        let request = GetContractPdfRequest {
            name: contract.name.clone(),
            rendition: rendition.into(),
        };
        let answer = self.documents(who).get_contract_pdf(request).await?;
        Ok(answer.into_inner())
    }
}

/// The text of a document as a reader copies it out, without spaces and hyphens: lines end anywhere.
#[derive(Debug)]
pub(crate) struct Shown(String);

impl Shown {
    pub(crate) fn by(pdf: &Pdf) -> Self {
        let document = Document::load_mem(&pdf.content).unwrap();
        let pages = document.get_pages();
        let text: String = pages
            .values()
            .map(|page| page_text(&document, *page))
            .collect();
        Self(solid(&text))
    }

    /// Each page for itself.
    pub(crate) fn pages(pdf: &Pdf) -> Vec<Self> {
        let document = Document::load_mem(&pdf.content).unwrap();
        let pages = document.get_pages();
        pages
            .values()
            .map(|page| Self(solid(&page_text(&document, *page))))
            .collect()
    }

    pub(crate) fn says(&self, text: &str) -> bool {
        self.0.contains(&solid(text))
    }
}

fn solid(text: &str) -> String {
    let ends_lines = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{ad}' | '\u{2010}');
    text.chars().filter(|c| !ends_lines(*c)).collect()
}

/// What the glyphs of a page mean, by the table of each font.
fn page_text(document: &Document, page: ObjectId) -> String {
    let fonts = document.get_page_fonts(page).unwrap();
    let meanings: HashMap<Vec<u8>, HashMap<[u8; 2], String>> = fonts
        .into_iter()
        .map(|(name, font)| (name, meanings(document, font)))
        .collect();
    let content = document.get_page_content(page).unwrap();
    let (mut text, mut font) = (String::new(), None);
    for operation in Content::decode(&content).unwrap().operations {
        let operands = operation.operands.iter();
        match operation.operator.as_str() {
            "Tf" => {
                font = operation.operands[0]
                    .as_name()
                    .ok()
                    .and_then(|f| meanings.get(f));
            }
            "Tj" | "TJ" => {
                let strings = operands.flat_map(|operand| match operand {
                    Object::Array(parts) => parts.as_slice(),
                    single => std::slice::from_ref(single),
                });
                for string in strings.filter_map(|part| part.as_str().ok()) {
                    let glyphs = string.chunks_exact(2).map(|glyph| [glyph[0], glyph[1]]);
                    text.extend(
                        glyphs
                            .filter_map(|glyph| font?.get(&glyph))
                            .map(String::as_str),
                    );
                }
            }
            _ => {}
        }
    }
    text
}

/// The lines `<0002> <00E9>` of the table of a font: a glyph, and its text in UTF-16.
fn meanings(document: &Document, font: &Dictionary) -> HashMap<[u8; 2], String> {
    let table = font.get_deref(b"ToUnicode", document).unwrap();
    let table = table.as_stream().unwrap().get_plain_content().unwrap();
    let table = String::from_utf8_lossy(&table);
    let hexadecimal = |text: &str| -> Option<Vec<u16>> {
        let digits = text.strip_prefix('<')?.strip_suffix('>')?.as_bytes();
        let unit = |digits: &[u8]| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        digits.chunks(4).map(unit).collect()
    };
    let meaning = |line: &str| {
        let (glyph, text) = line.split_once(' ')?;
        let (glyph, text) = (hexadecimal(glyph)?, hexadecimal(text)?);
        Some((glyph[0].to_be_bytes(), String::from_utf16_lossy(&text)))
    };
    table.lines().filter_map(meaning).collect()
}
