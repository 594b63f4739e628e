//! Who may be chosen on the sign-in page: made-up people, for development alone.

use std::sync::{PoisonError, RwLock};

use super::{BadRequest, Kind, TokenRequest};

/// A working day: the lifetime of what a persona is given.
const LIFETIME_SECONDS: u32 = 8 * 3_600;
/// Nobody picks from a longer list.
const MOST: usize = 500;

/// The people of the agency, in every region.
const AGENTS: [(&str, &str); 7] = [
    ("contract_manager", "Camille Roux"),
    ("manager", "Dominique Faure"),
    ("director_general", "Hélène Marchand"),
    ("controller", "Karim Benali"),
    ("reviewer", "Inès Lambert"),
    ("auditor", "Paul Girard"),
    ("registry_administrator", "Sacha Petit"),
];

/// The people of a departmental council.
const COUNCIL: [(&str, &str); 2] = [
    ("department_president", "Martine Vidal"),
    ("department_manager", "Yannick Le Goff"),
];
/// The département of the council: that of the synthetic region.
const DEPARTMENT: &str = "00";
/// The first people of the list stay.
const LASTING: usize = AGENTS.len() + COUNCIL.len();

/// The list, to which a demonstration adds its own.
#[derive(Debug)]
pub(super) struct Personas(RwLock<Vec<TokenRequest>>);

impl Default for Personas {
    fn default() -> Self {
        let agent = |&(role, name): &(&str, &str)| {
            let sub = format!("person:{}", role.replace('_', "-"));
            TokenRequest::new(Kind::Human, role, &sub, name, &["*"])
        };
        let councillor = |&(role, name): &(&str, &str)| TokenRequest {
            departments: vec![DEPARTMENT.to_owned()],
            ..agent(&(role, name))
        };
        let people = AGENTS.iter().map(agent);
        Self(RwLock::new(
            people.chain(COUNCIL.iter().map(councillor)).collect(),
        ))
    }
}

impl Personas {
    /// Adds people, or replaces those of the same `sub`. Each must be one that a token could be signed for.
    pub(super) fn add(&self, people: Vec<TokenRequest>) -> Result<(), BadRequest> {
        for person in &people {
            person.check()?;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for person in people {
            known.retain(|other| other.sub != person.sub);
            known.push(person);
        }
        let surplus = known.len().saturating_sub(MOST);
        known.drain(LASTING..LASTING + surplus);
        Ok(())
    }

    /// Everybody, in the order of the page.
    pub(super) fn all(&self) -> Vec<TokenRequest> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// One of them, with the lifetime of a working day.
    pub(super) fn find(&self, sub: &str) -> Option<TokenRequest> {
        let people = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let person = people.iter().find(|person| person.sub == sub)?;
        Some(TokenRequest {
            lifetime_seconds: LIFETIME_SECONDS,
            ..person.clone()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_added_once_and_senseless_ones_are_refused() {
        let personas = Personas::default();
        let before = personas.all().len();
        let director = TokenRequest::new(
            Kind::Human,
            "establishment_director",
            "person:d",
            "D",
            &["93"],
        );
        for _ in 0..2 {
            personas.add(vec![director.clone()]).unwrap();
        }
        assert_eq!(personas.all().len(), before + 1);
        assert_eq!(personas.find("person:d").unwrap().lifetime_seconds, 28_800);
        assert!(personas.find("person:nobody").is_none());
        let nowhere = TokenRequest {
            regions: vec!["77".to_owned()],
            ..director
        };
        assert!(personas.add(vec![nowhere]).is_err());
    }

    #[test]
    fn the_list_does_not_grow_for_ever_and_the_agents_stay() {
        let personas = Personas::default();
        let people = (0..MOST + 10)
            .map(|rank| {
                let sub = format!("person:{rank}");
                TokenRequest::new(Kind::Human, "auditor", &sub, "", &["93"])
            })
            .collect();
        personas.add(people).unwrap();
        assert_eq!(personas.all().len(), MOST);
        assert!(personas.find("person:contract-manager").is_some());
    }
}
