//! Entity tags (AIP-154): the version of an aggregate, quoted as RFC 9110 asks; and, where one is not the current one,
//! what was done meanwhile.

use std::fmt::Display;

use kernel::Actor;
use prost::{Message as _, Name as _};
use prost_types::{Any, Timestamp};
use proto::types::v1::{self as types, ActorKind, Change, Changes};
use store::{
    Unit,
    history::{self, Step},
};
use tonic::Status;
use tonic_types::pb;

use crate::{Error, caller};

/// How much is told of what was done meanwhile: it travels in a header.
const MOST: i64 = 10;

/// The tag of a version.
pub fn of(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version that a tag stands for.
pub fn version_of(tag: &str) -> Option<i64> {
    tag.trim_matches('"').parse().ok()
}

/// Refuses a tag that is not the current one.
pub fn check(given: &str, version: i64) -> Result<(), Error> {
    let actual = of(version);
    if given == actual {
        return Ok(());
    }
    Err(Error::Stale {
        expected: given.to_owned(),
        actual,
        changes: Vec::new(),
    })
}

/// The same, telling what was done to the resource since the version of the tag: where whoever may act may also read
/// each of its steps. That the resource exists for them was asked before.
pub async fn check_telling(
    unit: &mut Unit,
    resource: &impl Display,
    given: &str,
    version: i64,
) -> Result<(), Error> {
    let Err(mut refused) = check(given, version) else {
        return Ok(());
    };
    if let (Error::Stale { changes, .. }, Some(seen)) = (&mut refused, version_of(given)) {
        let steps = history::since(unit.connection(), &resource.to_string(), seen, MOST).await?;
        let reader = &unit.by().actor;
        *changes = steps.into_iter().map(|step| told(step, reader)).collect();
    }
    Err(refused)
}

/// A step as its reader may know it.
fn told(step: Step, reader: &Actor) -> Change {
    let kind = format!("ACTOR_KIND_{}", step.actor_kind.to_uppercase());
    let kind = ActorKind::from_str_name(&kind).unwrap_or_default();
    let is_known = kind == ActorKind::Service
        || step.actor == reader.subject
        || caller::knows_persons(&reader.role);
    Change {
        r#type: step.event_type,
        actor: Some(types::Actor {
            subject: if is_known { step.actor } else { String::new() },
            kind: kind.into(),
            role: step.actor_role,
        }),
        record_time: Some(Timestamp {
            seconds: step.recorded_at.unix_timestamp(),
            nanos: i32::try_from(step.recorded_at.nanosecond()).unwrap_or_default(),
        }),
    }
}

/// The same status, with what was done in its details.
pub(crate) fn with_changes(status: Status, changes: Vec<Change>) -> Status {
    if changes.is_empty() {
        return status;
    }
    let mut whole = pb::Status::decode(status.details()).unwrap_or_default();
    whole.details.push(Any {
        type_url: format!("type.googleapis.com/{}", Changes::full_name()),
        value: Changes { changes }.encode_to_vec(),
    });
    let details = whole.encode_to_vec();
    Status::with_details(status.code(), status.message(), details.into())
}

/// What a refusal tells was done meanwhile; nothing where it is not one of a tag, or the caller may not know.
pub fn changes(refused: &Status) -> Vec<Change> {
    let name = Changes::full_name();
    let whole = pb::Status::decode(refused.details()).unwrap_or_default();
    let told = whole.details.iter().find(|detail| {
        let (_, kind) = detail.type_url.rsplit_once('/').unwrap_or_default();
        kind == name
    });
    told.and_then(|detail| Changes::decode(detail.value.as_slice()).ok())
        .unwrap_or_default()
        .changes
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;
    use tonic_types::StatusExt as _;

    use super::*;

    fn somebody(role: &str) -> Actor {
        Actor {
            subject: "claire".to_owned(),
            kind: kernel::ActorKind::Human,
            role: role.to_owned(),
        }
    }

    fn step(actor: &str, kind: &str) -> Step {
        Step {
            event_type: "cpom.targets.v1.DialogueClosed".to_owned(),
            actor: actor.to_owned(),
            actor_kind: kind.to_owned(),
            actor_role: "manager".to_owned(),
            recorded_at: OffsetDateTime::from_unix_timestamp(1_700_000_000).unwrap(),
        }
    }

    #[test]
    fn a_refusal_carries_what_was_done_and_its_reason_stays() {
        let change = told(step("paul", "human"), &somebody("contract_manager"));
        let status = Status::from(Error::Stale {
            expected: of(3),
            actual: of(4),
            changes: vec![change.clone()],
        });
        assert_eq!(status.code(), tonic::Code::Aborted);
        assert_eq!(changes(&status), [change]);
        let info = status.get_details_error_info().unwrap();
        assert_eq!(info.reason, "ETAG_MISMATCH");
        assert_eq!(info.metadata["actual"], "\"4\"");
        let plain = Status::from(check("\"3\"", 4).unwrap_err());
        assert!(changes(&plain).is_empty());
        assert!(changes(&Status::aborted("by something else")).is_empty());
    }

    #[test]
    fn agents_are_told_which_person_it_was_and_others_under_which_role() {
        let subject = |step: Step, role: &str| told(step, &somebody(role)).actor.unwrap();
        let agent = subject(step("paul", "human"), "contract_manager");
        assert_eq!(agent.subject, "paul");
        assert_eq!(agent.kind(), ActorKind::Human);
        for other in [
            "establishment_director",
            "department_president",
            "associated_party",
            "national_council",
            "",
        ] {
            let told = subject(step("paul", "human"), other);
            assert_eq!((told.subject.as_str(), told.role.as_str()), ("", "manager"));
            let own = subject(step("claire", "human"), other);
            assert_eq!(own.subject, "claire");
            let suite = subject(step("service:clock", "service"), other);
            assert_eq!(suite.subject, "service:clock");
        }
    }
}
