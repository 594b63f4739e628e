//! `cpom document`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use proto::contracts::v1::{
    GetAmendmentPdfRequest, GetConsolidatedPdfRequest, GetContractPdfRequest,
    GetDecisionPdfRequest, GetFormalNoticePdfRequest, GetVersionPdfRequest, Pdf, Rendition,
};
use serde_json::json;
use time::Date;

use super::Context;
use crate::{call, client::Session, failure::Exit, private_file, stack::Service};

#[derive(Debug, Args)]
pub struct DocumentArgs {
    /// `contracts/…`, `amendments/…`, or `procedures/…` for its formal notice.
    pub name: String,
    /// The contract on a day, with the amendments in effect.
    #[arg(long, value_name = "DAY", value_parser = super::audit::day)]
    pub as_of: Option<Date>,
    /// A version of the text as it was proposed, by its number: a draft, marked as one.
    #[arg(
        long,
        value_name = "VERSION",
        value_parser = clap::value_parser!(i32).range(1..),
        conflicts_with_all = ["as_of", "public", "decision"]
    )]
    pub draft: Option<i32>,
    /// What may be communicated to the public, the other passages withheld.
    #[arg(long)]
    pub public: bool,
    /// The decision of the procedure instead of its formal notice.
    #[arg(long)]
    pub decision: bool,
    /// File to write; its usual name in this folder when absent.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

pub(super) async fn run(context: &Context, args: DocumentArgs) -> Result<Exit> {
    let session = context.session(&[Service::Contracts], "auditor").await?;
    let pdf = read(&session, &args).await?;
    let usual = || PathBuf::from(&pdf.file_name);
    let file = args.output.clone().unwrap_or_else(usual);
    // It may say what the public must not read.
    private_file::write(&file, &pdf.content)?;
    let facts = json!({
        "file": file,
        "sha256": pdf.sha256,
        "template": pdf.template,
        "sourceSha256": pdf.source_sha256,
    });
    context.output.print(&facts, || {
        format!("{}  {}  {}\n", pdf.sha256, pdf.template, file.display())
    })?;
    Ok(Exit::Success)
}

async fn read(session: &Session, args: &DocumentArgs) -> Result<Pdf> {
    let name = args.name.clone();
    let rendition = if args.public {
        Rendition::Public
    } else {
        Rendition::Full
    };
    let rendition = rendition.into();
    let client = session.documents();
    let (collection, _) = name.split_once('/').unwrap_or_default();
    if let Some(text_version) = args.draft {
        if collection != "contracts" {
            bail!("only a contract has versions, not {name}");
        }
        let request = GetVersionPdfRequest { name, text_version };
        let pdf = call!(client.clone(), get_version_pdf, request).await?;
        return Ok(pdf);
    }
    let pdf = match (collection, args.as_of) {
        ("contracts", None) => {
            let request = GetContractPdfRequest { name, rendition };
            call!(client.clone(), get_contract_pdf, request).await?
        }
        ("contracts", Some(day)) => {
            let request = GetConsolidatedPdfRequest {
                name,
                as_of: day.to_string(),
                rendition,
            };
            call!(client.clone(), get_consolidated_pdf, request).await?
        }
        ("amendments", None) => {
            let request = GetAmendmentPdfRequest { name, rendition };
            call!(client.clone(), get_amendment_pdf, request).await?
        }
        ("procedures", None) if args.public => {
            bail!("procedures are not communicated to the public")
        }
        ("procedures", None) if args.decision => {
            let request = GetDecisionPdfRequest { name };
            call!(client.clone(), get_decision_pdf, request).await?
        }
        ("procedures", None) => {
            let request = GetFormalNoticePdfRequest { name };
            call!(client.clone(), get_formal_notice_pdf, request).await?
        }
        (_, Some(_)) => bail!("only a contract is read as of a day, not {name}"),
        (_, None) => bail!("{name} is not the name of a contract, an amendment or a procedure"),
    };
    Ok(pdf)
}
