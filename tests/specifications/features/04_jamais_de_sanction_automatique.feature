# language: fr

@circulaire-DGOS-R5-2011-74
Fonctionnalité: Les sanctions perdent leur caractère automatique
  Aucun chemin ne mène d’une mesure à une sanction. Seule une personne nommée, habilitée et distincte de celle qui a
  examiné peut proposer une sanction ; seul le directeur général peut ouvrir une procédure.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  @invariant-1
  Scénario: Le temps qui passe ne fait naître aucune procédure
    Étant donné un CPOM en vigueur dont un objectif opposable n’est pas tenu
    Et le contrôle annuel mené
    Quand arrive le 10 mars 2027
    Alors la revue attend toujours une personne
    Et aucune procédure n’existe

  @invariant-1
  Plan du Scénario: Un traitement automatique, même doté de tous les rôles, ne fait aucun acte de la revue
    Étant donné une revue examinée
    Quand un traitement automatique <acte>
    Alors l’acte est refusé car il est réservé à une personne habilitée
    Et aucune procédure n’existe

    Exemples:
      | acte                                               |
      | examine la revue                                   |
      | conclut la revue sans suite                        |
      | conclut la revue par un plan d’actions             |
      | conclut la revue par une proposition d’avenant     |
      | conclut la revue par une proposition de sanction   |

  @pénalité-P0 @CSP-R6114-10
  Scénario: Une sanction se propose par écrit et reste sans effet tant que le directeur général n’a rien ouvert
    Étant donné une revue examinée
    Quand le responsable de l’ARS conclut la revue par une proposition de sanction
    Alors une procédure est proposée au directeur général
    Et son auteur est le responsable de l’ARS
    Et le CPOM est en vigueur

  @pénalité-P0 @CSP-R6114-10
  Scénario: Le temps ne transforme pas une proposition en procédure
    Étant donné une revue examinée
    Quand le responsable de l’ARS conclut la revue par une proposition de sanction
    Et arrive le 10 mars 2027
    Alors une procédure est proposée au directeur général

  @invariant-2 @pénalité-P0
  Scénario: Qui a examiné ne propose pas la sanction
    Étant donné une revue examinée
    Quand l’examinateur devenu responsable conclut la revue par une proposition de sanction
    Alors l’acte est refusé car une seconde personne doit conclure
    Et aucune procédure n’existe

  @invariant-5 @CSP-D6114-6
  Scénario: Un indicateur de pilotage ne mène jamais à une sanction
    Étant donné un CPOM en vigueur dont seul un indicateur de pilotage s’écarte de la cible
    Et le contrôle annuel mené
    Et la revue instruite
    Quand le responsable de l’ARS conclut la revue par une proposition de sanction
    Alors l’acte est refusé car aucun constat ne peut fonder une sanction
    Et aucune procédure n’existe

  @invariant-5
  Scénario: Une donnée manquante n’est pas un manquement
    Étant donné un CPOM en vigueur dont aucun chiffre n’a été transmis
    Et le contrôle annuel mené
    Et la revue instruite
    Quand le responsable de l’ARS conclut la revue par une proposition de sanction
    Alors l’acte est refusé car aucun constat ne peut fonder une sanction
    Et aucune procédure n’existe

  @invariant-4 @CRPA-L211-2
  Scénario: Nul ne conclut sans motif écrit
    Étant donné une revue examinée
    Quand le responsable de l’ARS propose une sanction sans la motiver
    Alors l’acte est refusé car la motivation manque
    Et aucune procédure n’existe

  @invariant-9 @CRPA-L311-2
  Scénario: La proposition reste préparatoire
    Étant donné une revue examinée
    Quand le responsable de l’ARS conclut la revue par une proposition de sanction
    Alors l’établissement ne lit ni la conclusion ni la proposition
