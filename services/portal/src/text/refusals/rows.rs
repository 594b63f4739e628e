//! Why one value of an indicator is not taken, while the others of the same file are.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "FINESS_LENGTH" => "Un numéro FINESS compte neuf caractères. Vérifiez-le.",
        "FINESS_FORMAT" => "Ce numéro FINESS contient un caractère qui n’en est pas. Vérifiez-le.",
        "FINESS_KEY" => {
            "La clé de ce numéro FINESS est fausse : un chiffre a sans doute été mal recopié."
        }
        "SPREADSHEET_DAMAGE" => {
            "Le tableur a transformé cette cellule (zéro de tête perdu, notation scientifique, date). Mettez-la au format texte, puis saisissez-la de nouveau."
        }
        "NOT_YOUR_ESTABLISHMENT" => {
            "Ce numéro n’est pas celui d’un établissement que vous représentez. Vérifiez-le, ou demandez à l’agence de vous y rattacher."
        }
        "NOT_IN_A_CONTRACT" => "Aucun contrat, en vigueur ou passé, ne couvre cet établissement.",
        "UNKNOWN_INDICATOR" => {
            "Cet indicateur n’existe pas. Prenez son code dans le modèle de votre contrat."
        }
        "PERIOD_FORM" => {
            "Cette période n’est pas lisible. Écrivez une année (2026) ou un mois (2026-01)."
        }
        "YEARLY_INDICATOR" => "Cet indicateur se donne par année entière.",
        "PERIOD_OUTSIDE_CONTRACT" => {
            "Cette période est hors du contrat. Donnez une période que le contrat couvre."
        }
        "VALUE_FORM" => {
            "Cette valeur n’est pas un nombre. Écrivez des chiffres, avec une virgule au besoin."
        }
        "NEGATIVE_VALUE" => "Une valeur ne peut pas être négative.",
        "VALUE_TOO_LARGE" => "Cette valeur est trop grande. Vérifiez l’unité.",
        "VALUE_TOO_PRECISE" => "Cette valeur a trop de décimales. Arrondissez-la.",
        "NO_CONTENT" => {
            "La valeur manque. Donnez-la, ou dites qu’elle manque ou qu’elle est masquée."
        }
        _ => return None,
    })
}
