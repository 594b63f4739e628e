//! A history is append-only and hash-chained (invariant 7): whatever is changed, cut out, put in or exchanged in it shows,
//! either in a link that no longer holds or in a head that is not the one that was sealed.

use proptest::{collection::vec, prelude::*, sample::Index};
use store::chain_hash;

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Link {
    canonical: Vec<u8>,
    previous: [u8; 32],
    hash: [u8; 32],
}

/// What somebody with all rights on the database might do.
#[derive(Debug, Clone)]
enum Tampering {
    Change { place: Index, byte: Index, by: u8 },
    CutOut { place: Index },
    Insert { place: Index, canonical: Vec<u8> },
    Exchange { one: Index, other: Index },
}

fn any_tampering() -> impl Strategy<Value = Tampering> {
    let index = any::<Index>;
    prop_oneof![
        (index(), index(), 1u8..).prop_map(|(place, byte, by)| Tampering::Change {
            place,
            byte,
            by
        }),
        index().prop_map(|place| Tampering::CutOut { place }),
        (index(), vec(any::<u8>(), 1..40))
            .prop_map(|(place, canonical)| Tampering::Insert { place, canonical }),
        (index(), index()).prop_map(|(one, other)| Tampering::Exchange { one, other }),
    ]
}

fn chained(events: &[Vec<u8>]) -> Vec<Link> {
    let mut previous = [0; 32];
    events
        .iter()
        .map(|canonical| {
            let hash = chain_hash(&previous, canonical);
            let link = Link {
                canonical: canonical.clone(),
                previous,
                hash,
            };
            previous = hash;
            link
        })
        .collect()
}

/// Whether each event carries the hash of the one before it and of its own bytes.
fn holds(history: &[Link]) -> bool {
    let mut previous = [0; 32];
    history.iter().all(|link| {
        let is_next = link.previous == previous;
        previous = link.hash;
        is_next && chain_hash(&link.previous, &link.canonical) == link.hash
    })
}

fn head(history: &[Link]) -> [u8; 32] {
    history.last().map_or([0; 32], |link| link.hash)
}

impl Tampering {
    fn apply<T>(
        &self,
        history: &mut Vec<T>,
        bytes: impl Fn(&mut T) -> &mut Vec<u8>,
        made: impl Fn(&[u8]) -> T,
    ) {
        let length = history.len();
        match self {
            Self::Change { place, byte, by } => {
                let canonical = bytes(&mut history[place.index(length)]);
                let byte = byte.index(canonical.len());
                canonical[byte] ^= by;
            }
            Self::CutOut { place } => drop(history.remove(place.index(length))),
            Self::Insert { place, canonical } => {
                history.insert(place.index(length), made(canonical));
            }
            Self::Exchange { one, other } => {
                history.swap(one.index(length), other.index(length));
            }
        }
    }
}

proptest! {
    /// The hashes that stand beside the events are left as they were: links break, or the last event is missing.
    #[test]
    fn what_is_done_to_stored_events_shows(
        events in vec(vec(any::<u8>(), 1..40), 1..20),
        tampering in any_tampering(),
    ) {
        let genuine = chained(&events);
        prop_assert!(holds(&genuine));
        let mut history = genuine.clone();
        let made = |canonical: &[u8]| Link {
            canonical: canonical.to_vec(),
            ..genuine[0].clone()
        };
        tampering.apply(&mut history, |link| &mut link.canonical, made);
        let is_untouched = history == genuine;
        let passes = holds(&history) && head(&history) == head(&genuine);
        prop_assert_eq!(passes, is_untouched);
    }

    /// Somebody recomputes every hash: the chain holds, and its head is no longer the one that was sealed.
    #[test]
    fn another_history_has_another_head(
        events in vec(vec(any::<u8>(), 1..40), 1..20),
        tampering in any_tampering(),
    ) {
        let mut rewritten = events.clone();
        tampering.apply(&mut rewritten, |canonical| canonical, <[u8]>::to_vec);
        let (genuine, forged) = (chained(&events), chained(&rewritten));
        prop_assert!(holds(&forged));
        prop_assert_eq!(head(&genuine) == head(&forged), events == rewritten);
    }

    /// What is appended leaves every earlier link as it was.
    #[test]
    fn appending_rewrites_nothing(
        events in vec(vec(any::<u8>(), 1..40), 1..20),
        more in vec(vec(any::<u8>(), 1..40), 1..10),
    ) {
        let all = [events.as_slice(), more.as_slice()].concat();
        prop_assert!(chained(&all).starts_with(&chained(&events)));
    }
}
