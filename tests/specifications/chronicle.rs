//! What happens to a contract, in the words of the specifications.

const EVENTS: [(&str, &str); 11] = [
    (
        "l’établissement présente ses observations",
        "ObservationsSubmitted",
    ),
    ("la négociation est ouverte", "NegotiationOpened"),
    ("la revue est conclue", "ReviewConcluded"),
    ("la revue est examinée", "ReviewExamined"),
    ("la revue est ouverte", "ReviewOpened"),
    ("le contrat est signé", "ContractSigned"),
    ("le document est figé", "ContractFrozen"),
    ("le projet est ouvert", "ContractDrafted"),
    ("les constats sont notifiés", "ReviewNotified"),
    ("un avis est consigné", "OpinionRecorded"),
    ("une partie signe", "ContractSignedByParty"),
];

/// The event that this sentence stands for.
pub(crate) fn event(sentence: &str) -> anyhow::Result<&'static str> {
    EVENTS
        .iter()
        .find_map(|(words, event)| (*words == sentence).then_some(*event))
        .ok_or_else(|| anyhow::anyhow!("« {sentence} » is not in the list of events"))
}
