//! Sets a document: templates and data in, an archivable and accessible PDF out.
//!
//! What a template can see is the request and the fonts that are built in. It has no network, no files of the
//! machine, no clock; so the same request is always the same bytes.

mod fonts;
mod world;

use typeset::{Defect, Request};
use typst::{
    World as _, WorldExt as _,
    diag::{SourceDiagnostic, Warned},
    foundations::Smart,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use world::Sheet;

/// Archivable and allowed to carry the data it was made of (ISO 19005-3, level A); accessible (ISO 14289-1).
const STANDARDS: [PdfStandard; 2] = [PdfStandard::A_3a, PdfStandard::Ua_1];

/// Sets a document.
///
/// # Errors
/// What is wrong with the template or its data, all at once. A warning counts: nobody would read it later.
pub fn pdf(request: &Request) -> Result<Vec<u8>, Vec<Defect>> {
    let sheet = Sheet::new(request)?;
    let told = |diagnostics: &[SourceDiagnostic]| -> Vec<Defect> {
        diagnostics.iter().map(|d| defect(&sheet, d)).collect()
    };
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&sheet);
    let document = output.map_err(|errors| told(&errors))?;
    if !warnings.is_empty() {
        return Err(told(&warnings));
    }
    let standards =
        PdfStandards::new(&STANDARDS).map_err(|error| vec![general(error.message())])?;
    // Of the contents alone: two documents with the same title are two documents.
    let options = PdfOptions {
        ident: Smart::Custom(format!("{request:?}")),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| told(&errors))
}

fn general(message: &str) -> Defect {
    Defect {
        message: message.to_owned(),
        file: String::new(),
        line: 0,
        column: 0,
        hints: Vec::new(),
    }
}

fn defect(sheet: &Sheet, diagnostic: &SourceDiagnostic) -> Defect {
    let mut defect = general(&diagnostic.message);
    defect.hints = diagnostic
        .hints
        .iter()
        .map(|hint| hint.v.to_string())
        .collect();
    if let Some(id) = diagnostic.span.id()
        && let (Some(range), Ok(source)) = (sheet.range(diagnostic.span), sheet.source(id))
        && let Some((line, column)) = source.lines().byte_to_line_column(range.start)
    {
        id.vpath().get_without_slash().clone_into(&mut defect.file);
        (defect.line, defect.column) = (line + 1, column + 1);
    }
    defect
}
