//! Who sees what, page by page.

use proto::establishments::v1::{
    GetEstablishmentRequest, GetLegalEntityRequest, ImportHeader, ListEstablishmentsRequest,
    ListLegalEntitiesRequest,
};
use testkit::{Persona, wrong_fields};
use tonic::Code;

use crate::support::{COLUMNS, Registry, ej, et, finess, header, line, sites_file};

fn list(page_size: i32) -> ListEstablishmentsRequest {
    ListEstablishmentsRequest {
        page_size,
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_by_number_and_end() {
    let registry = Registry::start().await;
    registry.import(&sites_file(7)).await;
    let mut client = registry.administrator();
    let mut request = list(3);
    let mut numbers = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let page = client
            .list_establishments(request.clone())
            .await
            .unwrap()
            .into_inner();
        sizes.push(page.establishments.len());
        numbers.extend(page.establishments.into_iter().map(|site| site.finess));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(sizes, [3, 3, 1]);
    let expected: Vec<String> = (0..7).map(|n| et(n).to_string()).collect();
    assert_eq!(numbers, expected);

    let entities = ListLegalEntitiesRequest {
        page_size: 2,
        ..Default::default()
    };
    let first = client
        .list_legal_entities(entities.clone())
        .await
        .unwrap()
        .into_inner();
    let second = ListLegalEntitiesRequest {
        page_token: first.next_page_token,
        ..entities
    };
    let second = client
        .list_legal_entities(second)
        .await
        .unwrap()
        .into_inner();
    assert_eq!(
        (first.legal_entities.len(), second.legal_entities.len()),
        (2, 1)
    );
    assert_eq!(second.legal_entities[0].finess, ej(2).to_string());
    assert_eq!(second.next_page_token, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn sites_are_listed_by_entity_and_a_token_serves_its_own_list_only() {
    let registry = Registry::start().await;
    registry.import(&sites_file(7)).await;
    let mut client = registry.administrator();
    let of = |entity| ListEstablishmentsRequest {
        legal_entity: format!("legalEntities/{}", ej(entity)),
        ..list(2)
    };
    let page = client
        .list_establishments(of(1))
        .await
        .unwrap()
        .into_inner();
    let numbers: Vec<&str> = page
        .establishments
        .iter()
        .map(|s| s.finess.as_str())
        .collect();
    assert_eq!(numbers, [et(3).as_str(), et(4).as_str()]);
    let elsewhere = ListEstablishmentsRequest {
        page_token: page.next_page_token,
        ..of(0)
    };
    let refused = client.list_establishments(elsewhere).await.unwrap_err();
    assert_eq!(wrong_fields(&refused), ["page_token"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_names_and_filters_are_refused_with_the_field() {
    let registry = Registry::start().await;
    let mut client = registry.administrator();
    for (name, code) in [
        ("establishments/130786049", Code::NotFound),
        ("establishments/130786040", Code::InvalidArgument),
        ("legalEntities/130786049", Code::InvalidArgument),
        ("", Code::InvalidArgument),
    ] {
        let request = GetEstablishmentRequest {
            name: name.to_owned(),
        };
        let refused = client.get_establishment(request).await.unwrap_err();
        assert_eq!(refused.code(), code, "{name}: {refused:?}");
    }
    for (request, field) in [
        (
            ListEstablishmentsRequest {
                region: "95".to_owned(),
                ..list(0)
            },
            "region",
        ),
        (
            ListEstablishmentsRequest {
                legal_entity: "130786049".to_owned(),
                ..list(0)
            },
            "legal_entity",
        ),
        (
            ListEstablishmentsRequest {
                page_token: "%".to_owned(),
                ..list(0)
            },
            "page_token",
        ),
        (list(-1), "page_size"),
    ] {
        let refused = client.list_establishments(request).await.unwrap_err();
        assert_eq!(wrong_fields(&refused), [field]);
    }
}

/// Two regions; entity 0 has its sites in both.
async fn two_regions() -> Registry {
    let registry = Registry::start().await;
    registry.import(&sites_file(3)).await;
    let there = line(5, 0).replace(";93;13;13201;", ";84;69;69123;");
    let file = format!("{COLUMNS}\n{there}\n");
    let rhone = ImportHeader {
        region: "84".to_owned(),
        ..header()
    };
    registry.import_with(rhone, file.as_bytes()).await.unwrap();
    registry
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_one_region_sees_its_sites_and_the_entities_behind_them() {
    let registry = two_regions().await;
    let mut client = registry.client(&Persona::human("contract_manager").region("84"));
    let page = client
        .list_establishments(list(0))
        .await
        .unwrap()
        .into_inner();
    let numbers: Vec<&str> = page
        .establishments
        .iter()
        .map(|s| s.finess.as_str())
        .collect();
    assert_eq!(numbers, [et(5).as_str()]);
    let hidden = GetEstablishmentRequest {
        name: format!("establishments/{}", et(0)),
    };
    assert_eq!(
        client.get_establishment(hidden).await.unwrap_err().code(),
        Code::NotFound
    );
    let behind = GetLegalEntityRequest {
        name: format!("legalEntities/{}", ej(0)),
    };
    let entity = client.get_legal_entity(behind).await.unwrap().into_inner();
    assert_eq!(
        entity.region, "93",
        "it belongs to the region that registered it"
    );
    let outside = ListEstablishmentsRequest {
        region: "93".to_owned(),
        ..list(0)
    };
    let refused = client.list_establishments(outside).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_establishment_sees_its_own() {
    let registry = two_regions().await;
    registry.import(&sites_file(9)).await;
    let of_entity = Persona::human("establishment_director").finess(ej(0).as_str());
    let page = registry
        .client(&of_entity)
        .list_establishments(list(0))
        .await
        .unwrap();
    assert_eq!(page.into_inner().establishments.len(), 4);

    let of_site = Persona::system("establishment_system").finess(et(4).as_str());
    let mut client = registry.client(&of_site);
    let page = client
        .list_establishments(list(0))
        .await
        .unwrap()
        .into_inner();
    let numbers: Vec<&str> = page
        .establishments
        .iter()
        .map(|s| s.finess.as_str())
        .collect();
    assert_eq!(numbers, [et(4).as_str()]);
    let own = GetLegalEntityRequest {
        name: format!("legalEntities/{}", ej(1)),
    };
    assert!(client.get_legal_entity(own).await.is_ok());
    let other = GetLegalEntityRequest {
        name: format!("legalEntities/{}", ej(0)),
    };
    assert_eq!(
        client.get_legal_entity(other).await.unwrap_err().code(),
        Code::NotFound
    );

    let of_nothing = Persona::system("establishment_system").finess(finess("75", 1).as_str());
    let page = registry
        .client(&of_nothing)
        .list_establishments(list(0))
        .await
        .unwrap();
    assert!(page.into_inner().establishments.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn words_find_records_whatever_their_case_and_accents() {
    let registry = Registry::start().await;
    let mut lines = sites_file(3);
    lines.push(
        line(7, 2)
            .replace("SITE 7", "HÔPITAL DE L’ÉTANG")
            .replace("MARSEILLE", "BERRE-L'ÉTANG"),
    );
    registry.import(&lines).await;
    let found = async |words: &str| {
        let request = ListEstablishmentsRequest {
            query: words.into(),
            ..list(0)
        };
        let page = registry.administrator().list_establishments(request).await;
        let sites = page.unwrap().into_inner().establishments;
        sites
            .into_iter()
            .map(|site| site.finess)
            .collect::<Vec<_>>()
    };
    let wanted = et(7).to_string();
    for words in [
        "hopital etang",
        "Berre l'Étang",
        "étang HÔPITAL",
        wanted.as_str(),
    ] {
        assert_eq!(found(words).await, std::slice::from_ref(&wanted), "{words}");
    }
    assert_eq!(found("marseille site").await.len(), 3);
    assert!(found("étang marseille").await.is_empty());
    assert!(found("%").await.is_empty());

    let entities = async |words: &str| {
        let request = ListLegalEntitiesRequest {
            query: words.into(),
            ..Default::default()
        };
        let page = registry.administrator().list_legal_entities(request).await;
        page.unwrap().into_inner().legal_entities.len()
    };
    assert_eq!(entities("entite 2").await, 1);
    assert_eq!(entities("entité").await, 2);
}
