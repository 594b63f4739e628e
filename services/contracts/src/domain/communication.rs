//! What anybody may read of a contract (CRPA L311-1): the passages that its parties classed public, and of the others
//! their code and the ground on which they are withheld (CRPA L311-2, L311-5, L311-6), so that the reader knows that
//! something is missing and can ask for it.

use super::content::{Annex, Clause, Confidentiality, Content};

/// A text as it is communicated to the public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Communicated {
    pub clauses: Vec<Clause>,
    pub annexes: Vec<Annex>,
    pub withheld: Vec<Withheld>,
}

/// A passage that is not communicated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Of the clause or annex.
    pub code: String,
    pub ground: Confidentiality,
}

/// What the public reads of a content. What has no class (commitments, money) is not communicated.
pub fn communicated(content: Content) -> Communicated {
    let is_public = |class: Confidentiality| class == Confidentiality::Public;
    let (clauses, closed_clauses): (Vec<_>, Vec<_>) = content
        .clauses
        .into_iter()
        .partition(|clause| is_public(clause.confidentiality));
    let (annexes, closed_annexes): (Vec<_>, Vec<_>) = content
        .annexes
        .into_iter()
        .partition(|annex| is_public(annex.confidentiality));
    let withheld = closed_clauses
        .into_iter()
        .map(|clause| (clause.code, clause.confidentiality))
        .chain(
            closed_annexes
                .into_iter()
                .map(|annex| (annex.code, annex.confidentiality)),
        )
        .map(|(code, ground)| Withheld { code, ground })
        .collect();
    Communicated {
        clauses,
        annexes,
        withheld,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CLASSES: [Confidentiality; 5] = [
        Confidentiality::Public,
        Confidentiality::BusinessSecret,
        Confidentiality::CareQuality,
        Confidentiality::Personal,
        Confidentiality::Preparatory,
    ];

    #[test]
    fn only_what_is_classed_public_is_communicated_and_the_rest_is_named_by_its_ground() {
        let clause = |(rank, confidentiality)| Clause {
            code: format!("ART-{rank}"),
            title: "Titre".to_owned(),
            text: format!("texte {rank}"),
            confidentiality,
        };
        let annex = |(rank, confidentiality)| Annex {
            code: format!("A{rank}"),
            title: "Titre".to_owned(),
            text: format!("annexe {rank}"),
            file_sha256: String::new(),
            confidentiality,
        };
        let content = Content {
            clauses: (0..).zip(CLASSES).map(clause).collect(),
            annexes: (0..).zip(CLASSES).map(annex).collect(),
            ..Content::default()
        };
        let told = communicated(content);
        assert_eq!(told.clauses.len(), 1);
        assert_eq!(told.clauses[0].text, "texte 0");
        assert_eq!(told.annexes.len(), 1);
        assert_eq!(told.annexes[0].text, "annexe 0");
        let withheld: Vec<(&str, Confidentiality)> = told
            .withheld
            .iter()
            .map(|passage| (passage.code.as_str(), passage.ground))
            .collect();
        assert_eq!(withheld.len(), 8);
        assert!(withheld.contains(&("ART-3", Confidentiality::Personal)));
        assert!(withheld.contains(&("A1", Confidentiality::BusinessSecret)));
    }

    fn any_class() -> impl Strategy<Value = Confidentiality> {
        prop::sample::select(CLASSES.to_vec())
    }

    proptest! {
        /// Invariant 9 for the public: each passage is either told whole or withheld with its own ground, never both and
        /// never neither; and what is withheld gives away nothing but its code.
        #[test]
        fn each_passage_is_told_or_withheld(classes in prop::collection::vec(any_class(), 0..30)) {
            let clauses: Vec<Clause> = (0..)
                .zip(&classes)
                .map(|(rank, class)| Clause {
                    code: format!("ART-{rank}"),
                    title: format!("titre-{rank}-"),
                    text: format!("texte-{rank}-"),
                    confidentiality: *class,
                })
                .collect();
            let annexes: Vec<Annex> = (0..)
                .zip(&classes)
                .map(|(rank, class)| Annex {
                    code: format!("A{rank}"),
                    title: format!("annexe-{rank}-"),
                    text: String::new(),
                    file_sha256: format!("empreinte-{rank}-"),
                    confidentiality: *class,
                })
                .collect();
            let content = Content {
                clauses: clauses.clone(),
                annexes: annexes.clone(),
                ..Content::default()
            };
            let told = communicated(content);
            prop_assert_eq!(
                told.clauses.len() + told.annexes.len() + told.withheld.len(),
                2 * classes.len()
            );
            let shown = format!("{told:?}");
            for clause in &clauses {
                let is_public = clause.confidentiality == Confidentiality::Public;
                prop_assert_eq!(shown.contains(&clause.text), is_public);
                prop_assert_eq!(shown.contains(&clause.title), is_public);
                let ground = told.withheld.iter().find(|one| one.code == clause.code);
                let expected = (!is_public).then_some(clause.confidentiality);
                prop_assert_eq!(ground.map(|one| one.ground), expected);
            }
            for annex in &annexes {
                let is_public = annex.confidentiality == Confidentiality::Public;
                prop_assert_eq!(shown.contains(&annex.title), is_public);
                prop_assert_eq!(shown.contains(&annex.file_sha256), is_public);
            }
        }
    }
}
