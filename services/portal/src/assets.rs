//! What pages are dressed with: our sober theme, or the official files of a design system that an entitled
//! administration put in a folder. Nothing comes from another host.

use std::path::{Component, Path, PathBuf};

use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest as _, Sha256};

use crate::portal::Portal;

const THEME: &str = include_str!("../assets/theme.css");
const PORTAL: &str = include_str!("../assets/portal.css");
const COMFORT: &str = include_str!("../assets/comfort.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// A year: the address changes with the content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Files of the theme folder may be replaced under the same name.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Largest file served from the theme folder.
const MAX_THEME_FILE: u64 = 8 * 1024 * 1024;

/// The addresses that a page names.
#[derive(Debug, Clone)]
pub(crate) struct Assets {
    /// Style sheets in their order.
    pub(crate) styles: Vec<String>,
    pub(crate) script: String,
    pub(crate) icon: String,
    theme: Option<PathBuf>,
}

impl Assets {
    /// Our theme, or the folder's.
    pub(crate) fn new(theme: Option<&Path>) -> Self {
        let ours = |name: &str, content: &str| {
            let digest = hex::encode(&Sha256::digest(content)[..6]);
            format!("/actifs/{digest}/{name}")
        };
        let mut styles: Vec<String> = match theme {
            // The names that the official distribution has.
            Some(folder) => ["dsfr.min.css", "utility/utility.min.css"]
                .into_iter()
                .filter(|name| folder.join(name).is_file())
                .map(|name| format!("/theme/{name}"))
                .collect(),
            None => vec![ours("theme.css", THEME)],
        };
        styles.push(ours("portal.css", PORTAL));
        Self {
            styles,
            script: ours("comfort.js", COMFORT),
            icon: ours("icon.svg", ICON),
            theme: theme.map(Path::to_owned),
        }
    }
}

pub(crate) fn routes() -> Router<Portal> {
    Router::new()
        .route("/actifs/{digest}/{name}", get(ours))
        .route("/theme/{*path}", get(theme))
}

async fn ours(UrlPath((_, name)): UrlPath<(String, String)>) -> Response {
    let (content, kind) = match name.as_str() {
        "theme.css" => (THEME, "text/css; charset=utf-8"),
        "portal.css" => (PORTAL, "text/css; charset=utf-8"),
        "comfort.js" => (COMFORT, "text/javascript; charset=utf-8"),
        "icon.svg" => (ICON, "image/svg+xml"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, FOR_EVER);
    (headers, content).into_response()
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
    fn the_theme_has_the_classes_that_templates_use() {
        assert!(THEME.contains(".fr-btn") && PORTAL.contains(".cpom-act"));
        for sheet in [THEME, PORTAL] {
            assert!(!sheet.contains("url(http") && !sheet.contains("@import"));
        }
    }
}
