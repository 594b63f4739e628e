use proto::targets::v1::{
    ActivityMode, AgreeToFrameworkRequest, Cascade, DraftFrameworkRequest, FrameworkLine,
    FrameworkSide, FrameworkState, GetCascadeRequest, ListFrameworksRequest, RegionalFramework,
    ReplaceFrameworkLinesRequest, framework_service_client::FrameworkServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, reason, request_id, wrong_fields};
use tonic::{Code, Status};

use crate::world::{Contract, OTHER_ENTITY, OTHER_SITE, SITE, World, director_general, stays};

fn council() -> Persona {
    Persona::human("national_council").region("*")
}

/// Surgery, counted in stays: 2,000 in 2022, 5 % more in 2024.
pub(crate) fn line(activity: &str) -> FrameworkLine {
    FrameworkLine {
        activity: activity.to_owned(),
        mode: ActivityMode::All.into(),
        indicator: "MCO_STAYS".to_owned(),
        unit: proto::types::v1::Unit::Stays.into(),
        baseline: "2000".to_owned(),
        baseline_year: 2022,
        target_year: 2024,
        growth_percent: "5".to_owned(),
        source: "PMSI MCO 2022".to_owned(),
        ..Default::default()
    }
}

fn draft(effect_date: &str, lines: Vec<FrameworkLine>) -> DraftFrameworkRequest {
    DraftFrameworkRequest {
        region: "93".to_owned(),
        effect_date: effect_date.to_owned(),
        end_date: "2028-12-31".to_owned(),
        lines,
        note: String::new(),
        request_id: request_id(),
    }
}

impl World {
    pub(crate) fn frameworks(&self, persona: &Persona) -> FrameworkServiceClient<Peer> {
        FrameworkServiceClient::new(self.service.peer(persona))
    }

    async fn draft_framework(
        &self,
        request: DraftFrameworkRequest,
    ) -> Result<RegionalFramework, Status> {
        let mut client = self.frameworks(&director_general());
        Ok(client.draft_framework(request).await?.into_inner())
    }

    async fn agree_to_framework(
        &self,
        persona: &Persona,
        framework: &RegionalFramework,
    ) -> Result<RegionalFramework, Status> {
        let request = AgreeToFrameworkRequest {
            name: framework.name.clone(),
            etag: framework.etag.clone(),
            request_id: request_id(),
        };
        let mut client = self.frameworks(persona);
        Ok(client.agree_to_framework(request).await?.into_inner())
    }

    /// A framework that both sides have agreed to.
    pub(crate) async fn agreed_framework(
        &self,
        effect_date: &str,
        lines: Vec<FrameworkLine>,
    ) -> RegionalFramework {
        let drafted = self
            .draft_framework(draft(effect_date, lines))
            .await
            .unwrap();
        let one = self.agree_to_framework(&council(), &drafted).await.unwrap();
        self.agree_to_framework(&director_general(), &one)
            .await
            .unwrap()
    }

    async fn cascade(&self, as_of: &str) -> Result<Cascade, Status> {
        let request = GetCascadeRequest {
            region: "93".to_owned(),
            as_of: as_of.to_owned(),
        };
        let mut client = self.frameworks(&director_general());
        Ok(client.get_cascade(request).await?.into_inner())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_council_and_the_agency_agree_and_a_revision_follows() {
    let world = World::new().await;
    let drafted = world
        .draft_framework(draft("2024-01-01", vec![line("CHIRURGIE")]))
        .await
        .unwrap();
    assert_eq!(
        (drafted.revision, drafted.state()),
        (1, FrameworkState::Draft)
    );
    let second = world
        .draft_framework(draft("2025-01-01", vec![line("CHIRURGIE")]))
        .await
        .unwrap_err();
    assert_eq!(reason(&second), "FRAMEWORK_DRAFT_EXISTS");

    let one = world
        .agree_to_framework(&council(), &drafted)
        .await
        .unwrap();
    assert_eq!(one.agreed_by, [i32::from(FrameworkSide::NationalCouncil)]);
    let stale = world
        .agree_to_framework(&director_general(), &drafted)
        .await
        .unwrap_err();
    assert_eq!(stale.code(), Code::Aborted);
    let agreed = world
        .agree_to_framework(&director_general(), &one)
        .await
        .unwrap();
    assert_eq!(agreed.state(), FrameworkState::Agreed);

    let too_early = world
        .draft_framework(draft("2024-01-01", vec![line("CHIRURGIE")]))
        .await
        .unwrap_err();
    assert_eq!(reason(&too_early), "FRAMEWORK_NOT_AFTER");
    let revised = world
        .agreed_framework("2025-01-01", vec![line("CHIRURGIE"), line("MEDECINE")])
        .await;
    assert_eq!(revised.revision, 2);
    let history = world.history(&agreed.name).await;
    let types: Vec<&str> = history
        .iter()
        .map(|event| event.r#type.rsplit('.').next().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "FrameworkDrafted",
            "FrameworkAgreedBySide",
            "FrameworkAgreedBySide",
            "FrameworkAgreed"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_twice_is_refused_and_named_and_an_agreed_framework_stands() {
    let world = World::new().await;
    let status = world
        .draft_framework(draft(
            "2024-01-01",
            vec![line("CHIRURGIE"), line("MEDECINE"), line("CHIRURGIE")],
        ))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(wrong_fields(&status), ["lines[2]"]);
    assert!(status.message().contains("LINE_TWICE"), "{status}");

    let agreed = world
        .agreed_framework("2024-01-01", vec![line("CHIRURGIE")])
        .await;
    let replace = ReplaceFrameworkLinesRequest {
        name: agreed.name,
        etag: agreed.etag,
        lines: vec![line("MEDECINE")],
        note: String::new(),
        request_id: request_id(),
    };
    let status = world
        .frameworks(&director_general())
        .replace_framework_lines(replace)
        .await
        .unwrap_err();
    assert_eq!(reason(&status), "FRAMEWORK_AGREED");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cascade_shows_what_contracts_add_up_to_and_blocks_nothing() {
    let world = World::new().await;
    let nothing = world.cascade("2024-06-01").await.unwrap_err();
    assert_eq!(reason(&nothing), "NO_FRAMEWORK_IN_EFFECT");
    let framework = world
        .agreed_framework("2024-01-01", vec![line("CHIRURGIE")])
        .await;

    // 1,200 stays each, well beyond the 2,100 of the framework: both take effect all the same.
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let other = Contract::of(OTHER_ENTITY, OTHER_SITE);
    world
        .contract_in_force(&other, vec![stays("b", OTHER_SITE)])
        .await;

    let cascade = world.cascade("2024-06-01").await.unwrap();
    assert_eq!(cascade.framework, framework.name);
    let [line] = cascade.lines.as_slice() else {
        panic!("{cascade:?}");
    };
    assert_eq!(line.framework_target, "2100");
    assert_eq!((line.contracts, line.contracts_without_target), (2, 0));
    assert_eq!(
        (line.contracts_lower.as_str(), line.contracts_upper.as_str()),
        ("2400", "2400")
    );
    assert_eq!(line.contracts_gap, "300");
    assert_eq!(
        (line.inflections, line.inflections_gap.as_str()),
        (0, "-100")
    );

    let before = world.cascade("2023-06-01").await.unwrap_err();
    assert_eq!(before.code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_framework_is_of_its_region_and_no_affair_of_machines() {
    let world = World::new().await;
    world
        .agreed_framework("2024-01-01", vec![line("CHIRURGIE")])
        .await;
    let elsewhere = Persona::human("director_general").region("94");
    let listed = world
        .frameworks(&elsewhere)
        .list_frameworks(ListFrameworksRequest::default())
        .await
        .unwrap();
    assert!(listed.into_inner().frameworks.is_empty());
    let draft_elsewhere = world
        .frameworks(&elsewhere)
        .draft_framework(draft("2025-01-01", vec![line("CHIRURGIE")]))
        .await
        .unwrap_err();
    assert_eq!(draft_elsewhere.code(), Code::PermissionDenied);
    let machine = Persona::system("national_council").region("*");
    let by_machine = world
        .frameworks(&machine)
        .draft_framework(draft("2025-01-01", vec![line("CHIRURGIE")]))
        .await
        .unwrap_err();
    assert_eq!(by_machine.code(), Code::PermissionDenied);
}
