//! Which codes of activities are counted again in others: groups of a nomenclature and their members.

use std::collections::{BTreeMap, BTreeSet};

/// The members of each group, among the codes that are looked at: those that no other group between holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityGroups {
    members: BTreeMap<String, BTreeSet<String>>,
}

impl ActivityGroups {
    /// From every code and each code above it, however far.
    pub fn new(above: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut groups_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (code, group) in above {
            groups_of.entry(code).or_default().insert(group);
        }
        let depth = |code: &str| groups_of.get(code).map_or(0, BTreeSet::len);
        // A letter may be a code of two levels, so that two codes stand above each other: neither is a group then.
        let is_above = |group: &str, code: &str| {
            let of =
                |code: &str, group: &str| groups_of.get(code).is_some_and(|g| g.contains(group));
            of(code, group) && !of(group, code) && group != code
        };
        let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (code, groups) in &groups_of {
            let nearest = groups
                .iter()
                .filter(|group| is_above(group, code))
                .max_by_key(|group| depth(group));
            if let Some(nearest) = nearest {
                let of = members.entry(nearest.clone()).or_default();
                of.insert(code.clone());
            }
        }
        Self { members }
    }

    /// The members of a group; none of what is no group.
    pub fn members(&self, group: &str) -> impl Iterator<Item = &str> {
        let members = self.members.get(group).into_iter().flatten();
        members.map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(above: &[(&str, &str)]) -> ActivityGroups {
        let pairs = above.iter();
        ActivityGroups::new(pairs.map(|(code, group)| ((*code).to_owned(), (*group).to_owned())))
    }

    fn members<'a>(groups: &'a ActivityGroups, group: &str) -> Vec<&'a str> {
        groups.members(group).collect()
    }

    #[test]
    fn a_code_is_a_member_of_the_nearest_group_only() {
        let groups = groups(&[("08C24", "G1"), ("08C24", "C"), ("G1", "C"), ("05K06", "C")]);
        assert_eq!(members(&groups, "G1"), ["08C24"]);
        assert_eq!(members(&groups, "C"), ["05K06", "G1"]);
        assert!(members(&groups, "08C24").is_empty());
    }

    #[test]
    fn a_code_of_two_levels_makes_no_circle() {
        let groups = groups(&[("C", "C"), ("G1", "C"), ("C", "G1")]);
        assert!(members(&groups, "C").is_empty());
        assert!(members(&groups, "G1").is_empty());
    }
}
