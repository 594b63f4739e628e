//! What is sent, what proves its receipt, and what people say.

use kernel::Region;
use kit::timestamp;
use proto::contracts::v1 as pb;
use rpc::{Error, etag};
use time::OffsetDateTime;

use super::{actor, date, reasons};
use crate::domain::{
    consent::Consent,
    delivery::{Channel, Claim, Delivery},
    statement::{Attachment, ContextNote, Hearing, Minutes, Observations},
};

/// A delivery as it stands `now`; in an event, where nothing is deemed yet, without an instant.
pub fn delivery(delivery: &Delivery, region: Region, now: Option<OffsetDateTime>) -> pb::Delivery {
    let receipt = delivery.receipt.as_ref();
    let deemed = now.and_then(|now| delivery.deemed_on(region, now));
    let received = receipt.map(|receipt| receipt.day).or(deemed);
    pb::Delivery {
        channel: channel(delivery.channel).into(),
        send_time: Some(timestamp(delivery.sent_at)),
        consented: delivery.consented,
        receipt_date: received.map(|day| day.to_string()).unwrap_or_default(),
        deemed: deemed.is_some(),
        proof: receipt.and_then(|r| r.proof.clone()).unwrap_or_default(),
        recorder: receipt.map(|receipt| actor(&receipt.by)),
    }
}

fn channel(channel: Channel) -> pb::Channel {
    match channel {
        Channel::Portal => pb::Channel::Portal,
        Channel::RegisteredLetter => pb::Channel::RegisteredLetter,
        Channel::ByHand => pb::Channel::ByHand,
    }
}

/// The portal when nothing is said.
pub fn channel_from(channel: pb::Channel) -> Channel {
    match channel {
        pb::Channel::Unspecified | pb::Channel::Portal => Channel::Portal,
        pb::Channel::RegisteredLetter => Channel::RegisteredLetter,
        pb::Channel::ByHand => Channel::ByHand,
    }
}

/// A consultation when no day is given, the proof of a letter otherwise.
pub fn claim(receipt_date: &str, proof: String) -> Result<Claim, Error> {
    if receipt_date.is_empty() {
        return Ok(Claim::Consultation);
    }
    if !proof.chars().any(char::is_alphanumeric) {
        return Err(Error::invalid(
            "proof",
            "is required with the day of receipt of a letter",
        ));
    }
    let day = date("receipt_date", receipt_date)?;
    Ok(Claim::Letter { day, proof })
}

pub fn attachment(attachment: &Attachment) -> pb::Attachment {
    pb::Attachment {
        file_name: attachment.file_name.clone(),
        media_type: attachment.media_type.clone(),
        size_bytes: attachment.size_bytes,
        sha256: attachment.sha256.to_string(),
    }
}

pub fn attachments_from(attachments: Vec<pb::Attachment>) -> Result<Vec<Attachment>, Error> {
    let attachment = |(place, attachment): (usize, pb::Attachment)| {
        let field = format!("attachments[{place}].sha256");
        let sha256 = attachment.sha256.parse();
        Ok(Attachment {
            file_name: attachment.file_name,
            media_type: attachment.media_type,
            size_bytes: attachment.size_bytes,
            sha256: sha256.map_err(|error| Error::invalid(field, error))?,
        })
    };
    attachments
        .into_iter()
        .enumerate()
        .map(attachment)
        .collect()
}

pub(super) fn observations(observations: &Observations) -> pb::Observations {
    pb::Observations {
        text: observations.text.as_str().to_owned(),
        author: Some(actor(&observations.by)),
        submit_time: Some(timestamp(observations.at)),
        attachments: observations.attachments.iter().map(attachment).collect(),
    }
}

pub fn hearing(hearing: &Hearing) -> pb::Hearing {
    let minutes = &hearing.minutes;
    pb::Hearing {
        date: minutes.date.to_string(),
        participants: minutes.participants.clone(),
        minutes: minutes.text.as_str().to_owned(),
        attachments: minutes.attachments.iter().map(attachment).collect(),
        recorder: Some(actor(&hearing.by)),
        record_time: Some(timestamp(hearing.at)),
    }
}

/// Minutes from the fields of a request.
pub fn minutes(
    day: &str,
    participants: Vec<String>,
    text: String,
    attachments: Vec<pb::Attachment>,
) -> Result<Minutes, Error> {
    Ok(Minutes {
        date: date("date", day)?,
        participants,
        text: reasons("minutes", text)?,
        attachments: attachments_from(attachments)?,
    })
}

pub fn context_note(note: &ContextNote) -> pb::ContextNote {
    pb::ContextNote {
        title: note.title.clone(),
        text: note.text.as_str().to_owned(),
        references: note.references.clone(),
        attachments: note.attachments.iter().map(attachment).collect(),
        author: Some(actor(&note.by)),
        add_time: Some(timestamp(note.at)),
    }
}

/// The name of the consent of a legal entity.
pub fn consent_name(entity: kernel::Finess) -> String {
    format!("legalEntities/{entity}/deliveryConsent")
}

/// A consent on record.
pub fn consent(consent: &Consent) -> pb::DeliveryConsent {
    pb::DeliveryConsent {
        name: consent_name(consent.entity),
        etag: etag::of(consent.version),
        given: consent.given,
        email: consent.email.clone(),
        author: Some(actor(&consent.by)),
        update_time: Some(timestamp(consent.updated_at)),
    }
}
