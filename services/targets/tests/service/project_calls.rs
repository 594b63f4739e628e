use proto::{
    contracts::v1::AmendmentProposed,
    targets::v1::{
        AuthoriseCandidateRequest, Capacity, CapacityKind, CapacityRecording, CarePublic,
        CommissionOpinion, DropProjectCallRequest, LinkProjectCallRequest,
        ListCapacityRecordingsRequest, OpenProjectCallRequest, ProjectAuthorisation,
        ProjectCalendar, ProjectCall, ProjectCallState, ProjectCandidate, ProjectNeed,
        ProjectSpecification, PublishProjectCallRequest, ReceptionMode, RecordCapacitiesRequest,
        RecordCommissionOpinionRequest, RegisterCandidateRequest, ScheduleProjectCallRequest,
        project_call_service_client::ProjectCallServiceClient,
    },
};
use rpc::client::Peer;
use testkit::{Persona, eventually, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::{
    needs::VERSION,
    world::{Contract, SITE, World, contract_manager, director_general, manager},
};

const DECISION: &str = "Arrêté du 3 juin 2024";

fn need() -> ProjectNeed {
    ProjectNeed {
        title: "Vingt places de SESSAD".to_owned(),
        territory: format!("{VERSION}/territories/83"),
        category: "182".to_owned(),
        public: CarePublic::DisabledChildren.into(),
        places: 20,
        scheme_objective: String::new(),
        rationale: "Le taux d’équipement est le plus bas de la région.".to_owned(),
    }
}

fn calendar(deadline: &str) -> ProjectCalendar {
    ProjectCalendar {
        publication: "2024-01-15".to_owned(),
        deadline: deadline.to_owned(),
        commission: "2024-05-20".to_owned(),
    }
}

fn candidate(id: &str, received: &str) -> ProjectCandidate {
    ProjectCandidate {
        finess: String::new(),
        id: id.to_owned(),
        title: "Association".to_owned(),
        places: 20,
        received: received.to_owned(),
    }
}

impl World {
    fn calls(&self, persona: &Persona) -> ProjectCallServiceClient<Peer> {
        ProjectCallServiceClient::new(self.service.peer(persona))
    }

    async fn open_call(&self, need: ProjectNeed) -> Result<ProjectCall, Status> {
        let request = OpenProjectCallRequest {
            region: "93".to_owned(),
            need: Some(need),
            request_id: request_id(),
        };
        let mut client = self.calls(&contract_manager());
        Ok(client.open_project_call(request).await?.into_inner())
    }

    async fn schedule(
        &self,
        call: &ProjectCall,
        calendar: ProjectCalendar,
    ) -> Result<ProjectCall, Status> {
        let request = ScheduleProjectCallRequest {
            name: call.name.clone(),
            etag: call.etag.clone(),
            calendar: Some(calendar),
            request_id: request_id(),
        };
        let mut client = self.calls(&contract_manager());
        Ok(client.schedule_project_call(request).await?.into_inner())
    }

    async fn publish(&self, call: &ProjectCall) -> Result<ProjectCall, Status> {
        let request = PublishProjectCallRequest {
            name: call.name.clone(),
            etag: call.etag.clone(),
            specification: Some(ProjectSpecification {
                title: "Cahier des charges".to_owned(),
                reference: "RAA R93-2024-005".to_owned(),
                sha256: "0".repeat(64),
                criteria: vec!["Délai d’ouverture".to_owned()],
            }),
            request_id: request_id(),
        };
        let mut client = self.calls(&contract_manager());
        Ok(client.publish_project_call(request).await?.into_inner())
    }

    async fn answer(
        &self,
        call: &ProjectCall,
        candidate: ProjectCandidate,
    ) -> Result<ProjectCall, Status> {
        let request = RegisterCandidateRequest {
            name: call.name.clone(),
            etag: call.etag.clone(),
            candidate: Some(candidate),
            request_id: request_id(),
        };
        let mut client = self.calls(&contract_manager());
        Ok(client.register_candidate(request).await?.into_inner())
    }

    async fn opinion(&self, call: &ProjectCall, ranking: &[&str]) -> Result<ProjectCall, Status> {
        let request = RecordCommissionOpinionRequest {
            name: call.name.clone(),
            etag: call.etag.clone(),
            opinion: Some(CommissionOpinion {
                day: "2024-05-20".to_owned(),
                ranking: ranking.iter().map(|id| (*id).to_owned()).collect(),
                text: "Avis motivé".to_owned(),
            }),
            request_id: request_id(),
        };
        let mut client = self.calls(&contract_manager());
        Ok(client
            .record_commission_opinion(request)
            .await?
            .into_inner())
    }

    async fn authorise(
        &self,
        persona: &Persona,
        call: &ProjectCall,
        candidate: &str,
        reasons: &str,
    ) -> Result<ProjectCall, Status> {
        let request = AuthoriseCandidateRequest {
            name: call.name.clone(),
            etag: call.etag.clone(),
            authorisation: Some(ProjectAuthorisation {
                candidate: candidate.to_owned(),
                places: 20,
                decision: DECISION.to_owned(),
                reasons: reasons.to_owned(),
                ..Default::default()
            }),
            request_id: request_id(),
        };
        Ok(self
            .calls(persona)
            .authorise_candidate(request)
            .await?
            .into_inner())
    }

    async fn link(
        &self,
        call: &ProjectCall,
        recording: &str,
        amendment: &str,
    ) -> Result<ProjectCall, Status> {
        let request = LinkProjectCallRequest {
            name: call.name.clone(),
            etag: call.etag.clone(),
            capacity_recording: recording.to_owned(),
            amendment: amendment.to_owned(),
            request_id: request_id(),
        };
        let mut client = self.calls(&contract_manager());
        Ok(client.link_project_call(request).await?.into_inner())
    }

    /// A call with two answers, of which the commission prefers the first.
    async fn examined(&self) -> ProjectCall {
        self.departments().await;
        let call = self.open_call(need()).await.unwrap();
        let call = self.schedule(&call, calendar("2024-04-15")).await.unwrap();
        let call = self.publish(&call).await.unwrap();
        let call = self
            .answer(&call, candidate("one", "2024-03-01"))
            .await
            .unwrap();
        let call = self
            .answer(&call, candidate("two", "2024-04-15"))
            .await
            .unwrap();
        self.opinion(&call, &["one", "two"]).await.unwrap()
    }

    async fn recordings(
        &self,
        persona: &Persona,
        decision: &str,
    ) -> Result<Vec<CapacityRecording>, Status> {
        let request = ListCapacityRecordingsRequest {
            region: "93".to_owned(),
            decision: decision.to_owned(),
            ..Default::default()
        };
        let mut client = self.capacities(persona);
        let page = client.list_capacity_recordings(request).await?;
        Ok(page.into_inner().capacity_recordings)
    }

    /// Records twenty places under an act; returns the name of the recording.
    async fn places_under(&self, decision: &str) -> String {
        self.register(SITE, "83137").await;
        let request = RecordCapacitiesRequest {
            region: "93".to_owned(),
            capacities: vec![Capacity {
                establishment: SITE.to_owned(),
                line: "sessad".to_owned(),
                category: "182".to_owned(),
                kind: CapacityKind::Authorised.into(),
                mode: ReceptionMode::Home.into(),
                places: 20,
                valid_from: "2024-09-01".to_owned(),
                commune: "83137".to_owned(),
                decision: decision.to_owned(),
                ..Default::default()
            }],
            request_id: request_id(),
        };
        let mut client = self.capacities(&contract_manager());
        client
            .record_capacities(request)
            .await
            .unwrap()
            .into_inner()
            .name
    }
}

impl World {
    /// An amendment to a contract of the region, once it is known.
    async fn amendment(&self) -> String {
        let contract = Contract::new();
        self.drafted(&contract).await;
        let name = format!("amendments/{}", kernel::new_id());
        let proposed = AmendmentProposed {
            contract: contract.name(),
            effect_date: "2024-09-01".to_owned(),
            ..Default::default()
        };
        self.tell_of(("amendment", &name), &contract, 1, &proposed)
            .await;
        eventually("the amendment and its contract are known", || async {
            let mut owner = self.service.database.owner().await;
            let known: i64 = sqlx::query_scalar(
                "select count(*) from amendment_copy as amendment
                 join contract_copy as contract on contract.id = amendment.contract",
            )
            .fetch_one(&mut owner)
            .await
            .unwrap();
            (known == 1).then_some(())
        })
        .await;
        name
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_goes_from_a_need_to_the_places_and_the_amendment_that_follow() {
    let world = World::new().await;
    let call = world.examined().await;
    let call = world
        .authorise(&director_general(), &call, "one", "")
        .await
        .unwrap();
    assert_eq!(call.state(), ProjectCallState::Authorised);
    assert!(!call.authorisation.clone().unwrap().authorised_by.is_empty());
    assert!(call.notices.is_empty(), "{:?}", call.notices);

    let other_act = world.places_under("Un autre arrêté").await;
    let refused = world.link(&call, &other_act, "").await.unwrap_err();
    assert_eq!(reason(&refused), "PLACES_OF_ANOTHER_ACT");
    let recording = world.places_under(DECISION).await;
    let listed = world.recordings(&contract_manager(), DECISION).await;
    let listed = listed.unwrap();
    let names: Vec<&str> = listed.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, [recording.as_str()], "only those of the act");
    assert_eq!(
        (listed[0].lines, listed[0].establishments.as_slice()),
        (1, [SITE.to_owned()].as_slice())
    );
    let all = world.recordings(&contract_manager(), "").await.unwrap();
    let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, [recording.as_str(), other_act.as_str()]);
    let elsewhere = Persona::human("contract_manager").region("75");
    let denied = world.recordings(&elsewhere, "").await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    let linked = world.link(&call, &recording, "").await.unwrap();
    let stranger = format!("amendments/{}", kernel::new_id());
    let refused = world.link(&linked, "", &stranger).await.unwrap_err();
    assert_eq!(reason(&refused), "AMENDMENT_UNKNOWN");
    let amendment = world.amendment().await;
    let linked = world.link(&linked, "", &amendment).await.unwrap();
    assert_eq!(
        (linked.capacity_recordings, linked.amendment),
        (vec![recording], amendment)
    );

    let types: Vec<String> = world
        .history(&call.name)
        .await
        .iter()
        .map(|event| event.r#type.rsplit('.').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        types,
        [
            "ProjectCallOpened",
            "ProjectCallScheduled",
            "ProjectCallPublished",
            "CandidateRegistered",
            "CandidateRegistered",
            "CommissionOpinionRecorded",
            "CandidateAuthorised",
            "ProjectCallLinked",
            "ProjectCallLinked"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_director_general_authorises_and_going_another_way_than_the_opinion_has_reasons() {
    let world = World::new().await;
    let call = world.examined().await;
    let machine = Persona::system("director_general").region("93");
    for persona in [contract_manager(), machine] {
        let denied = world
            .authorise(&persona, &call, "one", "")
            .await
            .unwrap_err();
        assert_eq!(denied.code(), Code::PermissionDenied);
    }
    let silent = world
        .authorise(&director_general(), &call, "two", "")
        .await
        .unwrap_err();
    assert_eq!(reason(&silent), "CHOICE_WITHOUT_REASONS");
    let stranger = world
        .authorise(&director_general(), &call, "three", "Motif")
        .await
        .unwrap_err();
    assert_eq!(reason(&stranger), "CANDIDATE_UNKNOWN");
    let other = world
        .authorise(
            &director_general(),
            &call,
            "two",
            "Plus proche des familles",
        )
        .await
        .unwrap();
    assert_eq!(other.notices.len(), 1);
    let again = world
        .authorise(&director_general(), &other, "one", "")
        .await
        .unwrap_err();
    assert_eq!(reason(&again), "PROJECT_CALL_STATE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_departs_from_the_rule_is_told_and_late_answers_are_not_registered() {
    let world = World::new().await;
    world.departments().await;
    let mut nowhere = need();
    nowhere.territory = format!("{VERSION}/territories/99");
    let refused = world.open_call(nowhere).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["need.territory"]);

    let call = world.open_call(need()).await.unwrap();
    let early = world.publish(&call).await.unwrap_err();
    assert_eq!(reason(&early), "PROJECT_CALL_WITHOUT_CALENDAR");
    let short = world.schedule(&call, calendar("2024-02-01")).await.unwrap();
    assert_eq!(short.notices.len(), 1);
    assert!(short.notices[0].contains("R313-4-1"), "{:?}", short.notices);
    let usual = world
        .schedule(&short, calendar("2024-04-15"))
        .await
        .unwrap();
    assert!(usual.notices.is_empty(), "{:?}", usual.notices);
    let published = world.publish(&usual).await.unwrap();
    let late = world
        .answer(&published, candidate("one", "2024-04-16"))
        .await
        .unwrap_err();
    assert_eq!(reason(&late), "CANDIDATE_OUT_OF_TIME");

    let drop = DropProjectCallRequest {
        name: published.name.clone(),
        etag: published.etag.clone(),
        reasons: "Aucune réponse".to_owned(),
        request_id: request_id(),
    };
    let manager = manager();
    let dropped = world
        .calls(&manager)
        .drop_project_call(drop)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(dropped.state(), ProjectCallState::Dropped);
    assert_eq!(dropped.calendar, Some(calendar("2024-04-15")));
    assert_eq!(dropped.drop_reasons, "Aucune réponse");
}
