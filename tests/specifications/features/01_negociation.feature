# language: fr

@CSP-L6114-1
Fonctionnalité: Préparer et négocier un CPOM
  Le contrat pluriannuel d’objectifs et de moyens est conclu entre l’agence régionale de santé et une ou
  plusieurs entités juridiques, pour cinq ans au plus (CSP, art. L6114-1). Depuis le décret n° 2025-180, il fixe
  dix objectifs stratégiques au plus.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  @garde-C1
  Scénario: L’ARS ouvre un projet avec une entité juridique et ses établissements
    Quand le chargé de contractualisation ouvre un projet de CPOM
    Alors le CPOM est à l’état de projet
    Et il relève du régime R2020_2025
    Et la version 1 du texte est celle du projet

  @garde-C1
  Scénario: Un établissement inconnu du FINESS n’entre pas dans le périmètre
    Quand le chargé de contractualisation ouvre un projet de CPOM pour un établissement inconnu du FINESS
    Alors l’acte est refusé car le périmètre ne correspond pas au FINESS
    Et le refus nomme l’établissement 010008407

  @garde-C1
  Scénario: Un établissement n’est couvert que par un seul CPOM à la fois
    Étant donné un CPOM en vigueur
    Quand le chargé de contractualisation ouvre un second projet de CPOM pour le même établissement
    Alors l’acte est refusé car un autre CPOM couvre déjà l’établissement
    Et le refus nomme le CPOM en vigueur

  @garde-C1 @invariant-1
  Scénario: Un traitement automatique n’ouvre pas de projet
    Quand un traitement automatique ouvre un projet de CPOM
    Alors l’acte est refusé car il est réservé à une personne habilitée

  @garde-C2
  Scénario: La négociation s’ouvre sur un texte qui a un objet
    Étant donné un projet de CPOM
    Quand le chargé de contractualisation ouvre la négociation
    Alors le CPOM est en négociation

  @garde-C2
  Scénario: Pas de négociation sans objectif
    Étant donné un projet de CPOM comportant 0 objectif stratégique
    Quand le chargé de contractualisation ouvre la négociation
    Alors l’acte est refusé car le texte ne comporte aucun objectif
    Et le CPOM est inchangé

  @garde-C2
  Scénario: Pas de négociation sans établissement couvert
    Étant donné un projet de CPOM sans établissement couvert
    Quand le chargé de contractualisation ouvre la négociation
    Alors l’acte est refusé car le périmètre est vide
    Et le CPOM est inchangé

  @garde-C3
  Scénario: Chaque partie propose des versions, et aucune n’est effacée
    Étant donné un CPOM en négociation
    Quand le directeur de l’établissement propose une nouvelle version intitulée « Projet de l’établissement »
    Et le chargé de contractualisation propose une nouvelle version intitulée « Contre-proposition de l’ARS »
    Alors le texte en est à la version 3
    Et la version 1 du texte est celle du projet
    Et la version 2 du texte est intitulée « Projet de l’établissement »
    Et la version 3 du texte est intitulée « Contre-proposition de l’ARS »

  @garde-C3
  Scénario: Une nouvelle version remet en jeu l’accord déjà donné
    Étant donné un CPOM en négociation
    Et l’accord du chargé de contractualisation sur la version
    Quand le directeur de l’établissement propose une nouvelle version intitulée « Projet révisé »
    Alors le CPOM est en négociation
    Et aucune partie n’a donné son accord

  @garde-C3
  Scénario: Le directeur d’un autre établissement ignore jusqu’à l’existence du projet
    Étant donné un CPOM en négociation
    Quand le directeur d’un autre établissement propose une nouvelle version intitulée « Intrusion »
    Alors l’acte est refusé car le CPOM n’est pas visible de son auteur

  @garde-C4
  Scénario: Le texte est arrêté quand les deux parties l’approuvent
    Étant donné un CPOM en négociation
    Quand le responsable de l’ARS approuve la version
    Alors le CPOM est en négociation
    Quand le directeur de l’établissement approuve la version
    Alors le CPOM est en consultation

  @garde-C4
  Scénario: Une partie n’approuve pas deux fois pour les deux
    Étant donné un CPOM en négociation
    Quand le responsable de l’ARS approuve la version
    Et le chargé de contractualisation approuve la version
    Alors l’acte est refusé car cette partie a déjà donné son accord

  @garde-C4 @décret-2025-180
  Plan du Scénario: Dix objectifs stratégiques au plus
    Étant donné un projet de CPOM comportant <objectifs> objectifs stratégiques
    Et la négociation ouverte
    Quand le responsable de l’ARS approuve la version
    Alors <issue>

    Exemples:
      | objectifs | issue                                                              |
      | 10        | le CPOM est en négociation                                         |
      | 11        | l’acte est refusé car le texte comporte trop d’objectifs stratégiques |

  @garde-C4
  Plan du Scénario: Cinq ans au plus, de quantième à quantième
    Étant donné un projet de CPOM prenant effet le 1er avril 2026 et finissant le <dernier>
    Et la négociation ouverte
    Quand le responsable de l’ARS approuve la version
    Alors <issue>

    Exemples:
      | dernier        | issue                                                  |
      | 31 mars 2031  | le CPOM est en négociation                             |
      | 1er avril 2031 | l’acte est refusé car la durée dépasse celle du régime |
