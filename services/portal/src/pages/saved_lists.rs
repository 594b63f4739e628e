//! Searches of contracts kept under a name, and shared with the colleagues of a region.

use axum::{
    extract::Path,
    response::{IntoResponse as _, Redirect, Response},
};

use super::{region_name, regions_of};
use crate::{
    Failure,
    form::{Form, address},
    store::{self, SavedList},
    visitor::{Posted, Visitor},
};

/// What the page of contracts shows of them.
pub(crate) struct Saved {
    pub(crate) lists: Vec<Shown>,
    /// The search on screen, when it can be kept.
    pub(crate) query: String,
    pub(crate) request_id: String,
    /// Regions with whose agents it can be shared.
    pub(crate) regions: Vec<(String, String)>,
    pub(crate) error: &'static str,
    pub(crate) title: String,
}

/// A kept search.
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) path: String,
    /// Who shares it, or with whom it is shared.
    pub(crate) with: String,
    pub(crate) is_own: bool,
    pub(crate) is_here: bool,
}

/// Parts of an address that are no part of a search.
const NOT_KEPT: [&str; 4] = ["suite", "fait", "format", "refus"];

/// The lists of a person beside the search on screen.
pub(crate) async fn of(visitor: &Visitor, query: &Form) -> Result<Saved, Failure> {
    let is_agent = !visitor.is_establishment();
    let lists = store::saved_lists(&visitor.portal.db, visitor.person(), is_agent).await?;
    let here = query.encoded_without(&NOT_KEPT);
    let own = &visitor.person().subject;
    Ok(Saved {
        lists: lists
            .iter()
            .map(|list| Shown {
                id: list.id.to_string(),
                title: list.title.clone(),
                path: address("/contrats", &list.query),
                with: with(list, own),
                is_own: list.owner == *own,
                is_here: list.query == here,
            })
            .collect(),
        query: here,
        request_id: kernel::new_id().to_string(),
        regions: if is_agent {
            regions_of(visitor)
        } else {
            Vec::new()
        },
        error: match query.text("refus") {
            "" => "",
            _ => {
                "Cette liste n’a pas été gardée : il lui faut un nom d’au plus 80 caractères que vous n’avez pas déjà donné, et une recherche."
            }
        },
        title: query.text("refus").chars().take(80).collect(),
    })
}

fn with(list: &SavedList, own: &str) -> String {
    match (&list.region, list.owner == own) {
        (None, _) => String::new(),
        (Some(region), true) => format!("partagée, {}", region_name(region)),
        (Some(_), false) => format!("de {}", list.owner_name),
    }
}

/// What the address says was just done.
pub(crate) fn done(method: &str) -> Option<&'static str> {
    match method {
        "KeepList" => Some("La recherche est gardée sous ce nom."),
        "DropList" => Some("La liste est retirée."),
        _ => None,
    }
}

/// `POST /contrats/listes`.
pub(crate) async fn keep(posted: Posted) -> Response {
    let Posted { visitor, form } = posted;
    visitor.answer(kept(&visitor, &form).await).await
}

async fn kept(visitor: &Visitor, form: &Form) -> Result<Response, Failure> {
    let id = form
        .text("request_id")
        .parse()
        .map_err(|_| Failure::Form("elle n’a pas d’identifiant"))?;
    // Read again: what is kept is a search and nothing else.
    let query = Form::parse(form.text("recherche")).encoded_without(&NOT_KEPT);
    let person = visitor.person();
    let region = Some(form.text("region").to_owned()).filter(|wanted| {
        !visitor.is_establishment() && regions_of(visitor).iter().any(|(code, _)| code == wanted)
    });
    let title = form.text("nom").to_owned();
    let fits = (1..=80).contains(&title.chars().count()) && (1..=1000).contains(&query.len());
    let list = SavedList {
        id,
        owner: person.subject.clone(),
        owner_name: person.name.clone(),
        region,
        title,
        query,
    };
    let (db, now) = (&visitor.portal.db, visitor.portal.clock.now());
    let is_kept = fits
        && (store::keep_list(db, &list, now).await?
            || store::has_list(db, list.id, &list.owner).await?);
    let mut back = form_urlencoded::Serializer::new(list.query.clone());
    if is_kept {
        back.append_pair("fait", "KeepList");
    } else {
        let typed = if list.title.is_empty() {
            "?"
        } else {
            &list.title
        };
        back.append_pair("refus", typed);
    }
    Ok(Redirect::to(&address("/contrats", &back.finish())).into_response())
}

/// `POST /contrats/listes/{id}/retrait`.
pub(crate) async fn remove(Path(id): Path<String>, posted: Posted) -> Response {
    let visitor = posted.visitor;
    let Ok(id) = id.parse() else {
        return visitor.failed(Failure::NotFound).await;
    };
    let subject = visitor.person().subject.clone();
    match store::drop_list(&visitor.portal.db, id, &subject).await {
        Ok(()) => Redirect::to("/contrats?fait=DropList").into_response(),
        Err(failure) => visitor.failed(failure.into()).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_who_shares_it_with_whom() {
        let list = |region: Option<&str>| SavedList {
            id: kernel::new_id(),
            owner: "ada".to_owned(),
            owner_name: "Ada Martin".to_owned(),
            region: region.map(ToOwned::to_owned),
            title: "À renouveler".to_owned(),
            query: "etat=en-vigueur".to_owned(),
        };
        assert_eq!(with(&list(None), "ada"), "");
        assert_eq!(with(&list(Some("93")), "bob"), "de Ada Martin");
        assert!(with(&list(Some("93")), "ada").starts_with("partagée, Provence"));
    }
}
