//! A contract of 60 pages as PDF, against Typst from `PyPI` on the same source.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context as _, bail, ensure};
use contracts::{
    app::documents::templates::{NATIONAL, SAMPLES, request},
    domain::document::Kind,
};
use serde_json::{Value, json};
use typeset::{Request, Typesetter};

use super::foreign;
use crate::{
    figure::{Figure, Target},
    statistics::Durations,
};

const PAGES: usize = 60;
/// Articles of the contract; about four fill a page.
const CLAUSES: usize = 240;

const COMPILE: &str = "import typst; typst.compile('main.typ', output='out.pdf', root='.', \
                       ignore_system_fonts=True, pdf_standards=['a-3a', 'ua-1'])";
const COUNT: &str = "import typst; print(len(typst.compile('main.typ', root='.', \
                     ignore_system_fonts=True, format='svg')))";

pub(crate) async fn run(times: u32) -> anyhow::Result<Vec<Figure>> {
    // `cargo dev up --release` places its program.
    let typesetter = Typesetter::beside_this_program()?;
    let request = long_contract()?;
    let theirs = Theirs::new(&request)?;
    let pages: usize = theirs.run(COUNT)?.trim().parse()?;
    ensure!(pages >= PAGES, "{pages} pages");
    let (mut own, mut foreign) = (Vec::new(), Vec::new());
    // In turns, so that what else the machine does falls on both.
    for _ in 0..times {
        let begin = Instant::now();
        let pdf = typesetter.pdf(&request).await?;
        own.push(begin.elapsed());
        ensure!(pdf.starts_with(b"%PDF"), "not a PDF");

        let begin = Instant::now();
        theirs.run(COMPILE)?;
        foreign.push(begin.elapsed());
    }
    Ok(vec![Figure::ratio(
        format!("a contract of {pages} pages as PDF, process included, median"),
        "ms",
        Durations::new(own).percentile_ms(50),
        Durations::new(foreign).percentile_ms(50),
        Target::AtMost(1.0),
    )])
}

/// The full sample with many articles.
fn long_contract() -> anyhow::Result<Request> {
    let template = NATIONAL
        .iter()
        .rfind(|template| template.kind == Kind::Contract);
    let sample = SAMPLES.iter().find(|sample| sample.kind == Kind::Contract);
    let (template, sample) = template.zip(sample).context("a contract has both")?;
    let mut data: Value = serde_json::from_str(sample.data)?;
    let clause = |rank: usize| {
        json!({
            "code": format!("ART-{rank}"),
            "title": format!("Article {rank}"),
            "text": "Les parties conviennent d’un suivi annuel des engagements, contradictoire et documenté. "
                .repeat(12),
            "confidentiality": "CONFIDENTIALITY_PUBLIC",
        })
    };
    data["document"]["text"]["content"]["clauses"] = (1..=CLAUSES).map(clause).collect();
    let source = data["document"].to_string();
    Ok(request(template.text.to_owned(), data, &source))
}

/// Typst from `PyPI`, in a folder with the same files.
struct Theirs {
    python: PathBuf,
    folder: PathBuf,
}

impl Theirs {
    fn new(request: &Request) -> anyhow::Result<Self> {
        let folder = env::temp_dir().join(format!("cpom-load-{}", kernel::new_id().simple()));
        let theirs = Self {
            python: foreign::typst()?,
            folder,
        };
        fs::create_dir(&theirs.folder)?;
        for (path, text) in &request.files {
            fs::write(theirs.folder.join(Path::new(path)), text)?;
        }
        Ok(theirs)
    }

    fn run(&self, script: &str) -> anyhow::Result<String> {
        let output = Command::new(&self.python)
            .args(["-c", script])
            .current_dir(&self.folder)
            .output()?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.folder);
    }
}
