//! What a text says beyond its objectives: commitments, money, clauses, annexes and associated third parties
//! (CSP L6114-1 to L6114-3, D6114-6). Every element has a code, so that versions compare and amendments name them.

use std::collections::BTreeSet;

use kernel::{Decimal, Department, Finess};
use serde::{Deserialize, Serialize};
use time::Date;

use super::{mark::CompetenceMark, text::FieldDefect};

/// The parts of a text beyond its frame, perimeter and objectives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    pub commitments: Vec<Commitment>,
    pub funding: Vec<FundingLine>,
    pub clauses: Vec<Clause>,
    pub annexes: Vec<Annex>,
    pub associated_parties: Vec<AssociatedParty>,
    /// Departmental councils that sign beside the agency (CASF L313-12 IV ter).
    pub departmental_councils: BTreeSet<Department>,
    /// Set when one contract holds for a whole territorial hospital group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grouping: Option<Grouping>,
}

/// The territorial hospital group of a single contract (CSP R6132-19-3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grouping {
    pub name: String,
    /// The support establishment, whose director signs for all members.
    pub support_entity: Finess,
    /// Day on which all directors asked for the single contract.
    pub request_date: Date,
}

/// Something a party undertakes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    pub code: String,
    /// Code of the strategic objective it serves; empty for none.
    pub objective: String,
    pub owner: Owner,
    pub text: String,
    /// The échéancier.
    pub steps: Vec<Step>,
    pub indicators: Vec<Indicator>,
    /// Whose competence it is; none where nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub competence: Option<CompetenceMark>,
}

/// Who owes a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Owner {
    Ars,
    Establishment,
    Both,
}

/// A dated step of a commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub title: String,
    pub due_date: Date,
}

/// What shows whether a commitment is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indicator {
    pub code: String,
    pub label: String,
    pub unit: String,
    pub source: String,
    /// Value of a year before the contract, when there is one.
    pub baseline: Option<YearValue>,
    /// At most one value a year.
    pub targets: Vec<YearValue>,
}

/// A value of a year, in the unit of its indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearValue {
    pub year: i32,
    pub value: Decimal,
}

/// Money of one year from one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundingLine {
    pub code: String,
    pub label: String,
    pub source: FundingSource,
    pub year: i32,
    pub amount_eur: Decimal,
    pub condition: String,
    pub reversible: bool,
    /// Whose money it is, for the source `DEPARTMENT`; none when the text has one council, whose money it then is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Department>,
}

/// Where money comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FundingSource {
    Fir,
    Mig,
    Ac,
    Daf,
    Ifaq,
    Drl,
    Department,
    Other,
}

/// Who may read a passage when the contract is communicated to the public (CRPA L311-2, L311-5, L311-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Confidentiality {
    Public,
    BusinessSecret,
    CareQuality,
    Personal,
    Preparatory,
}

/// An article of the body of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    pub code: String,
    pub title: String,
    pub text: String,
    pub confidentiality: Confidentiality,
}

/// An annex, by its text or by the SHA-256 of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annex {
    pub code: String,
    pub title: String,
    pub text: String,
    pub file_sha256: String,
    pub confidentiality: Confidentiality,
}

impl Annex {
    /// Whether it is a file.
    pub fn is_file(&self) -> bool {
        !self.file_sha256.is_empty()
    }
}

/// The annexes that name a file which none of `before` named: the file of each is to be kept before it is named. Before
/// files were kept, their hashes were taken as they were told, and what was agreed on then stays.
pub fn newly_filed<'a>(annexes: &'a [Annex], before: &[Annex]) -> Vec<&'a Annex> {
    let is_known = |annex: &Annex| {
        before
            .iter()
            .any(|one| one.file_sha256 == annex.file_sha256)
    };
    let annexes = annexes.iter();
    annexes
        .filter(|annex| annex.is_file() && !is_known(annex))
        .collect()
}

/// A third party that co-signs some clauses (CSP L6114-1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssociatedParty {
    pub code: String,
    pub name: String,
    pub clauses: Vec<String>,
}

/// Something that a code names within its list.
pub trait Coded {
    fn code(&self) -> &str;
}

macro_rules! coded {
    ($($type:ty),+) => {
        $(impl Coded for $type {
            fn code(&self) -> &str {
                &self.code
            }
        })+
    };
}
coded!(
    Commitment,
    Indicator,
    FundingLine,
    Clause,
    Annex,
    AssociatedParty
);

/// Codes that stand twice in a list, as defects of `field`.
pub(super) fn repeated_codes<T: Coded>(field: &str, elements: &[T]) -> Vec<FieldDefect> {
    let mut seen = BTreeSet::new();
    elements
        .iter()
        .enumerate()
        .filter(|(_, element)| !seen.insert(element.code()))
        .map(|(i, element)| {
            let explanation = format!("{:?} is the code of an earlier element", element.code());
            FieldDefect::new(format!("{field}[{i}].code"), explanation)
        })
        .collect()
}

impl Content {
    /// What is wrong in itself or with the objectives it serves: codes that repeat, objectives or clauses that do
    /// not exist, two values for a year, money with more than two decimals.
    pub fn defects(&self, objectives: &BTreeSet<&str>) -> Vec<FieldDefect> {
        let mut defects = repeated_codes("text.content.commitments", &self.commitments);
        defects.extend(repeated_codes("text.content.funding", &self.funding));
        defects.extend(repeated_codes("text.content.clauses", &self.clauses));
        defects.extend(repeated_codes("text.content.annexes", &self.annexes));
        let associated =
            repeated_codes("text.content.associated_parties", &self.associated_parties);
        defects.extend(associated);
        for (i, commitment) in self.commitments.iter().enumerate() {
            let field = format!("text.content.commitments[{i}]");
            commitment.defects(&field, objectives, &mut defects);
            let mark = commitment.competence;
            let councils = &self.departmental_councils;
            if let Some(explanation) = mark.and_then(|mark| mark.defect(councils)) {
                defects.push(FieldDefect::new(format!("{field}.competence"), explanation));
            }
        }
        for (i, line) in self.funding.iter().enumerate() {
            if line.amount_eur.scale() > 2 || line.amount_eur.is_sign_negative() {
                let field = format!("text.content.funding[{i}].amount_eur");
                let explanation = "is an amount in euros and cents, not below zero";
                defects.push(FieldDefect::new(field, explanation));
            }
            if let Some(explanation) = self.payer_defect(line) {
                let field = format!("text.content.funding[{i}].department");
                defects.push(FieldDefect::new(field, explanation));
            }
        }
        let clauses: BTreeSet<&str> = self.clauses.iter().map(Coded::code).collect();
        for (i, party) in self.associated_parties.iter().enumerate() {
            let unknown = party
                .clauses
                .iter()
                .filter(|code| !clauses.contains(code.as_str()));
            for code in unknown {
                let field = format!("text.content.associated_parties[{i}].clauses");
                defects.push(FieldDefect::new(
                    field,
                    format!("the text has no clause {code:?}"),
                ));
            }
        }
        defects
    }
}

impl Content {
    /// Only a council of the text gives money of a département.
    fn payer_defect(&self, line: &FundingLine) -> Option<String> {
        let department = line.department?;
        if line.source != FundingSource::Department {
            return Some("is told for the source DEPARTMENT only".to_owned());
        }
        let is_council = self.departmental_councils.contains(&department);
        (!is_council)
            .then(|| format!("departments/{department} is not one of the councils of the text"))
    }

    /// A group has members, and its support establishment is one of them.
    pub(super) fn grouping_defects(&self, entities: &BTreeSet<Finess>) -> Option<FieldDefect> {
        let grouping = self.grouping.as_ref()?;
        if entities.contains(&grouping.support_entity) && entities.len() > 1 {
            return None;
        }
        let explanation = format!(
            "legalEntities/{} must be one of at least two legal entities of the text, the members of the group (CSP R6132-19-3)",
            grouping.support_entity
        );
        let field = "text.content.grouping.support_entity";
        Some(FieldDefect::new(field, explanation))
    }
}

impl Commitment {
    fn defects(&self, field: &str, objectives: &BTreeSet<&str>, defects: &mut Vec<FieldDefect>) {
        if !self.objective.is_empty() && !objectives.contains(self.objective.as_str()) {
            let explanation = format!("the text has no objective {:?}", self.objective);
            defects.push(FieldDefect::new(format!("{field}.objective"), explanation));
        }
        defects.extend(repeated_codes(
            &format!("{field}.indicators"),
            &self.indicators,
        ));
        for (i, indicator) in self.indicators.iter().enumerate() {
            let mut years = BTreeSet::new();
            if indicator
                .targets
                .iter()
                .any(|target| !years.insert(target.year))
            {
                let field = format!("{field}.indicators[{i}].targets");
                defects.push(FieldDefect::new(field, "one value a year"));
            }
        }
    }
}

impl Owner {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ars => "ARS",
            Self::Establishment => "ESTABLISHMENT",
            Self::Both => "BOTH",
        }
    }
}

impl FundingSource {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fir => "FIR",
            Self::Mig => "MIG",
            Self::Ac => "AC",
            Self::Daf => "DAF",
            Self::Ifaq => "IFAQ",
            Self::Drl => "DRL",
            Self::Department => "DEPARTMENT",
            Self::Other => "OTHER",
        }
    }
}

impl Confidentiality {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "PUBLIC",
            Self::BusinessSecret => "BUSINESS_SECRET",
            Self::CareQuality => "CARE_QUALITY",
            Self::Personal => "PERSONAL",
            Self::Preparatory => "PREPARATORY",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_a_text_names_already_stays_and_another_is_new() {
        let annex = |code: &str, file: &str| Annex {
            code: code.to_owned(),
            title: "Plan".to_owned(),
            text: String::new(),
            file_sha256: file.to_owned(),
            confidentiality: Confidentiality::Public,
        };
        let before = [annex("A1", "aa"), annex("A2", "")];
        // The same file under another code, no file, and a file that nobody named yet.
        let after = [annex("A3", "aa"), annex("A4", ""), annex("A1", "bb")];
        let files = |annexes: &[&Annex]| {
            annexes
                .iter()
                .map(|one| one.file_sha256.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(files(&newly_filed(&after, &before)), ["bb"]);
        assert_eq!(files(&newly_filed(&after, &[])), ["aa", "bb"]);
        assert!(newly_filed(&before, &after).is_empty());
    }
}
