//! The annexes of a text, a contract’s or an amendment’s, with their files.

use proto::{
    contracts::v1::{Annex, Attachment},
    types::v1::AllowedAction,
};

use super::pieces::Piece;
use crate::{
    acts::annexes::{ADD, REMOVE},
    text::labels,
    visitor::Visitor,
};

/// An annex as a page shows it.
pub(super) struct Shown {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) text: String,
    /// Whether the public reads it, or why not.
    pub(super) ground: &'static str,
    /// Its file, where it is kept with the text.
    pub(super) file: Option<Piece>,
    /// SHA-256 of a file that is kept elsewhere; empty for none.
    pub(super) elsewhere: String,
}

/// In the order of the text; `files` are those that are kept with it, which are read below `page`.
pub(super) fn shown(page: &str, annexes: &[Annex], files: &[Attachment]) -> Vec<Shown> {
    let annexes = annexes.iter();
    annexes.map(|annex| one(page, annex, files)).collect()
}

fn one(page: &str, annex: &Annex, files: &[Attachment]) -> Shown {
    let mut kept = files.iter();
    let kept = kept.find(|file| file.sha256 == annex.file_sha256);
    Shown {
        code: annex.code.clone(),
        title: annex.title.clone(),
        text: annex.text.clone(),
        ground: labels::withheld(annex.confidentiality()),
        file: kept.map(|file| Piece::of(page, file)),
        elsewhere: if kept.is_none() {
            annex.file_sha256.clone()
        } else {
            String::new()
        },
    }
}

/// The acts of whoever may draft the whole text, by the method that does: a council drafts what is of its competence alone.
pub(super) fn methods(
    visitor: &Visitor,
    actions: &[AllowedAction],
    drafts: &str,
) -> &'static [&'static str] {
    let mut actions = actions.iter();
    let may = actions.any(|one| one.method == drafts && one.allowed);
    if may && !visitor.is_council() {
        &[ADD, REMOVE]
    } else {
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_downloaded_where_it_is_kept_and_named_where_it_is_not() {
        let annex = |code: &str, file: &str| Annex {
            code: code.to_owned(),
            file_sha256: file.to_owned(),
            ..Default::default()
        };
        let annexes = [annex("A1", "aa"), annex("A2", "bb"), annex("A3", "")];
        let kept = Attachment {
            file_name: "plan.pdf".to_owned(),
            sha256: "aa".to_owned(),
            ..Default::default()
        };
        let shown = shown("/avenants/1", &annexes, &[kept]);
        let file = shown[0].file.as_ref().unwrap();
        assert_eq!(file.path, "/avenants/1/pieces/aa");
        assert!(shown[0].elsewhere.is_empty());
        assert!(shown[1].file.is_none() && shown[1].elsewhere == "bb");
        assert!(shown[2].file.is_none() && shown[2].elsewhere.is_empty());
    }
}
