//! « Les sanctions perdent leur caractère automatique » (circulaire DGOS/R5/2011/74), read on the wire itself:
//! the control service has no word for a sanction, and every act on a contract or a review asks for a person.

use prost_reflect::{DescriptorPool, EnumDescriptor, MessageDescriptor};
use rpc::Rules;

use crate::{assert_none, read};

/// Words that would mean that something is decided against somebody.
const FORBIDDEN: [&str; 24] = [
    "automatic",
    "condemn",
    "decide",
    "decision",
    "demeure",
    "enforce",
    "fine",
    "forfeit",
    "injunction",
    "notice",
    "penal",
    "penalise",
    "penalize",
    "penalty",
    "procedure",
    "punish",
    "punishment",
    "reprimand",
    "revoke",
    "sanction",
    "suspend",
    "suspension",
    "terminate",
    "termination",
];

/// Says of an objective that people may draw a consequence; the control service only repeats it.
const ALLOWED_NAME: &str = "penalty_eligible";

/// When a late contract was noticed, and that what is awaited is a decision of people elsewhere.
const OTHER_MEANINGS: [&str; 2] = ["notice_time", "CONTROL_STAGE_DECISION_AWAITED"];

const PACKAGE: &str = "cpom.controls.v1";

/// The words of a name in any of the styles of protobuf.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut previous_is_lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && previous_is_lower) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        previous_is_lower = letter.is_lowercase() || letter.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

fn means_a_sanction(name: &str) -> bool {
    name != ALLOWED_NAME
        && !OTHER_MEANINGS.contains(&name)
        && words(name)
            .iter()
            .any(|word| FORBIDDEN.contains(&word.as_str()))
}

fn names_of_message(message: &MessageDescriptor, names: &mut Vec<(String, String)>) {
    names.push((message.full_name().to_owned(), message.name().to_owned()));
    for field in message.fields() {
        names.push((field.full_name().to_owned(), field.name().to_owned()));
    }
    for oneof in message.oneofs() {
        names.push((oneof.full_name().to_owned(), oneof.name().to_owned()));
    }
    for inner in message.child_messages() {
        names_of_message(&inner, names);
    }
    for inner in message.child_enums() {
        names_of_enum(&inner, names);
    }
}

fn names_of_enum(descriptor: &EnumDescriptor, names: &mut Vec<(String, String)>) {
    names.push((
        descriptor.full_name().to_owned(),
        descriptor.name().to_owned(),
    ));
    for value in descriptor.values() {
        names.push((value.full_name().to_owned(), value.name().to_owned()));
    }
}

/// Every name of the package, with its full form.
fn names(pool: &DescriptorPool) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for file in pool.files().filter(|file| file.package_name() == PACKAGE) {
        for message in file.messages() {
            names_of_message(&message, &mut names);
        }
        for descriptor in file.enums() {
            names_of_enum(&descriptor, &mut names);
        }
        for service in file.services() {
            names.push((service.full_name().to_owned(), service.name().to_owned()));
            for method in service.methods() {
                names.push((method.full_name().to_owned(), method.name().to_owned()));
            }
        }
    }
    names
}

#[test]
fn the_control_service_has_no_word_for_a_sanction() {
    let names = names(&proto::json::POOL);
    assert!(names.len() > 150, "the package was not found");
    assert!(
        names.iter().any(|(_, name)| name == ALLOWED_NAME),
        "the exception is of no use any more"
    );
    let broken: Vec<String> = names
        .into_iter()
        .filter(|(_, name)| means_a_sanction(name))
        .map(|(full, _)| full)
        .collect();
    assert_none("controls say what was measured", &broken);
}

#[test]
fn the_control_service_sees_nothing_of_reviews_and_procedures() {
    let broken: Vec<String> = proto::json::POOL
        .files()
        .filter(|file| file.package_name() == PACKAGE)
        .flat_map(|file| {
            file.dependencies()
                .map(|d| d.name().to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|file| file.starts_with("cpom/contracts/"))
        .collect();
    assert_none(
        "no type of the contracts service is on the wire of controls",
        &broken,
    );
}

/// Methods that only read, by their AIP names.
fn is_reading(method: &str) -> bool {
    ["Get", "List", "Stream", "Watch", "Check", "Explain"]
        .iter()
        .any(|verb| method.starts_with(verb))
}

#[test]
fn every_act_on_contracts_reviews_and_campaigns_asks_for_a_person() {
    let tables = [
        ("contracts", "cpom.contracts.v1.ContractService"),
        ("contracts", "cpom.contracts.v1.ReviewService"),
        ("contracts", "cpom.contracts.v1.ProcedureService"),
        ("controls", "cpom.controls.v1.TolerancePolicyService"),
        ("controls", "cpom.controls.v1.CampaignService"),
        ("controls", "cpom.controls.v1.ControlService"),
        ("targets", "cpom.targets.v1.TargetSetService"),
        ("targets", "cpom.targets.v1.SchemeService"),
        ("targets", "cpom.targets.v1.CreditService"),
        ("targets", "cpom.targets.v1.CooperationService"),
        ("targets", "cpom.targets.v1.ProjectCallService"),
    ];
    let mut broken = Vec::new();
    for (owner, service) in tables {
        let table = read(&format!("services/{owner}/authorization.toml"));
        let rules = Rules::parse(&table).expect("authorization.toml is well-formed");
        let descriptor = proto::json::POOL
            .get_service_by_name(service)
            .expect("a known service");
        for method in descriptor
            .methods()
            .filter(|method| !is_reading(method.name()))
        {
            let path = format!("/{service}/{}", method.name());
            match rules.get(&path) {
                None => broken.push(format!("{path} is not listed")),
                Some(rule) if !rule.human => broken.push(format!("{path} is open to machines")),
                Some(rule) if rule.roles.iter().any(|role| role == "service") => {
                    broken.push(format!("{path} names the role of the processes"));
                }
                Some(_) => {}
            }
        }
    }
    assert_none("machines measure and record; people act", &broken);
}

/// The only act that begins a procedure without a review: a person proposes it after a refusal to sign
/// (CASF L313-12). Every other one comes from the conclusion of a review.
const BEGINS_WITHOUT_REVIEW: &str = "ProposeRefusalProcedure";

#[test]
fn a_procedure_begins_with_a_review_or_a_refusal_to_sign() {
    let service = "cpom.contracts.v1.ProcedureService";
    let descriptor = proto::json::POOL
        .get_service_by_name(service)
        .expect("a known service");
    let begins = |name: &str| {
        ["Create", "Propose", "Import", "Insert"]
            .iter()
            .any(|verb| name.starts_with(verb))
    };
    let beginning: Vec<String> = descriptor
        .methods()
        .map(|method| method.name().to_owned())
        .filter(|name| begins(name))
        .collect();
    assert_eq!(beginning, [BEGINS_WITHOUT_REVIEW]);
}

#[test]
fn words_are_found_in_every_style() {
    assert_eq!(words("PenaltyDecided"), ["penalty", "decided"]);
    assert_eq!(
        words("FINDING_STATE_RAISED"),
        ["finding", "state", "raised"]
    );
    assert!(means_a_sanction("ProposeSanction") && means_a_sanction("penalty_amount"));
    assert!(!means_a_sanction("penalty_eligible") && !means_a_sanction("defined_only"));
}
