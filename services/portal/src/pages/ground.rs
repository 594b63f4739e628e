//! The outlines of territories, for the maps of every page. Without them a page draws tiles: no map is a reason to
//! refuse a page.

use std::collections::BTreeMap;

use proto::targets::v1::{GetOutlinesRequest, Outline, Outlines};

use crate::{
    picture::Land,
    services::{Channels, within},
};

/// Outlines of a version of territories, and where they come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ground {
    lands: BTreeMap<String, Land>,
    /// In French.
    pub(crate) source: String,
}

impl Ground {
    /// The land of a territory, by its code; none is an empty one.
    pub(crate) fn land(&self, code: &str) -> Land {
        self.lands.get(code).cloned().unwrap_or_default()
    }

    /// Every land.
    pub(crate) fn lands(&self) -> Vec<Land> {
        self.lands.values().cloned().collect()
    }
}

/// The outlines of a version (`territoryVersions/{id}`), if it has them for all of these territories.
pub(crate) async fn of(channels: &Channels, version: &str, codes: &[&str]) -> Option<Ground> {
    let request = GetOutlinesRequest {
        parent: version.to_owned(),
    };
    let answer = channels.outlines().get_outlines(within(request)).await;
    let ground = read(&answer.ok()?.into_inner())?;
    let has_all = codes.iter().all(|code| ground.lands.contains_key(*code));
    has_all.then_some(ground)
}

fn read(outlines: &Outlines) -> Option<Ground> {
    if outlines.outlines.is_empty() {
        return None;
    }
    Some(Ground {
        lands: outlines
            .outlines
            .iter()
            .map(|outline| (outline.territory.clone(), land(outline)))
            .collect(),
        source: format!(
            "Contours\u{a0}: {} ({}).",
            outlines.source, outlines.licence
        ),
    })
}

fn land(outline: &Outline) -> Land {
    let rings = outline.polygons.iter().flat_map(|polygon| &polygon.rings);
    Land {
        rings: rings
            .map(|ring| {
                ring.coordinates
                    .chunks_exact(2)
                    .map(|pair| (pair[0].into(), pair[1].into()))
                    .collect()
            })
            .collect(),
    }
}

/// The name of the row of a territory in the table beside a map.
pub(crate) fn anchor(code: &str) -> String {
    format!("territoire-{code}")
}

#[cfg(test)]
mod tests {
    use proto::targets::v1::{OutlinePolygon, OutlineRing};

    use super::*;

    #[test]
    fn outlines_are_lands_by_code() {
        assert!(read(&Outlines::default()).is_none());
        let ring = OutlineRing {
            coordinates: vec![500_000, 4_300_000, 600_000, 4_300_000, 600_000, 4_400_000],
        };
        let told = Outlines {
            outlines: vec![Outline {
                territory: "A".to_owned(),
                polygons: vec![OutlinePolygon { rings: vec![ring] }],
            }],
            source: "IGN".to_owned(),
            licence: "Licence Ouverte".to_owned(),
            ..Default::default()
        };
        let ground = read(&told).unwrap();
        assert_eq!(ground.land("A").rings[0][1], (600_000, 4_300_000));
        assert!(ground.land("B").rings.is_empty());
        assert_eq!(ground.lands().len(), 1);
        assert_eq!(ground.source, "Contours\u{a0}: IGN (Licence Ouverte).");
    }
}
