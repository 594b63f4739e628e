//! Amendments: who proposes, what they may change, how they are weighed, numbered, signed and read (guard C9).

use anyhow::Context as _;
use cpom_tests::scenario::{CONSULTATION, patiently};
use cucumber::{given, then, when};
use proto::contracts::v1::{
    AcknowledgeImpactRequest, AgreeToAmendmentRequest, Amendment, AmendmentChanges,
    AmendmentReason, ConsolidatedContract, FreezeAmendmentRequest, FundingLine, FundingSource,
    GetAmendmentRequest, GetConsolidatedContractRequest, GetImpactReviewRequest, ImpactReview,
    ListAmendmentsRequest, OpenAmendmentNegotiationRequest, OpinionSense, ProposeAmendmentRequest,
    RecordAmendmentOpinionRequest, RejectAmendmentRequest, SignAmendmentRequest,
    StrategicObjective, WithdrawAmendmentRequest,
};
use testkit::request_id;

use crate::{
    figures::{AmendmentStage, Day, Side, Someone},
    world::Specification,
};

/// Money for one year; the same line again replaces it.
fn funding(amount_eur: &str) -> AmendmentChanges {
    AmendmentChanges {
        put_funding: vec![FundingLine {
            code: "F1".to_owned(),
            label: "Aide à l’investissement".to_owned(),
            source: FundingSource::Fir.into(),
            year: 2027,
            amount_eur: amount_eur.to_owned(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

pub(super) async fn propose(
    world: &mut Specification,
    who: Someone,
    day: Day,
    changes: AmendmentChanges,
    reason: AmendmentReason,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let request = ProposeAmendmentRequest {
        contract: world.contract()?.name,
        reason: reason.into(),
        title: "Avenant".to_owned(),
        effect_date: day.0.to_string(),
        changes: Some(changes),
        consultations: vec![CONSULTATION.to_owned()],
        request_id: request_id(),
    };
    let answer = client.propose_amendment(request).await;
    world.amendment_answer(answer)
}

#[when(expr = "{personne} propose un avenant portant le financement à {word} euros le {jour}")]
async fn proposes_money(
    world: &mut Specification,
    who: Someone,
    amount: String,
    day: Day,
) -> anyhow::Result<()> {
    let (changes, reason) = (funding(&amount), AmendmentReason::Funding);
    propose(world, who, day, changes, reason).await
}

#[when(expr = "{personne} propose un avenant sans motif")]
async fn proposes_without_reason(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let day = "1er juin 2026".parse()?;
    let reason = AmendmentReason::Unspecified;
    propose(world, who, day, funding("1000"), reason).await
}

#[when(expr = "{personne} propose un avenant qui change le titulaire du CPOM")]
async fn proposes_another_holder(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let other = world.other_entity()?.finess;
    let changes = AmendmentChanges {
        legal_entities: vec![format!("legalEntities/{other}")],
        ..funding("1000")
    };
    let day = "1er juin 2026".parse()?;
    propose(world, who, day, changes, AmendmentReason::PerimeterChange).await
}

#[when(expr = "{personne} propose un avenant prolongeant le CPOM jusqu’au {jour}")]
async fn proposes_a_longer_term(
    world: &mut Specification,
    who: Someone,
    last_day: Day,
) -> anyhow::Result<()> {
    let changes = AmendmentChanges {
        end_date: last_day.0.to_string(),
        ..Default::default()
    };
    let day = "1er juin 2026".parse()?;
    propose(world, who, day, changes, AmendmentReason::MidtermRevision).await
}

/// So many objectives, with codes of their own.
fn objectives(prefix: &str, count: usize) -> AmendmentChanges {
    let objective = |rank: usize| StrategicObjective {
        axis: "A".to_owned(),
        title: format!("Objectif nouveau {rank}"),
        code: format!("{prefix}{rank}"),
        ..Default::default()
    };
    AmendmentChanges {
        put_objectives: (1..=count).map(objective).collect(),
        ..Default::default()
    }
}

#[when(expr = "{personne} propose un avenant ajoutant {int} objectifs stratégiques")]
async fn proposes_objectives(
    world: &mut Specification,
    who: Someone,
    count: usize,
) -> anyhow::Result<()> {
    let (changes, day) = (objectives("N", count), "1er juin 2026".parse()?);
    propose(world, who, day, changes, AmendmentReason::RevisionPrs).await
}

#[when(expr = "{personne} ouvre la négociation de l’avenant")]
pub(super) async fn opens_the_negotiation(
    world: &mut Specification,
    who: Someone,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let Amendment { name, etag, .. } = world.amendment()?;
    let request = OpenAmendmentNegotiationRequest {
        name,
        etag,
        request_id: request_id(),
    };
    let answer = client.open_amendment_negotiation(request).await;
    world.amendment_answer(answer)
}

#[when(expr = "{personne} approuve l’avenant")]
pub(super) async fn agrees(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let Amendment { name, etag, .. } = world.amendment()?;
    let request = AgreeToAmendmentRequest {
        name,
        etag,
        request_id: request_id(),
    };
    let answer = client.agree_to_amendment(request).await;
    world.amendment_answer(answer)
}

#[when(expr = "{personne} rejette l’avenant")]
async fn rejects(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let Amendment { name, etag, .. } = world.amendment()?;
    let request = RejectAmendmentRequest {
        name,
        etag,
        reasons: "Le financement ne couvre pas le besoin.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.reject_amendment(request).await;
    world.amendment_answer(answer)
}

#[when(expr = "{personne} retire l’avenant")]
async fn withdraws(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let Amendment { name, etag, .. } = world.amendment()?;
    let request = WithdrawAmendmentRequest {
        name,
        etag,
        reasons: "À revoir.".to_owned(),
        request_id: request_id(),
    };
    let answer = client.withdraw_amendment(request).await;
    world.amendment_answer(answer)
}

#[given("l’avis des instances sur l’avenant")]
#[when("les instances donnent leur avis sur l’avenant")]
pub(super) async fn bodies_give_their_opinion(world: &mut Specification) -> anyhow::Result<()> {
    gives_its_opinion(world, CONSULTATION).await
}

#[when("le ministre de la défense donne son avis sur l’avenant")]
async fn the_minister_gives_its_opinion(world: &mut Specification) -> anyhow::Result<()> {
    gives_its_opinion(world, "Ministre de la défense").await
}

async fn gives_its_opinion(world: &mut Specification, body: &str) -> anyhow::Result<()> {
    let manager = world.persona(Someone::ContractManager)?;
    let mut client = world.suite()?.amendments(&manager)?;
    let Amendment { name, etag, .. } = world.amendment()?;
    let request = RecordAmendmentOpinionRequest {
        name,
        etag,
        body: body.to_owned(),
        sense: OpinionSense::Favourable.into(),
        date: "2026-03-02".to_owned(),
        comment: String::new(),
        request_id: request_id(),
    };
    let answer = client.record_amendment_opinion(request).await;
    world.amendment_answer(answer)
}

#[when(expr = "{personne} prend acte de l’étude d’impact")]
pub(super) async fn acknowledges(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let impact = impact(world).await?;
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let Amendment { name, etag, .. } = world.amendment()?;
    let request = AcknowledgeImpactRequest {
        name,
        etag,
        impact_sha256: impact.sha256,
        request_id: request_id(),
    };
    let answer = client.acknowledge_impact(request).await;
    world.amendment_answer(answer)
}

#[when(expr = "{personne} fige l’avenant à signer")]
pub(super) async fn freezes(world: &mut Specification, who: Someone) -> anyhow::Result<()> {
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let Amendment { name, etag, .. } = world.amendment()?;
    let request = FreezeAmendmentRequest {
        name,
        etag,
        request_id: request_id(),
    };
    let answer = client.freeze_amendment(request).await;
    world.amendment_answer(answer)
}

#[when(expr = "{personne} signe l’avenant pour {partie}")]
pub(super) async fn signs(
    world: &mut Specification,
    who: Someone,
    side: Side,
) -> anyhow::Result<()> {
    let mut client = world.suite()?.amendments(&world.persona(who)?)?;
    let Amendment {
        name,
        etag,
        document_sha256,
        ..
    } = world.amendment()?;
    let request = SignAmendmentRequest {
        name,
        etag,
        party: world.party(side)?,
        signatory_title: "En sa qualité".to_owned(),
        document_sha256,
        request_id: request_id(),
    };
    let answer = client.sign_amendment(request).await;
    world.amendment_answer(answer)
}

#[given(expr = "un avenant approuvé portant le financement à {word} euros le {jour}")]
async fn an_agreed_amendment(
    world: &mut Specification,
    amount: String,
    day: Day,
) -> anyhow::Result<()> {
    proposes_money(world, Someone::ContractManager, amount, day).await?;
    opens_the_negotiation(world, Someone::Director).await?;
    agrees(world, Someone::Manager).await?;
    agrees(world, Someone::Director).await?;
    world.nothing_refused()
}

#[given(expr = "un avenant prêt à être signé portant le financement à {word} euros le {jour}")]
async fn an_amendment_to_sign(
    world: &mut Specification,
    amount: String,
    day: Day,
) -> anyhow::Result<()> {
    an_agreed_amendment(world, amount, day).await?;
    bodies_give_their_opinion(world).await?;
    acknowledges(world, Someone::Manager).await?;
    freezes(world, Someone::Manager).await?;
    world.nothing_refused()
}

#[given(expr = "un avenant signé portant le financement à {word} euros le {jour}")]
async fn a_signed_amendment(
    world: &mut Specification,
    amount: String,
    day: Day,
) -> anyhow::Result<()> {
    an_amendment_to_sign(world, amount, day).await?;
    signs(world, Someone::DirectorGeneral, Side::Ars).await?;
    signs(world, Someone::Director, Side::Establishment).await?;
    world.nothing_refused()
}

#[given(expr = "un avenant signé ajoutant {int} objectifs stratégiques le {jour}")]
async fn a_signed_amendment_of_objectives(
    world: &mut Specification,
    count: usize,
    day: Day,
) -> anyhow::Result<()> {
    let (changes, reason) = (objectives("S", count), AmendmentReason::RevisionPrs);
    propose(world, Someone::ContractManager, day, changes, reason).await?;
    opens_the_negotiation(world, Someone::Director).await?;
    agrees(world, Someone::Manager).await?;
    agrees(world, Someone::Director).await?;
    bodies_give_their_opinion(world).await?;
    acknowledges(world, Someone::Manager).await?;
    freezes(world, Someone::Manager).await?;
    signs(world, Someone::DirectorGeneral, Side::Ars).await?;
    signs(world, Someone::Director, Side::Establishment).await?;
    world.nothing_refused()
}

#[then("l’étude d’impact cite l’avenant signé qui prend effet ensuite")]
async fn the_later_amendment_is_shown(world: &mut Specification) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let later = impact(world).await?.later_amendments;
    let days: Vec<_> = later.iter().map(|one| &*one.effect_date).collect();
    assert_eq!(days, ["2027-01-01"]);
    Ok(())
}

async fn impact(world: &Specification) -> anyhow::Result<ImpactReview> {
    let manager = world.persona(Someone::Manager)?;
    let name = world.amendment()?.name;
    let mut client = world.suite()?.amendments(&manager)?;
    let request = GetImpactReviewRequest { name };
    Ok(client.get_impact_review(request).await?.into_inner())
}

#[then(expr = "l’étude d’impact fait passer le financement de {word} à {word} euros")]
async fn the_money_moves(
    world: &mut Specification,
    before: String,
    after: String,
) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let impact = impact(world).await?;
    let moved = impact.money.first().context("money moves")?;
    assert_eq!((&moved.before_eur, &moved.after_eur), (&before, &after));
    Ok(())
}

#[then("l’étude d’impact cite le constat en cours de revue")]
async fn the_finding_is_shown(world: &mut Specification) -> anyhow::Result<()> {
    let shown = impact(world).await?.findings;
    assert_eq!(shown.len(), world.findings.len());
    assert!(!shown.is_empty());
    Ok(())
}

#[then(expr = "l’avenant est {étape}")]
async fn the_amendment_is(world: &mut Specification, stage: AmendmentStage) -> anyhow::Result<()> {
    world.nothing_refused()?;
    let auditor = world.scenario()?.people.auditor();
    let mut client = world.suite()?.amendments(&auditor)?;
    let request = GetAmendmentRequest {
        name: world.amendment()?.name,
    };
    let amendment = client.get_amendment(request).await?.into_inner();
    assert_eq!(amendment.state(), stage.0);
    Ok(())
}

#[then(expr = "l’avenant porte le numéro {int}")]
fn has_the_number(world: &mut Specification, number: i32) -> anyhow::Result<()> {
    world.nothing_refused()?;
    assert_eq!(world.amendment()?.number, number);
    Ok(())
}

#[then("les signataires de l’avenant sont ceux du CPOM")]
async fn the_same_sign(world: &mut Specification) -> anyhow::Result<()> {
    let contract = world.contract_now().await?;
    assert!(!contract.required_signatories.is_empty());
    assert_eq!(
        world.amendment()?.required_signatories,
        contract.required_signatories
    );
    Ok(())
}

#[then("aucun avenant n’existe")]
async fn there_is_none(world: &mut Specification) -> anyhow::Result<()> {
    let auditor = world.scenario()?.people.auditor();
    let mut client = world.suite()?.amendments(&auditor)?;
    let request = ListAmendmentsRequest {
        contract: world.contract()?.name,
        ..Default::default()
    };
    let amendments = client.list_amendments(request).await?.into_inner();
    assert!(amendments.amendments.is_empty());
    Ok(())
}

#[then(expr = "au {jour}, le CPOM consolidé porte un financement de {word} euros")]
async fn the_fold_has(world: &mut Specification, day: Day, amount: String) -> anyhow::Result<()> {
    let text = consolidated(world, day).await?.text.unwrap_or_default();
    let content = text.content.unwrap_or_default();
    let amounts: Vec<_> = content
        .funding
        .iter()
        .map(|line| &line.amount_eur)
        .collect();
    assert_eq!(amounts, [&amount]);
    Ok(())
}

#[then(expr = "au {jour}, le CPOM consolidé ne porte aucun financement")]
async fn the_fold_has_none(world: &mut Specification, day: Day) -> anyhow::Result<()> {
    let text = consolidated(world, day).await?.text.unwrap_or_default();
    assert!(text.content.unwrap_or_default().funding.is_empty());
    Ok(())
}

pub(super) async fn consolidated(
    world: &Specification,
    day: Day,
) -> anyhow::Result<ConsolidatedContract> {
    world.nothing_refused()?;
    let auditor = world.scenario()?.people.auditor();
    let client = world.suite()?.amendments(&auditor)?;
    let request = GetConsolidatedContractRequest {
        name: world.contract()?.name,
        as_of: day.0.to_string(),
    };
    let answer = patiently(|| {
        let (mut client, request) = (client.clone(), request.clone());
        async move { client.get_consolidated_contract(request).await }
    });
    Ok(answer.await?)
}
