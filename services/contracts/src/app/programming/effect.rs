//! What a published programming does to the contracts that are being prepared: it raises a task on each that it expects in
//! another year, or no more. A task tells; only people act.

use std::collections::BTreeMap;

use rpc::Error;
use store::Unit;

use crate::{
    app::tasks,
    domain::{
        Programming, Task, TaskId,
        programming::{Fit, fits},
        task::Kind,
    },
    store as rows,
};

/// Raises a task on each contract under preparation whose sites the decision, or the version it replaces, programs.
pub(super) async fn on_drafts(unit: &mut Unit, published: &Programming) -> Result<(), Error> {
    let years = published.lines.years();
    let earlier = rows::programming::sites_of_previous(unit.connection(), published).await?;
    let concerned: Vec<_> = years.keys().chain(&earlier).copied().collect();
    let drafts = rows::programming::drafts_about(
        unit.connection(),
        (published.series.region, published.series.kind),
        &concerned,
    )
    .await?;
    for draft in drafts {
        let about: BTreeMap<_, _> = fits(&draft.text, &years)
            .filter(|(site, fit)| *fit != Fit::Programmed && concerned.contains(site))
            .collect();
        if about.is_empty() {
            continue;
        }
        let task = Task {
            id: TaskId::generate(),
            region: draft.region,
            contract: draft.id,
            kind: Kind::ProgrammingChanged,
            subject: published.id.to_string(),
            explanation: explanation(draft.text.effect_date.year(), &about),
            raised_at: unit.at(),
            done: None,
            version: 1,
        };
        tasks::raise_once(unit, &task).await?;
    }
    Ok(())
}

fn explanation(effect_year: i32, about: &BTreeMap<kernel::Finess, Fit>) -> String {
    const SHOWN: usize = 10;
    let shown: Vec<String> = about
        .iter()
        .take(SHOWN)
        .map(|(site, fit)| match fit {
            Fit::OtherYear { planned_year } => format!("{site} ({planned_year})"),
            Fit::Programmed | Fit::NotProgrammed => format!("{site} (non programmé)"),
        })
        .collect();
    let more = about.len().saturating_sub(SHOWN);
    let rest = if more > 0 {
        format!(" et {more} autres")
    } else {
        String::new()
    };
    format!(
        "La programmation publiée n’attend pas ce contrat en {effect_year} : {}{rest}. Vérifier l’année de prise d’effet \
         (CASF L313-12 IV ter).",
        shown.join(", ")
    )
}
