//! Controls and findings through the API: what was established, why, and for whose eyes.

use crate::common::{Realised, World, contract};
use proto::{controls::v1 as pb, types::v1::Severity};
use testkit::{reason, request_id};
use tonic::Code;

fn withdrawal(finding: &pb::Finding) -> pb::WithdrawFindingRequest {
    pb::WithdrawFindingRequest {
        name: finding.name.clone(),
        etag: finding.etag.clone(),
        reasons: "Le fichier de mai avait été transmis deux fois.".to_owned(),
        request_id: request_id(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_objective_has_its_result_and_only_deviations_and_missing_data_raise_findings() {
    use pb::ComparisonResult::{Above, Below, Conforming, NoData, TooSmall, UndecidedMasked};
    let rows = [
        (
            "conforming",
            "1000",
            Realised::Exact("1049"),
            Conforming,
            Severity::Unspecified,
        ),
        (
            "minor",
            "1000",
            Realised::Exact("1060"),
            Above,
            Severity::Minor,
        ),
        (
            "major",
            "1000",
            Realised::Exact("600"),
            Below,
            Severity::Major,
        ),
        ("zero", "1000", Realised::Exact("0"), Below, Severity::Major),
        (
            "nothing-wanted",
            "0",
            Realised::Exact("0"),
            Conforming,
            Severity::Unspecified,
        ),
        (
            "nothing-wanted-some-done",
            "0",
            Realised::Exact("45"),
            Above,
            Severity::Major,
        ),
        ("missing", "1000", Realised::Missing, NoData, Severity::Info),
        (
            "incomplete",
            "1000",
            Realised::Incomplete("990"),
            NoData,
            Severity::Info,
        ),
        (
            "masked-open",
            "100",
            Realised::Masked("91", "100"),
            UndecidedMasked,
            Severity::Unspecified,
        ),
        (
            "masked-decided",
            "1000",
            Realised::Masked("700", "709"),
            Below,
            Severity::Major,
        ),
        (
            "small",
            "12",
            Realised::Exact("4"),
            TooSmall,
            Severity::Unspecified,
        ),
    ];
    let contract = rows
        .iter()
        .fold(contract(), |contract, (id, target, realised, ..)| {
            contract.objective(id, target, *realised)
        });
    let world = World::with(&[contract]).await;
    let campaign = world.measured().await;
    let listed = world.all_controls(&campaign.name).await.remove(0);
    assert!(
        listed
            .comparisons
            .iter()
            .all(|comparison| comparison.trace.is_none())
    );
    let get = pb::GetControlRequest { name: listed.name };
    let control = world
        .controls()
        .get_control(get)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(control.result(), pb::ControlResult::Deviating);
    assert_eq!(control.comparisons.len(), rows.len());

    let findings = world.findings(&campaign.name).await;
    for (comparison, (id, _, _, result, severity)) in control.comparisons.iter().zip(rows) {
        assert_eq!(comparison.objective, id);
        assert_eq!(
            (comparison.result(), comparison.severity()),
            (result, severity),
            "{id}"
        );
        let raised: Vec<_> = findings
            .iter()
            .filter(|finding| finding.objective == id)
            .collect();
        assert_eq!(
            raised.len(),
            usize::from(severity != Severity::Unspecified),
            "{id}"
        );
        if let [finding] = raised.as_slice() {
            assert_eq!(finding.name, comparison.finding);
            assert_eq!(finding.severity(), severity);
            assert_eq!(finding.trace, comparison.trace);
            assert_eq!(
                (&finding.control, &finding.contract),
                (&control.name, &control.contract)
            );
        }
    }
    assert_eq!(campaign.progress.unwrap().findings, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_explains_itself_from_its_sources_to_its_conclusion() {
    let contract = contract().deviating();
    let world = World::with(std::slice::from_ref(&contract)).await;
    let campaign = world.measured().await;
    let listed = world.findings(&campaign.name).await.remove(0);
    let get = pb::GetFindingRequest {
        name: listed.name.clone(),
    };
    let finding = world
        .controls()
        .get_finding(get)
        .await
        .unwrap()
        .into_inner();
    let as_listed = pb::Finding {
        allowed_actions: vec![],
        ..finding.clone()
    };
    assert_eq!(as_listed, listed);
    assert!(finding.opposable && finding.penalty_eligible);
    let n = '\u{202f}';
    assert_eq!(
        finding.summary,
        format!(
            "Objectif «{n}Objectif stays{n}», 2024{n}: réalisé de 800 séjours pour une cible de 1{n}200 séjours, écart de \
             −33,3{n}%, au-delà de 10{n}%{n}: écart majeur en dessous de la cible."
        )
    );
    let trace = finding.trace.unwrap();
    assert_eq!(trace.conclusion, finding.summary);
    let inputs: Vec<_> = trace
        .inputs
        .iter()
        .map(|i| (i.name.as_str(), i.value.as_str(), i.source.as_str()))
        .collect();
    assert_eq!(
        inputs,
        [
            (
                "cible",
                "1200",
                format!(
                    "{} (version 1), objectif stays, année 2024",
                    contract.target_set
                )
                .as_str()
            ),
            (
                "réalisé",
                "800",
                "réalisation de l’objectif stays en 2024, établie par le service des cibles"
            ),
            (
                "MCO_STAYS 130786049 2024",
                "800",
                "submissions/0198c0de-0000-7000-8000-000000000009, lot 3, reçu le 2025-02-01T10:00:00Z"
            ),
        ]
    );
    let parameters: Vec<_> = trace
        .parameters
        .iter()
        .map(|p| (p.name.as_str(), p.value.as_str(), p.source.as_str()))
        .collect();
    let policy = campaign.tolerance_policy.as_str();
    assert_eq!(
        parameters[..4],
        [
            ("tolérance (%)", "5", policy),
            ("écart mineur (%)", "10", policy),
            ("effectif minimal", "30", policy),
            (
                "données arrêtées le",
                "2025-03-01T08:00:00Z",
                campaign.name.as_str()
            ),
        ]
    );
    let steps: Vec<_> = trace
        .steps
        .iter()
        .map(|s| (s.expression.as_str(), s.result.as_str()))
        .collect();
    assert_eq!(
        steps,
        [
            ("800", "800"),
            ("1200 < 30 et 800 < 30", "faux"),
            ("(800 − 1200) ÷ 1200 × 100", "-33.3333"),
            ("|800 − 1200| × 100 ≤ 5 × 1200", "faux"),
            ("|800 − 1200| × 100 ≤ 10 × 1200", "faux"),
            ("Byar(800 ÷ 1200)", "[0.6213 ; 0.7145]"),
        ]
    );
    assert_eq!(trace.formula, "écart (%) = (réalisé − cible) ÷ cible × 100");
    assert!(trace.rounding.contains("4 décimales"));
    assert!(trace.contribution.contains("aucun effet juridique"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_withdraws_a_finding_once_with_reasons_and_the_fact_is_published() {
    let world = World::with(&[contract().deviating()]).await;
    let campaign = world.measured().await;
    let finding = world.findings(&campaign.name).await.remove(0);
    let mut controls = world.controls();

    let blank = pb::WithdrawFindingRequest {
        reasons: " … ".to_owned(),
        ..withdrawal(&finding)
    };
    let refused = controls.withdraw_finding(blank).await.unwrap_err();
    assert_eq!(testkit::wrong_fields(&refused), ["reasons"]);
    let stale = pb::WithdrawFindingRequest {
        etag: "\"9\"".to_owned(),
        ..withdrawal(&finding)
    };
    let refused = controls.withdraw_finding(stale).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::Aborted, "ETAG_MISMATCH".into())
    );

    let request = withdrawal(&finding);
    let withdrawn = controls
        .withdraw_finding(request.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(withdrawn.state(), pb::FindingState::Withdrawn);
    assert_eq!(withdrawn.withdrawal_reasons, request.reasons);
    assert_eq!(withdrawn.trace, finding.trace);
    // The same request is answered the same; another one finds nothing to withdraw.
    assert_eq!(
        controls
            .withdraw_finding(request)
            .await
            .unwrap()
            .into_inner(),
        withdrawn
    );
    let again = controls
        .withdraw_finding(withdrawal(&withdrawn))
        .await
        .unwrap_err();
    assert_eq!(
        (again.code(), reason(&again)),
        (Code::FailedPrecondition, "FINDING_WITHDRAWN".into())
    );
    assert_eq!(
        world
            .count(
                "select count(*) from event
                 where type = 'cpom.controls.v1.FindingWithdrawn' and actor_kind = 'human'
                     and reason = 'Le fichier de mai avait été transmis deux fois.'"
            )
            .await,
        1
    );
    assert_eq!(
        world
            .campaign(&campaign.name)
            .await
            .progress
            .unwrap()
            .findings,
        0
    );
}
