//! The fonts that are built in: Libertinus Serif (SIL Open Font License) for text, `DejaVu` Sans Mono for hashes.

use std::collections::BTreeSet;

use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
};

/// Families that templates may use; the others that come along are for mathematics.
const FAMILIES: [&str; 2] = ["Libertinus Serif", "DejaVu Sans Mono"];
/// Shown for a character that no font has.
const MISSING: char = '□';

/// The fonts in the order of the book.
pub(crate) fn all() -> (FontBook, Vec<Font>) {
    let fonts: Vec<Font> = typst_assets::fonts()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .filter(|font| FAMILIES.contains(&font.info().family.as_str()))
        .collect();
    (FontBook::from_fonts(&fonts), fonts)
}

/// The text with `□` for what cannot be shown, so that a stray character spoils a word and not a document.
pub(crate) fn showable(text: &str, fonts: &[Font]) -> String {
    let has = |c: &char| {
        let code = u32::from(*c);
        c.is_whitespace() || fonts.iter().any(|font| font.info().coverage.contains(code))
    };
    // A text has many characters and few different ones.
    let different: BTreeSet<char> = text.chars().collect();
    let missing: BTreeSet<char> = different.into_iter().filter(|c| !has(c)).collect();
    text.chars()
        .map(|c| if missing.contains(&c) { MISSING } else { c })
        .collect()
}
