//! What the synthetic region plans beside its contracts. Nothing of it is left to chance: it follows from the sites and
//! what they are measured by.

mod care_homes;
mod dialogue;
pub mod ground;
mod scheme;

use kernel::Finess;

use super::{
    Measure,
    network::{Category, Entity, Site},
    shapes::zone_of,
    volumes::Volume,
};
use crate::demo::planning::Planning;

/// Where figures say that they come from.
const SOURCE: &str = "Région synthétique";

/// Zones that something is planned for.
const VALLEY: usize = 1;
const METROPOLIS: usize = 2;
const PLATEAU: usize = 3;

/// Everything that is planned.
pub(super) fn plan(entities: &[Entity], measures: &[Measure]) -> Planning {
    let sites = Sites::of(entities, measures);
    Planning {
        population: ground::population(),
        case_mix: ground::case_mix(&sites),
        rates: vec![ground::rates()],
        framework: Some(dialogue::framework(measures)),
        dialogues: dialogue::of_valley(&sites, measures).into_iter().collect(),
        places: care_homes::places(&sites),
        waiting_lists: care_homes::waiting_lists(&sites),
        allowances: care_homes::allowances(&sites),
        allowance_targets: care_homes::allowance_targets(&sites),
        point_values: care_homes::point_values(),
        accounts: care_homes::accounts(&sites),
        scheme: Some(scheme::scheme()),
        calls: scheme::call(&sites).into_iter().collect(),
        cooperations: scheme::cooperation(&sites).into_iter().collect(),
        envelopes: scheme::envelope(&sites).into_iter().collect(),
        programming: Some(care_homes::programming(&sites)),
    }
}

/// The sites that plans are about, in the order of their numbers.
struct Sites<'a> {
    /// Those with stays, but for the smallest.
    hospitals: Vec<&'a Site>,
    care_homes: Vec<CareHome<'a>>,
}

/// An EHPAD.
#[derive(Clone, Copy)]
struct CareHome<'a> {
    entity: Finess,
    site: &'a Site,
    /// Days of a year before the contract.
    days: u64,
}

impl<'a> Sites<'a> {
    fn of(entities: &'a [Entity], measures: &[Measure]) -> Self {
        let mut sites = Self {
            hospitals: Vec::new(),
            care_homes: Vec::new(),
        };
        for entity in entities {
            for site in &entity.sites {
                if has_stays(site) {
                    sites.hospitals.push(site);
                }
                let own = measures.iter().find(|measure| {
                    measure.subject == site.finess && measure.volume == Volume::CareHomeDays
                });
                if let Some(own) = own {
                    sites.care_homes.push(CareHome {
                        entity: entity.finess,
                        site,
                        days: own.baseline,
                    });
                }
            }
        }
        sites
    }

    /// The hospitals of a zone; where it has fewer than two, some of elsewhere come after them.
    fn hospitals_of(&self, zone: usize) -> Vec<&'a Site> {
        let (there, elsewhere): (Vec<&Site>, Vec<&Site>) = self
            .hospitals
            .iter()
            .copied()
            .partition(|site| zone_of(site.commune + 1) == zone);
        let count = there.len().max(2);
        there.into_iter().chain(elsewhere).take(count).collect()
    }

    /// A care home of a zone, or of elsewhere.
    fn care_home_of(&self, zone: usize) -> Option<CareHome<'a>> {
        let mut all = self.care_homes.iter();
        let there = all.find(|home| zone_of(home.site.commune + 1) == zone);
        there.or(self.care_homes.first()).copied()
    }
}

fn has_stays(site: &Site) -> bool {
    site.category != Category::Local && site.category.volumes().contains(&Volume::Stays)
}

/// INSEE code of the commune of a site.
fn commune(site: &Site) -> String {
    format!("00{:03}", site.commune + 1)
}

#[cfg(test)]
mod tests;
