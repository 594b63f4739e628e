//! What waits for a decision beside contracts: the programming to approve, and for the director general the regional
//! framework to agree to, the scheme to adopt, the candidate of a call for projects to authorise.

use proto::{
    contracts::v1::{ListProgrammingsRequest, Programming, ProgrammingState},
    targets::v1::{
        FrameworkSide, FrameworkState, ListFrameworksRequest, ListProjectCallsRequest,
        ListSchemesRequest, ProjectCall, ProjectCallState, RegionalFramework, Scheme, SchemeState,
    },
};
use time::Date;

use super::{
    Task,
    amendments::{PRESIDENT, signs_for},
    has,
};
use crate::{
    Failure,
    pages::{id_of, region_name},
    services::within,
    store::Person,
    text::{
        dates,
        labels::{self, Badge, badge},
        region, upkeep,
    },
    visitor::Visitor,
};

/// As many of one kind as are looked at: a region has a few.
const MOST: i32 = 50;

/// Tasks, and whether some were left.
type Waiting = (Vec<Task>, bool);

/// What waits for this person, who decides for the agency or for a council.
pub(super) async fn tasks(visitor: &Visitor) -> Result<Waiting, Failure> {
    let person = visitor.person();
    let general = has(person, "director_general");
    if !general && !has(person, PRESIDENT) {
        return Ok((Vec::new(), false));
    }
    let programmings = programmings(visitor).await?;
    if !general {
        return Ok(programmings);
    }
    let (frameworks, schemes, calls) =
        tokio::try_join!(frameworks(visitor), schemes(visitor), calls(visitor))?;
    let kinds = [programmings, frameworks, schemes, calls];
    let is_cut = kinds.iter().any(|(_, is_cut)| *is_cut);
    let tasks = kinds.into_iter().flat_map(|(tasks, _)| tasks);
    Ok((tasks.collect(), is_cut))
}

async fn programmings(visitor: &Visitor) -> Result<Waiting, Failure> {
    let request = ListProgrammingsRequest {
        state: ProgrammingState::Draft.into(),
        page_size: MOST,
        ..Default::default()
    };
    let mut client = visitor.services.programming();
    let page = client.list_programmings(within(request)).await?;
    let page = page.into_inner();
    let (person, today) = (visitor.person(), visitor.portal.clock.now().date());
    let waiting = page.programmings.iter();
    let tasks = waiting.filter_map(|one| to_approve(person, one, today));
    Ok((tasks.collect(), !page.next_page_token.is_empty()))
}

/// A draft that one of the authorities this person decides for has not approved. It is published by a day.
fn to_approve(person: &Person, programming: &Programming, today: Date) -> Option<Task> {
    let given = |authority: &str| {
        let mut approvals = programming.approvals.iter();
        approvals.any(|approval| approval.authority == authority)
    };
    let mut required = programming.required_approvals.iter();
    let is_awaited = required.any(|one| signs_for(person, one) && !given(one.as_str()));
    let due = dates::parse(&programming.publication_due_date);
    is_awaited.then(|| Task {
        title: format!(
            "Programmation, {}, {}-{}, version {}",
            labels::regime_kind(programming.regime_kind()),
            programming.first_year,
            programming.last_year,
            programming.number
        ),
        path: format!("/programmations/{}", id_of(&programming.name)),
        badge: upkeep::programming(programming),
        why: "Ce projet de programmation attend votre approbation, puis sa publication.".to_owned(),
        is_late: due.is_some_and(|due| due < today),
        due,
        who: None,
    })
}

async fn frameworks(visitor: &Visitor) -> Result<Waiting, Failure> {
    let request = ListFrameworksRequest {
        state: FrameworkState::Draft.into(),
        page_size: MOST,
        ..Default::default()
    };
    let mut client = visitor.services.frameworks();
    let page = client.list_frameworks(within(request)).await?.into_inner();
    let tasks = page.frameworks.iter().filter_map(to_agree);
    Ok((tasks.collect(), !page.next_page_token.is_empty()))
}

fn to_agree(framework: &RegionalFramework) -> Option<Task> {
    let mut agreed = framework.agreed_by();
    let is_agreed = agreed.any(|side| side == FrameworkSide::Ars);
    let region = region_name(&framework.region);
    (!is_agreed).then(|| {
        decided(
            format!("Cadre régional, révision {} — {region}", framework.revision),
            format!("/territoires/cadres?region={}", framework.region),
            badge("projet", "fr-badge--new"),
            "Ce projet de cadre attend l’accord de l’agence, que vous donnez.",
        )
    })
}

async fn schemes(visitor: &Visitor) -> Result<Waiting, Failure> {
    let request = ListSchemesRequest {
        state: SchemeState::Draft.into(),
        page_size: MOST,
        ..Default::default()
    };
    let mut client = visitor.services.schemes();
    let page = client.list_schemes(within(request)).await?.into_inner();
    let tasks = page.schemes.iter().map(to_adopt);
    Ok((tasks.collect(), !page.next_page_token.is_empty()))
}

fn to_adopt(scheme: &Scheme) -> Task {
    let content = scheme.content.as_ref();
    let title = content.map_or("Schéma régional", |content| content.title.as_str());
    decided(
        title.to_owned(),
        format!("/territoires/schema/{}", id_of(&scheme.name)),
        region::scheme(scheme.state()),
        "Ce projet de schéma attend votre arrêté.",
    )
}

async fn calls(visitor: &Visitor) -> Result<Waiting, Failure> {
    let request = ListProjectCallsRequest {
        state: ProjectCallState::Examined.into(),
        page_size: MOST,
        ..Default::default()
    };
    let mut client = visitor.services.calls();
    let page = client.list_project_calls(within(request)).await?;
    let page = page.into_inner();
    let tasks = page.project_calls.iter().map(to_authorise);
    Ok((tasks.collect(), !page.next_page_token.is_empty()))
}

fn to_authorise(call: &ProjectCall) -> Task {
    let need = call.need.as_ref();
    let title = need.map_or("", |need| need.title.as_str());
    decided(
        format!("Appel à projet — {title}"),
        format!("/territoires/appels-a-projet/{}", id_of(&call.name)),
        region::call(call.state()),
        "L’avis de la commission est rendu : la décision d’autoriser un candidat, ou de renoncer, est la vôtre.",
    )
}

/// What waits for who reads, without a last day.
fn decided(title: String, path: String, badge: Badge, why: &str) -> Task {
    Task {
        title,
        path,
        badge,
        why: why.to_owned(),
        due: None,
        is_late: false,
        who: None,
    }
}

#[cfg(test)]
mod tests {
    use proto::contracts::v1::ProgrammingApproval;
    use time::macros::date;

    use super::*;
    use crate::pages::work::tests::somebody;

    const TODAY: Date = date!(2026 - 11 - 23);

    #[test]
    fn a_programming_waits_for_each_authority_that_has_not_approved() {
        let mut programming = Programming {
            required_approvals: ["ars", "departments/06"].map(ToOwned::to_owned).to_vec(),
            publication_due_date: "2026-12-31".to_owned(),
            ..Default::default()
        };
        let general = somebody("director_general");
        let mut president = somebody(PRESIDENT);
        president.departments = vec!["06".to_owned()];
        let told = to_approve(&general, &programming, TODAY).unwrap();
        assert_eq!(told.due, Some(date!(2026 - 12 - 31)));
        assert!(!told.is_late && told.who.is_none());
        assert!(to_approve(&president, &programming, TODAY).is_some());
        programming.approvals = vec![ProgrammingApproval {
            authority: "ars".to_owned(),
            ..Default::default()
        }];
        assert!(to_approve(&general, &programming, TODAY).is_none());
        let late = to_approve(&president, &programming, date!(2027 - 01 - 01)).unwrap();
        assert!(late.is_late);
        president.departments = vec!["83".to_owned()];
        assert!(to_approve(&president, &programming, TODAY).is_none());
    }

    #[test]
    fn a_framework_waits_until_the_agency_has_agreed() {
        let mut framework = RegionalFramework {
            region: "93".to_owned(),
            revision: 2,
            ..Default::default()
        };
        let told = to_agree(&framework).unwrap();
        assert_eq!(told.path, "/territoires/cadres?region=93");
        framework.agreed_by = vec![FrameworkSide::Ars.into()];
        assert!(to_agree(&framework).is_none());
    }

    #[test]
    fn a_scheme_and_a_call_lead_to_their_pages() {
        let scheme = Scheme {
            name: "schemes/4".to_owned(),
            ..Default::default()
        };
        assert_eq!(to_adopt(&scheme).path, "/territoires/schema/4");
        let call = ProjectCall {
            name: "projectCalls/5".to_owned(),
            ..Default::default()
        };
        let told = to_authorise(&call);
        assert_eq!(told.path, "/territoires/appels-a-projet/5");
        assert!(told.why.contains("la vôtre"));
    }
}
