//! Waiting lists, from the wire and to it.

use proto::targets::v1 as pb;
use rpc::Error;

use super::{day, mode, public};
use crate::{
    domain::offer::WaitingList,
    grpc::{
        medicosocial::capacities::{write_mode, write_public},
        planning::reading::{self, wrong},
    },
};

/// Reads waiting lists. Every one that cannot be read is named.
pub(crate) fn read(lists: &[pb::WaitingList]) -> Result<Vec<WaitingList>, Error> {
    reading::all(lists, |place, list| {
        let path = format!("waiting_lists[{place}]");
        Ok(WaitingList {
            establishment: list
                .establishment
                .parse()
                .map_err(|error| wrong(&path, ".establishment", error))?,
            mode: mode(&path, list.mode())?,
            public: public(&path, list.public())?,
            day: day(&path, ".day", &list.day)?,
            persons: list.persons,
            source: list.source.clone(),
        })
    })
}

/// Writes a waiting list.
pub(crate) fn write(list: &WaitingList) -> pb::WaitingList {
    pb::WaitingList {
        establishment: list.establishment.to_string(),
        mode: write_mode(list.mode).into(),
        public: write_public(list.public).into(),
        day: list.day.to_string(),
        persons: list.persons,
        source: list.source.clone(),
    }
}
