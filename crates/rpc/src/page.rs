//! Keyset pages (AIP-158).
//!
//! A token holds the sort key of the last row and a digest of the other arguments. It gives no right: what a
//! page shows is decided by the caller's scope each time, so the token needs no secret.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::Error;

const DEFAULT_SIZE: usize = 50;
const MAX_SIZE: usize = 200;

#[derive(Debug, Serialize, Deserialize)]
struct Token {
    /// Sort key of the last row.
    after: Vec<String>,
    arguments: String,
}

/// The sort key of a row that stands in a list by its instant, told in microseconds, then by its identifier.
pub fn dated_key(at: OffsetDateTime, id: Uuid) -> Vec<String> {
    vec![
        (at.unix_timestamp_nanos() / 1_000).to_string(),
        id.to_string(),
    ]
}

/// Which page is asked for.
#[derive(Debug)]
pub struct Page {
    size: usize,
    after: Option<Vec<String>>,
    arguments: String,
}

impl Page {
    /// Reads `page_size` and `page_token`. `arguments` are the filters that must be the same on every page.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the token was made for other arguments or is damaged.
    pub fn read(page_size: i32, page_token: &str, arguments: &[&str]) -> Result<Self, Error> {
        let size = match usize::try_from(page_size) {
            Ok(0) => DEFAULT_SIZE,
            Ok(size) => size.min(MAX_SIZE),
            Err(_) => return Err(Error::invalid("page_size", "must not be negative")),
        };
        let arguments = digest(arguments);
        if page_token.is_empty() {
            return Ok(Self {
                size,
                after: None,
                arguments,
            });
        }
        let token: Token = URL_SAFE_NO_PAD
            .decode(page_token)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or_else(|| Error::invalid("page_token", "is not a token of this method"))?;
        if token.arguments != arguments {
            return Err(Error::invalid(
                "page_token",
                "was made for other arguments; start from the first page",
            ));
        }
        Ok(Self {
            size,
            after: Some(token.after),
            arguments,
        })
    }

    /// Sort key after which the page begins: as many texts as [`Page::next`] was given.
    pub fn after(&self) -> Option<&[String]> {
        self.after.as_deref()
    }

    /// One part of the sort key, parsed.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not there or of another kind.
    pub fn key<T: std::str::FromStr>(&self, place: usize) -> Result<Option<T>, Error> {
        let Some(after) = &self.after else {
            return Ok(None);
        };
        after
            .get(place)
            .and_then(|part| part.parse().ok())
            .map(Some)
            .ok_or_else(damaged)
    }

    /// The sort key that [`dated_key`] wrote.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is another one.
    pub fn dated(&self) -> Result<Option<(OffsetDateTime, Uuid)>, Error> {
        let (Some(micros), Some(id)) = (self.key::<i128>(0)?, self.key::<Uuid>(1)?) else {
            return Ok(None);
        };
        let at = micros
            .checked_mul(1_000)
            .and_then(|nanos| OffsetDateTime::from_unix_timestamp_nanos(nanos).ok())
            .ok_or_else(damaged)?;
        Ok(Some((at, id)))
    }

    /// Rows to ask the database for: one more than the page, to know whether another follows.
    pub fn limit(&self) -> i64 {
        i64::try_from(self.size + 1).unwrap_or(i64::MAX)
    }

    /// Cuts the rows to the page and gives the token of the next one, empty when there is none.
    pub fn next<T>(&self, rows: &mut Vec<T>, key: impl Fn(&T) -> Vec<String>) -> String {
        self.next_within(usize::MAX, rows, |_| 0, key)
    }

    /// The same for rows of very different sizes: the page also ends before it weighs more than `budget`, but holds
    /// one row at least.
    pub fn next_within<T>(
        &self,
        budget: usize,
        rows: &mut Vec<T>,
        weight: impl Fn(&T) -> usize,
        key: impl Fn(&T) -> Vec<String>,
    ) -> String {
        let mut left = budget;
        let fitting = rows
            .iter()
            .take_while(|row| {
                let fits = left.checked_sub(weight(row));
                left = fits.unwrap_or_default();
                fits.is_some()
            })
            .count();
        let kept = self.size.min(fitting.max(1));
        if rows.len() <= kept {
            return String::new();
        }
        rows.truncate(kept);
        let Some(last) = rows.last() else {
            return String::new();
        };
        self.token_after(key(last))
    }

    /// The token of a page that begins after a place where no row of this one stands: a bounded search came as far as that.
    pub fn token_after(&self, key: Vec<String>) -> String {
        let token = Token {
            after: key,
            arguments: self.arguments.clone(),
        };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&token).unwrap_or_default())
    }
}

fn damaged() -> Error {
    Error::invalid("page_token", "is not a token of this method")
}

fn digest(arguments: &[&str]) -> String {
    let mut hash = Sha256::new();
    for argument in arguments {
        hash.update(
            u64::try_from(argument.len())
                .unwrap_or(u64::MAX)
                .to_be_bytes(),
        );
        hash.update(argument);
    }
    URL_SAFE_NO_PAD.encode(&hash.finalize()[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_and_end() {
        let first = Page::read(2, "", &["93"]).unwrap();
        let mut rows = vec![1, 2, 3];
        let token = first.next(&mut rows, |n| vec![n.to_string()]);
        assert_eq!(rows, [1, 2]);
        let second = Page::read(2, &token, &["93"]).unwrap();
        assert_eq!(second.key::<i32>(0).unwrap(), Some(2));
        assert_eq!(second.next(&mut vec![3], |n: &i32| vec![n.to_string()]), "");
        let token = second.token_after(vec!["9".to_owned()]);
        let third = Page::read(2, &token, &["93"]).unwrap();
        assert_eq!(third.key::<i32>(0).unwrap(), Some(9));
    }

    #[test]
    fn heavy_rows_make_shorter_pages_and_none_is_lost() {
        let page = Page::read(10, "", &[]).unwrap();
        let weights =
            |rows: &mut Vec<usize>| page.next_within(10, rows, |n| *n, |n| vec![n.to_string()]);
        let mut rows = vec![4, 5, 6];
        assert!(!weights(&mut rows).is_empty());
        assert_eq!(rows, [4, 5]);
        let mut rows = vec![50, 1];
        assert!(!weights(&mut rows).is_empty());
        assert_eq!(rows, [50]);
        let mut rows = vec![5, 5];
        assert!(weights(&mut rows).is_empty());
    }

    #[test]
    fn a_token_is_bound_to_its_arguments() {
        let page = Page::read(1, "", &["93"]).unwrap();
        let token = page.next(&mut vec![1, 2], |n: &i32| vec![n.to_string()]);
        assert!(Page::read(1, &token, &["94"]).is_err());
        assert!(Page::read(1, "not a token", &["93"]).is_err());
        assert!(Page::read(-1, "", &[]).is_err());
        assert_eq!(Page::read(10_000, "", &[]).unwrap().limit(), 201);
    }
}
