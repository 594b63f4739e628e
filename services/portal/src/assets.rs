//! What pages are dressed with: our sober theme, or the official files of a design system that an entitled
//! administration put in a folder. Nothing comes from another host.

use std::path::{Component, Path, PathBuf};

use axum::{
    Router,
    body::Bytes,
    extract::{Path as UrlPath, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest as _, Sha256};

use crate::{compression, portal::Portal};

const THEME: &str = include_str!("../assets/theme.css");
const PORTAL: &str = include_str!("../assets/portal.css");
const COMFORT: &str = include_str!("../assets/comfort.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// A year: the address changes with the content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Files of the theme folder may be replaced under the same name; so may ours, asked by the digest of another version.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Largest file served from the theme folder.
const MAX_THEME_FILE: u64 = 8 * 1024 * 1024;

/// A file of ours, compressed once.
#[derive(Debug, Clone)]
struct Ours {
    name: &'static str,
    kind: &'static str,
    digest: String,
    plain: &'static str,
    /// Absent where compressing gains nothing.
    gzip: Option<Bytes>,
}

impl Ours {
    fn new(name: &'static str, kind: &'static str, plain: &'static str) -> Self {
        Self {
            name,
            kind,
            digest: hex::encode(&Sha256::digest(plain)[..6]),
            plain,
            gzip: compression::smallest(plain.as_bytes()).map(Bytes::from),
        }
    }

    fn address(&self) -> String {
        format!("/actifs/{}/{}", self.digest, self.name)
    }

    /// The tag of one encoding of it.
    fn etag(&self, is_compressed: bool) -> String {
        let encoding = if is_compressed { "-gzip" } else { "" };
        format!("\"{}{encoding}\"", self.digest)
    }
}

/// The addresses that a page names, and what stands there.
#[derive(Debug, Clone)]
pub(crate) struct Assets {
    /// Style sheets in their order.
    pub(crate) styles: Vec<String>,
    pub(crate) script: String,
    pub(crate) icon: String,
    theme: Option<PathBuf>,
    ours: [Ours; 4],
}

impl Assets {
    /// Our theme, or the folder's.
    pub(crate) fn new(folder: Option<&Path>) -> Self {
        let css = "text/css; charset=utf-8";
        let theme = Ours::new("theme.css", css, THEME);
        let portal = Ours::new("portal.css", css, PORTAL);
        let script = Ours::new("comfort.js", "text/javascript; charset=utf-8", COMFORT);
        let icon = Ours::new("icon.svg", "image/svg+xml", ICON);
        let mut styles: Vec<String> = match folder {
            // The names that the official distribution has.
            Some(folder) => ["dsfr.min.css", "utility/utility.min.css"]
                .into_iter()
                .filter(|name| folder.join(name).is_file())
                .map(|name| format!("/theme/{name}"))
                .collect(),
            None => vec![theme.address()],
        };
        styles.push(portal.address());
        Self {
            styles,
            script: script.address(),
            icon: icon.address(),
            theme: folder.map(Path::to_owned),
            ours: [theme, portal, script, icon],
        }
    }
}

pub(crate) fn routes() -> Router<Portal> {
    Router::new()
        .route("/actifs/{digest}/{name}", get(ours))
        .route("/theme/{*path}", get(theme))
}

async fn ours(
    State(portal): State<Portal>,
    UrlPath((digest, name)): UrlPath<(String, String)>,
    asked: HeaderMap,
) -> Response {
    let Some(file) = portal.assets.ours.iter().find(|file| file.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let gzip = file
        .gzip
        .clone()
        .filter(|_| compression::takes_gzip(&asked));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    headers.insert(
        header::CACHE_CONTROL,
        if file.digest == digest {
            FOR_EVER
        } else {
            AN_HOUR
        },
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let etag = file.etag(gzip.is_some());
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if holds(&asked, &etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    match gzip {
        Some(gzip) => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            (headers, gzip).into_response()
        }
        None => (headers, file.plain).into_response(),
    }
}

/// Whether a browser already holds what has this tag.
fn holds(asked: &HeaderMap, etag: &str) -> bool {
    asked
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .map(|tag| tag.trim().trim_start_matches("W/"))
                .any(|tag| tag == etag || tag == "*")
        })
}

async fn theme(State(portal): State<Portal>, UrlPath(path): UrlPath<String>) -> Response {
    let file = portal
        .assets
        .theme
        .as_deref()
        .zip(inside(&path))
        .map(|(folder, path)| folder.join(path));
    let (Some(file), Some(kind)) = (file, kind_of(&path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let small = tokio::fs::metadata(&file)
        .await
        .is_ok_and(|data| data.is_file() && data.len() <= MAX_THEME_FILE);
    match tokio::fs::read(&file).await {
        Ok(content) if small => {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            headers.insert(header::CACHE_CONTROL, AN_HOUR);
            (headers, content).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A path that cannot leave the folder.
fn inside(path: &str) -> Option<&Path> {
    let path = Path::new(path);
    path.components()
        .all(|part| matches!(part, Component::Normal(_)))
        .then_some(path)
}

fn kind_of(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_theme_folder_is_served() {
        assert!(inside("dsfr.min.css").is_some());
        assert!(inside("fonts/a.woff2").is_some());
        for path in ["../secret", "/etc/passwd", "a/../../b", "./a"] {
            let escaped = inside(path).is_some_and(|inside| !inside.starts_with("a"));
            assert!(!escaped, "{path}");
        }
        assert_eq!(kind_of("dsfr.module.min.js"), None, "no script but ours");
    }

    #[test]
    fn sheets_are_compressed_once_and_the_tag_tells_the_encoding() {
        let assets = Assets::new(None);
        for file in &assets.ours {
            if let Some(gzip) = &file.gzip {
                assert!(gzip.len() < file.plain.len(), "{}", file.name);
            }
            assert_ne!(file.etag(true), file.etag(false));
        }
        assert!(assets.ours[0].gzip.is_some(), "the theme");
    }

    #[test]
    fn a_browser_that_holds_the_tag_is_recognised() {
        let mut asked = HeaderMap::new();
        assert!(!holds(&asked, "\"1\""));
        asked.insert(
            header::IF_NONE_MATCH,
            HeaderValue::from_static("\"0\", W/\"1\""),
        );
        assert!(holds(&asked, "\"1\""));
        assert!(!holds(&asked, "\"2\""));
    }

    #[test]
    fn the_theme_has_the_classes_that_templates_use() {
        assert!(THEME.contains(".fr-btn") && PORTAL.contains(".cpom-act"));
        for sheet in [THEME, PORTAL] {
            assert!(!sheet.contains("url(http") && !sheet.contains("@import"));
        }
    }
}
