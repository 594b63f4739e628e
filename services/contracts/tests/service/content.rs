//! Regimes, the content of texts, what changed between versions, and positions.

use proto::contracts::v1::{
    ChangeKind, Clause, Commitment, CommitmentIndicator, CommitmentOwner, CommitmentStep,
    Confidentiality, ContractContent, DiffVersionsRequest, FundingLine, FundingSource,
    GetRegimeRequest, ListPositionsRequest, ListRegimesRequest, ProposeVersionRequest,
    RecordPositionRequest, RegimeKind, Side, Stance, TextSection, YearValue,
};
use testkit::{reason, request_id, wrong_fields};

use crate::support::{SITE, World, auditor, contract_manager, director, manager, objectives, text};

fn content() -> ContractContent {
    ContractContent {
        commitments: vec![Commitment {
            code: "E1".into(),
            objective: "O1".into(),
            owner: CommitmentOwner::Establishment.into(),
            text: "Ouvrir l’unité de chirurgie ambulatoire".into(),
            steps: vec![CommitmentStep {
                title: "Ouverture".into(),
                due_date: "2028-01-01".into(),
            }],
            indicators: vec![CommitmentIndicator {
                code: "TX_AMBU".into(),
                label: "Taux de chirurgie ambulatoire".into(),
                unit: "%".into(),
                source: "PMSI".into(),
                baseline_year: 2025,
                baseline: "55.5".into(),
                targets: vec![YearValue {
                    year: 2028,
                    value: "66".into(),
                }],
            }],
            competence: None,
        }],
        funding: vec![FundingLine {
            code: "F1".into(),
            label: "Aide".into(),
            source: FundingSource::Fir.into(),
            year: 2027,
            amount_eur: "1234567.89".into(),
            condition: "Sur justificatifs".into(),
            reversible: true,
            department: String::new(),
        }],
        clauses: vec![Clause {
            code: "ART-1".into(),
            title: "Objet".into(),
            text: "Le présent contrat…".into(),
            confidentiality: Confidentiality::Public.into(),
        }],
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn regimes_are_dated_rows_with_their_source() {
    let world = World::new().await;
    let all = world
        .regimes(&director())
        .list_regimes(ListRegimesRequest::default())
        .await
        .unwrap()
        .into_inner()
        .regimes;
    assert!(all.len() >= 5 && all.iter().all(|regime| !regime.source.is_empty()));
    let get = |name: &str| GetRegimeRequest { name: name.into() };
    let mut client = world.regimes(&auditor());
    let hospital = client
        .get_regime(get("regimes/R2020_2025"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!((hospital.max_objectives, hospital.max_months), (10, 60));
    assert_eq!(
        (
            hospital.renewal_notice_months,
            hospital.renewal_answer_months
        ),
        (12, 4)
    );
    assert!(
        hospital
            .opinions
            .iter()
            .any(|opinion| opinion.sector == "ght")
    );
    let ehpad = client
        .get_regime(get("regimes/EHPAD_2017"))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(ehpad.kind(), RegimeKind::Ehpad);
    assert_eq!((ehpad.max_total_months, ehpad.max_extensions), (84, 2));
    assert!(ehpad.departmental_councils && !hospital.departmental_councils);
    assert!(client.get_regime(get("regimes/NONE")).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_keep_what_they_said_and_their_difference_is_told_value_by_value() {
    let world = World::new().await;
    let mut first = text(&[SITE]);
    first.content = Some(content());
    let contract = world.create(first.clone()).await.unwrap();
    assert_eq!(contract.text.as_ref().unwrap().content, Some(content()));
    assert_eq!(contract.text.as_ref().unwrap().objectives[0].code, "O1");
    let contract = world.open_negotiation(&contract).await.unwrap();

    let mut second = contract.text.clone().unwrap();
    let said = second.content.as_mut().unwrap();
    said.commitments[0].indicators[0].targets[0].value = "70".into();
    said.funding[0].amount_eur = "1234567.90".into();
    said.clauses.clear();
    second.objectives.push(objectives(1).remove(0));
    second.objectives[1].code = "O2".into();
    let request = ProposeVersionRequest {
        name: contract.name.clone(),
        etag: contract.etag.clone(),
        text: Some(second),
        comment: "Cible relevée".into(),
        request_id: request_id(),
    };
    world
        .contracts(&director())
        .propose_version(request)
        .await
        .unwrap();

    let diff = |from_version, to_version| DiffVersionsRequest {
        name: contract.name.clone(),
        from_version,
        to_version,
    };
    let mut client = world.negotiation(&auditor());
    let changes = client
        .diff_versions(diff(1, 2))
        .await
        .unwrap()
        .into_inner()
        .changes;
    let told: Vec<_> = changes
        .iter()
        .map(|c| {
            (
                c.section(),
                c.kind(),
                c.code.as_str(),
                c.field.as_str(),
                c.after.as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                TextSection::Objective,
                ChangeKind::Added,
                "O2",
                "",
                "Développer la chirurgie ambulatoire"
            ),
            (
                TextSection::Commitment,
                ChangeKind::Changed,
                "E1",
                "indicators[TX_AMBU].targets[2028]",
                "70"
            ),
            (
                TextSection::Funding,
                ChangeKind::Changed,
                "F1",
                "amount_eur",
                "1234567.90"
            ),
            (TextSection::Clause, ChangeKind::Removed, "ART-1", "", ""),
        ]
    );
    let none = client
        .diff_versions(diff(2, 2))
        .await
        .unwrap()
        .into_inner()
        .changes;
    assert_eq!(none, []);
    assert!(client.diff_versions(diff(1, 3)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_contradicts_itself_is_answered_field_by_field() {
    let world = World::new().await;
    let mut wrong = text(&[SITE]);
    let mut said = content();
    said.commitments[0].objective = "O9".into();
    said.commitments.push(said.commitments[0].clone());
    said.commitments[1].objective = "O1".into();
    said.commitments[1].steps[0].due_date = "2028-02-30".into();
    wrong.content = Some(said.clone());
    let refused = world.create(wrong.clone()).await.unwrap_err();
    assert_eq!(
        wrong_fields(&refused),
        ["text.content.commitments[1].steps[0].due_date"]
    );
    said.commitments[1].steps[0].due_date = "2028-02-28".into();
    wrong.content = Some(said);
    let refused = world.create(wrong).await.unwrap_err();
    assert_eq!(
        wrong_fields(&refused),
        [
            "text.content.commitments[1].code",
            "text.content.commitments[0].objective"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_side_takes_position_on_each_objective_of_the_current_version() {
    let world = World::new().await;
    let contract = world.create(text(&[SITE])).await.unwrap();
    let contract = world.open_negotiation(&contract).await.unwrap();
    let position = |objective: &str, text_version, stance: Stance| RecordPositionRequest {
        name: contract.name.clone(),
        text_version,
        objective: objective.into(),
        stance: stance.into(),
        comment: "Sous réserve des effectifs.".into(),
        request_id: request_id(),
        department: String::new(),
    };
    let mut theirs = world.negotiation(&director());
    theirs
        .record_position(position("O1", 1, Stance::Refused))
        .await
        .unwrap();
    let last = theirs
        .record_position(position("O1", 1, Stance::Reserved))
        .await
        .unwrap();
    assert_eq!(last.into_inner().side(), Side::Establishment);
    let mut ours = world.negotiation(&manager());
    ours.record_position(position("O1", 1, Stance::Accepted))
        .await
        .unwrap();
    let refused = ours
        .record_position(position("O2", 1, Stance::Accepted))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "UNKNOWN_ELEMENT");
    let refused = ours
        .record_position(position("O1", 2, Stance::Accepted))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "VERSION_REPLACED");

    let request = ListPositionsRequest {
        name: contract.name.clone(),
        text_version: 0,
    };
    let positions = world
        .negotiation(&contract_manager())
        .list_positions(request)
        .await
        .unwrap()
        .into_inner()
        .positions;
    let said: Vec<_> = positions.iter().map(|p| (p.side(), p.stance())).collect();
    assert_eq!(
        said,
        [
            (Side::Ars, Stance::Accepted),
            (Side::Establishment, Stance::Reserved)
        ]
    );
}
