//! The annexes that an amendment brings, with their files, and those it takes away.

use proto::contracts::v1::{Amendment, Annex};

use super::pieces::Piece;
use crate::{
    acts::amendment_annexes::{ADD, REMOVE},
    text::labels,
    visitor::Visitor,
};

/// An annex as the page shows it.
pub(super) struct Shown {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) text: String,
    /// Whether the public reads it, or why not.
    pub(super) ground: &'static str,
    /// Its file, where it is kept with the amendment.
    pub(super) file: Option<Piece>,
    /// SHA-256 of a file that is kept elsewhere; empty for none.
    pub(super) elsewhere: String,
}

/// What comes, in the order of the amendment.
pub(super) fn shown(page: &str, amendment: &Amendment) -> Vec<Shown> {
    let annexes = amendment.changes.iter();
    let annexes = annexes.flat_map(|changes| &changes.put_annexes);
    annexes.map(|annex| one(page, amendment, annex)).collect()
}

fn one(page: &str, amendment: &Amendment, annex: &Annex) -> Shown {
    let mut kept = amendment.annex_files.iter();
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

/// Codes of what goes.
pub(super) fn gone(amendment: &Amendment) -> Vec<String> {
    let changes = amendment.changes.as_ref();
    changes.map_or_else(Vec::new, |changes| changes.remove_annexes.clone())
}

/// The acts of whoever may revise the whole amendment: a council drafts what is of its competence alone.
pub(super) fn methods(visitor: &Visitor, amendment: &Amendment) -> &'static [&'static str] {
    let mut actions = amendment.allowed_actions.iter();
    let revises = actions.any(|one| one.method == "ReviseAmendment" && one.allowed);
    if revises && !visitor.is_council() {
        &[ADD, REMOVE]
    } else {
        &[]
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::{AmendmentChanges, Attachment};

    use super::*;

    #[test]
    fn a_file_is_downloaded_where_it_is_kept_and_named_where_it_is_not() {
        let annex = |code: &str, file: &str| Annex {
            code: code.to_owned(),
            file_sha256: file.to_owned(),
            ..Default::default()
        };
        let amendment = Amendment {
            changes: Some(AmendmentChanges {
                put_annexes: vec![annex("A1", "aa"), annex("A2", "bb"), annex("A3", "")],
                remove_annexes: vec!["A9".to_owned()],
                ..Default::default()
            }),
            annex_files: vec![Attachment {
                file_name: "plan.pdf".to_owned(),
                sha256: "aa".to_owned(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let shown = shown("/avenants/1", &amendment);
        let file = shown[0].file.as_ref().unwrap();
        assert_eq!(file.path, "/avenants/1/pieces/aa");
        assert!(shown[0].elsewhere.is_empty());
        assert!(shown[1].file.is_none() && shown[1].elsewhere == "bb");
        assert!(shown[2].file.is_none() && shown[2].elsewhere.is_empty());
        assert_eq!(gone(&amendment), ["A9"]);
    }
}
