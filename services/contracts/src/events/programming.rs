//! Programming as the public events of `events.proto`.

use prost::{Message, Name};
use proto::contracts::v1 as pb;
use store::{Error, Fact};

use crate::{
    domain::{Programming, programming::Event},
    grpc::convert::programming as convert,
};

/// The next version of a series was drafted.
pub fn drafted(programming: &Programming) -> Result<Fact, Error> {
    let drafted = pb::ProgrammingDrafted {
        programming: Some(convert::programming(programming, false)),
    };
    of(programming, &drafted)
}

/// What a programming has just become.
pub fn happened(programming: &Programming, event: &Event) -> Result<Fact, Error> {
    match event {
        Event::Revised { lines, comment } => {
            let revised = pb::ProgrammingRevised {
                lines: lines.as_slice().iter().map(convert::line).collect(),
                comment: comment.clone(),
            };
            of(programming, &revised)
        }
        Event::Approved(approval) => {
            let approved = pb::ProgrammingApproved {
                approval: Some(convert::approval(approval)),
            };
            of(programming, &approved)
        }
        Event::Published(publication) => {
            let published = pb::ProgrammingPublished {
                act: publication.act.clone(),
                publication_date: publication.date.to_string(),
                late: programming.is_late(),
            };
            of(programming, &published)
        }
        Event::Discarded { reasons } => {
            let discarded = pb::ProgrammingDiscarded {
                reasons: reasons.as_str().to_owned(),
            };
            Ok(of(programming, &discarded)?.because(reasons.as_str()))
        }
    }
}

fn of<M: Message + Name>(programming: &Programming, message: &M) -> Result<Fact, Error> {
    let (id, region) = (programming.id, programming.series.region);
    Fact::new("programming", id, programming.version, id, region, message)
}
