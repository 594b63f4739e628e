//! The tariff authority sets aside all or part of a computed modulation: a decision of a person, with reasons. The proposal is
//! computed once more and kept beside; nothing here applies it.

use kernel::Reasons;
use prost::Message as _;
use proto::targets::v1 as pb;
use rpc::{Call, Error};
use store::Fact;

use crate::{
    app::{
        App,
        medicosocial::{compute_modulation::propose, get_occupancy::visible},
    },
    domain::medicosocial::{
        MedicosocialRefusal, ModulationWaiverId, Waiver,
        waiver::{self as rules, Authority},
    },
    grpc::{
        medicosocial::modulation::read_section,
        offer::tariffs::{read_reason, write_waiver},
        planning::reading,
        scalars::parse,
    },
    store::medicosocial::{
        capacity,
        waiver::{self, Decided},
    },
};

pub(crate) async fn run(
    app: &App,
    call: &Call,
    request: &pb::WaiveModulationRequest,
) -> Result<pb::ModulationWaiver, Error> {
    let by = call.human()?;
    let required = |field: &str| Error::invalid(field, "is required");
    let section = read_section(request.section()).ok_or_else(|| required("section"))?;
    let reason = read_reason(request.reason()).ok_or_else(|| required("reason"))?;
    let reasons = Reasons::try_from(request.reasons.clone())
        .map_err(|error| Error::invalid("reasons", error))?;
    let percent = parse("waived_percent", &request.waived_percent)?;
    let computation = request.computation.clone().unwrap_or_default();
    // Whose establishment it is not learns nothing, not even whose tariff the section is.
    let establishment = visible(app, call, &computation.establishment).await?;
    let authority = if call.caller.is_department() {
        Authority::Council
    } else {
        Authority::Agency
    };
    authority.check(section)?;
    let proposed = propose(app, call, &computation).await?;
    let nothing = || MedicosocialRefusal::NothingToWaive {
        section: section.as_str(),
    };
    let proposal = proposed
        .sections
        .iter()
        .find(|proposal| proposal.section == section)
        .ok_or_else(nothing)?;
    let parts = rules::parts(proposal, percent)?;
    let region = capacity::region_of(app.db.pool(), establishment)
        .await?
        .ok_or_else(|| Error::NotFound(format!("the places of {establishment}")))?;
    let mut unit = claim!(app, call, request);
    let decided = Decided {
        waiver: Waiver {
            id: ModulationWaiverId::generate(),
            region,
            establishment,
            tariff_year: proposed.tariff_year,
            section,
            percent,
            parts,
            reason,
            reasons,
            decision: request.decision.clone(),
            by,
            at: unit.at(),
        },
        proposal: proposed.write().encode_to_vec(),
    };
    waiver::insert(unit.connection(), &decided).await?;
    let reply = write_waiver(&decided)?;
    // Who decided is the actor of the event.
    let told = pb::ModulationWaived {
        region: region.to_string(),
        waiver: Some(pb::ModulationWaiver {
            decided_by: String::new(),
            ..reply.clone()
        }),
    };
    let id = decided.waiver.id;
    let fact = Fact::new("modulation_waiver", id, 1, id, region, &told)?;
    unit.append(vec![fact.because(decided.waiver.reasons.as_str())])
        .await?;
    unit.commit(&reply).await?;
    Ok(reply)
}

/// The decisions on an establishment, the oldest first.
pub(crate) async fn list(
    app: &App,
    call: &Call,
    request: &pb::ListModulationWaiversRequest,
) -> Result<pb::ListModulationWaiversResponse, Error> {
    let establishment = visible(app, call, &request.establishment).await?;
    let year = reading::year("", "tariff_year", request.tariff_year).map_err(reading::one)?;
    let year = Some(year).filter(|year| *year != 0);
    let found = waiver::of_establishment(app.db.pool(), establishment, year).await?;
    Ok(pb::ListModulationWaiversResponse {
        waivers: found.iter().map(write_waiver).collect::<Result<_, _>>()?,
    })
}
