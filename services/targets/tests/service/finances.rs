//! Accounts and credits on their way in, and what places cost by them.

use std::fmt::Write as _;

use proto::targets::v1::{
    Capacity, CompareIndicatorRequest, ComparedFigure, FinanceLayout, FinanceUnit, FinancesHeader,
    FinancesReport, ImportFinancesRequest, ListFinanceFiguresRequest, ListFinanceFiguresResponse,
    finance_service_client::FinanceServiceClient,
};
use rpc::client::Peer;
use testkit::{Persona, reason, request_id};
use tonic::{Code, Status};

use crate::{
    capacities::authorised_and_financed,
    data::upload,
    needs::NUMBERS,
    world::{OTHER_SITE, SITE, World, contract_manager, director, manager},
};

const ERRD: &str = "Finess EJ;Finess;Année;Dépenses Groupe I ERRD;Dépenses Groupe II ERRD;Dépenses Groupe III ERRD;\
    Recettes Groupe II ERRD;Recettes Groupe III ERRD";

fn header(layout: FinanceLayout, sha256: &str) -> FinancesHeader {
    FinancesHeader {
        layout: layout.into(),
        region: "93".to_owned(),
        source: "DIAMANT".to_owned(),
        extraction_date: "2025-01-16".to_owned(),
        file_name: "finances.csv".to_owned(),
        dry_run: sha256.is_empty(),
        sha256: sha256.to_owned(),
        request_id: request_id(),
    }
}

impl World {
    fn finances(&self, persona: &Persona) -> FinanceServiceClient<Peer> {
        FinanceServiceClient::new(self.service.peer(persona))
    }

    async fn send_finances(
        &self,
        header: FinancesHeader,
        file: &str,
    ) -> Result<FinancesReport, Status> {
        let messages = upload(
            file.as_bytes(),
            |header, chunk| ImportFinancesRequest { header, chunk },
            header,
        );
        let reply = self.finances(&manager()).import_finances(messages).await?;
        Ok(reply.into_inner())
    }

    /// Both passes.
    async fn import_finances(&self, layout: FinanceLayout, file: &str) -> FinancesReport {
        let look = self.send_finances(header(layout, ""), file).await.unwrap();
        let look = look.file.unwrap();
        assert_eq!(look.errors, 0, "{:?}", look.line_errors);
        assert!(look.dry_run && !look.applied);
        let applied = header(layout, &look.sha256);
        self.send_finances(applied, file).await.unwrap()
    }

    async fn figures(
        &self,
        who: &Persona,
        finess: &str,
    ) -> Result<ListFinanceFiguresResponse, Status> {
        let request = ListFinanceFiguresRequest {
            finess: finess.to_owned(),
            year: 0,
            ..Default::default()
        };
        let mut client = self.finances(who);
        Ok(client.list_finance_figures(request).await?.into_inner())
    }
}

fn values(listed: &ListFinanceFiguresResponse) -> Vec<(&str, &str)> {
    let figures = listed.figures.iter();
    figures
        .map(|figure| (figure.code.as_str(), figure.value.as_str()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_looked_at_then_applied_and_a_correction_stands_in_their_place() {
    let world = World::new().await;
    world.register(SITE, "04001").await;
    let file = format!(
        "{ERRD}\n130786049;{SITE};2023;-90409.180000000007567;-742692.26;;38364.6;0\n130786049;{OTHER_SITE};2023;-1;-1;-1;1;1"
    );
    let unseen = header(FinanceLayout::DiamantErrd, &"0".repeat(64));
    let refused = world.send_finances(unseen, &file).await.unwrap_err();
    assert_eq!(reason(&refused), "DRY_RUN_FIRST");

    let first = world
        .import_finances(FinanceLayout::DiamantErrd, &file)
        .await;
    let report = first.file.unwrap();
    assert!(report.applied && !report.unchanged);
    assert_eq!((report.records, report.skipped), (4, 1));
    assert_eq!((first.subjects, first.replaced), (1, 0));
    assert_eq!(first.unknown, [OTHER_SITE]);
    let told = world.history(&report.name).await;
    assert!(told[0].r#type.ends_with("FinancesImported"));

    let again = world
        .import_finances(FinanceLayout::DiamantErrd, &file)
        .await;
    assert!(again.file.unwrap().unchanged);
    let listed = world.figures(&director(SITE), SITE).await.unwrap();
    // What is empty is not told.
    let booked = [
        ("EXPENSES_1", "-90409.18"),
        ("EXPENSES_2", "-742692.26"),
        ("INCOME_2", "38364.6"),
        ("INCOME_3", "0"),
    ];
    assert_eq!(values(&listed), booked);
    assert_eq!(listed.figures[0].unit(), FinanceUnit::Euros);
    let import = &listed.imports[0];
    assert_eq!(
        (
            import.name.as_str(),
            import.source.as_str(),
            import.extraction_date.as_str()
        ),
        (report.name.as_str(), "DIAMANT", "2025-01-16")
    );

    let corrected = format!("{ERRD}\n130786049;{SITE};2023;-1;-2;-3;;");
    let second = world
        .import_finances(FinanceLayout::DiamantErrd, &corrected)
        .await;
    assert_eq!(second.replaced, 1);
    let listed = world.figures(&contract_manager(), SITE).await.unwrap();
    let booked = [
        ("EXPENSES_1", "-1"),
        ("EXPENSES_2", "-2"),
        ("EXPENSES_3", "-3"),
    ];
    assert_eq!(values(&listed), booked);
    let hidden = world.figures(&director(OTHER_SITE), SITE).await;
    assert_eq!(hidden.unwrap_err().code(), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_a_wrong_line_changes_nothing_and_other_bytes_are_refused() {
    let world = World::new().await;
    world.register(SITE, "04001").await;
    let wrong = format!("{ERRD}\n130786049;{SITE};2023;1 000;;;;");
    let look = world
        .send_finances(header(FinanceLayout::DiamantErrd, ""), &wrong)
        .await
        .unwrap();
    let look = look.file.unwrap();
    let error = &look.line_errors[0];
    assert_eq!(
        (error.line, error.field.as_str(), error.reason.as_str()),
        (2, "dépenses groupe i errd", "NOT_A_NUMBER")
    );
    let unseen = header(FinanceLayout::DiamantErrd, &look.sha256);
    let refused = world.send_finances(unseen, &wrong).await.unwrap_err();
    assert_eq!(reason(&refused), "DRY_RUN_FIRST");

    let sound = format!("{ERRD}\n130786049;{SITE};2023;1;;;;");
    let look = world
        .send_finances(header(FinanceLayout::DiamantErrd, ""), &sound)
        .await
        .unwrap();
    let seen = header(FinanceLayout::DiamantErrd, &look.file.unwrap().sha256);
    let refused = world
        .send_finances(seen, &sound.replace(";1;", ";2;"))
        .await
        .unwrap_err();
    assert_eq!(reason(&refused), "CHECKSUM_MISMATCH");
    let listed = world.figures(&contract_manager(), SITE).await.unwrap();
    assert!(listed.figures.is_empty() && listed.imports.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn notified_credits_are_added_up_by_envelope() {
    let world = World::new().await;
    world.register(SITE, "04001").await;
    let file = format!(
        "Finess EJ;Finess;Année Campagne HAPI;Mois Année;Enveloppe;Sous Enveloppe;Mode de Délégation;HAPI - Montant Notifié\n\
         130786049;{SITE};2020;5/2020;MIGAC;MIG;CR;-5000\n\
         130786049;{SITE};2020;6/2020;MIGAC;MIG;CR;12000"
    );
    world
        .import_finances(FinanceLayout::DiamantHapi, &file)
        .await;
    let listed = world.figures(&contract_manager(), SITE).await.unwrap();
    let figure = &listed.figures[0];
    assert_eq!(
        (figure.detail.as_str(), figure.value.as_str()),
        ("MIGAC / MIG / CR", "7000")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deposits_that_cover_an_establishment_are_told() {
    let world = World::new().await;
    world.register(SITE, "04001").await;
    let file = format!(
        "Finess EJ;Finess;Année;Id Dépôt\n130786049;{SITE};2019;216495\n130786049;{SITE};2020;181987"
    );
    let report = world
        .import_finances(FinanceLayout::DiamantPerimeter, &file)
        .await;
    assert!(report.file.unwrap().applied);
    let listed = world.figures(&contract_manager(), SITE).await.unwrap();
    let told: Vec<(i32, &str, &str)> = listed
        .figures
        .iter()
        .map(|figure| (figure.year, figure.code.as_str(), figure.detail.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (2019, "ERRD_PERIMETER", "216495"),
            (2020, "ERRD_PERIMETER", "181987")
        ]
    );
    assert!(
        listed
            .figures
            .iter()
            .all(|figure| figure.layout() == FinanceLayout::DiamantPerimeter)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_place_costs_is_compared_gross_and_net() {
    let world = World::new().await;
    let places: Vec<Capacity> = NUMBERS
        .iter()
        .flat_map(|number| {
            let places = authorised_and_financed(100, "2017-01-01");
            places.into_iter().map(|place| Capacity {
                establishment: (*number).to_owned(),
                ..place
            })
        })
        .collect();
    world.record(places).await.unwrap();
    // 200 000 € for the first, 400 000 € for the second, and so on; the account of the last is not complete.
    let mut file = ERRD.to_owned();
    for (rank, number) in (1..).zip(NUMBERS) {
        let structure = if rank == 6 { "" } else { "0" };
        write!(
            file,
            "\n130786049;{number};2024;-{rank}00000;-{rank}00000;{structure};{rank}0000;0"
        )
        .unwrap();
    }
    world
        .import_finances(FinanceLayout::DiamantErrd, &file)
        .await;
    let mut client = world.capacities(&contract_manager());
    for (figure, median, highest) in [
        (ComparedFigure::ChargesPerPlace, "6000", "10000"),
        (ComparedFigure::NetChargesPerPlace, "5700", "9500"),
    ] {
        let request = CompareIndicatorRequest {
            region: "93".to_owned(),
            category: "500".to_owned(),
            figure: figure.into(),
            indicator: String::new(),
            year: 2024,
        };
        let compared = client.compare_indicator(request).await.unwrap();
        let compared = compared.into_inner();
        assert_eq!(
            (compared.establishments_known, compared.median.as_str()),
            (5, median),
            "{compared:?}"
        );
        let of = |number: &str| {
            let mut all = compared.establishments.iter();
            all.find(|one| one.establishment == number).unwrap()
        };
        assert_eq!(of(NUMBERS[4]).value, highest);
        assert!(of(NUMBERS[5]).unknown.contains("import its ERRD"));
    }
}
