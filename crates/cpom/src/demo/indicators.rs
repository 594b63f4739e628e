//! Step 3: the system of each legal entity submits its values.

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use indicatif::ProgressBar;
use prost::Message;
use proto::targets::v1::OpenSubmission;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{CONCURRENCY, Demo, plan::PlannedContract};
use crate::{
    progress::{self, Count},
    submission::{Batch, Batcher, stream::send},
};

const BATCH: usize = 1_000;

impl Demo {
    /// Submits the values of every legal entity; values that are there already are not sent again.
    pub(super) async fn submit_indicators(&self) -> Result<()> {
        let values: usize = self
            .plan
            .contracts
            .iter()
            .map(|planned| planned.values.len())
            .sum();
        let bar = progress::bar("indicateurs", values as u64, Count::Things);
        let submitted = stream::iter(self.submitting())
            .map(|planned| self.submit(planned, &bar))
            .buffer_unordered(CONCURRENCY)
            .try_collect::<()>()
            .await;
        bar.finish_and_clear();
        submitted
    }

    /// The contracts whose entity has something to submit.
    pub(super) fn submitting(&self) -> impl Iterator<Item = &PlannedContract> {
        self.plan
            .contracts
            .iter()
            .filter(|planned| !planned.values.is_empty())
    }

    /// Follows from what is submitted: other values are another submission.
    pub(super) fn submission_id(&self, planned: &PlannedContract) -> String {
        let mut content = Sha256::new();
        for value in &planned.values {
            content.update(value.encode_length_delimited_to_vec());
        }
        let content = hex::encode(content.finalize());
        self.request_id(&["SubmitIndicators", planned.legal_entity.as_str(), &content])
    }

    async fn submit(&self, planned: &PlannedContract, bar: &ProgressBar) -> Result<()> {
        let entity = planned.legal_entity;
        let session = self.personas.system(entity).await?;
        let open = OpenSubmission {
            submission_id: self.submission_id(planned),
            region: self.plan.region.code().to_owned(),
            source: format!("Démonstration, système de {entity}"),
        };
        let batches = batches(planned);
        let (sender, source) = mpsc::channel(batches.len());
        for batch in batches {
            sender
                .try_send(batch)
                .context("a batch did not fit in its channel")?;
        }
        drop(sender);
        let sent = send(session.indicators(), open, source, bar).await;
        sent.with_context(|| format!("submission of legalEntities/{entity}"))?;
        Ok(())
    }
}

fn batches(planned: &PlannedContract) -> Vec<Batch> {
    let mut cutter = Batcher::new(BATCH);
    let mut batches: Vec<Batch> = (1..)
        .zip(&planned.values)
        .filter_map(|(line, value)| cutter.push(line, value.clone()))
        .collect();
    batches.extend(cutter.finish());
    batches
}
