//! A running registry and files made here.

use kernel::Finess;
use proto::establishments::v1::{
    Establishment, GetEstablishmentRequest, GetLegalEntityRequest, ImportHeader,
    ImportRegistryRequest, ImportReport, LegalEntity, ListEstablishmentsRequest, RegistryFormat,
    Tally, establishment_service_client::EstablishmentServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, TestService, request_id};
use tonic::Status;

pub(crate) type Client = EstablishmentServiceClient<Peer>;

/// A registry in its own process space, with somebody who may import into region 93.
pub(crate) struct Registry {
    pub(crate) service: TestService,
}

impl Registry {
    pub(crate) async fn start() -> Self {
        let service = TestService::start(&establishments::DEFINITION, establishments::start).await;
        Self { service }
    }

    pub(crate) fn client(&self, persona: &Persona) -> Client {
        EstablishmentServiceClient::new(self.service.peer(persona))
    }

    pub(crate) fn administrator(&self) -> Client {
        self.client(&Persona::human("registry_administrator").region("*"))
    }

    /// Imports lines in the sites layout.
    pub(crate) async fn import(&self, lines: &[String]) -> ImportReport {
        self.import_with(header(), lines.join("\n").as_bytes())
            .await
            .unwrap()
    }

    /// Imports a complete file in the sites layout.
    pub(crate) async fn import_complete(&self, lines: &[String]) -> Result<ImportReport, Status> {
        let header = ImportHeader {
            complete: true,
            ..header()
        };
        self.import_with(header, lines.join("\n").as_bytes()).await
    }

    pub(crate) async fn import_with(
        &self,
        header: ImportHeader,
        file: &[u8],
    ) -> Result<ImportReport, Status> {
        upload(&mut self.administrator(), messages(header, file)).await
    }

    pub(crate) async fn site(&self, finess: Finess) -> Result<Establishment, Status> {
        let name = format!("establishments/{finess}");
        let found = self
            .administrator()
            .get_establishment(GetEstablishmentRequest { name })
            .await?;
        Ok(found.into_inner())
    }

    pub(crate) async fn entity(&self, finess: Finess) -> Result<LegalEntity, Status> {
        let name = format!("legalEntities/{finess}");
        let found = self
            .administrator()
            .get_legal_entity(GetLegalEntityRequest { name })
            .await?;
        Ok(found.into_inner())
    }

    /// Every site, through all pages.
    pub(crate) async fn sites(&self) -> Vec<Establishment> {
        let mut request = ListEstablishmentsRequest {
            page_size: 200,
            ..Default::default()
        };
        let mut all = Vec::new();
        loop {
            let page = self
                .administrator()
                .list_establishments(request.clone())
                .await
                .unwrap();
            let page = page.into_inner();
            all.extend(page.establishments);
            if page.next_page_token.is_empty() {
                return all;
            }
            request.page_token = page.next_page_token;
        }
    }

    /// How many rows a table has, seen from behind the service.
    pub(crate) async fn count(&self, table: &'static str) -> i64 {
        let mut owner = self.service.database.owner().await;
        let query = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
        sqlx::query_scalar(query)
            .fetch_one(&mut owner)
            .await
            .unwrap()
    }
}

pub(crate) async fn upload(
    client: &mut Client,
    messages: Vec<ImportRegistryRequest>,
) -> Result<ImportReport, Status> {
    Ok(client
        .import_registry(tokio_stream::iter(messages))
        .await?
        .into_inner())
}

/// An upload in chunks of the largest size.
pub(crate) fn messages(header: ImportHeader, file: &[u8]) -> Vec<ImportRegistryRequest> {
    let first = ImportRegistryRequest {
        header: Some(header),
        chunk: Vec::new(),
    };
    let rest = file.chunks(64 * 1024).map(chunk);
    std::iter::once(first).chain(rest).collect()
}

pub(crate) fn chunk(bytes: &[u8]) -> ImportRegistryRequest {
    ImportRegistryRequest {
        header: None,
        chunk: bytes.to_vec(),
    }
}

/// A header for region 93 in the sites layout.
pub(crate) fn header() -> ImportHeader {
    ImportHeader {
        format: RegistryFormat::SitesCsv.into(),
        region: "93".to_owned(),
        file_name: "sites.csv".to_owned(),
        dry_run: false,
        complete: false,
        request_id: request_id(),
    }
}

/// The number `prefix` + `serial` completed by its key.
pub(crate) fn finess(prefix: &str, serial: u32) -> Finess {
    let body = format!("{prefix}{serial:0>width$}", width = 8 - prefix.len());
    (0..10)
        .find_map(|key| format!("{body}{key}").parse().ok())
        .unwrap()
}

/// The number of the site of that serial.
pub(crate) fn et(serial: u32) -> Finess {
    finess("13", serial)
}

/// The number of the entity of that serial.
pub(crate) fn ej(serial: u32) -> Finess {
    finess("13", 900_000 + serial)
}

pub(crate) const COLUMNS: &str = "finess_et;raison_sociale;finess_ej;raison_sociale_ej;categorie;libelle_categorie;\
     statut_juridique;siret;region;departement;commune_insee;commune;lat;lon";

/// A site that belongs to the entity of serial `entity`.
pub(crate) fn line(serial: u32, entity: u32) -> String {
    format!(
        "{};SITE {serial};{};ENTITÉ {entity};355;Centre Hospitalier (C.H.);13;26010004500012;93;13;13201;MARSEILLE;43.3;5.4",
        et(serial),
        ej(entity)
    )
}

/// `count` sites, three to an entity.
pub(crate) fn sites_file(count: u32) -> Vec<String> {
    std::iter::once(COLUMNS.to_owned())
        .chain((0..count).map(|n| line(n, n / 3)))
        .collect()
}

/// Created, changed, unchanged, closed.
pub(crate) fn tally(tally: Option<Tally>) -> [i64; 4] {
    let tally = tally.unwrap();
    [tally.created, tally.changed, tally.unchanged, tally.closed]
}
