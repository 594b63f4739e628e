//! The people and systems of the demonstration, each with a token of its own.

use anyhow::{Context, Result};
use kernel::{Finess, Region};

use crate::{
    client::{Session, Suite},
    issuer::{Kind, TokenRequest},
    token::IssuerClient,
};

/// Nobody waits so long for a demonstration.
const LIFETIME_SECONDS: u32 = 4 * 3_600;

/// Nobody picks from a longer list.
const DIRECTORS_OFFERED: usize = 8;

/// The president of the council, whom the sign-in page of the development issuer offers as well.
pub(super) const PRESIDENT: &str = "person:department-president";

/// Everybody who acts.
pub(super) struct Personas {
    suite: Suite,
    issuer: IssuerClient,
    region: Region,
    pub registry_administrator: Session,
    pub contract_manager: Session,
    pub manager: Session,
    pub director_general: Session,
    pub controller: Session,
    /// Not the controller: who measured does not examine.
    pub reviewer: Session,
    pub auditor: Session,
}

impl Personas {
    pub(super) async fn new(suite: Suite, issuer: IssuerClient, region: Region) -> Result<Self> {
        let agent = async |role: &str, name: &str| {
            let sub = format!("person:demo-{}", role.replace('_', "-"));
            let request = TokenRequest::new(Kind::Human, role, &sub, name, &[region.code()]);
            session(&suite, &issuer, request).await
        };
        Ok(Self {
            registry_administrator: agent(
                "registry_administrator",
                "Administratrice du registre (démonstration)",
            )
            .await?,
            contract_manager: agent(
                "contract_manager",
                "Chargé de contractualisation (démonstration)",
            )
            .await?,
            manager: agent("manager", "Responsable ARS (démonstration)").await?,
            director_general: agent("director_general", "Directrice générale (démonstration)")
                .await?,
            controller: agent("controller", "Contrôleur (démonstration)").await?,
            reviewer: agent("reviewer", "Instructrice (démonstration)").await?,
            auditor: agent("auditor", "Auditrice (démonstration)").await?,
            suite,
            issuer,
            region,
        })
    }

    /// The director of a legal entity.
    pub(super) async fn director(&self, entity: Finess) -> Result<Session> {
        let sub = format!("person:demo-direction-{entity}");
        let name = format!("Direction de {entity} (démonstration)");
        self.of_entity(Kind::Human, "establishment_director", &sub, &name, entity)
            .await
    }

    /// Lets the first few directors be chosen on the sign-in page of the portal.
    pub(super) async fn offer_directors(&self, entities: &[Finess]) -> Result<()> {
        let director = |entity: &Finess| {
            let sub = format!("person:demo-direction-{entity}");
            let name = format!("Direction de l’entité {entity}");
            let mut request = TokenRequest::new(
                Kind::Human,
                "establishment_director",
                &sub,
                &name,
                &[self.region.code()],
            );
            request.finess = vec![entity.to_string()];
            request
        };
        let people: Vec<TokenRequest> = entities
            .iter()
            .take(DIRECTORS_OFFERED)
            .map(director)
            .collect();
        self.issuer.offer(&people).await
    }

    /// The information system of a legal entity.
    pub(super) async fn system(&self, entity: Finess) -> Result<Session> {
        let sub = format!("system:demo-{entity}");
        let name = format!("Système d’information de {entity} (démonstration)");
        self.of_entity(Kind::System, "establishment_system", &sub, &name, entity)
            .await
    }

    /// The national council, which agrees to frameworks with agencies.
    pub(super) async fn national_council(&self) -> Result<Session> {
        let role = "national_council";
        let name = "Conseil national de pilotage (démonstration)";
        let request = TokenRequest::new(
            Kind::Human,
            role,
            "person:demo-national-council",
            name,
            &["*"],
        );
        session(&self.suite, &self.issuer, request).await
    }

    /// The president of the council of a département, by its INSEE code.
    pub(super) async fn president(&self, department: &str) -> Result<Session> {
        let role = "department_president";
        let name = "Présidente du conseil départemental (démonstration)";
        let mut request = TokenRequest::new(Kind::Human, role, PRESIDENT, name, &["*"]);
        request.departments = vec![department.to_owned()];
        session(&self.suite, &self.issuer, request).await
    }

    async fn of_entity(
        &self,
        kind: Kind,
        role: &str,
        sub: &str,
        name: &str,
        entity: Finess,
    ) -> Result<Session> {
        let mut request = TokenRequest::new(kind, role, sub, name, &[self.region.code()]);
        request.finess = vec![entity.to_string()];
        session(&self.suite, &self.issuer, request).await
    }
}

async fn session(
    suite: &Suite,
    issuer: &IssuerClient,
    mut request: TokenRequest,
) -> Result<Session> {
    request.lifetime_seconds = LIFETIME_SECONDS;
    let token = issuer.mint(&request).await;
    suite.session(&token.with_context(|| format!("no token for {}", request.sub))?)
}
