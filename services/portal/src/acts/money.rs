//! Lines of money of a text as a person types them: one a line, parts between bars.

use proto::contracts::v1::{FundingLine, FundingSource};

use super::{decimal, line::parts};
use crate::{pages::id_of, text::follow_up as words};

/// How such a line is typed.
pub(super) const HINT: &str = "Un par ligne : code | source | année | euros | intitulé | condition. Sources : FIR, MIG, AC, DAF, IFAQ, DRL, département, autre. Quand plusieurs conseils départementaux signent, le code de celui dont c’est l’argent suit : « département 06 ».";
const DEPARTMENT: &str = "département";

/// A line as it stands in the form.
pub(super) fn shown(one: &FundingLine) -> String {
    let source = match id_of(&one.department) {
        "" => words::funding_source(one.source()).to_owned(),
        code => format!("{DEPARTMENT} {code}"),
    };
    let year = one.year.to_string();
    let parts: [&str; 6] = [
        &one.code,
        &source,
        &year,
        &one.amount_eur,
        &one.label,
        &one.condition,
    ];
    let flat: Vec<String> = parts.iter().map(|part| part.replace('\n', " ")).collect();
    flat.join(" | ").trim_end_matches(" | ").to_owned()
}

/// A line as it was typed. What lacks is empty, and the service says what it needs. Whether the money stops with the
/// contract is not typed: it stays what it was in the line of that code.
pub(super) fn read(line: &str, before: &[FundingLine]) -> FundingLine {
    let [code, source_typed, year, amount, label, condition] = parts(line);
    let (source, department) = source(source_typed);
    FundingLine {
        source: source.into(),
        department,
        year: year.parse().unwrap_or_default(),
        amount_eur: decimal(amount),
        label: label.to_owned(),
        condition: condition.to_owned(),
        reversible: before
            .iter()
            .find(|one| one.code == code)
            .is_some_and(|one| one.reversible),
        code: code.to_owned(),
    }
}

/// `département 06` is the money of that council.
fn source(typed: &str) -> (FundingSource, String) {
    let typed = typed.to_lowercase();
    let (word, code) = typed.split_once(' ').unwrap_or((typed.as_str(), ""));
    if word == DEPARTMENT && !code.trim().is_empty() {
        let code = code.trim().to_uppercase();
        return (FundingSource::Department, format!("departments/{code}"));
    }
    let known = words::FUNDING
        .iter()
        .find(|(_, text)| text.to_lowercase() == typed);
    let source = known.map_or(FundingSource::Unspecified, |(one, _)| *one);
    (source, String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_goes_through_its_line_and_back_with_the_council_whose_it_is() {
        let typed = read("F1 | FIR | 2027 | 120 000,50 | Équipe mobile", &[]);
        assert_eq!(typed.amount_eur, "120000.50");
        assert_eq!(typed.source(), FundingSource::Fir);
        assert_eq!(shown(&typed), "F1 | FIR | 2027 | 120000.50 | Équipe mobile");
        let council = read("F2 | Département 2a | 2027 | 1 | Aide | si | signé", &[]);
        assert_eq!(
            (council.source(), council.department.as_str()),
            (FundingSource::Department, "departments/2A")
        );
        assert_eq!(council.condition, "si | signé");
        let lasting = FundingLine {
            reversible: true,
            ..council
        };
        assert_eq!(
            read(&shown(&lasting), std::slice::from_ref(&lasting)),
            lasting
        );
        let only = read("F3 | département | 2027 | 1 | Aide", &[]);
        assert_eq!(only.source(), FundingSource::Department);
        assert_eq!(only.department, "");
        assert_eq!(
            read("F4 | loterie | 2027", &[]).source(),
            FundingSource::Unspecified
        );
    }
}
