//! What surrounds every page: title, navigation, who is signed in, the theme.

use axum::http::Uri;

use crate::{
    portal::Portal,
    store::Person,
    text::{help, labels},
};

/// A part of the portal, for the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    None,
    Work,
    Contracts,
    Reviews,
    Campaigns,
    Findings,
    Indicators,
    Territories,
    Deadlines,
    Registry,
    History,
    Control,
    Published,
    Help,
}

/// A line of the navigation.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) title: &'static str,
    pub(crate) path: &'static str,
    pub(crate) is_here: bool,
}

/// A step from the top of the portal to the page.
#[derive(Debug, Clone)]
pub(crate) struct Crumb {
    pub(crate) title: String,
    pub(crate) path: String,
}

/// What happened just before.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub(crate) class: &'static str,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// Who is signed in, as the header shows it.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) role: String,
}

/// Everything that the layout needs.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) navigation: Vec<Entry>,
    pub(crate) crumbs: Vec<Crumb>,
    pub(crate) notice: Option<Notice>,
    pub(crate) who: Option<Who>,
    /// Token that every form carries.
    pub(crate) form_token: String,
    pub(crate) styles: Vec<String>,
    pub(crate) script: String,
    pub(crate) icon: String,
    /// `light`, `dark` or `system`.
    pub(crate) scheme: &'static str,
    /// The address of the page, to come back to it.
    pub(crate) here: String,
    /// Who publishes the portal, and where to write to (empty: nowhere in particular).
    pub(crate) publisher: String,
    pub(crate) contact: String,
    /// Who answers for what is published, and whose machines serve it (empty: not told).
    pub(crate) director: String,
    pub(crate) host: String,
    /// What helps in this part of the portal.
    pub(crate) help: Option<&'static [&'static str]>,
}

impl Frame {
    pub(crate) fn new(
        title: &str,
        section: Section,
        person: Option<&Person>,
        form_token: &str,
        portal: &Portal,
        scheme: &'static str,
        uri: &Uri,
    ) -> Self {
        let here = uri.path_and_query().map_or("/", |path| path.as_str());
        Self {
            title: title.to_owned(),
            navigation: person.map_or_else(
                || public_navigation(section),
                |person| navigation(person, section),
            ),
            crumbs: Vec::new(),
            notice: None,
            who: person.map(|person| Who {
                name: person.name.clone(),
                role: person
                    .roles
                    .iter()
                    .map(|role| labels::role(role))
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
            form_token: form_token.to_owned(),
            styles: portal.assets.styles.clone(),
            script: portal.assets.script.clone(),
            icon: portal.assets.icon.clone(),
            scheme,
            here: form_urlencoded::byte_serialize(here.as_bytes()).collect(),
            publisher: portal.config.publisher.clone(),
            contact: portal.config.contact.clone(),
            director: portal.config.director.clone(),
            host: portal.config.host.clone(),
            help: help::of(section),
        }
    }

    /// A page above this one.
    #[must_use]
    pub(crate) fn under(mut self, title: &str, path: &str) -> Self {
        self.crumbs.push(Crumb {
            title: title.to_owned(),
            path: path.to_owned(),
        });
        self
    }

    #[must_use]
    pub(crate) fn telling(mut self, notice: Option<Notice>) -> Self {
        self.notice = notice;
        self
    }
}

impl Notice {
    /// Something was done.
    pub(crate) fn done(text: &str) -> Self {
        Self {
            class: "fr-alert--success",
            title: "C’est enregistré".to_owned(),
            text: text.to_owned(),
        }
    }
}

/// What anybody is shown.
fn public_navigation(here: Section) -> Vec<Entry> {
    [
        (
            Section::Published,
            "Contrats en vigueur",
            "/contrats-en-vigueur",
        ),
        (Section::Territories, "Taux de recours publiés", "/taux"),
        (
            Section::Control,
            "Comment le contrôle fonctionne",
            "/controle-explique",
        ),
        (Section::Help, "Aide", "/aide"),
    ]
    .into_iter()
    .map(|(section, title, path)| Entry {
        title,
        path,
        is_here: section == here,
    })
    .collect()
}

/// What a person is shown, by role. Whoever types another address is answered by the services.
fn navigation(person: &Person, here: Section) -> Vec<Entry> {
    let has = |roles: &[&str]| person.roles.iter().any(|own| roles.contains(&own.as_str()));
    let establishment = has(&["establishment_director"]);
    // What follows from a control is between the agency and the establishment.
    let council = has(&["department_president", "department_manager"]);
    let all = [
        (Section::Work, "À faire", "/travail", true),
        (Section::Deadlines, "Échéances", "/echeances", true),
        (
            Section::Contracts,
            if establishment || council {
                "Mes contrats"
            } else {
                "Contrats"
            },
            "/contrats",
            true,
        ),
        (Section::Reviews, "Revues", "/revues", !council),
        (
            Section::Campaigns,
            "Campagnes",
            "/campagnes",
            !establishment && !council,
        ),
        (Section::Findings, "Constats", "/constats", !council),
        (
            Section::Indicators,
            "Indicateurs",
            "/indicateurs",
            has(&["establishment_director", "contract_manager"]),
        ),
        (
            Section::Territories,
            "Territoires",
            "/territoires",
            !council,
        ),
        (Section::Registry, "Établissements", "/etablissements", true),
        (
            Section::History,
            "Historique",
            "/historique",
            has(&["auditor", "manager", "director_general"]),
        ),
        (Section::Help, "Aide", "/aide", true),
    ];
    all.into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(section, title, path, _)| Entry {
            title,
            path,
            is_here: section == here,
        })
        .collect()
}
