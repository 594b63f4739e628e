//! What people say in a review or a procedure, in writing or at a hearing, and the files they add.

use kernel::{HumanActor, Reasons};
use time::{Date, OffsetDateTime};

use super::{denial::Denial, signature::DocumentHash};

/// A file that accompanies what somebody says, known by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub file_name: String,
    pub media_type: String,
    pub size_bytes: i64,
    pub sha256: DocumentHash,
}

/// Written observations (CRPA L122-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observations {
    pub text: Reasons,
    pub attachments: Vec<Attachment>,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// What the minutes of a hearing say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    /// A legal day of the region.
    pub date: Date,
    /// Who was there and in what quality, counsel included.
    pub participants: Vec<String>,
    pub text: Reasons,
    pub attachments: Vec<Attachment>,
}

/// Observations made orally, as somebody of the agency recorded them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hearing {
    pub minutes: Minutes,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

/// Something that helps to judge a deviation: figures of the territory, of peers, an event of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextNote {
    pub title: String,
    pub text: Reasons,
    /// Names of resources it rests on.
    pub references: Vec<String>,
    pub attachments: Vec<Attachment>,
    pub by: HumanActor,
    pub at: OffsetDateTime,
}

impl Minutes {
    /// A hearing is recorded once it was held, and after what it is about was sent.
    pub fn check_date(&self, sent: Date, today: Date) -> Result<(), Denial> {
        let date = self.date;
        if date < sent || date > today {
            return Err(Denial::HearingOutOfRange { date, sent, today });
        }
        Ok(())
    }
}
