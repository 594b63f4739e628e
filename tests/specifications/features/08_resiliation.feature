# language: fr

@CSP-R6114-9
Fonctionnalité: La résiliation, étape par étape
  En cas de manquement grave, le directeur général peut résilier le contrat, après une mise en demeure motivée et un
  mois laissé à l’établissement pour répondre, prolongeable une fois. Elle repose sur une constatation faite par des
  personnes, jamais sur un calcul seul.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  @garde-C10 @invariant-6
  Scénario: Une résiliation suppose un manquement grave
    Étant donné une revue examinée
    Quand le responsable de l’ARS conclut la revue par une proposition de résiliation
    Alors l’acte est refusé car la résiliation suppose un manquement grave
    Et aucune procédure n’existe
    Et le CPOM est en vigueur

  @garde-C10 @invariant-6
  Scénario: Un manquement grave relevé par une mission permet de la proposer, et une revue n’en propose qu’une
    Étant donné un CPOM en vigueur dont une mission a relevé un manquement grave
    Et la revue instruite
    Quand le responsable de l’ARS conclut la revue par une proposition de résiliation
    Alors la procédure est une résiliation proposée au directeur général
    Et le CPOM est en vigueur
    Quand le responsable de l’ARS conclut la revue par une proposition de sanction
    Alors l’acte est refusé car la revue est déjà conclue

  @garde-C10 @invariant-1
  Scénario: Seul le directeur général met en demeure
    Étant donné une résiliation proposée
    Quand le directeur général de l’ARS ouvre la procédure
    Et le responsable de l’ARS met en demeure l’établissement
    Alors l’acte est refusé car aucune délégation publiée ne le permet
    Quand un traitement automatique met en demeure l’établissement
    Alors l’acte est refusé car il est réservé à une personne habilitée
    Quand le directeur général de l’ARS met en demeure l’établissement
    Alors le CPOM est sous mise en demeure

  @garde-C11 @invariant-3
  Scénario: Le délai se prolonge une fois, de la même durée
    Étant donné une mise en demeure avant résiliation
    Quand le directeur général de l’ARS prolonge le délai
    Alors l’établissement peut répondre jusqu’au 10 mai 2026
    Et le CPOM est sous mise en demeure
    Quand le directeur général de l’ARS prolonge le délai
    Alors l’acte est refusé car le délai a déjà été prolongé

  @garde-C12
  Scénario: Le directeur général y renonce, et le contrat se poursuit
    Étant donné une mise en demeure avant résiliation
    Quand le directeur général de l’ARS met fin à la procédure
    Alors le CPOM est en vigueur

  @garde-C13 @invariant-3
  Scénario: Pas de résiliation avant la fin du délai
    Étant donné une mise en demeure avant résiliation
    Quand arrive le 10 avril 2026
    Et le directeur général de l’ARS prononce la résiliation au 30 juin 2026
    Alors l’acte est refusé car le délai de réponse court encore
    Et le CPOM est sous mise en demeure
    Quand arrive le 11 avril 2026
    Et le directeur général de l’ARS prononce la résiliation au 30 juin 2026
    Alors la décision dit les voies et délais de recours

  @garde-C13 @CRPA-L221-8
  Scénario: La résiliation prononcée est sans effet tant qu’elle n’est pas notifiée
    Étant donné une mise en demeure avant résiliation
    Quand arrive le 11 avril 2026
    Et le directeur général de l’ARS prononce la résiliation au 30 juin 2026
    Alors le CPOM est sous mise en demeure
    Quand le directeur général de l’ARS notifie la décision
    Alors le CPOM est résilié
    Et le dernier jour du CPOM est le 30 juin 2026

  @garde-C13 @invariant-1
  Scénario: Le temps qui passe ne résilie rien
    Étant donné une mise en demeure avant résiliation
    Quand arrive le 10 mars 2027
    Alors le CPOM est sous mise en demeure
