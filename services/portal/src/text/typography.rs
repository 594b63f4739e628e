//! The spaces of French typography, put in once, where a page is made: no line begins with `;`, `:` or `»`, and no
//! day is parted from its month. What is a file, a code or a field is left as it is, to the byte.

use super::{NARROW, dates};

/// Before `:`, `»` and `€`, after `«`, and within a date.
const NO_BREAK: char = '\u{a0}';

/// What holds no prose.
const UNTOUCHED: [&str; 8] = [
    "textarea", "option", "code", "samp", "pre", "script", "style", "title",
];

/// Marks what is shown to the byte, in a class.
const EXACT: &str = "cpom-hash";

/// A page with its spaces. Tags and attributes are copied.
pub(crate) fn french(page: &str) -> String {
    let mut made = String::with_capacity(page.len() + page.len() / 32);
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let (prose, tag) = rest.split_at(start);
        spaced(prose, &mut made);
        let (tag, after) = tag.split_at(end_of_tag(tag));
        made.push_str(tag);
        rest = after;
        let name = name_of(tag);
        if UNTOUCHED.contains(&name) || (!name.is_empty() && tag.contains(EXACT)) {
            let end = rest.find(&format!("</{name}")).unwrap_or(rest.len());
            let (kept, after) = rest.split_at(end);
            made.push_str(kept);
            rest = after;
        }
    }
    spaced(rest, &mut made);
    made
}

/// The length of the tag that a text begins with; a value between quotes may hold `>`.
fn end_of_tag(tag: &str) -> usize {
    let mut quote = None;
    for (place, character) in tag.char_indices() {
        match (quote, character) {
            (None, '>') => return place + 1,
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// The name of an element that opens; nothing for one that closes.
fn name_of(tag: &str) -> &str {
    let name = tag.trim_start_matches('<');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    &name[..end.unwrap_or(name.len())]
}

fn spaced(prose: &str, made: &mut String) {
    let mut from = 0;
    for (place, _) in prose.match_indices(' ') {
        let (before, after) = (&prose[..place], &prose[place + 1..]);
        let Some(space) = space(before, after) else {
            continue;
        };
        made.push_str(&prose[from..place]);
        made.push(space);
        from = place + 1;
    }
    made.push_str(&prose[from..]);
}

/// What stands between two texts rather than a space where a line may end.
fn space(before: &str, after: &str) -> Option<char> {
    match after.as_bytes().first()? {
        b';' | b'!' | b'?' | b'%' => return Some(NARROW),
        b':' => return Some(NO_BREAK),
        _ if after.starts_with(['»', '€']) => return Some(NO_BREAK),
        _ => {}
    }
    let is_tied = match before.chars().next_back()? {
        '«' | '°' => true,
        '0'..='9' => dates::begins_with_month(after),
        'r' if before.ends_with("1er") => dates::begins_with_month(after),
        'a'..='z' => after.starts_with("20") && dates::ends_with_month(before),
        _ => false,
    };
    is_tied.then_some(NO_BREAK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_neither_begins_with_a_sign_nor_parts_a_date() {
        let prose = "<p>Réponse : « oui » ; le 1er mars 2026, à 5 % et 3 € !</p>";
        assert_eq!(
            french(prose),
            "<p>Réponse\u{a0}: «\u{a0}oui\u{a0}»\u{202f}; le 1er\u{a0}mars\u{a0}2026, à 5\u{202f}% et 3\u{a0}€\u{202f}!</p>"
        );
        assert_eq!(french("<b>Règle</b> : oui"), "<b>Règle</b>\u{a0}: oui");
        assert_eq!(french("12 août 2026"), "12\u{a0}août\u{a0}2026");
        assert_eq!(french("3 marais, en 2026"), "3 marais, en 2026");
    }

    #[test]
    fn a_page_without_prose_stays_as_it_is() {
        for kept in [
            "<input value=\"a : b > c\" placeholder='« x »'>",
            "<textarea name=\"t\">\nA : b ; c</textarea>",
            "<option value=\"1\">A : b</option>",
            "<samp>a : b</samp><code>c ; d</code>",
            "<dd class=\"cpom-hash\">{\"a\" : 1}</dd>",
            "a < b",
            "<",
        ] {
            assert_eq!(french(kept), kept);
        }
        assert_eq!(
            french("<dd class=\"cpom-hash\">a : b</dd><p>a : b"),
            "<dd class=\"cpom-hash\">a : b</dd><p>a\u{a0}: b"
        );
    }
}
