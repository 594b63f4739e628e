//! Reference data and case-mix on their way in, and small worlds for rates.

use prost::Name as _;
use proto::{
    establishments::v1::{Establishment, EstablishmentRegistered, RegistryState},
    targets::v1::{
        AreaKind, CaseMixHeader, CaseMixLayout, CaseMixReport, FileReport, ImportCaseMixRequest,
        ImportNomenclatureRequest, ImportPopulationRequest, ImportTerritoriesRequest,
        NomenclatureHeader, NomenclatureKind, PmsiField, PopulationHeader, PopulationLayout,
        RateBasis, TerritoriesHeader, TerritoryKind, case_mix_service_client::CaseMixServiceClient,
        nomenclature_service_client::NomenclatureServiceClient,
        published_rate_service_client::PublishedRateServiceClient,
        rate_service_client::RateServiceClient, territory_service_client::TerritoryServiceClient,
    },
    types::v1::Unit,
};
use rpc::client::Peer;
use serde_json::json;
use testkit::{Persona, eventually, request_id};
use tonic::Status;

use crate::world::{OTHER_SITE, SITE, World, manager};

impl World {
    pub(crate) fn nomenclatures(&self, persona: &Persona) -> NomenclatureServiceClient<Peer> {
        NomenclatureServiceClient::new(self.service.peer(persona))
    }

    pub(crate) fn territories(&self, persona: &Persona) -> TerritoryServiceClient<Peer> {
        TerritoryServiceClient::new(self.service.peer(persona))
    }

    pub(crate) fn case_mix(&self, persona: &Persona) -> CaseMixServiceClient<Peer> {
        CaseMixServiceClient::new(self.service.peer(persona))
    }

    pub(crate) fn rates(&self, persona: &Persona) -> RateServiceClient<Peer> {
        RateServiceClient::new(self.service.peer(persona))
    }

    /// Anybody, without a token.
    pub(crate) fn public(&self) -> PublishedRateServiceClient<tonic::transport::Channel> {
        let address = format!("http://{}", self.service.running.address);
        PublishedRateServiceClient::new(rpc::client::channel(&address).unwrap())
    }

    pub(crate) async fn import_nomenclature(
        &self,
        kind: NomenclatureKind,
        version: &str,
        file: impl AsRef<[u8]>,
    ) -> Result<FileReport, Status> {
        let header = NomenclatureHeader {
            kind: kind.into(),
            version: version.to_owned(),
            valid_from: "2020-01-01".to_owned(),
            source: "test".to_owned(),
            file_name: "file.csv".to_owned(),
            dry_run: false,
            request_id: request_id(),
            region: "93".to_owned(),
        };
        let messages = upload(
            file.as_ref(),
            |header, chunk| ImportNomenclatureRequest { header, chunk },
            header,
        );
        let reply = self
            .nomenclatures(&manager())
            .import_nomenclature(messages)
            .await?;
        Ok(reply.into_inner())
    }

    pub(crate) async fn import_territories(
        &self,
        id: &str,
        file: &str,
    ) -> Result<FileReport, Status> {
        let header = TerritoriesHeader {
            version_id: id.to_owned(),
            kind: TerritoryKind::SchemeZone.into(),
            composed_of: AreaKind::Commune.into(),
            region: "93".to_owned(),
            valid_from: "2023-01-01".to_owned(),
            valid_to: String::new(),
            geography: "nomenclatures/geography/versions/2023".to_owned(),
            source: "test".to_owned(),
            file_name: "zones.csv".to_owned(),
            dry_run: false,
            request_id: request_id(),
        };
        let messages = upload(
            file.as_bytes(),
            |header, chunk| ImportTerritoriesRequest { header, chunk },
            header,
        );
        let reply = self
            .territories(&manager())
            .import_territories(messages)
            .await?;
        Ok(reply.into_inner())
    }

    pub(crate) async fn import_population(
        &self,
        id: &str,
        year: i32,
        file: &str,
    ) -> Result<FileReport, Status> {
        let header = PopulationHeader {
            population_id: id.to_owned(),
            layout: PopulationLayout::Plain.into(),
            year,
            areas: AreaKind::Commune.into(),
            source: "test".to_owned(),
            file_name: "population.csv".to_owned(),
            dry_run: false,
            request_id: request_id(),
            region: "93".to_owned(),
        };
        let messages = upload(
            file.as_bytes(),
            |header, chunk| ImportPopulationRequest { header, chunk },
            header,
        );
        let reply = self
            .territories(&manager())
            .import_population(messages)
            .await?;
        Ok(reply.into_inner())
    }

    /// Sends a case-mix file once, as the header says.
    pub(crate) async fn send_case_mix(
        &self,
        header: CaseMixHeader,
        file: impl AsRef<[u8]>,
    ) -> Result<CaseMixReport, Status> {
        let messages = upload(
            file.as_ref(),
            |header, chunk| ImportCaseMixRequest { header, chunk },
            header,
        );
        let reply = self.case_mix(&manager()).import_case_mix(messages).await?;
        Ok(reply.into_inner())
    }

    /// Both passes, with these gates let pass.
    pub(crate) async fn import_case_mix(&self, file: &str, gates: &[&str]) -> CaseMixReport {
        let look = self
            .send_case_mix(header(true, "", &[]), file)
            .await
            .unwrap();
        let look = look.file.unwrap();
        assert_eq!(look.errors, 0, "{:?}", look.line_errors);
        let apply = header(false, &look.sha256, gates);
        let report = self.send_case_mix(apply, file).await.unwrap();
        assert!(report.file.as_ref().unwrap().applied, "{:?}", report.gates);
        report
    }

    /// Three communes in three zones, a population, two groups of stays and two establishments.
    pub(crate) async fn with_reference_data(&self) {
        let communes =
            "code;nom;departement\n04001;Aiglun;04\n04004;Allemagne;04\n04005;Angles;04\n";
        let report = self
            .import_nomenclature(NomenclatureKind::Geography, "2023", communes)
            .await
            .unwrap();
        assert!(report.applied, "{report:?}");
        let groups =
            "ghm;racine;ga;gp;da;cas;aso\n08C241;08C24;G1;P1;D1;C;C\n05K061;05K06;G2;P2;D2;K;C\n";
        let report = self
            .import_nomenclature(NomenclatureKind::GhmGroups, "11i", groups)
            .await
            .unwrap();
        assert!(report.applied, "{report:?}");
        let zones = "territory;title;area\nA;Zone A;04001\nB;Zone B;04004\nC;Zone C;04005\n";
        let report = self.import_territories("zones-2023", zones).await.unwrap();
        assert!(report.applied, "{report:?}");
        let population = population(2022, &[("04001", 100), ("04004", 200), ("04005", 300)]);
        let report = self
            .import_population("insee-2022", 2022, &population)
            .await
            .unwrap();
        assert!(report.applied, "{report:?}");
        self.register(SITE, "04001").await;
        self.register(OTHER_SITE, "04004").await;
    }

    /// The registry tells of an establishment.
    pub(crate) async fn register(&self, finess: &str, commune: &str) {
        let bus = &self.service.running.runtime.bus;
        bus.ensure_stream("establishments").await.unwrap();
        let event = EstablishmentRegistered {
            establishment: Some(Establishment {
                finess: finess.to_owned(),
                legal_entity: "legalEntities/130786049".to_owned(),
                region: "93".to_owned(),
                commune_code: commune.to_owned(),
                state: RegistryState::Open.into(),
                ..Default::default()
            }),
        };
        self.tell_of_registry(&format!("establishments/{finess}"), &event)
            .await;
        let pool = self.service.running.runtime.db.pool().clone();
        eventually("the establishment is known", || async {
            let known: i64 =
                sqlx::query_scalar("select count(*) from registry_copy where finess = $1")
                    .bind(finess)
                    .fetch_one(&pool)
                    .await
                    .unwrap();
            (known == 1).then_some(())
        })
        .await;
    }
}

impl World {
    /// Publishes an event of the registry, as its relay does.
    async fn tell_of_registry(&self, name: &str, event: &EstablishmentRegistered) {
        let event_type = EstablishmentRegistered::full_name();
        let envelope = json!({
            "specversion": "1.0",
            "id": kernel::new_id(),
            "source": "/cpom/establishments",
            "type": event_type,
            "subject": name,
            "time": "2024-01-01T00:00:00Z",
            "datacontenttype": "application/json",
            "aggregatekind": "establishment",
            "aggregateversion": "1",
            "root": name,
            "region": "93",
            "actor": "registry_administrator-1",
            "actorkind": "human",
            "actorrole": "registry_administrator",
            "data": proto::json::to_value(event, false).unwrap(),
        });
        let subject = store::subject("establishment", name, &event_type);
        let bus = &self.service.running.runtime.bus;
        let body = serde_json::to_vec(&envelope).unwrap();
        let published = bus.context().publish(subject, body.into()).await.unwrap();
        published.await.unwrap();
    }
}

/// The header first, then the file in small chunks.
pub(crate) fn upload<H, M: Send + 'static>(
    file: &[u8],
    message: impl Fn(Option<H>, Vec<u8>) -> M,
    header: H,
) -> tokio_stream::Iter<std::vec::IntoIter<M>> {
    let mut messages = vec![message(Some(header), Vec::new())];
    messages.extend(
        file.chunks(1_000)
            .map(|chunk| message(None, chunk.to_vec())),
    );
    tokio_stream::iter(messages)
}

pub(crate) fn header(dry_run: bool, sha256: &str, gates: &[&str]) -> CaseMixHeader {
    CaseMixHeader {
        field: PmsiField::Mco.into(),
        layout: CaseMixLayout::Plain.into(),
        region: "93".to_owned(),
        nomenclature: "nomenclatures/ghm-groups/versions/11i".to_owned(),
        source: "test".to_owned(),
        extraction_date: "2024-03-01".to_owned(),
        file_name: "casemix.csv".to_owned(),
        dry_run,
        sha256: sha256.to_owned(),
        accepted_gates: gates.iter().map(|gate| (*gate).to_owned()).collect(),
        justification: if gates.is_empty() {
            String::new()
        } else {
            "looked at".to_owned()
        },
        request_id: request_id(),
    }
}

/// A population file with the same number of inhabitants in every class.
pub(crate) fn population(year: i32, areas: &[(&str, u32)]) -> String {
    let mut lines = vec!["year;area;sex;age_class;population".to_owned()];
    for (area, count) in areas {
        for sex in 1..=2 {
            for from in (0..95).step_by(5) {
                lines.push(format!("{year};{area};{sex};{from}-{};{count}", from + 4));
            }
            lines.push(format!("{year};{area};{sex};95+;{count}"));
        }
    }
    lines.join("\n")
}

/// A case-mix file: establishment, month, activity, mode, commune, stays; all of men of 75 to 79.
pub(crate) fn cases(year: i32, lines: &[(&str, u8, &str, &str, &str, &str)]) -> String {
    let header =
        "finess;year;month;activity;mode;residence;age_class;sex;stays;patients;days;sessions";
    let line =
        |(finess, month, activity, mode, residence, stays): &(&str, u8, &str, &str, &str, &str)| {
            format!("{finess};{year};{month};{activity};{mode};{residence};75-79;1;{stays};;;")
        };
    let lines: Vec<String> = [header.to_owned()]
        .into_iter()
        .chain(lines.iter().map(line))
        .collect();
    lines.join("\n")
}

pub(crate) fn basis() -> RateBasis {
    RateBasis {
        field: PmsiField::Mco.into(),
        year: 2023,
        unit: Unit::Stays.into(),
        territory_version: "territoryVersions/zones-2023".to_owned(),
        population: "populations/insee-2022".to_owned(),
        reference: String::new(),
        activities: Vec::new(),
    }
}
