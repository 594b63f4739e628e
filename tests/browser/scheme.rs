//! The scheme of the synthetic region, which waits for its director general.

use proto::targets::v1::{
    Axis, CarePublic, DraftSchemeRequest, HomeShareTarget, RecordAxesRequest, SchemeContent,
    SchemeObjective, scheme_service_client::SchemeServiceClient,
};
use rpc::client::Peer;
use testkit::request_id;

use crate::region::{REGION, territory};

/// Drafts it, under a version of the axes.
pub(crate) async fn draft_scheme(manager: &Peer) -> anyhow::Result<()> {
    let mut client = SchemeServiceClient::new(manager.clone());
    let axis = |code: &str, title: &str| Axis {
        code: code.to_owned(),
        title: title.to_owned(),
    };
    let request = RecordAxesRequest {
        region: REGION.to_owned(),
        version_id: "axes-2024".to_owned(),
        valid_from: "2024-01-01".to_owned(),
        source: "Région synthétique".to_owned(),
        axes: vec![
            axis("DOMICILE", "Vivre chez soi"),
            axis("EQUITE", "Réduire les inégalités"),
        ],
        request_id: request_id(),
    };
    let axes = client.record_axes(request).await?.into_inner();
    let objective = |id: &str, axis: &str, title: &str, zone: usize| SchemeObjective {
        id: id.to_owned(),
        axis: axis.to_owned(),
        title: title.to_owned(),
        territory: territory(zone),
        category: "500".to_owned(),
        public: CarePublic::OlderPeople.into(),
        baseline_places: 90,
        places_to_create: 20,
        horizon: 2028,
        credits: "250000".to_owned(),
        ..Default::default()
    };
    let content = SchemeContent {
        scheme_version: "SRS_ESSAI".to_owned(),
        title: "Schéma régional de démonstration".to_owned(),
        valid_from: "2024-01-01".to_owned(),
        valid_to: "2028-12-31".to_owned(),
        source: "Recueil imaginaire <b>2024</b>".to_owned(),
        axes: axes.name,
        objectives: vec![
            objective("domicile-1", "DOMICILE", "Services à domicile", 1),
            objective("places-3", "EQUITE", "Places du Plateau", 3),
        ],
        home_shares: vec![HomeShareTarget {
            territory: territory(1),
            public: CarePublic::OlderPeople.into(),
            percent: "40".to_owned(),
            horizon: 2028,
        }],
    };
    let request = DraftSchemeRequest {
        region: REGION.to_owned(),
        content: Some(content),
        request_id: request_id(),
    };
    client.draft_scheme(request).await?;
    Ok(())
}
