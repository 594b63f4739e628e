//! What a scenario works with.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use anyhow::{Context as _, ensure};
use contracts::app::time_passes;
use cpom_tests::{
    scenario::{Entity, Registry, Scenario},
    suite::{Service, Suite},
};
use kernel::legal_time::legal_day;
use proto::{
    contracts::v1::{
        Amendment, Contract, GetContractRequest, GetReviewRequest, Procedure, Renewal, Review,
    },
    controls::v1::Finding,
};
use testkit::Persona;
use time::{Date, Duration, OffsetDateTime, macros::datetime};
use tokio::runtime::Handle;
use tonic::{Response, Status};

use crate::figures::{Side, Someone};

/// The morning on which every scenario begins.
const MORNING: OffsetDateTime = datetime!(2026-03-10 09:00 UTC);

/// Suites that are being stopped.
static ENDINGS: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

fn endings() -> MutexGuard<'static, Vec<JoinHandle<()>>> {
    ENDINGS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until every suite is stopped and its databases are gone.
pub(crate) fn wait_for_endings() {
    for ending in endings().drain(..) {
        assert!(ending.join().is_ok(), "a suite stops");
    }
}

/// A region, its people, and the contract that the scenario is about.
#[derive(Debug, cucumber::World)]
#[world(init = Self::begin)]
pub(crate) struct Specification {
    /// None once the scenario is over.
    suite: Option<Suite>,
    pub(crate) registry: Option<Registry>,
    contract: Option<Contract>,
    review: Option<Review>,
    procedure: Option<Procedure>,
    amendment: Option<Amendment>,
    renewal: Option<Renewal>,
    /// Another contract, where two meet.
    pub(crate) rival: Option<Contract>,
    pub(crate) campaign: String,
    pub(crate) findings: Vec<Finding>,
    /// The answer to the last act, until a step has looked at it.
    refused: Option<Status>,
    /// What the last refusal said.
    pub(crate) last_refusal: String,
    /// Statements of somebody with all rights that the database refused.
    pub(crate) rewritings_refused: Option<usize>,
}

impl Specification {
    async fn begin() -> anyhow::Result<Self> {
        Ok(Self {
            suite: Some(Suite::starting_at(MORNING).await?),
            registry: None,
            contract: None,
            review: None,
            procedure: None,
            amendment: None,
            renewal: None,
            rival: None,
            campaign: String::new(),
            findings: Vec::new(),
            refused: None,
            last_refusal: String::new(),
            rewritings_refused: None,
        })
    }

    /// Stops the services, in a thread of its own: dropping databases takes time, and no scenario should wait
    /// for another’s. A refusal that no step looked at fails the scenario.
    pub(crate) fn end(&mut self) {
        if let Some(suite) = self.suite.take() {
            let runtime = Handle::current();
            let ending = thread::spawn(move || runtime.block_on(suite.stop()));
            endings().push(ending);
        }
        assert!(self.refused.is_none(), "refused: {:?}", self.refused);
    }

    pub(crate) fn suite(&self) -> anyhow::Result<&Suite> {
        self.suite.as_ref().context("the scenario is over")
    }

    pub(crate) fn scenario(&self) -> anyhow::Result<Scenario<'_>> {
        Scenario::new(self.suite()?)
    }

    /// The party to the contract.
    pub(crate) fn entity(&self) -> anyhow::Result<&Entity> {
        self.registry()?.entities.first().context("a legal entity")
    }

    /// A legal entity that has nothing to do with the contract.
    pub(crate) fn other_entity(&self) -> anyhow::Result<&Entity> {
        self.registry()?.entities.get(1).context("two entities")
    }

    /// The party to the contract on a side.
    pub(crate) fn party(&self, side: Side) -> anyhow::Result<String> {
        Ok(match side {
            Side::Ars => "ars".to_owned(),
            Side::Establishment => format!("legalEntities/{}", self.entity()?.finess),
        })
    }

    fn registry(&self) -> anyhow::Result<&Registry> {
        self.registry.as_ref().context("a registry")
    }

    pub(crate) fn persona(&self, who: Someone) -> anyhow::Result<Persona> {
        let [entity, other, ..] = self.registry()?.entities.as_slice() else {
            anyhow::bail!("two legal entities");
        };
        let people = self.scenario()?.people;
        Ok(who.persona(people, entity.finess, other.finess))
    }

    /// The contract as the last act left it.
    pub(crate) fn contract(&self) -> anyhow::Result<Contract> {
        self.contract.clone().context("a contract")
    }

    pub(crate) fn set_contract(&mut self, contract: Contract) {
        self.contract = Some(contract);
    }

    pub(crate) fn review(&self) -> anyhow::Result<Review> {
        self.review.clone().context("a review")
    }

    pub(crate) fn set_review(&mut self, review: Review) {
        self.review = Some(review);
    }

    /// Keeps the answer to an act on a contract. An earlier refusal must have been looked at.
    pub(crate) fn contract_answer(
        &mut self,
        answer: Result<Response<Contract>, Status>,
    ) -> anyhow::Result<()> {
        if let Some(contract) = self.answer(answer)? {
            self.contract = Some(contract);
        }
        Ok(())
    }

    /// Keeps the answer to an act on a review.
    pub(crate) fn review_answer(
        &mut self,
        answer: Result<Response<Review>, Status>,
    ) -> anyhow::Result<()> {
        if let Some(review) = self.answer(answer)? {
            self.review = Some(review);
        }
        Ok(())
    }

    /// The procedure as the last act left it.
    pub(crate) fn procedure(&self) -> anyhow::Result<Procedure> {
        self.procedure.clone().context("a procedure")
    }

    /// Keeps the answer to an act on a procedure.
    pub(crate) fn procedure_answer(
        &mut self,
        answer: Result<Response<Procedure>, Status>,
    ) -> anyhow::Result<()> {
        if let Some(procedure) = self.answer(answer)? {
            self.procedure = Some(procedure);
        }
        Ok(())
    }

    /// The amendment as the last act left it.
    pub(crate) fn amendment(&self) -> anyhow::Result<Amendment> {
        self.amendment.clone().context("an amendment")
    }

    /// Keeps the answer to an act on an amendment.
    pub(crate) fn amendment_answer(
        &mut self,
        answer: Result<Response<Amendment>, Status>,
    ) -> anyhow::Result<()> {
        if let Some(amendment) = self.answer(answer)? {
            self.amendment = Some(amendment);
        }
        Ok(())
    }

    /// The renewal as the last act left it.
    pub(crate) fn renewal(&self) -> anyhow::Result<Renewal> {
        self.renewal.clone().context("a renewal")
    }

    /// Keeps the answer to an act on a renewal.
    pub(crate) fn renewal_answer(
        &mut self,
        answer: Result<Response<Renewal>, Status>,
    ) -> anyhow::Result<()> {
        if let Some(renewal) = self.answer(answer)? {
            self.renewal = Some(renewal);
        }
        Ok(())
    }

    fn answer<T>(&mut self, answer: Result<Response<T>, Status>) -> anyhow::Result<Option<T>> {
        self.nothing_refused()?;
        match answer {
            Ok(response) => Ok(Some(response.into_inner())),
            Err(status) => {
                self.refused = Some(status);
                Ok(None)
            }
        }
    }

    /// Fails when the last act was refused and no step said that it should be.
    pub(crate) fn nothing_refused(&self) -> anyhow::Result<()> {
        ensure!(self.refused.is_none(), "refused: {:?}", self.refused);
        Ok(())
    }

    /// The refusal of the last act.
    pub(crate) fn take_refusal(&mut self) -> anyhow::Result<Status> {
        self.refused.take().context("the act was not refused")
    }

    /// The contract as an auditor reads it now.
    pub(crate) async fn contract_now(&self) -> anyhow::Result<Contract> {
        let auditor = self.scenario()?.people.auditor();
        let name = self.contract()?.name;
        let mut client = self.suite()?.contracts(&auditor)?;
        Ok(client
            .get_contract(GetContractRequest { name })
            .await?
            .into_inner())
    }

    /// The review as somebody reads it now.
    pub(crate) async fn review_read_by(
        &self,
        who: &Persona,
    ) -> anyhow::Result<Result<Review, Status>> {
        let name = self.review()?.name;
        let mut client = self.suite()?.reviews(who)?;
        let answer = client.get_review(GetReviewRequest { name }).await;
        Ok(answer.map(Response::into_inner))
    }

    /// Today in the region.
    pub(crate) fn today(&self) -> anyhow::Result<Date> {
        let now = self.suite()?.setup.clock.now();
        Ok(legal_day(now, self.scenario()?.people.region))
    }

    /// Lets the days pass until this one, with all that the clock does on the way.
    pub(crate) async fn let_time_pass(&mut self, until: Date) -> anyhow::Result<()> {
        let days = (until - self.today()?).whole_days();
        ensure!(days > 0, "{until} is not after today");
        let suite = self.suite()?;
        suite.setup.advance(Duration::days(days))?;
        time_passes::once(&suite.runtime(Service::Contracts)?.machine).await?;
        if self.contract.is_some() {
            self.contract = Some(self.contract_now().await?);
        }
        Ok(())
    }
}
