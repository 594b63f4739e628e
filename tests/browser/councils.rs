//! Somebody who acts for the councils of two départements, and can be chosen on the sign-in page.

use cpom::{
    issuer::{Kind, TokenRequest},
    token::IssuerClient,
};

use crate::region::REGION;

/// The département of the synthetic region, and another.
const DEPARTMENTS: [&str; 2] = ["00", "13"];

/// Lets them be chosen.
pub(crate) async fn offer(issuer: &str) -> anyhow::Result<()> {
    let officer = TokenRequest {
        departments: DEPARTMENTS.map(ToOwned::to_owned).to_vec(),
        ..TokenRequest::new(
            Kind::Human,
            "department_manager",
            "person:two-councils",
            "Aïcha Renaud, deux conseils",
            &[REGION],
        )
    };
    IssuerClient::at(issuer)?.offer(&[officer]).await?;
    Ok(())
}
