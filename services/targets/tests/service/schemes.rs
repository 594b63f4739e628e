use proto::targets::v1::{
    AdoptSchemeRequest, Axis, CarePublic, DraftSchemeRequest, GetPathwayReportRequest,
    GetSchemeCoverageRequest, HomeShareTarget, ListAnsweringObjectivesRequest,
    ListAxisVersionsRequest, ListSchemesRequest, Objective, PathwayStep, RecordAxesRequest,
    ReplaceSchemeRequest, Scheme, SchemeContent, SchemeObjective, SchemeState,
    scheme_service_client::SchemeServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, changes, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::{
    needs::VERSION,
    world::{
        Contract, OTHER_ENTITY, OTHER_SITE, SITE, World, contract_manager, director_general,
        manager, stays,
    },
};

const AXES: &str = "axisVersions/axes-nationaux-2011";

fn set_for(id: &str, territory: &str) -> SchemeObjective {
    SchemeObjective {
        id: id.to_owned(),
        axis: "DISABILITY_AND_AGEING".to_owned(),
        title: "Créer des places de SESSAD".to_owned(),
        territory: format!("{VERSION}/territories/{territory}"),
        category: "182".to_owned(),
        public: CarePublic::DisabledChildren.into(),
        baseline_places: 40,
        places_to_create: 20,
        places_to_transform: 10,
        horizon: 2026,
        credits: "300000.50".to_owned(),
        note: String::new(),
    }
}

fn content(valid_from: &str, objectives: Vec<SchemeObjective>) -> SchemeContent {
    SchemeContent {
        scheme_version: "SRS_2023_2028".to_owned(),
        title: "Schéma régional de santé".to_owned(),
        valid_from: valid_from.to_owned(),
        valid_to: "2028-12-31".to_owned(),
        source: "RAA du 30 octobre 2023".to_owned(),
        axes: AXES.to_owned(),
        objectives,
        home_shares: vec![HomeShareTarget {
            territory: format!("{VERSION}/territories/83"),
            public: CarePublic::OlderPeople.into(),
            percent: "25.5".to_owned(),
            horizon: 2027,
        }],
    }
}

impl World {
    pub(crate) fn schemes(&self, persona: &Persona) -> SchemeServiceClient<Peer> {
        SchemeServiceClient::new(self.service.peer(persona))
    }

    async fn draft_scheme(&self, content: SchemeContent) -> Result<Scheme, Status> {
        let request = DraftSchemeRequest {
            region: "93".to_owned(),
            content: Some(content),
            request_id: request_id(),
        };
        let mut client = self.schemes(&contract_manager());
        Ok(client.draft_scheme(request).await?.into_inner())
    }

    async fn adopt(&self, persona: &Persona, scheme: &Scheme) -> Result<Scheme, Status> {
        let request = AdoptSchemeRequest {
            name: scheme.name.clone(),
            etag: scheme.etag.clone(),
            decision: "Arrêté du 27 octobre 2023".to_owned(),
            request_id: request_id(),
        };
        Ok(self
            .schemes(persona)
            .adopt_scheme(request)
            .await?
            .into_inner())
    }

    /// A scheme for the Var and the Vaucluse, in effect from 2023 on, with the territories it needs.
    pub(crate) async fn adopted_scheme(&self) -> Scheme {
        self.departments().await;
        let objectives = vec![set_for("sessad-83", "83"), set_for("sessad-84", "84")];
        let drafted = self
            .draft_scheme(content("2023-11-01", objectives))
            .await
            .unwrap();
        self.adopt(&director_general(), &drafted).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_national_axes_are_dated_data_that_is_added_to_and_never_changed() {
    let world = World::new().await;
    let known = |as_of: &str| {
        let request = ListAxisVersionsRequest {
            as_of: as_of.to_owned(),
        };
        let mut client = world.schemes(&contract_manager());
        async move {
            let listed = client.list_axis_versions(request).await.unwrap();
            listed.into_inner().axis_versions
        }
    };
    let seeded = known("").await;
    assert_eq!((seeded.len(), seeded[0].axes.len()), (1, 5));
    assert_eq!(seeded[0].axes[3].title, "Santé mentale");
    assert!(known("2010-12-31").await.is_empty());

    let record = RecordAxesRequest {
        region: "93".to_owned(),
        version_id: "axes-2023".to_owned(),
        valid_from: "2023-01-01".to_owned(),
        source: "Stratégie nationale de santé".to_owned(),
        axes: vec![Axis {
            code: "PREVENTION".to_owned(),
            title: "Prévention".to_owned(),
        }],
        request_id: request_id(),
    };
    let by = manager();
    world
        .schemes(&by)
        .record_axes(record.clone())
        .await
        .unwrap();
    assert_eq!(known("2024-01-01").await[0].name, "axisVersions/axes-2023");
    assert_eq!(known("2022-01-01").await[0].name, AXES);
    let again = RecordAxesRequest {
        request_id: request_id(),
        ..record
    };
    let refused = world.schemes(&by).record_axes(again).await.unwrap_err();
    assert_eq!(reason(&refused), "AXES_EXIST");
    let history = world.history("axisVersions/axes-2023").await;
    assert!(history[0].r#type.ends_with("AxesRecorded"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheme_names_axes_and_territories_that_are_known_and_a_director_general_adopts_it() {
    let world = World::new().await;
    world.departments().await;
    let mut wrong = set_for("sessad-83", "99");
    wrong.axis = "UNHEARD_OF".to_owned();
    wrong.places_to_transform = 41;
    let refused = world
        .draft_scheme(content("2023-11-01", vec![wrong]))
        .await
        .unwrap_err();
    assert_eq!(
        wrong_fields(&refused),
        ["axis", "territory", "places_to_transform"]
            .map(|field| format!("content.objectives[0].{field}"))
    );

    let sound = content("2023-11-01", vec![set_for("sessad-83", "83")]);
    let drafted = world.draft_scheme(sound.clone()).await.unwrap();
    let second = world.draft_scheme(sound.clone()).await.unwrap_err();
    assert_eq!(reason(&second), "SCHEME_DRAFT_EXISTS");
    let not_entitled = world
        .adopt(&contract_manager(), &drafted)
        .await
        .unwrap_err();
    assert_eq!(not_entitled.code(), Code::PermissionDenied);

    let replace = |etag: &str| ReplaceSchemeRequest {
        name: drafted.name.clone(),
        etag: etag.to_owned(),
        content: Some(content("2023-11-01", vec![set_for("sessad-84", "84")])),
        request_id: request_id(),
    };
    let mut client = world.schemes(&contract_manager());
    let replaced = client
        .replace_scheme(replace(&drafted.etag))
        .await
        .unwrap()
        .into_inner();
    let stale = client
        .replace_scheme(replace(&drafted.etag))
        .await
        .unwrap_err();
    assert_eq!(stale.code(), Code::Aborted);
    let late = world
        .adopt(&director_general(), &drafted)
        .await
        .unwrap_err();
    let told = ["SchemeReplaced contract_manager contract_manager-1"];
    assert_eq!(changes(&stale), told);
    assert_eq!(changes(&late), told);
    let adopted = world.adopt(&director_general(), &replaced).await.unwrap();
    assert_eq!(adopted.state(), SchemeState::Adopted);
    assert_eq!(adopted.decision, "Arrêté du 27 octobre 2023");
    let stands = client
        .replace_scheme(replace(&adopted.etag))
        .await
        .unwrap_err();
    assert_eq!(reason(&stands), "SCHEME_ADOPTED");

    let same_day = world.draft_scheme(sound).await.unwrap();
    let refused = world
        .adopt(&director_general(), &same_day)
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "SCHEME_SAME_DAY");

    let types: Vec<String> = world
        .history(&adopted.name)
        .await
        .iter()
        .map(|event| event.r#type.rsplit('.').next().unwrap().to_owned())
        .collect();
    assert_eq!(types, ["SchemeDrafted", "SchemeReplaced", "SchemeAdopted"]);

    let elsewhere = Persona::human("contract_manager").region("94");
    let unseen = world
        .schemes(&elsewhere)
        .list_schemes(ListSchemesRequest::default())
        .await
        .unwrap();
    assert!(unseen.into_inner().schemes.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_coverage_names_objectives_of_the_scheme_without_a_contract_and_the_other_way_round() {
    let world = World::new().await;
    let request = GetSchemeCoverageRequest {
        region: "93".to_owned(),
        as_of: "2024-06-01".to_owned(),
    };
    let mut client = world.schemes(&contract_manager());
    let nothing = client
        .get_scheme_coverage(request.clone())
        .await
        .unwrap_err();
    assert_eq!(reason(&nothing), "NO_SCHEME_IN_EFFECT");
    let scheme = world.adopted_scheme().await;
    let answered = format!("{}/objectives/sessad-83", scheme.name);
    let answering = Objective {
        scheme_objective: answered.clone(),
        pathway_steps: vec![PathwayStep::Home.into(), PathwayStep::Respite.into()],
        ..stays("a", SITE)
    };
    world
        .contract_in_force(&Contract::new(), vec![answering, stays("b", SITE)])
        .await;
    let other = Contract::of(OTHER_ENTITY, OTHER_SITE);
    world
        .contract_in_force(&other, vec![stays("c", OTHER_SITE)])
        .await;

    let coverage = client
        .get_scheme_coverage(request)
        .await
        .unwrap()
        .into_inner();
    let rows: Vec<(String, i64)> = coverage
        .objectives
        .iter()
        .map(|row| (row.objective.clone().unwrap().id, row.contracts))
        .collect();
    let expected = [("sessad-83".to_owned(), 1), ("sessad-84".to_owned(), 0)];
    assert_eq!(rows, expected);
    assert_eq!(
        coverage.objectives[0].axis_title,
        "Handicap et vieillissement"
    );
    assert_eq!(coverage.without_contract, 1);
    assert_eq!(
        (
            coverage.contract_objectives,
            coverage.contract_objectives_without_scheme
        ),
        (3, 2)
    );

    let mut free = Vec::new();
    let mut page_token = String::new();
    loop {
        let page = ListAnsweringObjectivesRequest {
            region: "93".to_owned(),
            as_of: "2024-06-01".to_owned(),
            scheme_objective: String::new(),
            page_size: 1,
            page_token,
        };
        let listed = client
            .list_answering_objectives(page)
            .await
            .unwrap()
            .into_inner();
        free.extend(listed.objectives.into_iter().map(|one| one.objective));
        page_token = listed.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    free.sort();
    assert_eq!(free, ["b", "c"]);

    let pathway = GetPathwayReportRequest {
        region: "93".to_owned(),
        as_of: "2024-06-01".to_owned(),
    };
    let report = client
        .get_pathway_report(pathway)
        .await
        .unwrap()
        .into_inner();
    let served: Vec<i64> = report.steps.iter().map(|step| step.objectives).collect();
    assert_eq!((served, report.without_step), (vec![0, 1, 1, 0, 0], 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objective_of_a_contract_answers_only_an_adopted_scheme_of_its_region() {
    let world = World::new().await;
    let scheme = world.adopted_scheme().await;
    let contract = Contract::new();
    world.drafted(&contract).await;
    let set = world.create(&contract, vec![stays("a", SITE)]).await;
    let objective = Objective {
        scheme_objective: format!("{}/objectives/unheard-of", scheme.name),
        ..stays("a", SITE)
    };
    let replace = proto::targets::v1::ReplaceObjectivesRequest {
        name: set.name,
        etag: set.etag,
        objectives: vec![objective],
        note: String::new(),
        request_id: request_id(),
    };
    let refused = world
        .target_sets(&contract_manager())
        .replace_objectives(replace)
        .await
        .unwrap_err();
    assert_eq!(wrong_fields(&refused), ["objectives[0].scheme_objective"]);
    assert!(
        refused.message().contains("SCHEME_OBJECTIVE_UNKNOWN"),
        "{refused}"
    );
}
