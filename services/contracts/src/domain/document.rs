//! Documents as people read, keep and publish them, and the templates they are set with.

use kernel::{HumanActor, Region};
use time::{Date, OffsetDateTime};

use super::{Refusal, TemplateId, text::FieldDefect};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Contract,
    /// The contract on a day, with the amendments in effect.
    Consolidated,
    Amendment,
    /// The mise en demeure of a procedure.
    FormalNotice,
    /// The decision of a procedure.
    Decision,
    /// A version of a text that is negotiated.
    Draft,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Contract,
        Self::Consolidated,
        Self::Amendment,
        Self::FormalNotice,
        Self::Decision,
        Self::Draft,
    ];

    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Contract => "CONTRACT",
            Self::Consolidated => "CONSOLIDATED",
            Self::Amendment => "AMENDMENT",
            Self::FormalNotice => "FORMAL_NOTICE",
            Self::Decision => "DECISION",
            Self::Draft => "DRAFT",
        }
    }

    /// How its templates are called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Consolidated => "consolidated",
            Self::Amendment => "amendment",
            Self::FormalNotice => "formal-notice",
            Self::Decision => "decision",
            Self::Draft => "draft",
        }
    }
}

/// For whom a document is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendition {
    /// Who may read the source.
    Full,
    /// Everybody (CRPA L311-1): what is not classed public is withheld.
    Public,
}

impl Rendition {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Public => "PUBLIC",
        }
    }
}

/// A version of a region's own template. It is never edited: a change is the next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub id: TemplateId,
    pub region: Region,
    pub kind: Kind,
    /// Consecutive among those of the region and kind, from 1.
    pub number: i32,
    /// Day of the first document that is set with it.
    pub first_day: Date,
    /// In the language of Typst.
    pub text: String,
    pub author: HumanActor,
    pub published_at: OffsetDateTime,
}

/// What a region publishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub region: Region,
    pub kind: Kind,
    pub first_day: Date,
    pub text: String,
}

impl Template {
    /// The version after `previous`. That it renders is tried before, by who can.
    ///
    /// # Errors
    /// When its first day is over, or before that of the version it replaces: what was set would be set otherwise.
    pub fn publish(
        id: TemplateId,
        draft: Draft,
        previous: Option<&Self>,
        today: Date,
        author: HumanActor,
        at: OffsetDateTime,
    ) -> Result<Self, Refusal> {
        let earliest = previous.map_or(today, |previous| previous.first_day.max(today));
        if draft.first_day < earliest {
            let explanation = format!("must not be before {earliest}");
            return Err(Refusal::DateOutOfRange(FieldDefect::new(
                "first_day",
                explanation,
            )));
        }
        let Draft {
            region,
            kind,
            first_day,
            text,
        } = draft;
        Ok(Self {
            id,
            region,
            kind,
            number: previous.map_or(1, |previous| previous.number + 1),
            first_day,
            text,
            author,
            published_at: at,
        })
    }

    /// What documents call it: `contract-93-2`.
    pub fn label(&self) -> String {
        format!("{}-{}-{}", self.kind.label(), self.region, self.number)
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Actor, ActorKind};
    use time::macros::{date, datetime};

    use super::*;

    const TODAY: Date = date!(2026 - 03 - 10);

    fn publish(first_day: Date, previous: Option<&Template>) -> Result<Template, Refusal> {
        let draft = Draft {
            region: "93".parse().unwrap(),
            kind: Kind::Contract,
            first_day,
            text: "= Contrat".to_owned(),
        };
        let author = Actor {
            subject: "manager-1".to_owned(),
            kind: ActorKind::Human,
            role: "manager".to_owned(),
        };
        let author = author.as_human().unwrap();
        let id = TemplateId(uuid::Uuid::nil());
        let at = datetime!(2026-03-10 09:00 UTC);
        Template::publish(id, draft, previous, TODAY, author, at)
    }

    #[test]
    fn versions_of_a_region_and_kind_are_numbered() {
        let first = publish(TODAY, None).unwrap();
        let second = publish(date!(2026 - 04 - 01), Some(&first)).unwrap();
        assert_eq!(first.label(), "contract-93-1");
        assert_eq!(second.label(), "contract-93-2");
    }

    #[test]
    fn a_template_never_holds_for_days_that_another_version_held_for() {
        let yesterday = publish(date!(2026 - 03 - 09), None);
        assert_eq!(yesterday.unwrap_err().reason(), "DATE_OUT_OF_RANGE");
        let first = publish(date!(2026 - 05 - 01), None).unwrap();
        let between = publish(date!(2026 - 04 - 30), Some(&first));
        assert!(between.unwrap_err().to_string().contains("2026-05-01"));
        assert!(publish(date!(2026 - 05 - 01), Some(&first)).is_ok());
    }
}
