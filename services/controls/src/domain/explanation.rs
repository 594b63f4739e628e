//! A finding explained in prose to the person it concerns (CRPA L311-3-1, R311-3-1-2): the four points of the
//! article, in its order, from the trace that the finding carries.

use std::fmt::Write as _;

use kernel::calendar::MONTHS;

use super::{
    Finding,
    finding::Origin,
    pmsi::{PmsiData, PmsiImport},
    trace::Sourced,
};

/// The explanation as a French text, with the PMSI data that were frozen with the campaign.
pub fn prose(finding: &Finding, pmsi: Option<&PmsiData>) -> String {
    let trace = &finding.facts.trace;
    let mut text = format!("{}\n\n", trace.conclusion);
    let article = "article R311-3-1-2 du code des relations entre le public et l’administration";
    let intention = match finding.facts.origin {
        Origin::Computed => format!(
            "Ce constat résulte d’un traitement algorithmique. Conformément à l’{article}, voici comment il a été établi."
        ),
        Origin::Manual(mission) => format!(
            "Ce constat a été établi par les contrôleurs de la mission {mission}, sans traitement algorithmique."
        ),
    };
    add(&mut text, &intention);
    section(
        &mut text,
        "1° Degré et mode de contribution à la décision",
        std::slice::from_ref(&trace.contribution),
    );
    section(
        &mut text,
        "2° Données traitées et leurs sources",
        &lines(&trace.inputs),
    );
    if let (Origin::Computed, Some(pmsi)) = (finding.facts.origin, pmsi) {
        frozen_pmsi(&mut text, pmsi);
    }
    section(
        &mut text,
        "3° Paramètres de traitement",
        &lines(&trace.parameters),
    );
    let mut operations = vec![format!("Formule\u{202f}: {}.", trace.formula)];
    let steps = trace.steps.iter();
    operations.extend(steps.map(|step| format!("{} → {}", step.expression, step.result)));
    if !trace.rounding.is_empty() {
        operations.push(trace.rounding.clone());
    }
    section(&mut text, "4° Opérations effectuées", &operations);
    if finding.facts.consecutive_years > 1 {
        add(
            &mut text,
            &format!(
                "L’objectif s’écarte de sa cible dans le même sens depuis {} années consécutives.",
                finding.facts.consecutive_years
            ),
        );
    }
    text.trim_end().to_owned()
}

/// Which PMSI data there were when what is compared was fixed. Comparisons are made on submitted values.
fn frozen_pmsi(text: &mut String, pmsi: &PmsiData) {
    let used = "elles n’entrent pas dans ce calcul, qui porte sur les valeurs transmises";
    match (pmsi.version.as_str(), pmsi.imports.as_slice()) {
        ("", _) => add(
            text,
            "Aucune donnée du PMSI de la région et de l’année n’était détenue lorsque les données ont été arrêtées.",
        ),
        (version, []) => add(
            text,
            &format!(
                "Données du PMSI telles que nommées lorsque les données ont été arrêtées, «\u{202f}{version}\u{202f}»\u{202f}: {used}."
            ),
        ),
        (version, imports) => {
            let listed: Vec<String> = imports.iter().map(imported).collect();
            section(
                text,
                &format!(
                    "Données du PMSI détenues lorsque les données ont été arrêtées, version {version}\u{202f}: {used}."
                ),
                &listed,
            );
        }
    }
}

fn imported(import: &PmsiImport) -> String {
    let PmsiImport {
        import,
        field,
        sha256,
        source,
        extraction_date,
        through_month,
        establishments,
    } = import;
    let sites = if *establishments < 2 {
        "établissement"
    } else {
        "établissements"
    };
    format!(
        "{field}, {}, {establishments} {sites}, extraction du {extraction_date} (source\u{202f}: {source}, {import}, \
         SHA-256 {sha256})",
        months(*through_month)
    )
}

/// The months from January on that are counted.
fn months(through: i32) -> String {
    let last = usize::try_from(through - 1)
        .ok()
        .and_then(|place| MONTHS.get(place));
    match last {
        Some(name) if through > 1 => format!("de janvier à {name}"),
        _ => "janvier".to_owned(),
    }
}

fn add(text: &mut String, paragraph: &str) {
    // Writing to a String cannot fail.
    let _written = write!(text, "{paragraph}\n\n");
}

fn section(text: &mut String, title: &str, lines: &[String]) {
    let body = if lines.is_empty() {
        "– sans objet".to_owned()
    } else {
        let listed: Vec<String> = lines.iter().map(|line| format!("– {line}")).collect();
        listed.join("\n")
    };
    add(text, &format!("{title}\n{body}"));
}

fn lines(of: &[Sourced]) -> Vec<String> {
    of.iter()
        .map(|line| {
            format!(
                "{}\u{202f}: {} (source\u{202f}: {})",
                line.name, line.value, line.source
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::domain::{
        CampaignId, ContractId, ControlId, FindingId, MissionId, compare::Severity, finding::Facts,
        trace::CalculationTrace,
    };
    use time::macros::datetime;

    fn finding(origin: Origin) -> Finding {
        let mut trace = CalculationTrace::new("écart = réalisé − cible".into());
        trace.conclusion = "Écart majeur.".into();
        trace.input("cible", 1200, "targetSets/1 (version 1)");
        trace.parameter("tolérance (%)", 5, "tolerancePolicies/1");
        trace.step("800 − 1200", -400);
        let facts = Facts {
            region: "93".parse().unwrap(),
            campaign: CampaignId::generate(),
            control: ControlId::generate(),
            contract: ContractId::generate(),
            year: 2024,
            origin,
            objective: "stays".into(),
            severity: Severity::Major,
            opposable: true,
            penalty_eligible: true,
            direction: None,
            consecutive_years: 3,
            priority: true,
            legal_basis: String::new(),
            trace,
        };
        Finding::raised(
            FindingId::generate(),
            facts,
            datetime!(2025-03-01 08:00 UTC),
        )
    }

    #[test]
    fn the_four_points_of_the_article_are_told_in_its_order() {
        let text = prose(&finding(Origin::Computed), None);
        let places: Vec<_> = [
            "Écart majeur.",
            "traitement algorithmique",
            "1° ",
            "aucun effet juridique",
            "2° ",
            "cible\u{202f}: 1200 (source\u{202f}: targetSets/1 (version 1))",
            "3° ",
            "tolérance (%)\u{202f}: 5",
            "4° ",
            "800 − 1200 → -400",
            "4 décimales",
            "depuis 3 années",
        ]
        .map(|part| {
            text.find(part)
                .unwrap_or_else(|| panic!("{part} in {text}"))
        })
        .to_vec();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn what_controllers_found_is_not_called_computed() {
        let text = prose(
            &finding(Origin::Manual(MissionId::generate())),
            Some(&PmsiData::default()),
        );
        assert!(text.contains("sans traitement algorithmique"));
        assert!(!text.contains("PMSI"), "{text}");
    }

    #[test]
    fn the_frozen_pmsi_data_are_told_with_their_source_and_that_they_were_not_compared() {
        let computed = finding(Origin::Computed);
        let told = |version: &str, imports: Vec<PmsiImport>| {
            let pmsi = PmsiData {
                version: version.into(),
                imports,
            };
            prose(&computed, Some(&pmsi))
        };
        let import = PmsiImport {
            import: "caseMixImports/1".into(),
            field: "MCO".into(),
            sha256: "ab12".into(),
            source: "ATIH".into(),
            extraction_date: "2025-02-15".into(),
            through_month: 12,
            establishments: 14,
        };
        let text = told("cd34", vec![import]);
        let line = "– MCO, de janvier à décembre, 14 établissements, extraction du 2025-02-15 (source\u{202f}: ATIH, \
                    caseMixImports/1, SHA-256 ab12)";
        for part in ["version cd34", "n’entrent pas dans ce calcul", line] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(told("", vec![]).contains("Aucune donnée du PMSI"));
        let named = told("PMSI MCO 2024 M12", vec![]);
        assert!(
            named.contains("«\u{202f}PMSI MCO 2024 M12\u{202f}»"),
            "{named}"
        );
    }

    /// A datum, a parameter: three texts.
    fn any_lines() -> impl Strategy<Value = Vec<(String, String, String)>> {
        vec(("[a-z]{1,12}", "[0-9]{1,6}", "[a-z/0-9]{1,20}"), 0..6)
    }

    /// Whether a part of the text tells this line.
    fn told(part: &str, name: &str, value: &str, source: &str) -> bool {
        part.contains(&format!(
            "– {name}\u{202f}: {value} (source\u{202f}: {source})"
        ))
    }

    proptest! {
        /// Invariant 8 (CRPA R311-3-1-2): whatever was computed, the explanation tells in their order the degree and mode
        /// of contribution, each datum with its source, each parameter with its own, and every operation with its result.
        #[test]
        fn nothing_of_a_computation_is_left_out(
            inputs in any_lines(),
            parameters in any_lines(),
            steps in vec(("[a-z]{1,12}", "[0-9]{1,6}"), 0..8),
            formula in "[a-z ]{1,30}[a-z]",
            years in 0u32..6,
        ) {
            let mut computed = finding(Origin::Computed);
            let mut trace = CalculationTrace::new(formula.clone());
            for (name, value, source) in &inputs {
                trace.input(name.as_str(), value, source);
            }
            for (name, value, source) in &parameters {
                trace.parameter(name.as_str(), value, source);
            }
            for (expression, result) in &steps {
                trace.step(expression.as_str(), result);
            }
            computed.facts.trace = trace;
            computed.facts.consecutive_years = years;
            let text = prose(&computed, None);
            let place = |title: &str| text.find(title).unwrap_or(usize::MAX);
            let titles = ["1° Degré", "2° Données", "3° Paramètres", "4° Opérations"].map(place);
            prop_assert!(titles.is_sorted() && titles[3] < usize::MAX, "{text}");
            let [first, second, third, fourth] = titles;
            let contribution = computed.facts.trace.contribution.as_str();
            prop_assert!(text[first..second].contains(contribution));
            for (name, value, source) in &inputs {
                prop_assert!(told(&text[second..third], name, value, source), "{text}");
            }
            for (name, value, source) in &parameters {
                prop_assert!(told(&text[third..fourth], name, value, source), "{text}");
            }
            let operations = &text[fourth..];
            prop_assert!(operations.contains(&formula));
            for (expression, result) in &steps {
                prop_assert!(operations.contains(&format!("– {expression} → {result}")), "{text}");
            }
        }
    }
}
