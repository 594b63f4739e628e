//! What people may do with a programming.

use std::collections::BTreeSet;

use kernel::{Reasons, legal_time::legal_day};
use time::OffsetDateTime;

use super::{Approval, Event, Horizon, Lines, Programming, Publication, Series, State};
use crate::domain::{
    Mandate, Person, ProgrammingId, Refusal,
    contract::signing::{Entitlement, Signing},
    perimeter::RegistryView,
    person::role,
    regime::RegimeKind,
    signature::Party,
    text::FieldDefect,
};

const AGENCY: &[&str] = &[role::CONTRACT_MANAGER, role::MANAGER];
const AUTHORITIES: &[&str] = &[
    role::DIRECTOR_GENERAL,
    role::MANAGER,
    role::DEPARTMENT_PRESIDENT,
    role::DEPARTMENT_MANAGER,
];

/// The next version of a series, before it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub id: ProgrammingId,
    pub series: Series,
    pub number: i32,
    pub horizon: Horizon,
    pub lines: Lines,
    pub comment: String,
}

/// A person's act on a draft, with its contents.
#[derive(Debug, Clone)]
pub enum Act {
    Revise {
        lines: Lines,
        comment: String,
        registry: RegistryView,
    },
    /// `mandates` are those of the person who acts.
    Approve {
        authority: Party,
        title: String,
        mandates: Vec<Mandate>,
    },
    Publish(Publication),
    Discard {
        reasons: Reasons,
    },
}

/// The agency drafts a version, for a first year that is not over, of sites that the registry knows in the region.
pub fn draft(
    proposal: Proposal,
    registry: &RegistryView,
    person: &Person,
    now: OffsetDateTime,
) -> Result<Programming, Refusal> {
    person.entitled("DraftProgramming", AGENCY)?;
    let Proposal {
        id,
        series,
        number,
        horizon,
        lines,
        comment,
    } = proposal;
    let year = legal_day(now, series.region).year();
    if horizon.first_year < year {
        let explanation = format!("must not be before {year}: that year is over");
        let defect = FieldDefect::new("first_year", explanation);
        return Err(Refusal::DateOutOfRange(defect));
    }
    check_lines(&lines, &series, registry)?;
    Ok(Programming {
        id,
        series,
        number,
        horizon,
        lines,
        comment,
        state: State::Draft {
            approvals: Vec::new(),
        },
        version: 1,
        created_at: now,
        updated_at: now,
    })
}

impl Programming {
    /// Decides what a person's act does now: an event, or a refusal that changes nothing.
    pub fn decide(&self, act: Act, person: &Person, now: OffsetDateTime) -> Result<Event, Refusal> {
        let method = act.method();
        person.entitled(method, act.roles())?;
        let State::Draft { approvals } = &self.state else {
            return Err(Refusal::WrongState {
                method,
                resource: "programming",
                state: self.state.as_str(),
            });
        };
        match act {
            Act::Revise {
                lines,
                comment,
                registry,
            } => {
                check_lines(&lines, &self.series, &registry)?;
                Ok(Event::Revised { lines, comment })
            }
            Act::Approve {
                authority,
                title,
                mandates,
            } => self.approve((authority, title), &mandates, person, now),
            Act::Publish(publication) => {
                let missing: Vec<Party> = self
                    .series
                    .authorities()
                    .into_iter()
                    .filter(|party| !approvals.iter().any(|a| a.authority == *party))
                    .collect();
                if !missing.is_empty() {
                    return Err(Refusal::ApprovalsMissing { missing });
                }
                self.check_publication(&publication, now)?;
                Ok(Event::Published(publication))
            }
            Act::Discard { reasons } => Ok(Event::Discarded { reasons }),
        }
    }

    fn approve(
        &self,
        (authority, title): (Party, String),
        mandates: &[Mandate],
        person: &Person,
        now: OffsetDateTime,
    ) -> Result<Event, Refusal> {
        let authorities = self.series.authorities();
        if !authorities.contains(&authority) {
            return Err(Refusal::NotAnAuthority { party: authority });
        }
        let approvals = self.state.approvals();
        if approvals.iter().any(|a| a.authority == authority) {
            return Err(Refusal::AlreadySigned { party: authority });
        }
        let signing = Signing {
            region: self.series.region,
            contract: None,
            required: &authorities,
            signatures: &[],
            document: None,
            mandates,
            now,
        };
        let entitlement = signing.entitlement(person, authority).ok_or_else(|| {
            match signing.why_not(person, [authority]) {
                Refusal::OutsideMandate => Refusal::WrongSignatory { party: authority },
                expired => expired,
            }
        })?;
        Ok(Event::Approved(Approval {
            authority,
            by: person.human().clone(),
            title,
            mandate: match entitlement {
                Entitlement::Office => None,
                Entitlement::Mandate(id) => Some(id),
            },
            at: now,
        }))
    }

    /// From the last approval to today. A late publication is recorded as such: it happened.
    fn check_publication(
        &self,
        publication: &Publication,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let region = self.series.region;
        let today = legal_day(now, region);
        let approved = self.state.approvals().iter().map(|a| a.at).max();
        let first = approved.map_or(today, |at| legal_day(at, region));
        if publication.date < first || publication.date > today {
            let explanation = format!(
                "must lie between the last approval, {first}, and today, {today} (CASF L313-12 IV ter)"
            );
            let defect = FieldDefect::new("publication_date", explanation);
            return Err(Refusal::DateOutOfRange(defect));
        }
        Ok(())
    }
}

/// Each site is known, open, in the region, and run by the holder of its line; and the council that is competent for its
/// category decides with the agency.
fn check_lines(lines: &Lines, series: &Series, registry: &RegistryView) -> Result<(), Refusal> {
    let mut defects = Vec::new();
    for (i, line) in lines.as_slice().iter().enumerate() {
        let holders = BTreeSet::from([line.legal_entity]);
        let fields = (
            format!("lines[{i}].legal_entity"),
            format!("lines[{i}].establishments"),
        );
        defects.extend(registry.defects(
            (&fields.0, &fields.1),
            (&holders, &line.establishments),
            series.region,
        ));
    }
    if !defects.is_empty() {
        return Err(Refusal::PerimeterNotInRegistry(defects));
    }
    let sites = lines
        .as_slice()
        .iter()
        .flat_map(|line| &line.establishments);
    let missing = registry.council_missing(sites, &series.councils);
    match missing {
        Some((establishment, council)) => Err(Refusal::SignatoryMissing {
            establishment,
            party: Party::Department(council),
            regime: series.kind.as_str().to_owned(),
        }),
        None => Ok(()),
    }
}

/// Whether contracts of a kind are programmed at all.
pub fn is_programmed(kind: RegimeKind) -> bool {
    matches!(kind, RegimeKind::Ehpad | RegimeKind::Disability)
}

impl Act {
    /// The RPC that does it.
    pub fn method(&self) -> &'static str {
        match self {
            Self::Revise { .. } => "ReviseProgramming",
            Self::Approve { .. } => "ApproveProgramming",
            Self::Publish(_) => "PublishProgramming",
            Self::Discard { .. } => "DiscardProgramming",
        }
    }

    /// Who may do it. The authorization table says the same.
    pub fn roles(&self) -> &'static [&'static str] {
        match self {
            Self::Revise { .. } | Self::Publish(_) | Self::Discard { .. } => AGENCY,
            Self::Approve { .. } => AUTHORITIES,
        }
    }
}
