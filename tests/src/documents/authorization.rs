//! `docs/AUTHORIZATION.md`: who may call what, service by service.

use std::fmt::Write as _;

use anyhow::Context as _;
use rpc::{Rule, Rules};

use super::markdown::{GENERATED, table};

const INTRODUCTION: &str = "\
Each service has a table, `authorization.toml`, that says which roles may call which method. A method that is not listed
is open to nobody; one marked « Public » is open to everybody, without a token. « Person » marks what only a person may
do: a machine is refused there whatever its roles. Beyond the
role, each use case checks the scope of the token: its regions, for establishments the FINESS numbers it stands for, and for
departmental councils the départements of the claim `departments`.
do: a machine is refused there whatever its roles. Whoever has several of the roles of a method acts under the first one
that its line names: the order of the roles in a token means nothing. Beyond the role, each use case checks the scope of
the token: its regions, and for establishments the FINESS numbers it stands for.
";

/// The roles of the suite, in the order of the columns.
const ROLES: &[(&str, &str)] = &[
    ("contract_manager", "CM"),
    ("manager", "MA"),
    ("director_general", "DG"),
    ("department_president", "PCD"),
    ("department_manager", "ACD"),
    ("associated_party", "TA"),
    ("controller", "CO"),
    ("reviewer", "RE"),
    ("establishment_director", "ED"),
    ("establishment_system", "ES"),
    ("registry_administrator", "RA"),
    ("national_council", "NC"),
    ("auditor", "AU"),
    ("service", "SV"),
];

const SERVICES: [(&str, &str, &[&str]); 4] = [
    (
        "establishments",
        establishments::DEFINITION.authorization,
        &["cpom.establishments.v1.EstablishmentService"],
    ),
    (
        "contracts",
        contracts::DEFINITION.authorization,
        &[
            "cpom.contracts.v1.ContractService",
            "cpom.contracts.v1.RegimeService",
            "cpom.contracts.v1.NegotiationService",
            "cpom.contracts.v1.AmendmentService",
            "cpom.contracts.v1.EvidenceService",
            "cpom.contracts.v1.DocumentService",
            "cpom.contracts.v1.MandateService",
            "cpom.contracts.v1.ProgrammingService",
            "cpom.contracts.v1.TaskService",
            "cpom.contracts.v1.TermService",
            "cpom.contracts.v1.FollowUpService",
            "cpom.contracts.v1.DeadlineService",
            "cpom.contracts.v1.DeliveryConsentService",
            "cpom.contracts.v1.ReviewService",
            "cpom.contracts.v1.ProcedureService",
            "cpom.contracts.v1.PublishedContractService",
        ],
    ),
    (
        "targets",
        targets::DEFINITION.authorization,
        &[
            "cpom.targets.v1.TargetSetService",
            "cpom.targets.v1.IndicatorService",
            "cpom.targets.v1.NomenclatureService",
            "cpom.targets.v1.TerritoryService",
            "cpom.targets.v1.CaseMixService",
            "cpom.targets.v1.FinanceService",
            "cpom.targets.v1.RateService",
            "cpom.targets.v1.PublishedRateService",
            "cpom.targets.v1.FrameworkService",
            "cpom.targets.v1.DialogueService",
            "cpom.targets.v1.CapacityService",
            "cpom.targets.v1.NeedsService",
            "cpom.targets.v1.RealisationService",
            "cpom.targets.v1.SchemeService",
            "cpom.targets.v1.CreditService",
            "cpom.targets.v1.CooperationService",
            "cpom.targets.v1.ProjectCallService",
            "cpom.targets.v1.WaitingListService",
            "cpom.targets.v1.FundingService",
        ],
    ),
    (
        "controls",
        controls::DEFINITION.authorization,
        &[
            "cpom.controls.v1.TolerancePolicyService",
            "cpom.controls.v1.CampaignService",
            "cpom.controls.v1.ControlService",
            "cpom.controls.v1.MissionService",
            "cpom.controls.v1.PeerComparisonService",
        ],
    ),
];

/// What every service answers of its history.
const SHARED: [&str; 4] = [
    "cpom.history.v1.HistoryService",
    "cpom.history.v1.ProofService",
    "cpom.history.v1.AuditService",
    "cpom.history.v1.SavedExportService",
];

pub(super) fn render() -> anyhow::Result<String> {
    let mut text = format!("# Authorization\n\n{GENERATED}\n{INTRODUCTION}\n");
    let legend: Vec<Vec<String>> = ROLES
        .iter()
        .map(|(role, short)| vec![(*short).to_owned(), format!("`{role}`")])
        .collect();
    text.push_str(&table(&["", "Role"], &legend));
    for (name, authorization, services) in SERVICES {
        let rules = Rules::parse(authorization).with_context(|| name.to_owned())?;
        writeln!(text, "\n## `{name}`")?;
        for service in services.iter().chain(&SHARED) {
            text.push_str(&section(&rules, service)?);
        }
    }
    Ok(text)
}

fn section(rules: &Rules, service: &str) -> anyhow::Result<String> {
    let descriptor = proto::json::POOL
        .get_service_by_name(service)
        .with_context(|| format!("{service} is not in the descriptors"))?;
    let mut header = vec!["Method", "Permission", "Public", "Person"];
    header.extend(ROLES.iter().map(|(_, short)| *short));
    let rows = descriptor
        .methods()
        .map(|method| {
            let path = format!("/{service}/{}", method.name());
            let rule = rules
                .get(&path)
                .with_context(|| format!("{path} is not listed"))?;
            row(method.name(), rule)
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(format!("\n### `{service}`\n\n{}", table(&header, &rows)))
}

fn row(method: &str, rule: &Rule) -> anyhow::Result<Vec<String>> {
    for role in &rule.roles {
        let known = ROLES.iter().any(|(name, _)| name == role);
        anyhow::ensure!(known, "{method}: {role} is not a role of the suite");
    }
    let mark = |yes: bool| if yes { "✓" } else { "" }.to_owned();
    let mut cells = vec![
        format!("`{method}`"),
        format!("`{}`", rule.permission),
        mark(rule.public),
        mark(rule.human),
    ];
    cells.extend(
        ROLES
            .iter()
            .map(|(role, _)| mark(rule.roles.iter().any(|r| r == role))),
    );
    Ok(cells)
}
