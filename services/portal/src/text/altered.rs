//! What a fact shows otherwise than its hashed bytes say: somebody changed it beside them.

use proto::{
    content,
    history::v1::{AttributeDifference, Event},
};

const TITLES: [(&str, &str); 13] = [
    ("id", "Identifiant"),
    ("type", "Type de fait"),
    ("time", "Instant"),
    ("aggregate", "Dossier"),
    ("version", "Version"),
    ("root", "Contrat de rattachement"),
    ("region", "Région"),
    ("actor_kind", "Nature de l’auteur"),
    ("actor_role", "Rôle de l’auteur"),
    ("actor", "Auteur"),
    ("reason", "Motif"),
    ("request_id", "Requête"),
    ("traceparent", "Trace technique"),
];

/// One attribute.
pub(crate) struct Altered {
    pub(crate) title: String,
    /// Beside the bytes.
    pub(crate) shown: String,
    /// In the bytes.
    pub(crate) sealed: String,
}

/// What differs in a fact; none when its bytes cannot be read.
pub(crate) fn of(event: &Event) -> Option<Vec<Altered>> {
    let differences = content::differences(event).ok()?;
    Some(differences.into_iter().map(told).collect())
}

fn told(one: AttributeDifference) -> Altered {
    let title = TITLES.iter().find(|(name, _)| *name == one.attribute);
    Altered {
        title: title
            .map_or(one.attribute.as_str(), |(_, title)| title)
            .to_owned(),
        shown: or_nothing(one.told),
        sealed: or_nothing(one.proved),
    }
}

fn or_nothing(text: String) -> String {
    if text.is_empty() {
        "rien".to_owned()
    } else {
        text
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proto::types::v1::{Actor, ActorKind};
    use serde_json::json;

    use super::*;

    /// A fact that shows what its bytes say.
    pub(crate) fn sound() -> Event {
        let bytes = json!({
            "actor": "service:controls",
            "actorkind": "service",
            "actorrole": "service",
            "aggregateversion": "1",
            "id": "0198",
            "region": "93",
            "root": "contracts/1",
            "subject": "findings/1",
            "time": "2026-03-01T10:00:00Z",
            "type": "cpom.controls.v1.FindingRaised",
        });
        Event {
            id: "0198".to_owned(),
            r#type: "cpom.controls.v1.FindingRaised".to_owned(),
            aggregate: "findings/1".to_owned(),
            version: 1,
            root: "contracts/1".to_owned(),
            region: "93".to_owned(),
            actor: Some(Actor {
                subject: "service:controls".to_owned(),
                kind: ActorKind::Service.into(),
                role: "service".to_owned(),
            }),
            record_time: "2026-03-01T10:00:00Z".parse().ok(),
            canonical: serde_json::to_vec(&bytes).unwrap(),
            ..Default::default()
        }
    }

    #[test]
    fn what_was_changed_beside_the_bytes_is_told_with_what_they_say() {
        assert!(of(&sound()).unwrap().is_empty());
        let changed = Event {
            region: "94".to_owned(),
            reason: "Autre.".to_owned(),
            ..sound()
        };
        let told: Vec<[String; 3]> = of(&changed)
            .unwrap()
            .into_iter()
            .map(|one| [one.title, one.shown, one.sealed])
            .collect();
        assert_eq!(
            told,
            [["Région", "94", "93"], ["Motif", "Autre.", "rien"]].map(|one| one.map(str::to_owned))
        );
        assert!(of(&Event::default()).is_none());
    }
}
