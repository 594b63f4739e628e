//! What anybody may read.

use proto::contracts::v1 as pb;

use super::{content::confidentiality, regime_kind};
use crate::{
    domain::communication::Withheld,
    store::published::{Place, Published},
};

pub fn published(contract: &Published) -> pb::PublishedContract {
    pb::PublishedContract {
        name: format!("publishedContracts/{}", contract.id.0),
        number: contract.number.clone(),
        region: contract.region.clone(),
        title: contract.title.clone(),
        kind: regime_kind(contract.kind).into(),
        holders: contract.holders.iter().map(place).collect(),
        sites: contract.sites.iter().map(place).collect(),
        effect_date: contract.effect_date.to_string(),
        last_day: contract.last_day.to_string(),
    }
}

fn place(place: &Place) -> pb::PublishedPlace {
    pb::PublishedPlace {
        finess: place.finess.clone(),
        title: place.title.clone(),
        department: place.department.clone(),
        commune: place.commune.clone(),
    }
}

pub fn withheld(passage: &Withheld) -> pb::WithheldPassage {
    pb::WithheldPassage {
        code: passage.code.clone(),
        ground: confidentiality(passage.ground).into(),
    }
}
