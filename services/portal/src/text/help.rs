//! A few words of help for each part of the portal, where they are needed.

use crate::frame::Section;

/// What a part of the portal is for, and what surprises people there. None where the page says it all.
pub(crate) fn of(section: Section) -> Option<&'static [&'static str]> {
    let told: &'static [&'static str] = match section {
        Section::Work => &[
            "Cette liste réunit ce qui dépend de vous, le plus urgent d’abord : chaque ligne dit pourquoi le dossier vous attend et jusqu’à quand.",
            "Un dossier quitte la liste quand votre acte est enregistré. Ce que d’autres ont à faire sur les contrats, les avenants, les évaluations et les réunions que vous suivez vient ensuite, avec qui agit.",
        ],
        Section::Contracts => &[
            "Un contrat passe du projet à la négociation, à la consultation, à la signature, puis entre en vigueur à sa date. Les actes possibles à son étape sont en tête de sa page ; les autres y sont expliqués.",
            "Un texte proposé n’est jamais effacé : chaque version reste lisible et se compare aux autres. Un accord donné tombe quand le texte change.",
        ],
        Section::Reviews => &[
            "Une revue suit l’ordre du contradictoire : les faits relevés, l’invitation à répondre, les observations, l’examen, la conclusion. La personne qui examine n’est pas celle qui a mesuré.",
            "Conclure ne sanctionne pas : seul le directeur général peut ouvrir une procédure, et il la motive.",
        ],
        Section::Campaigns => &[
            "Une campagne fixe d’abord ses données, mesure ensuite chaque contrat en vigueur dans l’année, puis communique les résultats aux établissements.",
            "Ce qui arrive après le gel des données n’entre pas dans la mesure. La politique de tolérance est celle de la région.",
        ],
        Section::Findings => &[
            "Un constat montre son calcul : les valeurs employées, la règle et chaque étape, à refaire à la main.",
            "Si les données étaient fausses, l’agence le retire en disant pourquoi ; la revue en est informée.",
        ],
        Section::Indicators => &[
            "Zéro, manquant et masqué sont trois choses différentes : écrivez 0 pour une activité nulle, « manquant » pour une valeur inconnue, « masqué » pour un effectif de 1 à 10.",
            "Le modèle contient une ligne par valeur attendue. Une valeur transmise de nouveau remplace la précédente, qui reste dans l’historique.",
        ],
        Section::Territories => &[
            "Un taux de recours compare les séjours des habitants, où qu’ils soient soignés, à ceux de la région, à âge et sexe égaux. Un petit effectif n’est pas diffusé.",
            "Une différence appelle une question, pas une conclusion : elle n’a d’effet que par un dialogue et un contrat.",
        ],
        Section::Deadlines => &[
            "Les échéances viennent des contrats, des revues, des procédures et des évaluations. Le calendrier s’ajoute à celui de votre messagerie.",
            "Des rappels partent par courriel à qui les demande, sur ce dont sa fonction a la charge. Ce choix se confirme chaque année.",
        ],
        Section::Registry => &[
            "Le registre vient des extractions de FINESS. Une erreur s’y corrige à la source, puis par une nouvelle importation.",
        ],
        Section::History => &[
            "Rien ne s’efface : chaque fait garde son auteur, son instant et ses octets. « Connu au » montre ce que l’on savait ce soir-là.",
            "La preuve d’un fait s’emporte avec un programme qui la vérifie seul, hors de ce portail.",
        ],
        Section::None | Section::Control | Section::Published | Section::Help => return None,
    };
    Some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_that_one_works_in_has_its_help() {
        for section in [Section::Work, Section::Reviews, Section::History] {
            assert!(of(section).is_some_and(|told| !told.is_empty()));
        }
        assert_eq!(of(Section::Help), None);
    }
}
