//! Rows that are left out, each with its reason, and batches that are refused.

use proto::targets::v1::{
    Absence, IndicatorValue, ListIndicatorValuesRequest, SubmitIndicatorsRequest,
    indicator_value::Content,
};
use testkit::{reason, wrong_fields};
use tonic::Code;

use crate::world::{Contract, ENTITY, SITE, World, contract_manager, number, stays, system, value};

fn of_subject(subject: &str) -> IndicatorValue {
    IndicatorValue {
        subject: subject.to_owned(),
        ..value("MCO_STAYS", "2024-01", number("1"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_row_has_its_reason_and_the_good_ones_are_stored() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let rows = [
        (of_subject("01000004"), "FINESS_LENGTH"),
        (of_subject("010000041"), "FINESS_KEY"),
        (of_subject("01000004O"), "FINESS_FORMAT"),
        (of_subject("1,00E+07"), "SPREADSHEET_DAMAGE"),
        (of_subject("2A0000014"), "NOT_IN_A_CONTRACT"),
        (value("STAYS", "2024-01", number("1")), "UNKNOWN_INDICATOR"),
        (value("MCO_STAYS", "01/2024", number("1")), "PERIOD_FORM"),
        (
            value("MCO_STAYS", "2023", number("1")),
            "PERIOD_OUTSIDE_CONTRACT",
        ),
        (value("SITES", "2024-01", number("1")), "YEARLY_INDICATOR"),
        (
            value("MCO_STAYS", "2024-02", number("-1")),
            "NEGATIVE_VALUE",
        ),
        (
            value("MCO_STAYS", "2024-02", number("1 à 10")),
            "VALUE_FORM",
        ),
        (
            value("MCO_STAYS", "2024-02", number("1,2E+05")),
            "SPREADSHEET_DAMAGE",
        ),
        (
            value("MCO_STAYS", "2024-02", number("0.1234567")),
            "VALUE_TOO_PRECISE",
        ),
        (
            value("MCO_STAYS", "2024-02", number("1234567890123")),
            "VALUE_TOO_LARGE",
        ),
        (
            value("MCO_STAYS", "2024-02", Content::Absence(0)),
            "NO_CONTENT",
        ),
        (
            IndicatorValue {
                content: None,
                ..value("MCO_STAYS", "2024-02", number("1"))
            },
            "NO_CONTENT",
        ),
    ];
    let mut values: Vec<IndicatorValue> = rows.iter().map(|(row, _)| row.clone()).collect();
    values.push(value("MCO_STAYS", "2024-01", number("100.50")));
    values.push(value(
        "MCO_STAYS",
        "2024-02",
        Content::Absence(Absence::Masked.into()),
    ));

    let acknowledged = world.submit(&contract_manager(), values).await;
    assert_eq!(acknowledged.accepted, 2);
    let found: Vec<(i32, &str)> = acknowledged
        .rejected
        .iter()
        .map(|row| (row.index, row.reason.as_str()))
        .collect();
    let expected: Vec<(i32, &str)> = (0..).zip(rows.iter().map(|(_, reason)| *reason)).collect();
    assert_eq!(found, expected);
    assert!(
        acknowledged
            .rejected
            .iter()
            .all(|row| !row.explanation.is_empty())
    );

    let request = ListIndicatorValuesRequest {
        subject: SITE.to_owned(),
        ..Default::default()
    };
    let mut client = world.indicators(&contract_manager());
    let page = client
        .list_indicator_values(request)
        .await
        .unwrap()
        .into_inner();
    let stored: Vec<_> = page
        .values
        .into_iter()
        .map(|received| received.value.unwrap())
        .collect();
    let expected = [
        value("MCO_STAYS", "2024-01", number("100.50")),
        value(
            "MCO_STAYS",
            "2024-02",
            Content::Absence(Absence::Masked.into()),
        ),
    ];
    assert_eq!(stored, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_over_the_limit_is_refused_and_what_came_before_is_kept() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let submission = kernel::new_id();
    let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
    stream
        .send(1, vec![value("MCO_STAYS", "2024", number("1"))])
        .await;
    let huge = value("MCO_STAYS", "2024", number(&"9".repeat(5 * 1024 * 1024)));
    stream.send(2, vec![huge]).await;
    assert_eq!(stream.acknowledgement().await.unwrap().sequence, 1);
    let status = stream.acknowledgement().await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).as_str()),
        (Code::OutOfRange, "MESSAGE_TOO_LARGE")
    );

    let (_, last) = world.open(&system(ENTITY), submission).await.unwrap();
    assert_eq!(last, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_holds_ten_thousand_values_and_no_more() {
    let world = World::new().await;
    world
        .contract_in_force(&Contract::new(), vec![stays("a", SITE)])
        .await;
    let (mut stream, _) = world.open(&system(ENTITY), kernel::new_id()).await.unwrap();
    stream
        .send(1, vec![value("MCO_STAYS", "2024", number("1")); 10_000])
        .await;
    assert_eq!(stream.acknowledgement().await.unwrap().accepted, 10_000);
    stream
        .send(2, vec![value("MCO_STAYS", "2024", number("1")); 10_001])
        .await;
    let status = stream.acknowledgement().await.unwrap_err();
    assert_eq!(reason(&status), "BATCH_TOO_LARGE");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_message_opens_the_submission_and_no_other_does() {
    let world = World::new().await;
    let submission = kernel::new_id();
    let (mut stream, _) = world.open(&system(ENTITY), submission).await.unwrap();
    stream
        .send_message(SubmitIndicatorsRequest {
            open: None,
            batch: None,
        })
        .await;
    let status = stream.answer().await.unwrap_err();
    assert_eq!(wrong_fields(&status), ["batch"]);

    let mut client = world.indicators(&system(ENTITY));
    let batch_first = SubmitIndicatorsRequest {
        open: None,
        batch: Some(proto::targets::v1::IndicatorBatch {
            sequence: 1,
            values: Vec::new(),
        }),
    };
    let messages = tokio_stream::iter([batch_first]);
    let mut answers = client
        .submit_indicators(messages)
        .await
        .unwrap()
        .into_inner();
    let status = answers.message().await.unwrap_err();
    assert_eq!(reason(&status), "OPENING_EXPECTED");
}
