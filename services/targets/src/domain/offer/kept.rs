//! What schemes, envelopes, engagements, cooperations and calls have in common: a state, an etag and a history.

use kernel::Region;
use uuid::Uuid;

use super::OfferRefusal;

/// The life of a thing: what people ask of it, what happens to it, and what it is afterwards.
pub trait Life: Sized {
    /// What somebody asks.
    type Command: Send;
    /// What happened.
    type Event: Send + Sync;
    /// The collection of its resource names, `collection/{uuid}`.
    const COLLECTION: &'static str;

    /// The state it is in, as it is stored.
    fn state(&self) -> &'static str;

    /// What follows from a command.
    ///
    /// # Errors
    /// When its state or the rules do not allow it.
    fn decide(&self, command: Self::Command) -> Result<Self::Event, OfferRefusal>;

    /// The thing after an event.
    #[must_use]
    fn evolve(self, event: &Self::Event) -> Self;
}

/// A thing with its name and its place in its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T> {
    pub id: Uuid,
    pub region: Region,
    /// Number of events so far; it is the etag.
    pub version: i64,
    pub value: T,
}

impl<T: Life> Kept<T> {
    /// A thing at its first event.
    pub fn begun(id: Uuid, region: Region, value: T) -> Self {
        Self {
            id,
            region,
            version: 1,
            value,
        }
    }

    /// Its resource name.
    pub fn name(&self) -> String {
        name::<T>(self.id)
    }

    /// The thing after an event.
    #[must_use]
    pub fn after(self, event: &T::Event) -> Self {
        Self {
            version: self.version + 1,
            value: self.value.evolve(event),
            ..self
        }
    }
}

/// The resource name of a thing.
pub fn name<T: Life>(id: Uuid) -> String {
    format!("{}/{id}", T::COLLECTION)
}

/// The identifier in a resource name; none when it is the name of something else.
pub fn id_in<T: Life>(name: &str) -> Option<Uuid> {
    let (collection, id) = name.split_once('/')?;
    (collection == T::COLLECTION).then(|| id.parse().ok())?
}
