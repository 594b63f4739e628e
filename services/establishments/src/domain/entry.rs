//! The life of a registry record. Legal entities and establishments live the same one: they appear,
//! change, close, and are kept for ever, because a contract or a published series may speak of them
//! long after they closed.

/// Whether a record is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Open,
    Closed,
}

impl State {
    /// The text stored in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Closed => "CLOSED",
        }
    }
}

/// What a record says, apart from its life.
pub trait Content: Clone + PartialEq {
    /// Names of the fields in which `self` and `other` differ, in the order of the message.
    fn differences(&self, other: &Self) -> Vec<&'static str>;
}

/// A record as the registry knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<T> {
    pub content: T,
    pub state: State,
    /// Number of events so far; from 1.
    pub version: i64,
}

/// What an import asks of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command<T> {
    /// A source says this of it today.
    Observe { content: T, state: State },
    /// A complete source no longer mentions it.
    Close,
}

/// What happened to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<T> {
    /// It entered the registry; possibly closed already, when the source publishes its past.
    Registered { content: T, state: State },
    /// It says something else, or opened again.
    Changed {
        content: T,
        fields: Vec<&'static str>,
    },
    /// It closed. A source may correct it at the same time.
    Closed { content: T },
}

/// One event with what stood before and stands after it: all that is needed to write it down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<T> {
    pub event: Event<T>,
    /// Version that the event supersedes; 0 for a new record.
    pub before: i64,
    pub after: Entry<T>,
}

impl<T: Content> Entry<T> {
    /// What follows from the command, given what is known (or not) of the record. `None` when it
    /// changes nothing, so that the same source twice leaves no trace.
    pub fn decide(known: Option<&Self>, command: Command<T>) -> Option<Event<T>> {
        match (known, command) {
            (None, Command::Observe { content, state }) => {
                Some(Event::Registered { content, state })
            }
            (Some(known), Command::Observe { content, state }) => known.observe(content, state),
            (Some(known), Command::Close) if known.state == State::Open => Some(Event::Closed {
                content: known.content.clone(),
            }),
            (_, Command::Close) => None,
        }
    }

    fn observe(&self, content: T, state: State) -> Option<Event<T>> {
        if self.state == State::Open && state == State::Closed {
            return Some(Event::Closed { content });
        }
        let mut fields = self.content.differences(&content);
        if self.state != state {
            fields.push("state");
        }
        (!fields.is_empty()).then_some(Event::Changed { content, fields })
    }

    /// The record after the event.
    pub fn evolve(known: Option<&Self>, event: &Event<T>) -> Self {
        let (content, state) = match event {
            Event::Registered { content, state } => (content, *state),
            // Content of a closed record may be corrected; only `state` among the fields opens it again.
            Event::Changed { content, fields } if fields.contains(&"state") => {
                (content, State::Open)
            }
            Event::Changed { content, .. } => (content, known.map_or(State::Open, |k| k.state)),
            Event::Closed { content } => (content, State::Closed),
        };
        Self {
            content: content.clone(),
            state,
            version: known.map_or(0, |k| k.version) + 1,
        }
    }

    /// Decides and evolves in one step.
    pub fn apply(known: Option<&Self>, command: Command<T>) -> Option<Change<T>> {
        let event = Self::decide(known, command)?;
        let after = Self::evolve(known, &event);
        Some(Change {
            event,
            before: known.map_or(0, |k| k.version),
            after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Sign(u8);

    impl Content for Sign {
        fn differences(&self, other: &Self) -> Vec<&'static str> {
            if self == other { vec![] } else { vec!["sign"] }
        }
    }

    fn observe(sign: u8, state: State) -> Command<Sign> {
        Command::Observe {
            content: Sign(sign),
            state,
        }
    }

    fn entry(sign: u8, state: State) -> Entry<Sign> {
        Entry {
            content: Sign(sign),
            state,
            version: 3,
        }
    }

    /// State × command, every cell.
    #[test]
    fn every_state_answers_every_command() {
        use State::{Closed, Open};
        let registered = |s, state| {
            Some(Event::Registered {
                content: Sign(s),
                state,
            })
        };
        let changed = |s, fields: &[&'static str]| {
            Some(Event::Changed {
                content: Sign(s),
                fields: fields.to_vec(),
            })
        };
        let closed = |s| Some(Event::Closed { content: Sign(s) });
        let cases = [
            (None, observe(1, Open), registered(1, Open)),
            (None, observe(1, Closed), registered(1, Closed)),
            (None, Command::Close, None),
            (Some(entry(1, Open)), observe(1, Open), None),
            (
                Some(entry(1, Open)),
                observe(2, Open),
                changed(2, &["sign"]),
            ),
            (Some(entry(1, Open)), observe(1, Closed), closed(1)),
            (Some(entry(1, Open)), observe(2, Closed), closed(2)),
            (Some(entry(1, Open)), Command::Close, closed(1)),
            (Some(entry(1, Closed)), observe(1, Closed), None),
            (
                Some(entry(1, Closed)),
                observe(2, Closed),
                changed(2, &["sign"]),
            ),
            (
                Some(entry(1, Closed)),
                observe(1, Open),
                changed(1, &["state"]),
            ),
            (
                Some(entry(1, Closed)),
                observe(2, Open),
                changed(2, &["sign", "state"]),
            ),
            (Some(entry(1, Closed)), Command::Close, None),
        ];
        for (known, command, expected) in cases {
            let said = format!("{known:?} {command:?}");
            assert_eq!(Entry::decide(known.as_ref(), command), expected, "{said}");
        }
    }

    fn any_command() -> impl Strategy<Value = Command<Sign>> {
        prop_oneof![
            (0u8..3, any::<bool>())
                .prop_map(|(s, open)| observe(s, if open { State::Open } else { State::Closed })),
            Just(Command::Close),
        ]
    }

    proptest! {
        /// After an observation the registry says what the source said, and the same one again is silent.
        #[test]
        fn the_registry_follows_its_sources(commands in prop::collection::vec(any_command(), 0..20)) {
            let mut known: Option<Entry<Sign>> = None;
            let mut events = 0;
            for command in commands {
                if let Some(change) = Entry::apply(known.as_ref(), command.clone()) {
                    prop_assert_eq!(change.before, events);
                    events += 1;
                    prop_assert_eq!(change.after.version, events);
                    known = Some(change.after);
                }
                match (&command, &known) {
                    (Command::Observe { content, state }, Some(known)) => {
                        prop_assert_eq!(&known.content, content);
                        prop_assert_eq!(known.state, *state);
                    }
                    (Command::Close, Some(known)) => prop_assert_eq!(known.state, State::Closed),
                    (Command::Close, None) => {}
                    (Command::Observe { .. }, None) => prop_assert!(false, "an observation must register"),
                }
                prop_assert_eq!(Entry::apply(known.as_ref(), command), None);
            }
        }
    }
}
