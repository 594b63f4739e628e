//! What files of accounts and credits, and their figures, are called in French.

use proto::targets::v1::{FinanceFigure, FinanceLayout, FinanceUnit};

pub(crate) fn layout(layout: FinanceLayout) -> &'static str {
    match layout {
        FinanceLayout::DiamantCa => "comptes administratifs",
        FinanceLayout::DiamantErrd => "ERRD par établissement",
        FinanceLayout::DiamantErrdLegalEntity => "ERRD par entité juridique",
        FinanceLayout::DiamantHospital => "comptes des établissements de santé",
        FinanceLayout::DiamantHapi => "crédits notifiés",
        FinanceLayout::DiamantPerimeter => "périmètres des ERRD et des EPRD",
        FinanceLayout::Unspecified => "contenu non précisé",
    }
}

pub(crate) fn unit(unit: FinanceUnit) -> &'static str {
    match unit {
        FinanceUnit::Euros => "€",
        FinanceUnit::Percent => "%",
        FinanceUnit::Number => "nombre",
        FinanceUnit::Unspecified => "",
    }
}

/// What a figure is: its title, its envelope for a credit, with the deposit of an ERRD.
pub(crate) fn heading(figure: &FinanceFigure) -> String {
    match (figure.layout(), figure.detail.as_str()) {
        (_, "") => figure.title.clone(),
        (FinanceLayout::DiamantHapi, envelope) => envelope.to_owned(),
        (_, deposit) => format!("{}, dépôt {deposit}", figure.title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_called_by_its_title_its_envelope_or_its_deposit() {
        let figure = |layout: FinanceLayout, detail: &str| FinanceFigure {
            layout: layout.into(),
            title: "Trésorerie".to_owned(),
            detail: detail.to_owned(),
            ..Default::default()
        };
        for (layout, detail, called) in [
            (FinanceLayout::DiamantHospital, "", "Trésorerie"),
            (FinanceLayout::DiamantHapi, "FIR / AC", "FIR / AC"),
            (
                FinanceLayout::DiamantErrdLegalEntity,
                "216495",
                "Trésorerie, dépôt 216495",
            ),
        ] {
            assert_eq!(heading(&figure(layout, detail)), called);
        }
    }
}
