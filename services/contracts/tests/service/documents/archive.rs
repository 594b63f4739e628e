//! What makes a document one that can be kept and read aloud, looked at in its bytes by a reader that did not write them.
//!
//! This checks the structure that PDF/A-3a and PDF/UA-1 ask for. It is no validator of either standard (`veraPDF` is one): it
//! looks neither into the profile of colours nor into the content of pages.

use lopdf::{Dictionary, Document, Object};
use proto::contracts::v1::{
    Amendment, AmendmentChanges, GetAmendmentPdfRequest, GetFormalNoticePdfRequest, Pdf, Rendition,
};

use super::{consolidated_pdf, version_pdf, with_a_secret};
use crate::support::{OTHER_SITE, World, auditor, director_general, text};

/// A document, taken apart.
struct Archive(Document);

impl Archive {
    fn of(pdf: &Pdf) -> Self {
        assert!(pdf.content.starts_with(b"%PDF-1.7"));
        Self(Document::load_mem(&pdf.content).unwrap())
    }

    fn catalog(&self) -> &Dictionary {
        self.0.catalog().unwrap()
    }

    fn part(&self, key: &[u8]) -> &Dictionary {
        self.0.get_dict_in_dict(self.catalog(), key).unwrap()
    }

    /// What an array of the catalog holds; nothing where there is none.
    fn listed(&self, key: &[u8]) -> Vec<&Dictionary> {
        let Ok(list) = self.catalog().get_deref(key, &self.0) else {
            return Vec::new();
        };
        let items = list.as_array().unwrap().iter();
        let item = |item| self.0.dereference(item).unwrap().1.as_dict().unwrap();
        items.map(item).collect()
    }

    /// Every dictionary of a type.
    fn all(&self, type_name: &[u8]) -> Vec<&Dictionary> {
        let dictionaries = self.0.objects.values().filter_map(|object| match object {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        });
        dictionaries
            .filter(|dictionary| dictionary.has_type(type_name))
            .collect()
    }

    fn metadata(&self) -> String {
        let metadata = self.catalog().get_deref(b"Metadata", &self.0).unwrap();
        let stream = metadata.as_stream().unwrap();
        assert!(!stream.dict.has(b"Filter"), "anybody reads it");
        String::from_utf8(stream.get_plain_content().unwrap()).unwrap()
    }

    /// It says which standards it follows, needs nothing from outside, and nothing in it acts by itself.
    fn assert_archivable(&self) {
        assert!(!self.0.trailer.has(b"Encrypt") && self.0.trailer.has(b"ID"));
        let xmp = self.metadata();
        for expected in [
            "<pdfaid:part>3</pdfaid:part>",
            "<pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
            "<rdf:li>fr-FR</rdf:li>",
        ] {
            assert!(xmp.contains(expected), "{expected} in {xmp}");
        }
        let intents = self.listed(b"OutputIntents");
        let [intent] = &intents[..] else {
            panic!("one meaning of its colours: {intents:?}");
        };
        assert_eq!(name(intent, b"S"), b"GTS_PDFA1");
        let profile = intent.get_deref(b"DestOutputProfile", &self.0).unwrap();
        let profile = profile.as_stream().unwrap().get_plain_content().unwrap();
        assert_eq!(profile.get(36..40), Some(&b"acsp"[..]), "an ICC profile");

        let fonts = self.all(b"Font");
        assert!(!fonts.is_empty());
        for font in fonts {
            if font.has(b"DescendantFonts") {
                assert!(
                    font.has(b"ToUnicode"),
                    "its letters can be copied: {font:?}"
                );
                continue;
            }
            let descriptor = self.0.get_dict_in_dict(font, b"FontDescriptor").unwrap();
            let files = [&b"FontFile"[..], b"FontFile2", b"FontFile3"];
            let embedded = files.iter().any(|file| descriptor.has(file));
            assert!(embedded, "it brings its letters: {descriptor:?}");
        }
        for acting in [&b"OpenAction"[..], b"AA", b"AcroForm"] {
            assert!(!self.catalog().has(acting));
        }
        assert!(self.all(b"Action").is_empty());
    }

    /// It has a language, a title to announce, and every page belongs to a structure to read aloud.
    fn assert_accessible(&self) {
        let language = self.catalog().get(b"Lang").unwrap();
        assert_eq!(lopdf::decode_text_string(language).unwrap(), "fr-FR");
        let is_set = |part: &Dictionary, key: &[u8]| part.get(key).unwrap().as_bool().unwrap();
        assert!(is_set(self.part(b"MarkInfo"), b"Marked"));
        assert!(is_set(self.part(b"ViewerPreferences"), b"DisplayDocTitle"));
        let structure = self.part(b"StructTreeRoot");
        assert!(structure.has(b"K") && structure.has(b"ParentTree"));
        let elements = self.all(b"StructElem");
        let has = |role: &[u8]| elements.iter().any(|element| name(element, b"S") == role);
        assert!(has(b"Title") || has(b"H1"), "it begins with a heading");
        assert!(has(b"P"));
        for page in self.all(b"Page") {
            assert!(page.has(b"StructParents"), "{page:?}");
        }
    }

    /// The files that travel with it, each with what it is to the document.
    fn relations(&self) -> Vec<&[u8]> {
        let enclosed = self.all(b"Filespec");
        let announced = self.listed(b"AF");
        assert_eq!(enclosed.len(), announced.len(), "none is hidden");
        assert_eq!(enclosed.len(), self.all(b"EmbeddedFile").len());
        let is_told = |file: &&Dictionary| file.has(b"UF") && file.has(b"Desc");
        assert!(announced.iter().all(is_told));
        announced
            .into_iter()
            .map(|file| name(file, b"AFRelationship"))
            .collect()
    }
}

fn name<'a>(dictionary: &'a Dictionary, key: &[u8]) -> &'a [u8] {
    dictionary.get(key).unwrap().as_name().unwrap()
}

async fn amendment_pdf(world: &World, amendment: &Amendment, rendition: Rendition) -> Pdf {
    let request = GetAmendmentPdfRequest {
        name: amendment.name.clone(),
        rendition: rendition.into(),
    };
    let mut client = world.documents(&auditor());
    client
        .get_amendment_pdf(request)
        .await
        .unwrap()
        .into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_document_has_the_structure_of_an_archive_that_can_be_read_aloud() {
    let (world, reader) = (World::new().await, auditor());
    let contract = world.signed(with_a_secret()).await;
    let changes = AmendmentChanges {
        put_clauses: with_a_secret().content.unwrap().clauses,
        ..Default::default()
    };
    let amendment = world
        .signed_amendment(&contract, "2026-06-01", changes)
        .await;
    let draft = world.create(text(&[OTHER_SITE])).await.unwrap();
    for rendition in [Rendition::Full, Rendition::Public] {
        let of_contract = world.contract_pdf(&contract, rendition, &reader).await;
        let of_amendment = amendment_pdf(&world, &amendment, rendition).await;
        let of_day = consolidated_pdf(&world, &contract, "2026-06-01", rendition).await;
        // What is withheld from the public is not enclosed either, and what informs is not signed.
        let source = match rendition {
            Rendition::Full => vec![&b"Source"[..]],
            _ => vec![],
        };
        for (pdf, relations) in [
            (of_contract.unwrap(), source.clone()),
            (of_amendment, source),
            (of_day.unwrap(), vec![]),
        ] {
            let archive = Archive::of(&pdf);
            archive.assert_archivable();
            archive.assert_accessible();
            assert_eq!(archive.relations(), relations, "{}", pdf.file_name);
        }
    }
    let draft = version_pdf(&world, &draft, 0, &reader).await.unwrap();
    let draft = Archive::of(&draft);
    draft.assert_archivable();
    draft.assert_accessible();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_acts_of_a_procedure_have_it_too() {
    let world = World::new().await;
    let opened = world.proposed().await;
    let opened = world.open(&opened, &director_general()).await.unwrap();
    let noticed = world.give_notice(&opened).await.unwrap();
    let request = GetFormalNoticePdfRequest { name: noticed.name };
    let mut client = world.documents(&director_general());
    let notice = client.get_formal_notice_pdf(request).await.unwrap();
    let archive = Archive::of(&notice.into_inner());
    archive.assert_archivable();
    archive.assert_accessible();
    assert!(archive.relations().is_empty());
}
