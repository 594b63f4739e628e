//! What a log says of itself at some size (C2SP `tlog-checkpoint`).

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    note::{self, NoteError, SigningKey, VerifyingKey},
    tree::Hash,
};

/// The extension line that carries the instant of the signature.
const TIME: &str = "time ";

/// The head of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Names the log, and the key that signs.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    pub root: Hash,
    /// The instant of the signature, RFC 3339; not every log says it.
    pub time: Option<String>,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error(transparent)]
    Note(#[from] NoteError),
    #[error("it is not a checkpoint: {0}")]
    Malformed(&'static str),
}

impl Checkpoint {
    /// Signs it with all the keys.
    pub fn sign(&self, keys: &[SigningKey]) -> String {
        let time = match &self.time {
            Some(time) => format!("{TIME}{time}\n"),
            None => String::new(),
        };
        let root = STANDARD.encode(self.root);
        let text = format!("{}\n{}\n{root}\n{time}", self.origin, self.size);
        note::sign(&text, keys)
    }

    /// Reads a checkpoint that a trusted key signed under its own name.
    pub fn open(note: &str, trusted: &[VerifyingKey]) -> Result<Self, CheckpointError> {
        let opened = Self::parse(note::open(note, trusted)?)?;
        // A key speaks for the log of its own name alone.
        let own: Vec<VerifyingKey> = trusted
            .iter()
            .filter(|key| key.name() == opened.origin)
            .cloned()
            .collect();
        note::open(note, &own)?;
        Ok(opened)
    }

    /// Reads the text of a checkpoint, whoever signed it.
    fn parse(text: &str) -> Result<Self, CheckpointError> {
        use CheckpointError::Malformed;
        let mut lines = text.lines();
        let mut line = || lines.next().filter(|line| !line.is_empty());
        let origin = line().ok_or(Malformed("it names no log"))?;
        let size = line().ok_or(Malformed("it has no size"))?;
        let root = line().ok_or(Malformed("it has no root"))?;
        let number: u64 = size
            .parse()
            .map_err(|_| Malformed("its size is no number"))?;
        if number.to_string() != size {
            return Err(Malformed("its size is not in its shortest form"));
        }
        let root = STANDARD
            .decode(root)
            .ok()
            .and_then(|root| root.try_into().ok())
            .ok_or(Malformed("its root is not a hash in base64"))?;
        let time = lines.find_map(|line| line.strip_prefix(TIME));
        Ok(Self {
            origin: origin.to_owned(),
            size: number,
            root,
            time: time.map(ToOwned::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: "log.example/contracts".to_owned(),
            size: 20_852_163,
            root: [9; 32],
            time: Some("2026-11-22T00:00:00Z".to_owned()),
        }
    }

    fn key(name: &str) -> SigningKey {
        SigningKey::new(name, &[3; 32]).unwrap()
    }

    #[test]
    fn a_checkpoint_reads_as_it_was_signed() {
        let key = key("log.example/contracts");
        let note = checkpoint().sign(std::slice::from_ref(&key));
        assert!(
            note.starts_with("log.example/contracts\n20852163\nCQkJ"),
            "{note}"
        );
        assert_eq!(
            Checkpoint::open(&note, &[key.verifying()]),
            Ok(checkpoint())
        );
    }

    #[test]
    fn a_key_speaks_for_its_own_log_alone() {
        let other = key("log.example/controls");
        let note = checkpoint().sign(std::slice::from_ref(&other));
        let refused = Checkpoint::open(&note, &[other.verifying()]).unwrap_err();
        assert!(
            matches!(refused, CheckpointError::Note(NoteError::Unknown(_))),
            "{refused}"
        );
    }

    #[test]
    fn a_text_that_is_no_checkpoint_is_refused_even_when_it_is_signed() {
        let key = key("log.example/contracts");
        let good = "log.example/contracts\n5\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n";
        let open = |text: &str| {
            let note = note::sign(text, std::slice::from_ref(&key));
            Checkpoint::open(&note, &[key.verifying()])
        };
        assert_eq!(open(good).unwrap().size, 5);
        for wrong in [
            good.replace("\n5\n", "\n05\n"),
            good.replace("\n5\n", "\nfive\n"),
            good.replace("CQkJ", "CQ"),
            "log.example/contracts\n".to_owned(),
        ] {
            assert!(
                matches!(open(&wrong), Err(CheckpointError::Malformed(_))),
                "{wrong}"
            );
        }
    }
}
