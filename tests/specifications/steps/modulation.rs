//! The modulation of the allowances of an EHPAD: computed, and set aside by its tariff authority (CASF R314-160, R314-174).

use anyhow::Context as _;
use cpom_tests::{
    scenario::{Trace, YEAR, wait_for},
    suite::Service,
};
use cucumber::{given, then, when};
use kernel::Finess;
use proto::targets::v1::{
    AllowanceSection, Capacity, CapacityKind, CarePublic, ComputeEhpadModulationRequest,
    IndicatorValue, ListModulationWaiversRequest, ModulationWaiver, ReceptionMode,
    RecordCapacitiesRequest, WaiveModulationRequest, WaiverReason,
    capacity_service_client::CapacityServiceClient, funding_service_client::FundingServiceClient,
    indicator_value::Content,
};
use rpc::client::Peer;
use testkit::request_id;
use tonic::Code;

use crate::{figures::Someone, world::Specification};

/// The year whose allowances would change.
const TARIFF_YEAR: i32 = 2025;
const PLACES: i32 = 100;
/// Of 36,600 days: 91.40 %.
const DAYS: &str = "33452.4";
const REASONS: &str = "Une aile fermée six mois pour travaux.";

fn site(world: &Specification) -> anyhow::Result<Finess> {
    world.entity()?.sites.first().copied().context("a site")
}

fn fundings(world: &Specification, who: Someone) -> anyhow::Result<FundingServiceClient<Peer>> {
    let peer = world
        .suite()?
        .peer(Service::Targets, &world.persona(who)?)?;
    Ok(FundingServiceClient::new(peer))
}

fn capacities(world: &Specification, who: Someone) -> anyhow::Result<CapacityServiceClient<Peer>> {
    let peer = world
        .suite()?
        .peer(Service::Targets, &world.persona(who)?)?;
    Ok(CapacityServiceClient::new(peer))
}

#[given("un EHPAD de 100 places, occupé à 91,4 % en 2024")]
async fn a_care_home(world: &mut Specification) -> anyhow::Result<()> {
    let site = site(world)?;
    let places = |kind: CapacityKind| Capacity {
        establishment: site.to_string(),
        line: "permanent".to_owned(),
        category: "500".to_owned(),
        kind: kind.into(),
        mode: ReceptionMode::Permanent.into(),
        public: CarePublic::OlderPeople.into(),
        places: PLACES,
        opening_days: 0,
        valid_from: "2017-01-01".to_owned(),
        commune: "13055".to_owned(),
        plans: Vec::new(),
        decision: "Arrêté du 2 janvier 2017".to_owned(),
    };
    let request = RecordCapacitiesRequest {
        region: world.scenario()?.people.region.code().to_owned(),
        capacities: [CapacityKind::Authorised, CapacityKind::Financed]
            .map(places)
            .into(),
        request_id: request_id(),
    };
    let client = capacities(world, Someone::ContractManager)?;
    // The registry is told by events.
    wait_for("the places are recorded", || {
        let (mut client, request) = (client.clone(), request.clone());
        async move {
            match client.record_capacities(request).await {
                Ok(recorded) => Ok(Some(recorded.into_inner())),
                Err(status) if status.code() == Code::InvalidArgument => Ok(None),
                Err(status) => Err(status.into()),
            }
        }
    })
    .await?;
    let days = IndicatorValue {
        subject: site.to_string(),
        indicator: "EHPAD_DAYS".to_owned(),
        period: YEAR.to_string(),
        content: Some(Content::Value(DAYS.to_owned())),
    };
    let entity = world.entity()?.finess;
    let scenario = world.scenario()?;
    let system = scenario.people.system_of(entity);
    let acknowledged = scenario
        .submit(&system, vec![days], &Trace::begin())
        .await?;
    anyhow::ensure!(acknowledged.accepted == 1, "{acknowledged:?}");
    Ok(())
}

fn computation(world: &Specification) -> anyhow::Result<ComputeEhpadModulationRequest> {
    Ok(ComputeEhpadModulationRequest {
        establishment: site(world)?.to_string(),
        tariff_year: TARIFF_YEAR,
        activity_year: YEAR,
        care_allowance: "1234567.00".to_owned(),
        equation_result: "1234567.00".to_owned(),
        dependence_allowance: "400000.00".to_owned(),
    })
}

#[when(expr = "{personne} calcule la modulation de 2025")]
async fn computes(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let mut client = capacities(world, who)?;
    let answer = client.compute_ehpad_modulation(computation(world)?).await?;
    world.proposal = Some(answer.into_inner());
    Ok(())
}

#[when(regex = r"^(.+) renonce à (\d+) % de la modulation (des soins|de la dépendance)$")]
async fn waives(
    world: &mut Specification,
    who: Someone,
    percent: String,
    section: String,
) -> anyhow::Result<()> {
    let section = match section.as_str() {
        "des soins" => AllowanceSection::Care,
        _ => AllowanceSection::Dependence,
    };
    decide(world, who, (section, percent), REASONS).await
}

#[when(expr = "{personne} renonce sans motifs à la modulation des soins")]
async fn waives_silently(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let whole = (AllowanceSection::Care, "100".to_owned());
    decide(world, who, whole, "").await
}

async fn decide(
    world: &mut Specification,
    who: Someone,
    (section, waived_percent): (AllowanceSection, String),
    reasons: &str,
) -> anyhow::Result<()> {
    let request = WaiveModulationRequest {
        computation: Some(computation(world)?),
        section: section.into(),
        waived_percent,
        reason: WaiverReason::Works.into(),
        reasons: reasons.to_owned(),
        decision: "Arrêté du 3 mars 2025".to_owned(),
        request_id: request_id(),
    };
    let mut client = fundings(world, who)?;
    let answer = client.waive_modulation(request).await;
    world.waiver_answer(answer)
}

/// An amount as it is written in French, as the wire has it.
fn wire(amount: &str) -> String {
    let plain = amount.chars().filter(|letter| !letter.is_whitespace());
    plain
        .map(|letter| match letter {
            ',' => '.',
            '−' => '-',
            other => other,
        })
        .collect()
}

#[then(regex = "^la modulation proposée pour les soins est de (.+) euros$")]
fn is_proposed(world: &mut Specification, amount: String) -> anyhow::Result<()> {
    let proposal = world.proposal.clone().context("a proposal")?;
    let care = proposal
        .sections
        .iter()
        .find(|one| one.section() == AllowanceSection::Care)
        .context("the care section")?;
    assert_eq!(care.change, wire(&amount));
    Ok(())
}

#[then(regex = "^(.+) euros sont écartés et (.+) euros restent$")]
fn is_divided(
    world: &mut Specification,
    set_aside: String,
    remaining: String,
) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let waiver = world.waiver.clone().context("a waiver")?;
    assert_eq!(
        (waiver.waived_change, waiver.remaining_change),
        (wire(&set_aside), wire(&remaining))
    );
    Ok(())
}

#[then("la renonciation porte le nom et les motifs de son auteur")]
async fn says_who_and_why(world: &mut Specification) -> anyhow::Result<()> {
    let all = listed(world).await?;
    let [waiver] = all.as_slice() else {
        anyhow::bail!("one waiver: {all:?}");
    };
    assert!(!waiver.decided_by.is_empty());
    assert_eq!(waiver.decided_role, "director_general");
    assert_eq!(waiver.reasons, REASONS);
    Ok(())
}

#[then("aucune renonciation n’est enregistrée")]
async fn none_is_on_record(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let all = listed(world).await?;
    assert!(all.is_empty(), "{all:?}");
    Ok(())
}

/// The waivers on record, as the agency reads them.
async fn listed(world: &Specification) -> anyhow::Result<Vec<ModulationWaiver>> {
    let request = ListModulationWaiversRequest {
        establishment: site(world)?.to_string(),
        tariff_year: TARIFF_YEAR,
    };
    let mut client = fundings(world, Someone::ContractManager)?;
    let listed = client.list_modulation_waivers(request).await?;
    Ok(listed.into_inner().waivers)
}
