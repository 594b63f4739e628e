# language: fr

@CSP-L6114-1
Fonctionnalité: Renouveler, laisser expirer, clore
  Le titulaire demande le renouvellement un an avant l’échéance ; l’agence a quatre mois pour répondre, et son silence
  renouvelle. Un refus est motivé. Le contrat qui s’achève est clos quand son rapport final a été évalué.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS
    Et un CPOM en vigueur

  @garde-C14 @CRPA-L112-11
  Scénario: Le titulaire demande, et l’agence a quatre mois
    Quand le directeur de l’établissement demande le renouvellement
    Alors l’ARS a jusqu’au 10 juillet 2026 pour répondre
    Et la demande est dans les temps
    Quand le directeur de l’établissement demande le renouvellement
    Alors l’acte est refusé car une demande est déjà en cours

  @garde-C14
  Scénario: Une demande tardive est reçue, et signalée
    Quand arrive le 1er janvier 2027
    Et le directeur de l’établissement demande le renouvellement
    Alors la demande est tardive

  @garde-C14
  Plan du Scénario: Seul le titulaire demande
    Quand <personne> demande le renouvellement
    Alors l’acte est refusé car <motif>

    Exemples:
      | personne                              | motif                                   |
      | le chargé de contractualisation       | il est réservé à une personne habilitée |
      | un traitement automatique             | il est réservé à une personne habilitée |
      | le directeur d’un autre établissement | le CPOM n’est pas visible de son auteur |

  @garde-C15
  Scénario: Le renouvellement exprès nomme le contrat qui suit
    Étant donné une demande de renouvellement
    Et le CPOM suivant signé
    Quand le responsable de l’ARS accorde le renouvellement
    Alors l’acte est refusé car il est réservé à une personne habilitée
    Quand le directeur général de l’ARS accorde le renouvellement sans contrat suivant
    Alors l’acte est refusé car ce n’est pas le contrat qui suit
    Quand le directeur général de l’ARS accorde le renouvellement
    Alors le renouvellement est accordé
    Quand arrive le 31 décembre 2027
    Alors le CPOM est en vigueur
    Quand arrive le 1er janvier 2028
    Alors le CPOM est renouvelé

  @garde-C16 @CRPA-L211-2
  Scénario: Un refus est motivé, et le contrat va à son terme
    Étant donné une demande de renouvellement
    Quand le directeur général de l’ARS refuse le renouvellement sans le motiver
    Alors l’acte est refusé car la motivation manque
    Quand le directeur général de l’ARS refuse le renouvellement
    Alors le renouvellement est refusé
    Et le CPOM est en vigueur
    Quand arrive le 1er janvier 2028
    Alors le CPOM est expiré

  @garde-C17
  Scénario: Quatre mois de silence renouvellent ; une personne fixe le nouveau terme
    Étant donné une demande de renouvellement
    Quand arrive le 10 juillet 2026
    Alors le renouvellement est demandé
    Quand arrive le 11 juillet 2026
    Alors le renouvellement est tacite
    Quand le directeur général de l’ARS refuse le renouvellement
    Alors l’acte est refusé car le renouvellement est acquis
    Quand le directeur général de l’ARS confirme la reconduction jusqu’au 31 décembre 2032
    Alors le renouvellement est confirmé
    Et le dernier jour du CPOM est le 31 décembre 2032

  @garde-C18
  Scénario: Sans demande, le contrat expire
    Quand arrive le 31 décembre 2027
    Alors le CPOM est en vigueur
    Quand arrive le 1er janvier 2028
    Alors le CPOM est expiré

  @garde-C19
  Scénario: Un contrat expiré n’est clos qu’une fois son rapport final évalué
    Quand arrive le 1er janvier 2028
    Et le chargé de contractualisation clôt le CPOM
    Alors l’acte est refusé car l’évaluation finale manque
    Quand le rapport final est remis et évalué
    Et le chargé de contractualisation clôt le CPOM
    Alors le CPOM est clos
