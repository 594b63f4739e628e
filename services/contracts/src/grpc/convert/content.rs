//! What a text says beyond its objectives.

use std::collections::BTreeSet;

use kernel::{Decimal, Department};
use proto::contracts::v1 as pb;
use rpc::{Error, Violation};

use super::{attachment, date};
use crate::domain::{
    content::{
        Annex, AssociatedParty, Clause, Commitment, Confidentiality, Content, FundingLine,
        FundingSource, Grouping, Indicator, Owner, Step, YearValue,
    },
    mark::{Authority, CompetenceMark},
    signature::Party,
    statement::Attachment,
    text::StrategicObjective,
};

pub fn objective(objective: &StrategicObjective) -> pb::StrategicObjective {
    pb::StrategicObjective {
        axis: objective.axis.clone(),
        title: objective.title.clone(),
        description: objective.description.clone(),
        code: objective.code.clone(),
        competence: objective.competence.as_ref().map(competence),
    }
}

fn competence(mark: &CompetenceMark) -> pb::CompetenceMark {
    let competence = match mark.authority {
        Authority::Ars => pb::Competence::Ars,
        Authority::Department => pb::Competence::Department,
        Authority::Joint => pb::Competence::Joint,
    };
    pb::CompetenceMark {
        competence: competence.into(),
        department: mark.department.map(council).unwrap_or_default(),
        since_date: mark.since.to_string(),
    }
}

/// The content; none when it says nothing, so that texts without it stay as they were.
pub fn content(content: &Content) -> Option<pb::ContractContent> {
    (*content != Content::default()).then(|| pb::ContractContent {
        commitments: content.commitments.iter().map(commitment).collect(),
        funding: content.funding.iter().map(funding).collect(),
        clauses: content.clauses.iter().map(clause).collect(),
        annexes: content.annexes.iter().map(annex).collect(),
        associated_parties: content.associated_parties.iter().map(associated).collect(),
        departmental_councils: councils(&content.departmental_councils),
        grouping: content.grouping.as_ref().map(|grouping| pb::Grouping {
            name: grouping.name.clone(),
            support_entity: format!("legalEntities/{}", grouping.support_entity),
            request_date: grouping.request_date.to_string(),
        }),
    })
}

pub fn commitment(commitment: &Commitment) -> pb::Commitment {
    let owner = match commitment.owner {
        Owner::Ars => pb::CommitmentOwner::Ars,
        Owner::Establishment => pb::CommitmentOwner::Establishment,
        Owner::Both => pb::CommitmentOwner::Both,
    };
    let step = |step: &Step| pb::CommitmentStep {
        title: step.title.clone(),
        due_date: step.due_date.to_string(),
    };
    pb::Commitment {
        code: commitment.code.clone(),
        objective: commitment.objective.clone(),
        owner: owner.into(),
        text: commitment.text.clone(),
        steps: commitment.steps.iter().map(step).collect(),
        indicators: commitment.indicators.iter().map(indicator).collect(),
        competence: commitment.competence.as_ref().map(competence),
    }
}

fn indicator(indicator: &Indicator) -> pb::CommitmentIndicator {
    let value = |target: &YearValue| pb::YearValue {
        year: target.year,
        value: target.value.to_string(),
    };
    pb::CommitmentIndicator {
        code: indicator.code.clone(),
        label: indicator.label.clone(),
        unit: indicator.unit.clone(),
        source: indicator.source.clone(),
        baseline_year: indicator.baseline.map(|b| b.year).unwrap_or_default(),
        baseline: indicator
            .baseline
            .map(|b| b.value.to_string())
            .unwrap_or_default(),
        targets: indicator.targets.iter().map(value).collect(),
    }
}

pub fn funding(line: &FundingLine) -> pb::FundingLine {
    pb::FundingLine {
        code: line.code.clone(),
        label: line.label.clone(),
        source: funding_source(line.source).into(),
        year: line.year,
        amount_eur: line.amount_eur.to_string(),
        condition: line.condition.clone(),
        reversible: line.reversible,
        department: line.department.map(council).unwrap_or_default(),
    }
}

/// The names of councils.
pub fn councils(councils: &BTreeSet<Department>) -> Vec<String> {
    councils.iter().copied().map(council).collect()
}

/// The name of a council.
pub fn council(council: Department) -> String {
    Party::Department(council).to_string()
}

/// Reads the name of a council in the field `department`, which may be empty.
pub fn council_from(name: &str) -> Result<Option<Department>, Error> {
    if name.is_empty() {
        return Ok(None);
    }
    let code = name.strip_prefix("departments/").unwrap_or(name);
    code.parse()
        .map(Some)
        .map_err(|error| Error::invalid("department", error))
}

pub fn funding_source(source: FundingSource) -> pb::FundingSource {
    match source {
        FundingSource::Fir => pb::FundingSource::Fir,
        FundingSource::Mig => pb::FundingSource::Mig,
        FundingSource::Ac => pb::FundingSource::Ac,
        FundingSource::Daf => pb::FundingSource::Daf,
        FundingSource::Ifaq => pb::FundingSource::Ifaq,
        FundingSource::Drl => pb::FundingSource::Drl,
        FundingSource::Department => pb::FundingSource::Department,
        FundingSource::Other => pb::FundingSource::Other,
    }
}

pub fn clause(clause: &Clause) -> pb::Clause {
    pb::Clause {
        code: clause.code.clone(),
        title: clause.title.clone(),
        text: clause.text.clone(),
        confidentiality: confidentiality(clause.confidentiality).into(),
    }
}

/// The files of annexes that are kept, in the order of the annexes.
pub fn annex_files(annexes: &[Annex], kept: &[Attachment]) -> Vec<pb::Attachment> {
    let annexes = annexes.iter();
    annexes
        .filter_map(|annex| {
            let mut files = kept.iter();
            files.find(|file| file.sha256.to_string() == annex.file_sha256)
        })
        .map(attachment)
        .collect()
}

pub fn annex(annex: &Annex) -> pb::Annex {
    pb::Annex {
        code: annex.code.clone(),
        title: annex.title.clone(),
        text: annex.text.clone(),
        file_sha256: annex.file_sha256.clone(),
        confidentiality: confidentiality(annex.confidentiality).into(),
    }
}

pub fn confidentiality(class: Confidentiality) -> pb::Confidentiality {
    match class {
        Confidentiality::Public => pb::Confidentiality::Public,
        Confidentiality::BusinessSecret => pb::Confidentiality::BusinessSecret,
        Confidentiality::CareQuality => pb::Confidentiality::CareQuality,
        Confidentiality::Personal => pb::Confidentiality::Personal,
        Confidentiality::Preparatory => pb::Confidentiality::Preparatory,
    }
}

fn associated(party: &AssociatedParty) -> pb::AssociatedParty {
    pb::AssociatedParty {
        code: party.code.clone(),
        name: party.name.clone(),
        clauses: party.clauses.clone(),
    }
}

/// Reads elements and notes, by field, what cannot be read.
#[derive(Debug, Default)]
pub struct Reader {
    pub violations: Vec<Violation>,
}

impl Reader {
    fn read<T, E: std::fmt::Display>(&mut self, field: String, value: Result<T, E>) -> Option<T> {
        value
            .map_err(|error| self.violations.push(Violation::new(field, error)))
            .ok()
    }

    fn decimal(&mut self, field: String, text: &str) -> Option<Decimal> {
        self.read(field, text.parse::<Decimal>())
    }

    /// Every element of a list, with its path.
    pub fn each<P, T>(
        &mut self,
        field: &str,
        elements: &[P],
        mut read: impl FnMut(&mut Self, &str, &P) -> Option<T>,
    ) -> Vec<T> {
        elements
            .iter()
            .enumerate()
            .filter_map(|(i, element)| read(self, &format!("{field}[{i}]"), element))
            .collect()
    }

    /// The content of a text; what is wrong is noted.
    pub fn content(&mut self, field: &str, content: &pb::ContractContent) -> Content {
        let councils = format!("{field}.departmental_councils");
        Content {
            commitments: self.each(
                &format!("{field}.commitments"),
                &content.commitments,
                Self::commitment,
            ),
            funding: self.each(&format!("{field}.funding"), &content.funding, Self::funding),
            clauses: self.each(&format!("{field}.clauses"), &content.clauses, Self::clause),
            annexes: self.each(&format!("{field}.annexes"), &content.annexes, Self::annex),
            associated_parties: content
                .associated_parties
                .iter()
                .map(associated_from)
                .collect(),
            departmental_councils: self
                .each(
                    &councils,
                    &content.departmental_councils,
                    |reader, field, name| reader.council(field, name),
                )
                .into_iter()
                .collect(),
            grouping: content
                .grouping
                .as_ref()
                .and_then(|grouping| self.grouping(&format!("{field}.grouping"), grouping)),
        }
    }

    fn grouping(&mut self, field: &str, grouping: &pb::Grouping) -> Option<Grouping> {
        let entity = &grouping.support_entity;
        let number = entity.strip_prefix("legalEntities/").unwrap_or(entity);
        let support_entity = self.read(format!("{field}.support_entity"), number.parse());
        let request_date = date("request_date", &grouping.request_date)
            .map_err(|_| "is not a day such as 2026-01-31");
        let request_date = self.read(format!("{field}.request_date"), request_date);
        Some(Grouping {
            name: grouping.name.clone(),
            support_entity: support_entity?,
            request_date: request_date?,
        })
    }

    pub fn objective(
        &mut self,
        field: &str,
        objective: &pb::StrategicObjective,
    ) -> Option<StrategicObjective> {
        Some(StrategicObjective {
            code: objective.code.clone(),
            axis: objective.axis.clone(),
            title: objective.title.clone(),
            description: objective.description.clone(),
            competence: match &objective.competence {
                None => None,
                Some(mark) => Some(self.competence(field, mark)?),
            },
        })
    }

    fn competence(&mut self, field: &str, mark: &pb::CompetenceMark) -> Option<CompetenceMark> {
        let field = format!("{field}.competence");
        let authority = match mark.competence() {
            pb::Competence::Ars => Authority::Ars,
            pb::Competence::Department => Authority::Department,
            pb::Competence::Joint => Authority::Joint,
            pb::Competence::Unspecified => {
                return self.read(format!("{field}.competence"), Err("is required"));
            }
        };
        let department = match mark.department.as_str() {
            "" => None,
            name => Some(self.council(&format!("{field}.department"), name)?),
        };
        let since =
            date("since_date", &mark.since_date).map_err(|_| "is not a day such as 2026-01-31");
        Some(CompetenceMark {
            authority,
            department,
            since: self.read(format!("{field}.since_date"), since)?,
        })
    }

    pub fn commitment(&mut self, field: &str, commitment: &pb::Commitment) -> Option<Commitment> {
        let owner = match commitment.owner() {
            pb::CommitmentOwner::Ars => Owner::Ars,
            pb::CommitmentOwner::Establishment => Owner::Establishment,
            pb::CommitmentOwner::Both => Owner::Both,
            pb::CommitmentOwner::Unspecified => {
                return self.read(format!("{field}.owner"), Err("is required"));
            }
        };
        Some(Commitment {
            code: commitment.code.clone(),
            objective: commitment.objective.clone(),
            owner,
            text: commitment.text.clone(),
            steps: self.each(
                &format!("{field}.steps"),
                &commitment.steps,
                |reader, field, step| {
                    let due_date = date("due_date", &step.due_date)
                        .map_err(|_| "is not a day such as 2026-01-31");
                    Some(Step {
                        title: step.title.clone(),
                        due_date: reader.read(format!("{field}.due_date"), due_date)?,
                    })
                },
            ),
            indicators: self.each(
                &format!("{field}.indicators"),
                &commitment.indicators,
                Self::indicator,
            ),
            competence: match &commitment.competence {
                None => None,
                Some(mark) => Some(self.competence(field, mark)?),
            },
        })
    }

    fn indicator(&mut self, field: &str, indicator: &pb::CommitmentIndicator) -> Option<Indicator> {
        let baseline = match indicator.baseline.as_str() {
            "" => None,
            text => Some(YearValue {
                year: indicator.baseline_year,
                value: self.decimal(format!("{field}.baseline"), text)?,
            }),
        };
        Some(Indicator {
            code: indicator.code.clone(),
            label: indicator.label.clone(),
            unit: indicator.unit.clone(),
            source: indicator.source.clone(),
            baseline,
            targets: self.each(
                &format!("{field}.targets"),
                &indicator.targets,
                |reader, field, target| {
                    Some(YearValue {
                        year: target.year,
                        value: reader.decimal(format!("{field}.value"), &target.value)?,
                    })
                },
            ),
        })
    }

    pub fn funding(&mut self, field: &str, line: &pb::FundingLine) -> Option<FundingLine> {
        let source = match line.source() {
            pb::FundingSource::Fir => FundingSource::Fir,
            pb::FundingSource::Mig => FundingSource::Mig,
            pb::FundingSource::Ac => FundingSource::Ac,
            pb::FundingSource::Daf => FundingSource::Daf,
            pb::FundingSource::Ifaq => FundingSource::Ifaq,
            pb::FundingSource::Drl => FundingSource::Drl,
            pb::FundingSource::Department => FundingSource::Department,
            pb::FundingSource::Other => FundingSource::Other,
            pb::FundingSource::Unspecified => {
                return self.read(format!("{field}.source"), Err("is required"));
            }
        };
        Some(FundingLine {
            code: line.code.clone(),
            label: line.label.clone(),
            source,
            year: line.year,
            amount_eur: self.decimal(format!("{field}.amount_eur"), &line.amount_eur)?,
            condition: line.condition.clone(),
            reversible: line.reversible,
            department: match line.department.as_str() {
                "" => None,
                name => Some(self.council(&format!("{field}.department"), name)?),
            },
        })
    }

    fn council(&mut self, field: &str, name: &str) -> Option<Department> {
        let code = name.strip_prefix("departments/").unwrap_or(name);
        self.read(field.to_owned(), code.parse())
    }

    pub fn clause(&mut self, field: &str, clause: &pb::Clause) -> Option<Clause> {
        Some(Clause {
            code: clause.code.clone(),
            title: clause.title.clone(),
            text: clause.text.clone(),
            confidentiality: self.confidentiality(field, clause.confidentiality())?,
        })
    }

    pub fn annex(&mut self, field: &str, annex: &pb::Annex) -> Option<Annex> {
        Some(Annex {
            code: annex.code.clone(),
            title: annex.title.clone(),
            text: annex.text.clone(),
            file_sha256: annex.file_sha256.clone(),
            confidentiality: self.confidentiality(field, annex.confidentiality())?,
        })
    }

    fn confidentiality(
        &mut self,
        field: &str,
        class: pb::Confidentiality,
    ) -> Option<Confidentiality> {
        Some(match class {
            pb::Confidentiality::Public => Confidentiality::Public,
            pb::Confidentiality::BusinessSecret => Confidentiality::BusinessSecret,
            pb::Confidentiality::CareQuality => Confidentiality::CareQuality,
            pb::Confidentiality::Personal => Confidentiality::Personal,
            pb::Confidentiality::Preparatory => Confidentiality::Preparatory,
            pb::Confidentiality::Unspecified => {
                return self.read(format!("{field}.confidentiality"), Err("is required"));
            }
        })
    }
}

fn associated_from(party: &pb::AssociatedParty) -> AssociatedParty {
    AssociatedParty {
        code: party.code.clone(),
        name: party.name.clone(),
        clauses: party.clauses.clone(),
    }
}
