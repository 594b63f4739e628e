//! The program as its callers run it: `crates/typesetter`, which brings no tests of its own, because another choice of
//! features would build its compiler twice.

#![cfg(test)]

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use lopdf::{Document, Object};
use typeset::{DATA, Error, Request, Typesetter};

const TEMPLATE: &str = r#"
#let data = json("data.json")
#set document(title: data.title, date: datetime(year: 2026, month: 4, day: 1))
#set text(lang: "fr", font: "Libertinus Serif")
#pdf.attach("data.json", relationship: "source", mime-type: "application/json", description: "Données")
= #data.title
#table(columns: 2, table.header([Objet], [Montant]), [Bloc], [#data.amount])
"#;

fn request(template: &str, data: &str) -> Request {
    Request {
        main: "main.typ".to_owned(),
        files: BTreeMap::from([
            ("main.typ".to_owned(), template.to_owned()),
            (DATA.to_owned(), data.to_owned()),
        ]),
    }
}

fn usual() -> Request {
    request(
        TEMPLATE,
        r#"{"title": "Contrat d’objectifs", "amount": "12,50 €"}"#,
    )
}

/// The launcher places the program beside those of the suite.
fn typesetter() -> Typesetter {
    Typesetter::beside_this_program().unwrap()
}

async fn pdf(request: &Request) -> Vec<u8> {
    typesetter().pdf(request).await.unwrap()
}

/// What a document says of itself.
fn metadata(document: &Document) -> String {
    let catalog = document.catalog().unwrap();
    let metadata = catalog.get(b"Metadata").unwrap().as_reference().unwrap();
    let stream = document.get_object(metadata).unwrap().as_stream().unwrap();
    String::from_utf8(stream.get_plain_content().unwrap()).unwrap()
}

fn text_of(object: &Object) -> String {
    lopdf::decode_text_string(object).unwrap()
}

#[tokio::test]
async fn the_document_is_archivable_tagged_french_and_titled() {
    let bytes = pdf(&usual()).await;
    let document = Document::load_mem(&bytes).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(text_of(catalog.get(b"Lang").unwrap()), "fr");
    let marks = document.get_dict_in_dict(catalog, b"MarkInfo").unwrap();
    assert!(marks.get(b"Marked").unwrap().as_bool().unwrap());
    let structure = document
        .get_dict_in_dict(catalog, b"StructTreeRoot")
        .unwrap();
    assert!(structure.has(b"K"), "there is a structure to read aloud");

    let xmp = metadata(&document);
    for expected in [
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "Contrat d’objectifs",
    ] {
        assert!(xmp.contains(expected), "{expected} in {xmp}");
    }
    assert!(catalog.has(b"AF"), "the data travel with the document");
}

#[tokio::test]
async fn the_same_request_is_the_same_bytes_and_another_is_not() {
    let first = pdf(&usual()).await;
    assert_eq!(first, pdf(&usual()).await);
    let other = request(
        TEMPLATE,
        r#"{"title": "Contrat d’objectifs", "amount": "12,51 €"}"#,
    );
    assert_ne!(first, pdf(&other).await);
}

#[tokio::test]
async fn a_defect_of_a_template_is_told_with_its_place() {
    let broken = request("Bon\n#titel(3)", "{}");
    let Err(Error::Defective(defects)) = typesetter().pdf(&broken).await else {
        panic!("the template is wrong");
    };
    let [defect] = defects.as_slice() else {
        panic!("one defect: {defects:?}");
    };
    assert_eq!(
        (defect.file.as_str(), defect.line, defect.column),
        ("main.typ", 2, 2)
    );
    assert!(defect.message.contains("titel"), "{defect}");
}

#[tokio::test]
async fn a_document_that_could_not_be_read_aloud_is_refused() {
    let untitled = request(
        "#set text(lang: \"fr\")\n#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg'/>\"), format: \"svg\")",
        "{}",
    );
    assert!(matches!(
        typesetter().pdf(&untitled).await,
        Err(Error::Defective(_))
    ));
}

#[tokio::test]
async fn a_template_sees_neither_the_clock_nor_the_machine() {
    for reaching_out in [
        "#datetime.today().display()",
        "#read(\"/etc/passwd\")",
        "#read(\"../../Cargo.toml\")",
        "#import \"@preview/cetz:0.3.4\"",
    ] {
        let answer = typesetter().pdf(&request(reaching_out, "{}")).await;
        assert!(
            matches!(answer, Err(Error::Defective(_))),
            "{reaching_out}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_character_that_no_font_has_spoils_a_word_and_not_the_document() {
    let odd = request(TEMPLATE, r#"{"title": "Contrat 🦀 ሀ", "amount": "0"}"#);
    let document = Document::load_mem(&pdf(&odd).await).unwrap();
    let xmp = metadata(&document);
    assert!(xmp.contains("Contrat □ □"), "{xmp}");
}

#[tokio::test]
async fn a_template_that_never_ends_is_ended() {
    let endless = request(
        "#for i in range(100000) { for j in range(100000) { } }",
        "{}",
    );
    let hasty = typesetter().with_patience(Duration::from_millis(500));
    let answer = hasty.pdf(&endless).await;
    assert!(matches!(answer, Err(Error::TooLong(_))), "{answer:?}");
}

#[tokio::test]
async fn a_template_that_fills_the_memory_ends_its_own_process() {
    let greedy = request("#let all = range(200000000)\n#all.len()", "{}");
    let answer = typesetter().pdf(&greedy).await;
    assert!(matches!(answer, Err(Error::Broken(_))), "{answer:?}");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_said_to_be_missing() {
    let nowhere = Typesetter::in_one_of(vec![PathBuf::from("/nowhere")]);
    let Err(error) = nowhere.pdf(&usual()).await else {
        panic!("nothing is there");
    };
    assert!(matches!(error, Error::NotInstalled { .. }));
    assert!(error.to_string().contains("/nowhere"), "{error}");
}
