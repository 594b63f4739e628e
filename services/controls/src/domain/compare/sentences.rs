//! The sentences that people read.

use super::{tests::*, *};
use crate::domain::objective::Unit;

#[test]
fn people_read_a_sentence_in_french() {
    let n = '\u{202f}';
    for (target, realised, sentence) in [
        (
            point("12000"),
            exactly("10500"),
            format!(
                "Objectif «{n}Séjours MCO{n}», 2024{n}: réalisé de 10{n}500 séjours pour une cible de 12{n}000 séjours, \
                 écart de −12,5{n}%, au-delà de 10{n}%{n}: écart majeur en dessous de la cible."
            ),
        ),
        (
            point("1200"),
            exactly("800"),
            format!(
                "Objectif «{n}Séjours MCO{n}», 2024{n}: réalisé de 800 séjours pour une cible de 1{n}200 séjours, écart \
                 de −33,3{n}%, au-delà de 10{n}%{n}: écart majeur en dessous de la cible."
            ),
        ),
        // One decimal would say that it is at the limit.
        (
            point("10000"),
            exactly("8999"),
            format!(
                "Objectif «{n}Séjours MCO{n}», 2024{n}: réalisé de 8{n}999 séjours pour une cible de 10{n}000 séjours, \
                 écart de −10,01{n}%, au-delà de 10{n}%{n}: écart majeur en dessous de la cible."
            ),
        ),
        (
            point("1000"),
            exactly("1020"),
            format!(
                "Objectif «{n}Séjours MCO{n}», 2024{n}: réalisé de 1{n}020 séjours pour une cible de 1{n}000 séjours, \
                 écart de +2{n}%, dans la tolérance de 5{n}%{n}: conforme."
            ),
        ),
        (
            band("900", "1100"),
            exactly("1000"),
            format!(
                "Objectif «{n}Séjours MCO{n}», 2024{n}: réalisé de 1{n}000 séjours pour une cible comprise entre 900 et \
                 1{n}100 séjours{n}: conforme."
            ),
        ),
        (
            point("40"),
            exactly("50"),
            format!(
                "Objectif «{n}Séjours MCO{n}», 2024{n}: réalisé de 50 séjours pour une cible de 40 séjours, écart de \
                 +25{n}%, au-delà de 10{n}%{n}: écart majeur au-dessus de la cible. Cet écart peut relever du \
                 hasard{n}: le rapport du réalisé à la cible se situe entre 0,93 et 1,65 (intervalle de confiance à \
                 95{n}%)."
            ),
        ),
        (
            point("0"),
            exactly("40"),
            format!(
                "Objectif «{n}Séjours MCO{n}», 2024{n}: réalisé de 40 séjours pour une cible nulle, écart de +40 séjours \
                 (aucun pourcentage ne se calcule sur une cible nulle){n}: écart majeur au-dessus de la cible."
            ),
        ),
        (
            point("1000"),
            between("700", "745"),
            format!(
                "Objectif «{n}Séjours MCO{n}», 2024{n}: le secret statistique masque des valeurs{n}; le réalisé se situe \
                 entre 700 et 745 séjours pour une cible de 1{n}000 séjours, écart compris entre −30{n}% et \
                 −25,5{n}%{n}: écart majeur en dessous de la cible, quelles que soient les valeurs masquées."
            ),
        ),
        (
            point("1000"),
            Realised::Missing,
            format!(
                "Objectif «{n}Séjours MCO{n}», 2024{n}: aucune valeur n’a été transmise avant le gel des données. Une \
                 valeur absente n’est pas un zéro{n}: les valeurs restent à transmettre."
            ),
        ),
    ] {
        assert_eq!(
            usual(Unit::Stays, target, realised).trace.conclusion,
            sentence
        );
    }
}
