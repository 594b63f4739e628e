//! What the e-mails say, in French. They name a contract by its number and nothing more: the rest is read on the portal.

use kernel::calendar;
use time::Date;

use crate::store::{deadline::Listed, notice::Content};

/// Something was made available on the portal (CRPA R112-20). The address was given with the consent.
pub fn available(what: &str, contract_number: &str) -> Content {
    Content {
        subject: format!("CPOM n° {contract_number} : {what} vous attend sur le portail"),
        body: format!(
            "Bonjour,\n\n\
             L’agence régionale de santé a mis à votre disposition sur le portail {what} concernant le contrat \
             n° {contract_number}.\n\n\
             Elle est réputée vous avoir été notifiée à la date de votre première consultation. Sans consultation dans un \
             délai de quinze jours, elle est réputée notifiée à la date de sa mise à disposition (article R112-20 du code \
             des relations entre le public et l’administration).\n\n\
             Connectez-vous au portail pour la consulter.\n"
        ),
    }
}

/// One reminder of one deadline.
pub fn reminder(listed: &Listed, today: Date) -> Content {
    let when = when(listed.deadline.due, today);
    Content {
        subject: match &listed.contract {
            Some(contract) => format!("CPOM n° {} : échéance {when}", contract.number),
            None => format!("CPOM : échéance {when}"),
        },
        body: format!("Bonjour,\n\n{}\n\n{FOOTER}", line(listed, today)),
    }
}

/// All that is due soon or overdue, in one e-mail.
pub fn digest(deadlines: &[Listed], today: Date) -> Content {
    let overdue = |listed: &&Listed| listed.deadline.due < today;
    let late: Vec<_> = deadlines.iter().filter(overdue).collect();
    let soon: Vec<_> = deadlines.iter().filter(|l| !overdue(l)).collect();
    let section = |title: &str, listed: &[&Listed]| {
        if listed.is_empty() {
            return String::new();
        }
        let lines: Vec<_> = listed.iter().map(|l| line(l, today)).collect();
        format!("{title}\n{}\n\n", lines.join("\n"))
    };
    Content {
        subject: format!(
            "CPOM : {} à venir, {} en retard",
            counted(soon.len()),
            counted(late.len())
        ),
        body: format!(
            "Bonjour,\n\n{}{}{FOOTER}",
            section("En retard :", &late),
            section("À venir :", &soon)
        ),
    }
}

const FOOTER: &str = "\
Le passage d’une échéance n’emporte par lui-même aucune décision : il change ce que chacun peut faire.\n\
Vous recevez ce message parce que vous l’avez demandé sur le portail ; vous pouvez y renoncer à tout moment.\n";

fn counted(deadlines: usize) -> String {
    match deadlines {
        0 => "aucune échéance".to_owned(),
        1 => "une échéance".to_owned(),
        more => format!("{more} échéances"),
    }
}

fn line(listed: &Listed, today: Date) -> String {
    let meaning = listed.deadline.kind.meaning();
    let what = match &listed.contract {
        Some(contract) => format!("Contrat n° {} : {}", contract.number, meaning.title),
        None => meaning.title.to_owned(),
    };
    format!(
        "— {what}, {} ({})",
        when(listed.deadline.due, today),
        meaning.basis
    )
}

/// « le 10 avril 2026 », with what it means today.
fn when(due: Date, today: Date) -> String {
    let day = calendar::french(due);
    match (due - today).whole_days() {
        0 => format!("aujourd’hui, {day}"),
        1 => format!("demain, {day}"),
        left if left > 1 => format!("le {day}, dans {left} jours"),
        -1 => format!("dépassée depuis hier, {day}"),
        left => format!("dépassée depuis {} jours, le {day}", -left),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::{
        domain::{
            ContractId, ProgrammingId,
            deadline::{Deadline, Kind},
            fixtures::region,
        },
        store::deadline::ListedContract,
    };

    fn listed(due: Date) -> Listed {
        Listed {
            subject: "reviews/x".into(),
            contract: Some(ListedContract {
                id: ContractId(uuid::Uuid::from_u128(1)),
                number: "93-2026-0042".into(),
            }),
            region: region(),
            deadline: Deadline {
                due,
                kind: Kind::ReviewObservations,
                rank: 0,
            },
        }
    }

    #[test]
    fn a_digest_says_first_what_is_late() {
        let today = date!(2026 - 04 - 01);
        let deadlines = [listed(date!(2026 - 04 - 02)), listed(date!(2026 - 03 - 30))];
        let digest = digest(&deadlines, today);
        assert_eq!(
            digest.subject,
            "CPOM : une échéance à venir, une échéance en retard"
        );
        let late = digest.body.find("dépassée depuis 2 jours, le 30 mars 2026");
        let soon = digest.body.find("demain, 2 avril 2026");
        assert!(late.is_some() && late < soon, "{}", digest.body);
    }

    #[test]
    fn a_reminder_names_the_contract_the_day_and_the_text() {
        let reminder = reminder(&listed(date!(2026 - 05 - 01)), date!(2026 - 04 - 01));
        assert_eq!(
            reminder.subject,
            "CPOM n° 93-2026-0042 : échéance le 1er mai 2026, dans 30 jours"
        );
        assert!(reminder.body.contains("CRPA L121-1"), "{}", reminder.body);
    }

    #[test]
    fn a_reminder_of_a_programming_names_no_contract() {
        let programming = Listed {
            subject: ProgrammingId(uuid::Uuid::from_u128(1)).to_string(),
            contract: None,
            deadline: Deadline {
                due: date!(2026 - 12 - 31),
                kind: Kind::ProgrammingPublication,
                rank: 0,
            },
            ..listed(date!(2026 - 12 - 31))
        };
        let reminder = reminder(&programming, date!(2026 - 12 - 01));
        assert!(
            reminder.subject.starts_with("CPOM") && !reminder.subject.contains("n°"),
            "{}",
            reminder.subject
        );
        let line = "— Publier la programmation des contrats, le 31 décembre 2026";
        assert!(reminder.body.contains(line), "{}", reminder.body);
    }
}
