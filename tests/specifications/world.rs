//! What a scenario works with.

use anyhow::{Context as _, ensure};
use contracts::app::time_passes;
use cpom_tests::{
    scenario::{Entity, Registry, Scenario},
    suite::{Service, Suite},
};
use kernel::legal_time::legal_day;
use proto::{
    contracts::v1::{
        Amendment, Contract, GetContractRequest, GetReviewRequest, Meeting, Procedure, Programming,
        RegimeKind, Renewal, Review, Withdrawal,
    },
    controls::v1::Finding,
    targets::v1::{ModulationProposal, ModulationWaiver},
};
use sqlx::Executor as _;
use testkit::Persona;
use time::{Date, Duration};
use tonic::{Response, Status};

use crate::{
    figures::{COUNCIL, Side, Someone},
    stage::Stage,
};

/// What a service said of an act.
type Answer<T> = Result<Response<T>, Status>;

/// A region, its people, and the contract that the scenario is about.
#[derive(Debug, cucumber::World)]
#[world(init = Self::begin)]
pub(crate) struct Specification {
    /// None once the scenario is over.
    stage: Option<Stage>,
    registry: Option<Registry>,
    /// Of the contracts that are drafted.
    pub(crate) regime_kind: RegimeKind,
    pub(crate) programming: Option<Programming>,
    /// The version before that one.
    pub(crate) earlier_programming: Option<Programming>,
    contract: Option<Contract>,
    review: Option<Review>,
    procedure: Option<Procedure>,
    /// Another one, where two count together.
    other_procedure: Option<Procedure>,
    meeting: Option<Meeting>,
    amendment: Option<Amendment>,
    renewal: Option<Renewal>,
    withdrawal: Option<Withdrawal>,
    /// Another contract, where two meet.
    pub(crate) rival: Option<Contract>,
    pub(crate) campaign: String,
    pub(crate) findings: Vec<Finding>,
    /// What was computed of a modulation, and what was last set aside of one.
    pub(crate) proposal: Option<ModulationProposal>,
    pub(crate) waiver: Option<ModulationWaiver>,
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
            stage: Some(Stage::take().await?),
            registry: None,
            regime_kind: RegimeKind::Unspecified,
            programming: None,
            earlier_programming: None,
            contract: None,
            review: None,
            procedure: None,
            other_procedure: None,
            meeting: None,
            amendment: None,
            renewal: None,
            withdrawal: None,
            rival: None,
            campaign: String::new(),
            findings: Vec::new(),
            proposal: None,
            waiver: None,
            refused: None,
            last_refusal: String::new(),
            rewritings_refused: None,
        })
    }

    /// Leaves the place to others. A refusal that no step looked at fails the scenario.
    pub(crate) fn end(&mut self) {
        if let Some(stage) = self.stage.take() {
            stage.leave();
        }
        assert!(self.refused.is_none(), "refused: {:?}", self.refused);
    }

    fn stage(&self) -> anyhow::Result<&Stage> {
        self.stage.as_ref().context("the scenario is over")
    }

    pub(crate) fn suite(&self) -> anyhow::Result<&Suite> {
        Ok(&self.stage()?.suite)
    }

    pub(crate) fn scenario(&self) -> anyhow::Result<Scenario<'_>> {
        self.stage()?.scenario()
    }

    /// Enters the establishments of the region, which are of this category.
    pub(crate) async fn enter_registry(&mut self, category: &'static str) -> anyhow::Result<()> {
        let registry = Registry {
            category,
            ..self.stage()?.registry()?
        };
        self.scenario()?.import(&registry).await?;
        self.registry = Some(registry);
        Ok(())
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
            Side::Council => COUNCIL.to_owned(),
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

    /// Keeps the answer to an act on a contract.
    pub(crate) fn contract_answer(&mut self, answer: Answer<Contract>) -> anyhow::Result<()> {
        self.keep(answer, |world| &mut world.contract)
    }

    /// Keeps the answer to an act on a review.
    pub(crate) fn review_answer(&mut self, answer: Answer<Review>) -> anyhow::Result<()> {
        self.keep(answer, |world| &mut world.review)
    }

    /// The procedure as the last act left it.
    pub(crate) fn procedure(&self) -> anyhow::Result<Procedure> {
        self.procedure.clone().context("a procedure")
    }

    /// Keeps the answer to an act on a procedure.
    pub(crate) fn procedure_answer(&mut self, answer: Answer<Procedure>) -> anyhow::Result<()> {
        self.keep(answer, |world| &mut world.procedure)
    }

    /// What follows is about the other of two procedures.
    pub(crate) fn turn_to_the_other_procedure(&mut self) {
        std::mem::swap(&mut self.procedure, &mut self.other_procedure);
    }

    /// The meeting as the last act left it.
    pub(crate) fn meeting(&self) -> anyhow::Result<Meeting> {
        self.meeting.clone().context("a meeting")
    }

    /// Keeps the answer to an act on a meeting.
    pub(crate) fn meeting_answer(&mut self, answer: Answer<Meeting>) -> anyhow::Result<()> {
        self.keep(answer, |world| &mut world.meeting)
    }

    /// Keeps the answer to an act on a programming.
    pub(crate) fn programming_answer(&mut self, answer: Answer<Programming>) -> anyhow::Result<()> {
        self.keep(answer, |world| &mut world.programming)
    }

    /// The amendment as the last act left it.
    pub(crate) fn amendment(&self) -> anyhow::Result<Amendment> {
        self.amendment.clone().context("an amendment")
    }

    /// Keeps the answer to an act on an amendment.
    pub(crate) fn amendment_answer(&mut self, answer: Answer<Amendment>) -> anyhow::Result<()> {
        self.keep(answer, |world| &mut world.amendment)
    }

    /// The renewal as the last act left it.
    pub(crate) fn renewal(&self) -> anyhow::Result<Renewal> {
        self.renewal.clone().context("a renewal")
    }

    /// Keeps the answer to an act on a renewal.
    pub(crate) fn renewal_answer(&mut self, answer: Answer<Renewal>) -> anyhow::Result<()> {
        self.keep(answer, |world| &mut world.renewal)
    }

    /// The withdrawal as the last act left it.
    pub(crate) fn withdrawal(&self) -> anyhow::Result<Withdrawal> {
        self.withdrawal.clone().context("a withdrawal")
    }

    /// Keeps the answer to an act on a withdrawal.
    pub(crate) fn withdrawal_answer(&mut self, answer: Answer<Withdrawal>) -> anyhow::Result<()> {
        self.keep(answer, |world| &mut world.withdrawal)
    }

    /// Keeps the answer to a decision on a modulation.
    pub(crate) fn waiver_answer(&mut self, answer: Answer<ModulationWaiver>) -> anyhow::Result<()> {
        self.keep(answer, |world| &mut world.waiver)
    }

    /// Keeps the refusal of an act of which nothing else is kept.
    pub(crate) fn plain_answer<T>(&mut self, answer: Answer<T>) -> anyhow::Result<()> {
        self.answer(answer).map(drop)
    }

    /// Keeps what an act made. An earlier refusal must have been looked at.
    fn keep<T>(
        &mut self,
        answer: Answer<T>,
        place: fn(&mut Self) -> &mut Option<T>,
    ) -> anyhow::Result<()> {
        if let Some(made) = self.answer(answer)? {
            *place(self) = Some(made);
        }
        Ok(())
    }

    fn answer<T>(&mut self, answer: Answer<T>) -> anyhow::Result<Option<T>> {
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
        // The service's own clock may have taken what is due a moment ago: its unit of work is waited for.
        let mut owner = suite.database(Service::Contracts)?.owner().await;
        owner
            .execute("begin; lock table contract, amendment, renewal in exclusive mode; commit")
            .await?;
        time_passes::once(&suite.runtime(Service::Contracts)?.machine).await?;
        if self.contract.is_some() {
            self.contract = Some(self.contract_now().await?);
        }
        Ok(())
    }
}
