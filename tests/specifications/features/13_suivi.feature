# language: fr

@CSP-D6114-8
Fonctionnalité: Suivre le contrat en comité
  L’agence réunit les parties en revue de contrat ou en comité de suivi. Ce qui s’y dit est consigné une fois ; ce qui s’y
  décide a un responsable et une échéance. Une décision en retard se voit ; elle ne sanctionne personne.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS
    Et un CPOM en vigueur

  Scénario: Le compte rendu se consigne une fois, du jour de la réunion, avec ce qui y fut décidé
    Étant donné un comité de suivi prévu le 20 mars 2026
    Quand le chargé de contractualisation consigne le compte rendu du comité
    Alors l’acte est refusé car la réunion n’a pas encore eu lieu
    Quand arrive le 20 mars 2026
    Et le chargé de contractualisation consigne le compte rendu du comité
    Alors le comité a décidé, à exécuter le 30 avril 2026 au plus tard
    Quand le chargé de contractualisation consigne le compte rendu du comité
    Alors l’acte est refusé car le compte rendu est déjà consigné

  Plan du Scénario: L’agence seule tient le compte rendu
    Étant donné un comité de suivi prévu le 10 mars 2026
    Quand <personne> consigne le compte rendu du comité
    Alors l’acte est refusé car il est réservé à une personne habilitée

    Exemples:
      | personne                        |
      | le directeur de l’établissement |
      | un traitement automatique       |

  Scénario: Les parties lisent le compte rendu, et nul autre établissement
    Étant donné un comité de suivi dont le compte rendu est consigné
    Alors le directeur de l’établissement lit le compte rendu du comité
    Et le directeur d’un autre établissement ne lit pas le compte rendu du comité

  @invariant-1
  Scénario: Une décision en retard se voit, et ne décide de rien
    Étant donné un comité de suivi dont le compte rendu est consigné
    Quand arrive le 30 avril 2026
    Alors la décision du comité est à exécuter
    Quand arrive le 1er mai 2026
    Alors la décision du comité est en retard
    Et aucune procédure n’existe
    Et le CPOM est en vigueur
    Quand le chargé de contractualisation constate que la décision du comité est exécutée
    Alors la décision du comité est exécutée
