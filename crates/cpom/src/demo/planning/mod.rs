//! Step 6: what the region plans beside its contracts. Who lives there and is cared for where, published rates, the
//! framework, a dialogue with its inflections, places and what they are given, the scheme, a call, a cooperation, credits
//! and the programming of contracts to come.
//!
//! Each part looks at what stands first, as the steps before do.

/// Everything of a list of the region: `of_region!(self, schemes, list_schemes(ListSchemesRequest), schemes)`.
macro_rules! of_region {
    ($demo:expr, $client:ident, $method:ident($request:ident), $items:ident) => {{
        let request = $request {
            region: $demo.region(),
            ..Default::default()
        };
        let auditor = &$demo.personas.auditor;
        let list = $crate::list_all!(auditor.$client(), $method, request.clone(), $items);
        list.await
    }};
}

mod calls;
mod dialogues;
pub mod figures;
mod offer;
pub mod planned;
mod programming;
mod reference;
mod statements;

use anyhow::{Context, Result};
use indicatif::ProgressBar;

pub use self::planned::Planning;
use super::Demo;
use crate::progress::{self, Count};

/// Parts of a planning, as progress tells them.
const PARTS: u64 = 11;

impl Demo {
    /// Carries the planning out, where the plan has one.
    pub(super) async fn plan_region(&self) -> Result<()> {
        let Some(planning) = &self.plan.planning else {
            return Ok(());
        };
        let bar = progress::bar("planification", PARTS, Count::Things);
        let done = self.plan_parts(planning, &bar).await;
        bar.finish_and_clear();
        done
    }

    async fn plan_parts(&self, planning: &Planning, bar: &ProgressBar) -> Result<()> {
        let begun = |part: &'static str| {
            bar.set_message(part);
            bar.inc(1);
        };
        begun("population");
        let population = self.import_population(&planning.population);
        population.await.context("population")?;
        begun("activité");
        let import = self.import_case_mix(&planning.case_mix);
        let import = import.await.context("case-mix")?;
        begun("taux");
        let rates = self.publish_rates(&planning.rates);
        rates.await.context("published rates")?;
        begun("cadre régional");
        if let Some(framework) = &planning.framework {
            let agreed = self.agree_framework(framework);
            agreed.await.context("regional framework")?;
        }
        begun("dialogues");
        for dialogue in &planning.dialogues {
            let held = self.hold_dialogue(dialogue, &import);
            held.await.with_context(|| dialogue.title.clone())?;
        }
        begun("places et tarifs");
        self.state_figures(planning).await?;
        let accounts = self.import_accounts(&planning.accounts);
        accounts.await.context("accounts")?;
        begun("schéma");
        let scheme = match &planning.scheme {
            Some(scheme) => Some(self.set_scheme(scheme).await.context("scheme")?),
            None => None,
        };
        begun("appels à projets");
        for call in &planning.calls {
            let run = self.run_call(call, scheme.as_ref());
            run.await.with_context(|| call.need.title.clone())?;
        }
        begun("coopérations");
        for cooperation in &planning.cooperations {
            let kept = self.keep_cooperation(cooperation);
            kept.await.context("cooperation")?;
        }
        begun("crédits");
        for envelope in &planning.envelopes {
            let engaged = self.engage_credits(envelope);
            engaged.await.context("credits")?;
        }
        begun("programmation");
        if let Some(programming) = &planning.programming {
            let published = self.publish_programming(programming);
            published.await.context("programming")?;
        }
        Ok(())
    }

    /// INSEE code of the region.
    fn region(&self) -> String {
        self.plan.region.code().to_owned()
    }
}
