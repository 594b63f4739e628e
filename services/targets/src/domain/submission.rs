//! A submission: batches numbered from 1 without gaps, each applied once.

use kernel::{Finess, Region};

use super::{Refusal, SubmissionId};

/// How far a submission got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    pub id: SubmissionId,
    pub region: Region,
    /// Where the values come from, in the words of the submitter.
    pub source: String,
    /// Subject of the token that opened it.
    pub submitter: String,
    /// What the establishment who opened it acts for; none of an agency.
    pub establishments: Vec<Finess>,
    /// The last durable batch; 0 before the first.
    pub last_sequence: i64,
    /// Values stored so far.
    pub accepted: i64,
    /// Values left out so far.
    pub rejected: i64,
    /// Of these, those that are kept with their reasons.
    pub rejected_kept: i64,
}

impl Submission {
    /// Whether this caller may go on with this submission.
    ///
    /// # Errors
    /// [`Refusal::NotYourSubmission`], [`Refusal::SubmissionRegion`].
    pub fn resume(&self, submitter: &str, region: Region) -> Result<(), Refusal> {
        if self.submitter != submitter {
            return Err(Refusal::NotYourSubmission);
        }
        if self.region != region {
            return Err(Refusal::SubmissionRegion(self.region.code().to_owned()));
        }
        Ok(())
    }
}

/// What a batch is to the submission it arrives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    Next,
    /// Durable already: acknowledge it again and apply nothing.
    AlreadyReceived,
}

/// Places a batch after the last one.
///
/// # Errors
/// [`Refusal::SequenceGap`] when batches in between are missing.
pub fn arrival(last_sequence: i64, sequence: i64) -> Result<Arrival, Refusal> {
    let expected = last_sequence.saturating_add(1);
    match sequence.cmp(&expected) {
        std::cmp::Ordering::Less => Ok(Arrival::AlreadyReceived),
        std::cmp::Ordering::Equal => Ok(Arrival::Next),
        std::cmp::Ordering::Greater => Err(Refusal::SequenceGap {
            expected,
            received: sequence,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_submission_is_resumed_by_the_one_who_opened_it_in_its_region() {
        let submission = Submission {
            id: SubmissionId(uuid::Uuid::from_u128(1)),
            region: "93".parse().unwrap(),
            source: "pmsi.csv".to_owned(),
            submitter: "chu".to_owned(),
            establishments: Vec::new(),
            last_sequence: 4,
            accepted: 10,
            rejected: 1,
            rejected_kept: 1,
        };
        assert_eq!(submission.resume("chu", "93".parse().unwrap()), Ok(()));
        assert_eq!(
            submission.resume("clinic", "93".parse().unwrap()),
            Err(Refusal::NotYourSubmission)
        );
        assert_eq!(
            submission.resume("chu", "11".parse().unwrap()),
            Err(Refusal::SubmissionRegion("93".to_owned()))
        );
    }

    #[test]
    fn a_gap_names_the_batch_that_is_missing() {
        assert_eq!(
            arrival(3, 6),
            Err(Refusal::SequenceGap {
                expected: 4,
                received: 6
            })
        );
    }

    proptest! {
        /// However batches are lost, repeated and reordered on the way, a sender that resends what was not
        /// acknowledged gets each applied exactly once and in order.
        #[test]
        fn each_batch_is_applied_once_and_in_order(arrivals in prop::collection::vec(0i64..12, 0..100)) {
            let mut applied = Vec::new();
            for sequence in arrivals.into_iter().chain(1..12) {
                let last = applied.last().copied().unwrap_or(0);
                match arrival(last, sequence) {
                    Ok(Arrival::Next) => applied.push(sequence),
                    Ok(Arrival::AlreadyReceived) => prop_assert!(sequence <= last),
                    Err(_) => prop_assert!(sequence > last + 1),
                }
            }
            prop_assert_eq!(applied, (1..12).collect::<Vec<_>>());
        }
    }
}
