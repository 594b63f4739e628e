//! Whose competence an objective or a commitment is: that of the agency, of a departmental council, or of both (CASF L313-3).
//! A mark is dated, for competences move; what has none is shared by all parties, as texts without marks are.

use std::collections::BTreeSet;

use kernel::Department;
use serde::{Deserialize, Serialize};
use time::Date;

/// Whose competence it is, from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompetenceMark {
    pub authority: Authority,
    /// Which council; none when the text has one, which it then is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<Department>,
    pub since: Date,
}

/// Who is competent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Authority {
    Ars,
    Department,
    /// The agency and a council together.
    Joint,
}

impl Authority {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ars => "ARS",
            Self::Department => "DEPARTMENT",
            Self::Joint => "JOINT",
        }
    }
}

impl CompetenceMark {
    /// The council that is competent on a day, alone or with the agency.
    pub fn council(&self, councils: &BTreeSet<Department>, day: Date) -> Option<Department> {
        if self.authority == Authority::Ars || day < self.since {
            return None;
        }
        self.named(councils)
    }

    /// What is wrong with it among the councils of its text.
    pub fn defect(&self, councils: &BTreeSet<Department>) -> Option<String> {
        if self.authority == Authority::Ars {
            let explanation = "names no département where the agency is competent";
            return self.department.map(|_| explanation.to_owned());
        }
        match self.department {
            Some(department) if !councils.contains(&department) => Some(format!(
                "departments/{department} is not one of the councils of the text"
            )),
            None if self.named(councils).is_none() => {
                Some("says which of the councils of the text is competent".to_owned())
            }
            _ => None,
        }
    }

    fn named(&self, councils: &BTreeSet<Department>) -> Option<Department> {
        let only = || (councils.len() == 1).then(|| councils.first().copied());
        self.department.or_else(|| only().flatten())
    }

    /// In words that compare.
    pub fn in_words(&self) -> String {
        let authority = self.authority.as_str();
        match self.department {
            Some(department) => format!("{authority} departments/{department} {}", self.since),
            None => format!("{authority} {}", self.since),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn council(code: &str) -> Department {
        code.parse().unwrap()
    }

    fn mark(authority: Authority, department: Option<&str>) -> CompetenceMark {
        CompetenceMark {
            authority,
            department: department.map(council),
            since: date!(2027 - 01 - 01),
        }
    }

    #[test]
    fn a_council_is_competent_from_the_day_of_the_mark_on() {
        let one = [council("13")].into();
        let own = mark(Authority::Department, None);
        assert_eq!(own.council(&one, date!(2026 - 12 - 31)), None);
        assert_eq!(
            own.council(&one, date!(2027 - 01 - 01)),
            Some(council("13"))
        );
        let joint = mark(Authority::Joint, Some("13"));
        assert_eq!(
            joint.council(&one, date!(2027 - 01 - 01)),
            Some(council("13"))
        );
        let agency = mark(Authority::Ars, None);
        assert_eq!(agency.council(&one, date!(2027 - 01 - 01)), None);
    }

    #[test]
    fn a_mark_names_a_council_of_the_text() {
        let (none, one) = (BTreeSet::new(), BTreeSet::from([council("13")]));
        let two = BTreeSet::from([council("13"), council("84")]);
        assert!(mark(Authority::Department, None).defect(&none).is_some());
        assert!(mark(Authority::Department, None).defect(&one).is_none());
        assert!(mark(Authority::Joint, None).defect(&two).is_some());
        assert!(mark(Authority::Joint, Some("84")).defect(&two).is_none());
        assert!(mark(Authority::Joint, Some("84")).defect(&one).is_some());
        assert!(mark(Authority::Ars, None).defect(&none).is_none());
        assert!(mark(Authority::Ars, Some("13")).defect(&one).is_some());
    }
}
