//! The version of the PMSI data of a region and year, as a campaign freezes it.

use proto::targets::v1::{CaseMixVersion, GetCaseMixVersionRequest, PmsiField};
use sha2::{Digest as _, Sha256};
use sqlx::Executor as _;
use testkit::{Persona, eventually};
use time::OffsetDateTime;
use tonic::{Code, Status};

use crate::{
    data::cases,
    world::{OTHER_SITE, SITE, World, manager},
};

impl World {
    async fn case_mix_version(
        &self,
        persona: &Persona,
        applied_before: Option<OffsetDateTime>,
    ) -> Result<CaseMixVersion, Status> {
        let request = GetCaseMixVersionRequest {
            region: "93".to_owned(),
            year: 2023,
            applied_before: applied_before.map(kit::timestamp),
        };
        let reply = self.case_mix(persona).get_case_mix_version(request).await?;
        Ok(reply.into_inner())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_names_the_imports_that_count_and_anybody_computes_it_again() {
    let world = World::new().await;
    world.with_reference_data().await;
    let service = Persona::service();
    let none = world.case_mix_version(&service, None).await.unwrap();
    assert_eq!((none.version.as_str(), none.imports.len()), ("", 0));

    let whole = cases(
        2023,
        &[
            (SITE, 6, "08C24", "HC", "04001", "60"),
            (OTHER_SITE, 5, "08C24", "HC", "04004", "50"),
        ],
    );
    world.import_case_mix(&whole, &[]).await;
    // Another year is another version.
    let before = cases(2022, &[(SITE, 12, "08C24", "HC", "04001", "115")]);
    world.import_case_mix(&before, &[]).await;
    let first = world.case_mix_version(&service, None).await.unwrap();
    let moment = world.service.setup.clock.now();
    let told = |version: &CaseMixVersion| -> Vec<(String, i32, i64)> {
        let imports = version.imports.iter();
        imports
            .map(|i| (i.sha256.clone(), i.through_month, i.establishments))
            .collect()
    };
    let hash = |file: &str| hex::encode(Sha256::digest(file));
    assert_eq!(told(&first), [(hash(&whole), 6, 2)]);
    assert_eq!(
        (first.imports[0].field(), first.imports[0].source.as_str()),
        (PmsiField::Mco, "test")
    );
    assert_eq!(first.imports[0].extraction_date, "2024-03-01");

    // A later month of one establishment: both imports count now, each for one.
    let later = cases(2023, &[(SITE, 9, "08C24", "HC", "04001", "90")]);
    world.import_case_mix(&later, &[]).await;
    let second = world.case_mix_version(&service, None).await.unwrap();
    assert_eq!(told(&second), [(hash(&whole), 5, 1), (hash(&later), 9, 1)]);
    let lines: Vec<String> = second
        .imports
        .iter()
        .map(|current| format!("{} {}\n", current.import, current.sha256))
        .collect();
    assert_eq!(second.version, hash(&lines.concat()));
    assert_ne!(second.version, first.version);

    // What was told of an instant stays so.
    let again = world.case_mix_version(&service, Some(moment)).await;
    assert_eq!(again.unwrap(), first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_waits_for_the_import_that_is_being_applied() {
    let world = World::new().await;
    let mut importing = world.service.database.owner().await;
    importing
        .execute(
            "begin;
             select pg_advisory_xact_lock(hashtext('cpom-case-mix'), hashtext('93/HAD'));
             insert into case_mix_import values (gen_random_uuid(), '93', 'HAD', 'n', 's', '2024-03-01', 'f', 'abc',
                 '{}', '', now());
             insert into case_mix_coverage select id, 'HAD', 2023, '010000040', 12, '93', now() from case_mix_import",
        )
        .await
        .unwrap();
    let persona = manager();
    let asked = world.case_mix_version(&persona, None);
    let pool = world.service.running.runtime.db.pool();
    let committed = async {
        eventually("the version waits", || async {
            let waiting: i64 = sqlx::query_scalar(
                "select count(*)
                 from pg_locks
                 join pg_database on pg_database.oid = pg_locks.database
                 where datname = current_database() and locktype = 'advisory' and not granted",
            )
            .fetch_one(pool)
            .await
            .unwrap();
            (waiting == 1).then_some(())
        })
        .await;
        importing.execute("commit").await.unwrap();
    };
    let (version, ()) = tokio::join!(asked, committed);
    let version = version.unwrap();
    assert_eq!(version.imports.len(), 1);
    assert_eq!(version.imports[0].sha256, "abc");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_of_another_region_is_not_told() {
    let world = World::new().await;
    let elsewhere = Persona::human("manager").region("94");
    let refused = world.case_mix_version(&elsewhere, None).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}
