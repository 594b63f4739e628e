//! The walk over every RPC: nothing is reachable without a token, a role, and a line in the table.

use kit::Running;
use tonic::{Code, Request, client::Grpc, codegen::http::uri::PathAndQuery};
use tonic_prost::ProstCodec;

use crate::{Persona, Setup};

/// What every service answers of its history.
const SHARED: [&str; 4] = [
    "cpom.history.v1.HistoryService",
    "cpom.history.v1.ProofService",
    "cpom.history.v1.AuditService",
    "cpom.history.v1.SavedExportService",
];

/// Calls every method of the `services` (fully qualified) and of those that all have, first without a token, then with a token
/// that has no role, then (for methods reserved to people) as a machine with every role of the rule.
///
/// # Panics
/// When a method answers anything but the refusal it should, or the table lists a method that does not exist, or
/// lacks one.
#[expect(clippy::expect_used, reason = "a test helper")]
pub async fn walk_authorization(
    setup: &Setup,
    running: &Running,
    authorization: &str,
    services: &[&str],
) {
    let rules = rpc::Rules::parse(authorization).expect("authorization.toml is well-formed");
    let mut expected = methods(services);
    expected.extend(methods(&SHARED));
    for path in rules.paths() {
        assert!(
            expected.iter().any(|e| e == path),
            "the table lists {path}, which does not exist"
        );
    }
    let channel = rpc::client::channel(&format!("http://{}", running.address)).expect("an address");
    let nobody = setup.issuer.token(&Persona::human("nobody").region("*"));
    for path in &expected {
        let rule = rules.get(path);
        let rule = rule.unwrap_or_else(|| panic_missing(path));
        if rule.public {
            let answer = call(&channel, path, None).await;
            assert!(
                !matches!(answer, Code::Unauthenticated | Code::PermissionDenied),
                "{path} is public and answers {answer:?}"
            );
            continue;
        }
        assert_eq!(
            call(&channel, path, None).await,
            Code::Unauthenticated,
            "{path} without a token"
        );
        assert_eq!(
            call(&channel, path, Some(&nobody)).await,
            Code::PermissionDenied,
            "{path} without a role"
        );
        if rule.human {
            let machine = rule.roles.iter().fold(
                Persona::system("establishment_system").region("*"),
                |p, role| p.also(role),
            );
            let machine = setup.issuer.token(&machine);
            assert_eq!(
                call(&channel, path, Some(&machine)).await,
                Code::PermissionDenied,
                "{path} as a machine"
            );
        }
    }
}

#[expect(clippy::panic, reason = "a test helper")]
fn panic_missing(path: &str) -> ! {
    panic!("authorization.toml does not list {path}")
}

async fn call(channel: &tonic::transport::Channel, path: &str, token: Option<&str>) -> Code {
    let mut client = Grpc::new(channel.clone());
    let mut request = Request::new(());
    if let Some(token) = token
        && let Ok(value) = format!("Bearer {token}").parse()
    {
        request.metadata_mut().insert("authorization", value);
    }
    let Ok(path) = path.parse::<PathAndQuery>() else {
        return Code::Unknown;
    };
    if client.ready().await.is_err() {
        return Code::Unavailable;
    }
    match client
        .unary(request, path, ProstCodec::<(), ()>::default())
        .await
    {
        Ok(_) => Code::Ok,
        Err(status) => status.code(),
    }
}

/// Paths of every method of these services.
fn methods(services: &[&str]) -> Vec<String> {
    services
        .iter()
        .flat_map(|service| {
            let descriptor = proto::json::POOL.get_service_by_name(service);
            assert!(descriptor.is_some(), "{service} is not in the descriptors");
            descriptor
                .into_iter()
                .flat_map(|d| d.methods().map(|m| m.name().to_owned()).collect::<Vec<_>>())
                .map(move |method| format!("/{service}/{method}"))
        })
        .collect()
}
