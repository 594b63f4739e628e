use proto::targets::v1::{
    ActivityMode, AgreeInflectionRequest, CloseDialogueRequest, DiagnosisFinding, DialogueSession,
    DialogueState, DropInflectionRequest, Evidence, EvidenceKind, Flow, GetDialogueRequest,
    Inflection, InflectionDirection, InflectionProposal, InflectionState,
    ListConsistencyWarningsRequest, ListInflectionsRequest, OpenDialogueRequest, Participant,
    Position, ProjectedTerritory, ProjectionInput, ProjectionParameters, ProposeInflectionRequest,
    RecordDiagnosisRequest, RecordPositionRequest, RecordSessionRequest, RetainProjectionRequest,
    SimulateProductionRequest, Stance, TerritoryDialogue,
    dialogue_service_client::DialogueServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::{
    frameworks::line,
    world::{
        Contract, ENTITY, OTHER_ENTITY, OTHER_SITE, SITE, World, contract_manager, director,
        manager, stays,
    },
};

const TERRITORY: &str = "territoryVersions/zones-93-2023/territories/83-TOULON";

fn cited(kind: EvidenceKind, reference: &str) -> Evidence {
    Evidence {
        kind: kind.into(),
        reference: reference.to_owned(),
        locator: "83-TOULON;CHIRURGIE;2022".to_owned(),
        figure: "98,4 pour 1 000".to_owned(),
    }
}

pub(crate) fn both() -> Vec<Evidence> {
    vec![
        cited(
            EvidenceKind::PublishedRate,
            "publishedRateSets/chirurgie/versions/1",
        ),
        cited(
            EvidenceKind::CaseMix,
            "caseMixImports/0191d3a8-0000-7000-8000-000000000001",
        ),
    ]
}

/// From 1,000 stays in 2022 to 1,100 in 2024.
pub(crate) fn proposal() -> InflectionProposal {
    InflectionProposal {
        activity: "CHIRURGIE".to_owned(),
        mode: ActivityMode::All.into(),
        indicator: "MCO_STAYS".to_owned(),
        unit: proto::types::v1::Unit::Stays.into(),
        direction: InflectionDirection::Develop.into(),
        from_value: "1000".to_owned(),
        from_year: 2022,
        to_value: "1100".to_owned(),
        horizon: 2024,
        rationale: "Le taux de recours est inférieur à celui de la région.".to_owned(),
        evidence: both(),
    }
}

pub(crate) fn projection() -> ProjectionInput {
    let flow = |territory: &str, producer: &str, cases: &str| Flow {
        territory: territory.to_owned(),
        producer: producer.to_owned(),
        cases: cases.to_owned(),
    };
    let residence = |territory: &str, population, rate: &str| ProjectedTerritory {
        territory: territory.to_owned(),
        population,
        crude_rate: rate.to_owned(),
        standardised_rate: rate.to_owned(),
    };
    ProjectionInput {
        activity: "CHIRURGIE".to_owned(),
        unit: proto::types::v1::Unit::Stays.into(),
        parameters: Some(ProjectionParameters {
            rebalancing: "0.5".to_owned(),
            reference_rate: "110".to_owned(),
            yearly_trend_percent: "0".to_owned(),
            inadequacy_factor: "1".to_owned(),
            base_year: 2022,
            horizon: 2027,
        }),
        territories: vec![residence("A", 10_000, "100"), residence("B", 5_000, "120")],
        flows: vec![
            flow("A", SITE, "800"),
            flow("A", "OUTSIDE", "200"),
            flow("B", SITE, "100"),
            flow("B", OTHER_SITE, "500"),
        ],
        source: "PMSI MCO 2022 ; INSEE 2022".to_owned(),
    }
}

impl World {
    pub(crate) fn dialogues(&self, persona: &Persona) -> DialogueServiceClient<Peer> {
        DialogueServiceClient::new(self.service.peer(persona))
    }

    /// The territory, the published rates and the import that the tests speak of, as imports leave them.
    async fn citable(&self) {
        let mut owner = self.service.database.owner().await;
        sqlx::raw_sql(
            "insert into territory_version
                 (id, kind, composed_of, region, valid_from, geography, source, file_name, sha256, territories, areas,
                  created_at)
             values
                 ('zones-93-2023', 'scheme_zone', 'commune', '93', '2023-01-01',
                  'nomenclatures/geography/versions/2023', 'ARS', 'z.csv', repeat('0', 64), 1, 1, now())
             on conflict do nothing;
             insert into territory (version, code, title, areas)
             values ('zones-93-2023', '83-TOULON', 'Toulon', array['83137'])
             on conflict do nothing;
             insert into published_rate_set
                 (series, version, region, title, field, year, unit, basis, population_year, method, sources, correction,
                  data_version, threshold, rates, suppressed, csv, json, sha256, published_at)
             values
                 ('chirurgie', 1, '93', 'Chirurgie', 'mco', 2022, 'stays', '', 2020, 'm', 's', '', 'v', 11, 0, 0, '', '',
                  repeat('0', 64), now())
             on conflict do nothing;
             insert into case_mix_import
                 (id, region, field, nomenclature, source, extraction_date, file_name, sha256, accepted_gates,
                  justification, applied_at)
             values
                 ('0191d3a8-0000-7000-8000-000000000001', '93', 'mco', 'nomenclatures/ghm/versions/11i', 'ATIH',
                  '2023-06-01', 'c.csv', repeat('0', 64), '{}', '', now())
             on conflict do nothing;",
        )
        .execute(&mut owner)
        .await
        .unwrap();
    }

    /// A dialogue to which both entities were invited, and the users.
    pub(crate) async fn dialogue(&self) -> TerritoryDialogue {
        self.citable().await;
        let invited = |finess: &str, title: &str| Participant {
            finess: finess.to_owned(),
            title: title.to_owned(),
        };
        let request = OpenDialogueRequest {
            region: "93".to_owned(),
            territory: TERRITORY.to_owned(),
            title: "Chirurgie dans le bassin toulonnais".to_owned(),
            participants: vec![
                invited(ENTITY, "CH"),
                invited(OTHER_ENTITY, "Clinique"),
                invited("", "Représentants des usagers"),
            ],
            request_id: request_id(),
        };
        let mut client = self.dialogues(&contract_manager());
        client.open_dialogue(request).await.unwrap().into_inner()
    }

    pub(crate) async fn propose(
        &self,
        dialogue: &TerritoryDialogue,
        proposal: InflectionProposal,
    ) -> Result<Inflection, Status> {
        let request = ProposeInflectionRequest {
            dialogue: dialogue.name.clone(),
            proposal: Some(proposal),
            request_id: request_id(),
        };
        let mut client = self.dialogues(&contract_manager());
        Ok(client.propose_inflection(request).await?.into_inner())
    }

    pub(crate) async fn position(
        &self,
        persona: &Persona,
        inflection: &Inflection,
        finess: &str,
        stance: Stance,
        reasons: &str,
    ) -> Result<Inflection, Status> {
        let request = RecordPositionRequest {
            name: inflection.name.clone(),
            etag: inflection.etag.clone(),
            position: Some(Position {
                finess: finess.to_owned(),
                stance: stance.into(),
                reasons: reasons.to_owned(),
                ..Default::default()
            }),
            request_id: request_id(),
        };
        let mut client = self.dialogues(persona);
        Ok(client.record_position(request).await?.into_inner())
    }

    async fn agree_inflection(&self, inflection: &Inflection) -> Result<Inflection, Status> {
        let request = AgreeInflectionRequest {
            name: inflection.name.clone(),
            etag: inflection.etag.clone(),
            request_id: request_id(),
        };
        let mut client = self.dialogues(&manager());
        Ok(client.agree_inflection(request).await?.into_inner())
    }

    /// An inflection that one establishment supports and the other one is against.
    async fn agreed_inflection(&self) -> Inflection {
        let dialogue = self.dialogue().await;
        let proposed = self.propose(&dialogue, proposal()).await.unwrap();
        let one = self
            .position(&director(ENTITY), &proposed, ENTITY, Stance::InFavour, "")
            .await
            .unwrap();
        let both = self
            .position(
                &contract_manager(),
                &one,
                OTHER_ENTITY,
                Stance::Against,
                "Le bloc est saturé.",
            )
            .await
            .unwrap();
        self.agree_inflection(&both).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inflection_without_evidence_is_refused_and_told_what_is_missing() {
    let world = World::new().await;
    let dialogue = world.dialogue().await;
    let with = |evidence| InflectionProposal {
        evidence,
        ..proposal()
    };
    for (evidence, missing) in [
        (Vec::new(), "published rate"),
        (both()[1..].to_vec(), "published rate"),
        (both()[..1].to_vec(), "case-mix figure"),
    ] {
        let status = world.propose(&dialogue, with(evidence)).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::InvalidArgument, "EVIDENCE_MISSING")
        );
        assert!(status.message().contains(missing), "{status}");
    }
    let made_up = vec![
        cited(
            EvidenceKind::PublishedRate,
            "publishedRateSets/chirurgie/versions/2",
        ),
        both()[1].clone(),
    ];
    let status = world.propose(&dialogue, with(made_up)).await.unwrap_err();
    assert_eq!(wrong_fields(&status), ["proposal.evidence[0].reference"]);
    let contradicted = InflectionProposal {
        direction: InflectionDirection::Moderate.into(),
        ..proposal()
    };
    let status = world.propose(&dialogue, contradicted).await.unwrap_err();
    assert_eq!(wrong_fields(&status), ["proposal.to_value"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_agree_once_all_have_spoken_and_dissent_stays_in_the_history() {
    let world = World::new().await;
    let dialogue = world.dialogue().await;
    let proposed = world.propose(&dialogue, proposal()).await.unwrap();
    let early = world.agree_inflection(&proposed).await.unwrap_err();
    assert_eq!(reason(&early), "POSITIONS_MISSING");
    assert!(early.message().contains(OTHER_ENTITY), "{early}");

    let for_another = world
        .position(
            &director(ENTITY),
            &proposed,
            OTHER_ENTITY,
            Stance::InFavour,
            "",
        )
        .await
        .unwrap_err();
    assert_eq!(for_another.code(), Code::PermissionDenied);
    let silent = world
        .position(&director(ENTITY), &proposed, ENTITY, Stance::Against, "")
        .await
        .unwrap_err();
    assert_eq!(reason(&silent), "DISSENT_WITHOUT_REASONS");

    let agreed = world.agreed_inflection().await;
    assert_eq!(agreed.state(), InflectionState::Agreed);
    assert!(agreed.disputed);
    assert!(!agreed.decided_by.is_empty());
    let history = world.history(&agreed.name).await;
    let last = history.last().unwrap();
    assert!(last.r#type.ends_with("InflectionAgreed"));
    let told = String::from_utf8(last.canonical.clone()).unwrap();
    assert!(told.contains("Le bloc est saturé."), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialogue_gathers_sessions_and_diagnosis_and_closes_when_all_is_decided() {
    let world = World::new().await;
    let dialogue = world.dialogue().await;
    let mut client = world.dialogues(&contract_manager());
    let session = RecordSessionRequest {
        name: dialogue.name.clone(),
        etag: dialogue.etag.clone(),
        session: Some(DialogueSession {
            date: "2023-11-14".to_owned(),
            subject: "Diagnostic partagé".to_owned(),
            minutes: "Les taux publiés sont présentés.".to_owned(),
            present: vec![ENTITY.to_owned()],
        }),
        request_id: request_id(),
    };
    let dialogue = client.record_session(session).await.unwrap().into_inner();
    let diagnosis = RecordDiagnosisRequest {
        name: dialogue.name.clone(),
        etag: dialogue.etag.clone(),
        finding: Some(DiagnosisFinding {
            statement: "Recours inférieur de 8 % à la région.".to_owned(),
            evidence: both(),
        }),
        request_id: request_id(),
    };
    let dialogue = client
        .record_diagnosis(diagnosis)
        .await
        .unwrap()
        .into_inner();
    assert_eq!((dialogue.sessions.len(), dialogue.diagnosis.len()), (1, 1));

    let proposed = world.propose(&dialogue, proposal()).await.unwrap();
    let close = CloseDialogueRequest {
        name: dialogue.name.clone(),
        etag: dialogue.etag.clone(),
        conclusion: "Aucune inflexion retenue.".to_owned(),
        request_id: request_id(),
    };
    let mut manager = world.dialogues(&manager());
    let undecided = manager.close_dialogue(close.clone()).await.unwrap_err();
    assert_eq!(reason(&undecided), "INFLECTIONS_UNDECIDED");
    let drop = DropInflectionRequest {
        name: proposed.name,
        etag: proposed.etag,
        reasons: "La démographie médicale ne le permet pas.".to_owned(),
        request_id: request_id(),
    };
    let dropped = manager.drop_inflection(drop).await.unwrap().into_inner();
    assert_eq!(dropped.state(), InflectionState::Dropped);
    let close = CloseDialogueRequest {
        request_id: request_id(),
        ..close
    };
    let closed = manager.close_dialogue(close).await.unwrap().into_inner();
    assert_eq!(closed.state(), DialogueState::Closed);
    let late = world.propose(&closed, proposal()).await.unwrap_err();
    assert_eq!(reason(&late), "DIALOGUE_CLOSED");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_not_invited_sees_nothing_of_a_dialogue() {
    let world = World::new().await;
    let agreed = world.agreed_inflection().await;
    let request = GetDialogueRequest {
        name: agreed.dialogue.clone(),
    };
    let mut invited = world.dialogues(&director(ENTITY));
    assert!(invited.get_dialogue(request.clone()).await.is_ok());
    for stranger in [director(SITE), Persona::human("manager").region("94")] {
        let mut client = world.dialogues(&stranger);
        let status = client.get_dialogue(request.clone()).await.unwrap_err();
        assert_eq!(status.code(), Code::NotFound);
        let listed = client
            .list_inflections(ListInflectionsRequest::default())
            .await
            .unwrap();
        assert!(listed.into_inner().inflections.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_what_if_changes_nothing_and_a_retained_projection_keeps_its_parameters() {
    let world = World::new().await;
    let dialogue = world.dialogue().await;
    let mut client = world.dialogues(&contract_manager());
    let simulate = SimulateProductionRequest {
        input: Some(projection()),
    };
    let simulated = client
        .simulate_production(simulate)
        .await
        .unwrap()
        .into_inner();
    let consumption: Vec<&str> = simulated
        .consumption
        .iter()
        .map(|row| row.consumption.as_str())
        .collect();
    // 10,000 at 105 per 1,000 and 5,000 at 115.
    assert_eq!(consumption, ["1050", "575"]);
    let unchanged = GetDialogueRequest {
        name: dialogue.name.clone(),
    };
    let read = client.get_dialogue(unchanged).await.unwrap().into_inner();
    assert_eq!(read, dialogue);

    let retain = RetainProjectionRequest {
        name: dialogue.name.clone(),
        etag: dialogue.etag.clone(),
        input: Some(projection()),
        reasons: "Rééquilibrage de moitié, débattu le 14 novembre.".to_owned(),
        request_id: request_id(),
    };
    let retained = client.retain_projection(retain).await.unwrap().into_inner();
    let [kept] = retained.projections.as_slice() else {
        panic!("{retained:?}");
    };
    assert_eq!(kept.input, Some(projection()));
    assert_eq!(kept.result, Some(simulated));

    let mut wrong = projection();
    wrong.flows.pop();
    wrong.flows.pop();
    let simulate = SimulateProductionRequest { input: Some(wrong) };
    let status = client.simulate_production(simulate).await.unwrap_err();
    assert_eq!(wrong_fields(&status), ["input.territories[1]"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn objectives_come_from_agreed_inflections_and_warnings_show_the_gap() {
    let world = World::new().await;
    let agreed = world.agreed_inflection().await;
    world
        .agreed_framework("2024-01-01", vec![line("CHIRURGIE")])
        .await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let mut derived = stays("a", SITE);
    derived.inflection = agreed.name.clone();
    let set = world.create(&contract, vec![derived.clone()]).await;
    assert_eq!(set.objectives[0].inflection, agreed.name);

    let request = ListConsistencyWarningsRequest {
        name: set.name.clone(),
    };
    let warnings = world
        .target_sets(&contract_manager())
        .list_consistency_warnings(request)
        .await
        .unwrap()
        .into_inner()
        .warnings;
    let found: Vec<(&str, &str, &str)> = warnings
        .iter()
        .map(|warning| {
            (
                warning.code.as_str(),
                warning.figure.as_str(),
                warning.compared_with.as_str(),
            )
        })
        .collect();
    assert_eq!(found, [("SHARES_DIFFER_FROM_INFLECTION", "1200", "1100")]);
    // A warning prevents nothing.
    assert!(world.agree(&contract_manager(), &set).await.is_ok());

    let other = Contract::of(OTHER_ENTITY, OTHER_SITE);
    world.drafted(&other).await;
    world.create(&other, vec![stays("b", OTHER_SITE)]).await;
    let mut unknown = stays("b", OTHER_SITE);
    unknown.inflection = "inflections/0191d3a8-0000-7000-8000-000000000009".to_owned();
    let create = proto::targets::v1::CreateTargetSetRequest {
        contract: other.name(),
        objectives: vec![unknown],
        request_id: request_id(),
        ..Default::default()
    };
    let status = world
        .target_sets(&contract_manager())
        .create_target_set(create)
        .await
        .unwrap_err();
    assert_eq!(wrong_fields(&status), ["objectives[0].inflection"]);
}
