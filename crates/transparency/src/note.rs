//! Texts signed with Ed25519 (C2SP `signed-note`).
//!
//! ```text
//! <text, ends with a newline>
//!
//! — <name> <base64(4 bytes of key id ‖ signature of the text)>
//! ```

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};

/// The signature type of Ed25519 in a key.
const ED25519: u8 = 0x01;
const PRIVATE: &str = "PRIVATE+KEY+";
const SIGNATURE: &str = "— ";
/// More signatures than this are not looked at.
const MAX_SIGNATURES: usize = 100;

/// Why a key cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a name holds neither spaces nor `+`, and is not empty")]
    Name,
    #[error("a signing key is PRIVATE+KEY+name+id+key, a verifying key name+id+key")]
    Shape,
    #[error("the id of the key is not that of this name and key")]
    Id,
    #[error("the key is not an Ed25519 key in base64")]
    Key,
}

/// Why a note is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("it is not a signed note: {0}")]
    Malformed(&'static str),
    #[error("the signature of {0} is wrong: the text is not what was signed")]
    WrongSignature(String),
    #[error("no signature is of a key that is trusted ({0})")]
    Unknown(String),
}

/// What signs: a name and an Ed25519 key.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What a signature is checked against. Written `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

fn check_name(name: &str) -> Result<(), KeyError> {
    let is_wrong = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.contains(is_wrong) {
        return Err(KeyError::Name);
    }
    Ok(())
}

/// The first bytes of SHA-256(name ‖ newline ‖ type ‖ public key).
fn key_id(name: &str, public: &[u8]) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(public)
        .finalize();
    let mut id = [0; 4];
    id.copy_from_slice(&hash[..4]);
    id
}

/// `name+id+base64(type ‖ key)`.
fn split(text: &str) -> Result<(&str, [u8; 4], [u8; 32]), KeyError> {
    let (name, rest) = text.split_once('+').ok_or(KeyError::Shape)?;
    let (id, key) = rest.split_once('+').ok_or(KeyError::Shape)?;
    check_name(name)?;
    let id = hex::decode(id)
        .ok()
        .and_then(|id| id.try_into().ok())
        .ok_or(KeyError::Id)?;
    let key = STANDARD.decode(key).map_err(|_| KeyError::Key)?;
    match key.split_first() {
        Some((&ED25519, key)) => Ok((name, id, key.try_into().map_err(|_| KeyError::Key)?)),
        _ => Err(KeyError::Key),
    }
}

fn join(name: &str, public: &[u8], key: &[u8]) -> String {
    let typed: Vec<u8> = std::iter::once(ED25519)
        .chain(key.iter().copied())
        .collect();
    let id = hex::encode(key_id(name, public));
    format!("{name}+{id}+{}", STANDARD.encode(typed))
}

impl SigningKey {
    /// The key made of 32 secret random bytes.
    pub fn new(name: &str, secret: &[u8; 32]) -> Result<Self, KeyError> {
        check_name(name)?;
        Ok(Self {
            name: name.to_owned(),
            key: ed25519_dalek::SigningKey::from_bytes(secret),
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn verifying(&self) -> VerifyingKey {
        VerifyingKey {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    /// The key as a file keeps it; a secret.
    pub fn to_secret_text(&self) -> String {
        let public = self.key.verifying_key();
        let rest = join(&self.name, public.as_bytes(), self.key.as_bytes());
        format!("{PRIVATE}{rest}")
    }
}

impl FromStr for SigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, secret) = split(text.strip_prefix(PRIVATE).ok_or(KeyError::Shape)?)?;
        let key = Self::new(name, &secret)?;
        if key_id(name, key.key.verifying_key().as_bytes()) != id {
            return Err(KeyError::Id);
        }
        Ok(key)
    }
}

impl VerifyingKey {
    pub fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> [u8; 4] {
        key_id(&self.name, self.key.as_bytes())
    }
}

impl FromStr for VerifyingKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, id, key) = split(text)?;
        if key_id(name, &key) != id {
            return Err(KeyError::Id);
        }
        Ok(Self {
            name: name.to_owned(),
            key: ed25519_dalek::VerifyingKey::from_bytes(&key).map_err(|_| KeyError::Key)?,
        })
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key.as_bytes();
        f.write_str(&join(&self.name, key, key))
    }
}

/// The note: the text with the signatures of all the keys. The text ends with a newline.
pub fn sign(text: &str, keys: &[SigningKey]) -> String {
    let signatures = keys.iter().map(|key| {
        let id = key.verifying().id();
        let signature = key.key.sign(text.as_bytes()).to_bytes();
        let bytes: Vec<u8> = id.into_iter().chain(signature).collect();
        format!("{SIGNATURE}{} {}\n", key.name, STANDARD.encode(bytes))
    });
    std::iter::once(format!("{text}\n"))
        .chain(signatures)
        .collect()
}

/// The text of a note that at least one trusted key signed.
///
/// # Errors
/// When no trusted key signed it, or a trusted key signed another text: then nothing in it is to be believed.
pub fn open<'a>(note: &'a str, trusted: &[VerifyingKey]) -> Result<&'a str, NoteError> {
    let end = note.rfind("\n\n").ok_or(NoteError::Malformed(
        "there is no empty line before the signatures",
    ))?;
    let (text, signatures) = (&note[..=end], &note[end + 2..]);
    if !signatures.ends_with('\n') {
        return Err(NoteError::Malformed("the last line does not end"));
    }
    let mut is_signed = false;
    let mut names = Vec::new();
    for line in signatures.lines().take(MAX_SIGNATURES) {
        let (name, bytes) = line
            .strip_prefix(SIGNATURE)
            .and_then(|rest| rest.split_once(' '))
            .ok_or(NoteError::Malformed("a signature is `— name base64`"))?;
        let bytes = STANDARD
            .decode(bytes)
            .map_err(|_| NoteError::Malformed("a signature is not base64"))?;
        let (id, signature) = bytes
            .split_at_checked(4)
            .ok_or(NoteError::Malformed("a signature is too short"))?;
        names.push(name);
        let known = trusted
            .iter()
            .find(|key| key.name == name && key.id() == id);
        let Some(key) = known else { continue };
        let is_right = ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| key.key.verify_strict(text.as_bytes(), &signature).is_ok());
        if !is_right {
            return Err(NoteError::WrongSignature(name.to_owned()));
        }
        is_signed = true;
    }
    if is_signed {
        Ok(text)
    } else {
        Err(NoteError::Unknown(names.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of the specification.
    const SECRET: &str =
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                        then you don't know what your problem is.\n";
    const SIGNED: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn the_example_of_the_specification_comes_out_to_the_letter() {
        let key: SigningKey = SECRET.parse().unwrap();
        assert_eq!(key.to_secret_text(), SECRET);
        let note = sign(TEXT, std::slice::from_ref(&key));
        assert_eq!(note, format!("{TEXT}\n{SIGNED}"));
        let public: VerifyingKey = key.verifying().to_string().parse().unwrap();
        assert_eq!(open(&note, &[public]), Ok(TEXT));
    }

    #[test]
    fn a_changed_text_another_key_and_a_broken_note_are_not_believed() {
        let key: SigningKey = SECRET.parse().unwrap();
        let trusted = [key.verifying()];
        let note = sign(TEXT, std::slice::from_ref(&key));
        let changed = note.replace("answer", "question");
        let refused = open(&changed, &trusted);
        assert_eq!(
            refused,
            Err(NoteError::WrongSignature("PeterNeumann".into()))
        );
        let stranger = SigningKey::new("stranger", &[7; 32]).unwrap();
        assert!(matches!(
            open(&note, &[stranger.verifying()]),
            Err(NoteError::Unknown(_))
        ));
        assert!(matches!(open(&note, &[]), Err(NoteError::Unknown(_))));
        for broken in [
            TEXT,
            "",
            "\n\n",
            &note[..note.len() - 1],
            &note.replace("— ", "- "),
        ] {
            assert!(
                matches!(
                    open(broken, &trusted),
                    Err(NoteError::Malformed(_) | NoteError::Unknown(_))
                ),
                "{broken}"
            );
        }
    }

    #[test]
    fn while_keys_change_both_sign_and_either_is_enough() {
        let old = SigningKey::new("log.example/contracts", &[1; 32]).unwrap();
        let new = SigningKey::new("log.example/contracts", &[2; 32]).unwrap();
        let note = sign(TEXT, &[old.clone(), new.clone()]);
        assert_eq!(open(&note, &[old.verifying()]), Ok(TEXT));
        assert_eq!(open(&note, &[new.verifying()]), Ok(TEXT));
    }

    #[test]
    fn a_key_that_is_not_one_is_refused() {
        for wrong in [
            "",
            "PRIVATE+KEY+",
            "a+b",
            "PRIVATE+KEY+PeterNeumann+00000000+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AgEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
            "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEK",
        ] {
            assert!(wrong.parse::<SigningKey>().is_err(), "{wrong}");
        }
        assert_eq!(
            SigningKey::new("two words", &[1; 32]).unwrap_err(),
            KeyError::Name
        );
    }
}
