//! What was published about the territories where a contract has its sites: context for people, never a score.

use std::collections::BTreeMap;

use super::ContractId;

/// Publications that are told of at most.
pub const MOST: usize = 8;

const SPACE: char = '\u{202f}';

/// Of each subject, the sets of the latest year that is not after `year`, in the order they are given.
pub fn chosen<S: Ord + Copy, T>(sets: Vec<(S, i32, T)>, year: i32) -> Vec<T> {
    let mut latest: BTreeMap<S, i32> = BTreeMap::new();
    for (subject, of, _) in &sets {
        if *of <= year {
            let known = latest.entry(*subject).or_insert(*of);
            *known = (*known).max(*of);
        }
    }
    sets.into_iter()
        .filter(|(subject, of, _)| latest.get(subject) == Some(of))
        .map(|(_, _, set)| set)
        .take(MOST)
        .collect()
}

/// The context with all that its text says.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    pub contract: ContractId,
    pub year: i32,
    pub publications: Vec<Publication>,
}

/// What one publication says.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// Its resource name, with the version.
    pub name: String,
    pub sha256: String,
    pub title: String,
    /// Field, what is counted and year, in words.
    pub subject: String,
    pub territory_version: String,
    pub sources: String,
    /// Of all of its territories together; none when it is not told.
    pub whole: Option<Figures>,
    /// By code.
    pub places: Vec<Place>,
    /// Sites that are in none of them.
    pub elsewhere: Vec<String>,
}

/// A territory where sites of the contract are.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub code: String,
    pub title: String,
    pub sites: Vec<String>,
    /// None when they are hidden, or masked at the source.
    pub figures: Option<Figures>,
}

/// Rates per 1,000 inhabitants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    pub crude: f64,
    /// With the structure by age and sex of the reference.
    pub direct: Option<f64>,
    /// Observed over expected, with the bounds of its interval.
    pub index: Option<[f64; 3]>,
}

/// The same figures give the same text, to the byte.
pub fn statement(of: &Context) -> String {
    let mut lines = vec![format!(
        "Territoires où sont les sites de {}, pour l’examen de l’année {}.",
        of.contract, of.year
    )];
    if of.publications.is_empty() {
        lines.push(format!(
            "La région n’a publié aucun taux de recours jusqu’à l’année {}{SPACE}: rien n’est dit du territoire.",
            of.year
        ));
    }
    for publication in &of.publications {
        lines.push(cited(publication));
        for place in &publication.places {
            lines.push(told(place));
        }
        lines.push(whole(publication.whole));
        if !publication.elsewhere.is_empty() {
            lines.push(format!(
                "Dans aucun de ces territoires, ou sans commune connue{SPACE}: {}.",
                publication.elsewhere.join(", ")
            ));
        }
    }
    lines.push(
        "Un taux de recours est celui des habitants, où qu’ils soient soignés. Ce contexte aide à examiner un constat. Ce n’est \
         ni une note ni une conclusion, et il n’a aucun effet par lui-même."
            .to_owned(),
    );
    lines.join("\n")
}

fn cited(of: &Publication) -> String {
    format!(
        "«{SPACE}{}{SPACE}» ({}, découpage {}){SPACE}: {}, SHA-256 {}. Sources{SPACE}: {}.",
        of.title,
        of.subject,
        of.territory_version,
        of.name,
        of.sha256,
        of.sources.trim_end_matches('.')
    )
}

fn told(place: &Place) -> String {
    let noun = if place.sites.len() < 2 {
        "site"
    } else {
        "sites"
    };
    let sites = place.sites.join(", ");
    let figures = place.figures.map_or_else(
        || "taux couvert par le secret statistique ou masqué à la source".to_owned(),
        figures,
    );
    format!(
        "{} (territoire {}{SPACE}; {noun} {sites}){SPACE}: {figures}.",
        place.title, place.code
    )
}

fn whole(told: Option<Figures>) -> String {
    match told {
        Some(told) => format!(
            "Ensemble des territoires{SPACE}: taux brut {} pour 1{SPACE}000 habitants.",
            decimal(told.crude, 1)
        ),
        None => format!("Ensemble des territoires{SPACE}: taux couvert ou masqué."),
    }
}

fn figures(told: Figures) -> String {
    let mut facts = vec![format!(
        "taux brut {} pour 1{SPACE}000 habitants",
        decimal(told.crude, 1)
    )];
    if let Some(direct) = told.direct {
        facts.push(format!("taux standardisé {}", decimal(direct, 1)));
    }
    match told.index {
        Some([index, low, high]) => facts.push(format!(
            "indice de recours {} (intervalle à 95{SPACE}%{SPACE}: {} à {})",
            decimal(index, 2),
            decimal(low, 2),
            decimal(high, 2)
        )),
        None => facts.push("sans comparaison publiée".to_owned()),
    }
    facts.join(", ")
}

/// A figure as people read it.
fn decimal(figure: f64, digits: usize) -> String {
    format!("{figure:.digits$}").replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        Context {
            contract: ContractId(uuid::Uuid::nil()),
            year: 2024,
            publications: vec![Publication {
                name: "publishedRateSets/mco-93/versions/2".into(),
                sha256: "ab".into(),
                title: "Recours en 2023".into(),
                subject: "MCO, séjours, 2023".into(),
                territory_version: "zones-2023".into(),
                sources: "PMSI, INSEE.".into(),
                whole: Some(Figures {
                    crude: 108.72,
                    direct: None,
                    index: None,
                }),
                places: vec![
                    Place {
                        code: "A".into(),
                        title: "Zone A".into(),
                        sites: vec!["010000040".into(), "010000057".into()],
                        figures: Some(Figures {
                            crude: 100.0,
                            direct: Some(99.96),
                            index: Some([1.839, 1.66, 2.03]),
                        }),
                    },
                    Place {
                        code: "B".into(),
                        title: "Zone B".into(),
                        sites: vec!["750712184".into()],
                        figures: None,
                    },
                ],
                elsewhere: vec!["840000012".into()],
            }],
        }
    }

    #[test]
    fn of_each_subject_the_latest_year_that_is_not_after_is_chosen() {
        let sets = vec![
            ("stays", 2025, "later"),
            ("stays", 2023, "zones"),
            ("days", 2021, "days"),
            ("stays", 2023, "departments"),
            ("stays", 2022, "earlier"),
        ];
        assert_eq!(chosen(sets.clone(), 2024), ["zones", "days", "departments"]);
        assert_eq!(chosen(sets.clone(), 2021), ["days"]);
        assert!(chosen(sets, 2020).is_empty());
        let many: Vec<(i32, i32, i32)> = (0..20).map(|subject| (subject, 2023, subject)).collect();
        assert_eq!(chosen(many, 2023).len(), MOST);
    }

    #[test]
    fn the_text_cites_its_publication_and_says_what_is_hidden_and_what_it_is_not() {
        let text = statement(&context());
        assert_eq!(text, statement(&context()));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 7);
        assert!(lines[1].contains("publishedRateSets/mco-93/versions/2, SHA-256 ab"));
        assert!(lines[1].ends_with("INSEE."));
        assert!(lines[2].contains("sites 010000040, 010000057"));
        assert!(lines[2].contains("taux brut 100,0 pour 1\u{202f}000 habitants"));
        assert!(lines[2].contains("indice de recours 1,84"));
        assert!(lines[3].contains("secret statistique"));
        assert!(lines[4].contains("taux brut 108,7"));
        assert!(lines[5].ends_with("840000012."));
        assert!(lines[6].contains("ni une note ni une conclusion"));
    }

    #[test]
    fn without_a_publication_it_says_so() {
        let text = statement(&Context {
            publications: vec![],
            ..context()
        });
        assert!(text.contains("aucun taux de recours jusqu’à l’année 2024"));
        assert_eq!(text.lines().count(), 3);
    }
}
