//! The proof of one entry of the history: its bytes, its place in the log, and the checkpoint that signs the log. All of
//! it is checked here, and can be taken away and checked elsewhere, without trusting this portal or any service.

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use proto::history::v1::{Event, GetInclusionProofRequest, InclusionProof};
use serde_json::json;
use tonic::Code;
use transparency::{Checkpoint, Hash, VerifyingKey, proof::root_of_inclusion, tree::leaf_hash};

use super::{history::hash_of, html};
use crate::{
    Failure,
    frame::{Frame, Section},
    services::{Service, within},
    table::attachment,
    text::{
        altered::{self, Altered},
        dates, labels,
    },
    visitor::Visitor,
};

/// Checks a proof with nothing but Python: for who has no other tool.
const VERIFIER: &str = include_str!("../../assets/verifier.py");

/// One check, and what it found.
struct Check {
    title: &'static str,
    holds: bool,
    detail: String,
}

#[derive(Template)]
#[template(path = "proof.html")]
struct Page {
    frame: Frame,
    what: String,
    who: String,
    when: String,
    aggregate: String,
    root: String,
    service: &'static str,
    is_whole: bool,
    checks: Vec<Check>,
    altered: Vec<Altered>,
    canonical: String,
    note: String,
    keys: Vec<String>,
    path: String,
    file: String,
    is_sealed: bool,
}

/// `/historique/{service}/{event}/preuve`.
pub(crate) async fn page(
    Path((service, event)): Path<(String, String)>,
    visitor: Visitor,
) -> Response {
    visitor
        .answer(proof_page(&visitor, &service, &event).await)
        .await
}

async fn read(
    visitor: &Visitor,
    service: &str,
    event: &str,
) -> Result<(Service, InclusionProof), Failure> {
    let service = Service::ALL
        .into_iter()
        .find(|one| one.key() == service)
        .ok_or(Failure::NotFound)?;
    let request = GetInclusionProofRequest {
        event: event.to_owned(),
        tree_size: 0,
    };
    let answer = visitor
        .services
        .proofs(service)
        .get_inclusion_proof(within(request))
        .await;
    match answer {
        Ok(proof) => Ok((service, proof.into_inner())),
        Err(status) if status.code() == Code::InvalidArgument => Err(Failure::NotFound),
        Err(status) => Err(status.into()),
    }
}

async fn proof_page(visitor: &Visitor, service: &str, event: &str) -> Result<Response, Failure> {
    let (service, proof) = read(visitor, service, event).await?;
    let recorded = proof.event.clone().unwrap_or_default();
    let checkpoint = proof.checkpoint.clone().unwrap_or_default();
    let checks = checks(&proof);
    html(&Page {
        frame: visitor
            .frame("Preuve", Section::History)
            .under("Historique", "/historique"),
        what: labels::fact(&recorded.r#type).to_owned(),
        who: labels::actor(recorded.actor.as_ref()),
        when: dates::timestamp(recorded.record_time.as_ref()),
        aggregate: recorded.aggregate.clone(),
        root: recorded.root.clone(),
        service: service.title(),
        is_whole: checks.iter().all(|check| check.holds),
        checks,
        altered: altered::of(&recorded).unwrap_or_default(),
        canonical: String::from_utf8_lossy(&recorded.canonical).into_owned(),
        is_sealed: !checkpoint.note.is_empty(),
        note: checkpoint.note,
        keys: checkpoint.verifier_keys,
        path: format!("/historique/{}/{event}/preuve", service.key()),
        file: format!("preuve-{}.json", short(event)),
    })
}

fn short(event: &str) -> &str {
    event.get(..8).unwrap_or(event)
}

fn hash(bytes: &[u8]) -> Option<Hash> {
    bytes.try_into().ok()
}

/// Everything that can be computed again from the answer.
fn checks(proof: &InclusionProof) -> Vec<Check> {
    let event = proof.event.clone().unwrap_or_default();
    let checkpoint = proof.checkpoint.clone().unwrap_or_default();
    let size = u64::try_from(checkpoint.tree_size).unwrap_or_default();
    let index = u64::try_from(proof.leaf_index).unwrap_or_default();
    let path: Option<Vec<Hash>> = proof.hashes.iter().map(|bytes| hash(bytes)).collect();
    let root = path.and_then(|path| root_of_inclusion(leaf_hash(&event.hash), index, size, &path));
    let keys: Vec<VerifyingKey> = checkpoint
        .verifier_keys
        .iter()
        .filter_map(|key| key.parse().ok())
        .collect();
    let opened = Checkpoint::open(&checkpoint.note, &keys).ok();
    let signed = opened
        .as_ref()
        .filter(|opened| opened.size == size && Some(opened.root) == hash(&checkpoint.root_hash));
    vec![
        Check {
            title: "Les octets enregistrés donnent l’empreinte du fait",
            holds: hash_of(&event.previous_hash, &event.canonical) == event.hash,
            detail: hex::encode(&event.hash),
        },
        shown_as_sealed(&event),
        Check {
            title: "Cette empreinte est à sa place dans le journal, sous sa racine",
            holds: root.is_some() && root == hash(&checkpoint.root_hash),
            detail: format!(
                "feuille {index} sur {size}, {} empreintes jusqu’à la racine {}",
                proof.hashes.len(),
                hex::encode(&checkpoint.root_hash)
            ),
        },
        Check {
            title: "La racine est celle d’un point de contrôle signé",
            holds: signed.is_some(),
            detail: match signed {
                Some(opened) => format!(
                    "{}, le {}",
                    opened.origin,
                    dates::timestamp(checkpoint.sign_time.as_ref())
                ),
                None => "aucune signature de confiance".to_owned(),
            },
        },
    ]
}

/// What pages show of a fact, and filters choose by, stands beside its bytes too.
fn shown_as_sealed(event: &Event) -> Check {
    let altered = altered::of(event);
    Check {
        title: "Ce que les pages montrent du fait est ce que disent ces octets",
        holds: altered.as_ref().is_some_and(Vec::is_empty),
        detail: match altered {
            None => "les octets ne se lisent pas".to_owned(),
            Some(altered) if altered.is_empty() => {
                "auteur, rôle, instant, dossier, motif : rien ne diffère".to_owned()
            }
            Some(altered) => {
                let titles: Vec<String> = altered.into_iter().map(|one| one.title).collect();
                format!("diffèrent : {}", titles.join(", "))
            }
        },
    }
}

/// `/historique/{service}/{event}/preuve/{file}`: what is needed to check it elsewhere.
pub(crate) async fn file(
    Path((service, event, file)): Path<(String, String, String)>,
    visitor: Visitor,
) -> Response {
    visitor
        .answer(proof_file(&visitor, &service, &event, &file).await)
        .await
}

async fn proof_file(
    visitor: &Visitor,
    service: &str,
    event: &str,
    file: &str,
) -> Result<Response, Failure> {
    let (_, proof) = read(visitor, service, event).await?;
    let recorded = proof.event.clone().unwrap_or_default();
    let short = short(event);
    Ok(match file {
        "octets" => attachment(
            recorded.canonical,
            "application/octet-stream",
            &format!("octets-{short}.json"),
        ),
        "preuve" => attachment(
            bundle(&proof).into_bytes(),
            "application/json",
            &format!("preuve-{short}.json"),
        ),
        "point-de-controle" => attachment(
            proof.checkpoint.unwrap_or_default().note.into_bytes(),
            "text/plain; charset=utf-8",
            &format!("point-de-controle-{short}.txt"),
        ),
        _ => return Err(Failure::NotFound),
    })
}

/// Everything in one file, as the verifier reads it.
fn bundle(proof: &InclusionProof) -> String {
    let event = proof.event.clone().unwrap_or_default();
    let checkpoint = proof.checkpoint.clone().unwrap_or_default();
    let bundle = json!({
        "format": "cpom-event-proof/1",
        "event": STANDARD.encode(&event.canonical),
        "previousHash": hex::encode(&event.previous_hash),
        "hash": hex::encode(&event.hash),
        "leafIndex": proof.leaf_index,
        "hashes": proof.hashes.iter().map(hex::encode).collect::<Vec<String>>(),
        "checkpoint": checkpoint.note,
        "verifierKeys": checkpoint.verifier_keys,
    });
    format!("{bundle:#}\n")
}

/// `/historique/verifier.py`.
pub(crate) async fn verifier() -> Response {
    let mut response = VERIFIER.into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/x-python; charset=utf-8"),
    );
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"verifier.py\""),
    );
    response
}

#[cfg(test)]
mod tests {
    use proto::history::v1::Checkpoint as Signed;
    use transparency::{SigningKey, tree::node_hash};

    use super::*;
    use crate::text::altered::tests::sound;

    /// Two facts in a log of three leaves, signed.
    fn proof() -> InclusionProof {
        let (previous, canonical) = (vec![7; 32], sound().canonical);
        let event_hash = hash_of(&previous, &canonical);
        let (others, mine) = ([[1; 32], [2; 32]], leaf_hash(&event_hash));
        let root = node_hash(&node_hash(&others[0], &mine), &others[1]);
        let key = SigningKey::new("cpom.example/contracts", &[9; 32]).unwrap();
        let checkpoint = Checkpoint {
            origin: key.name().to_owned(),
            size: 3,
            root,
            time: None,
        };
        InclusionProof {
            event: Some(Event {
                canonical,
                previous_hash: previous,
                hash: event_hash,
                ..sound()
            }),
            leaf_index: 1,
            hashes: others.iter().map(|hash| hash.to_vec()).collect(),
            checkpoint: Some(Signed {
                tree_size: 3,
                root_hash: root.to_vec(),
                note: checkpoint.sign(std::slice::from_ref(&key)),
                verifier_keys: vec![key.verifying().to_string()],
                sign_time: None,
            }),
            differences: Vec::new(),
        }
    }

    fn held(proof: &InclusionProof) -> Vec<bool> {
        checks(proof).iter().map(|check| check.holds).collect()
    }

    #[test]
    fn a_sound_proof_holds_in_all_its_parts() {
        assert_eq!(held(&proof()), [true; 4]);
    }

    #[test]
    fn each_part_that_was_changed_is_noticed() {
        let mut changed = proof();
        changed.event.as_mut().unwrap().canonical.push(b' ');
        assert_eq!(held(&changed), [false, true, true, true]);
        let mut renamed = proof();
        renamed.event.as_mut().unwrap().reason = "Autre.".to_owned();
        assert_eq!(held(&renamed), [true, false, true, true]);
        assert_eq!(checks(&renamed)[1].detail, "diffèrent : Motif");
        let mut moved = proof();
        moved.leaf_index = 0;
        assert_eq!(held(&moved), [true, true, false, true]);
        let mut forged = proof();
        let checkpoint = forged.checkpoint.as_mut().unwrap();
        checkpoint.note = checkpoint.note.replacen("\n3\n", "\n4\n", 1);
        assert_eq!(held(&forged), [true, true, true, false]);
    }

    #[test]
    fn the_file_holds_the_exact_bytes() {
        let bundle: serde_json::Value = serde_json::from_str(&bundle(&proof())).unwrap();
        let bytes = STANDARD.decode(bundle["event"].as_str().unwrap()).unwrap();
        assert_eq!(bytes, sound().canonical);
        assert_eq!(bundle["hashes"].as_array().unwrap().len(), 2);
    }

    /// The verifier that people download says the same as this code. Skipped where there is no Python.
    #[test]
    fn the_verifier_accepts_a_sound_proof_and_refuses_a_changed_one() {
        let run = |content: &str| {
            let path = std::env::temp_dir().join(format!("cpom-proof-{}.json", kernel::new_id()));
            std::fs::write(&path, content).unwrap();
            let answer = std::process::Command::new("python3")
                .args(["-c", VERIFIER])
                .arg(&path)
                .output();
            std::fs::remove_file(&path).unwrap();
            answer
        };
        let Ok(sound) = run(&bundle(&proof())) else {
            return;
        };
        assert!(sound.status.success(), "{sound:?}");
        let mut changed = proof();
        changed.event.as_mut().unwrap().canonical.push(b' ');
        let refused = run(&bundle(&changed)).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    }
}
