# language: fr

@CSP-R6114-10 @CSP-L6114-1
Fonctionnalité: Le plafond des pénalités d’une année
  Le montant total des pénalités d’un titulaire ne dépasse pas, sur une année, cinq pour cent des produits qu’il reçoit des
  régimes obligatoires d’assurance maladie. Ce qui est annulé ne compte plus ; l’année suivante a son propre plafond.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS
    Et deux CPOM en vigueur du même titulaire, dont un objectif opposable n’est pas tenu
    Et une mise en demeure reçue pour chacun de ces CPOM

  @pénalité-P5 @invariant-4
  Scénario: Le plafond s’apprécie sur l’année, tous contrats du titulaire confondus
    Quand arrive le 11 avril 2026
    Et le directeur général de l’ARS fixe une pénalité de 30000.00 euros
    Alors la pénalité est fixée à 30000.00 euros
    Quand on en vient à l’autre CPOM
    Et le directeur général de l’ARS fixe une pénalité de 20000.01 euros
    Alors l’acte est refusé car le montant dépasse le plafond
    Quand le directeur général de l’ARS fixe une pénalité de 20000.00 euros
    Alors la pénalité est fixée à 20000.00 euros

  @pénalité-P5 @pénalité-P7 @invariant-4 @CJA-R421-1
  Scénario: Une pénalité annulée ne compte plus
    Quand arrive le 11 avril 2026
    Et le directeur général de l’ARS fixe une pénalité de 50000.00 euros
    Et le directeur général de l’ARS notifie la décision
    Et le directeur de l’établissement prend connaissance de la décision
    Et le directeur de l’établissement saisit le tribunal
    Et on en vient à l’autre CPOM
    Et le directeur général de l’ARS fixe une pénalité de 0.01 euros
    Alors l’acte est refusé car le montant dépasse le plafond
    Quand on en vient à l’autre CPOM
    Et le directeur général de l’ARS consigne que le tribunal annule la décision
    Alors la décision est annulée
    Quand on en vient à l’autre CPOM
    Et le directeur général de l’ARS fixe une pénalité de 50000.00 euros
    Alors la pénalité est fixée à 50000.00 euros

  @pénalité-P5 @invariant-4
  Scénario: Chaque année a son plafond
    Quand arrive le 11 avril 2026
    Et le directeur général de l’ARS fixe une pénalité de 50000.00 euros
    Alors la pénalité est fixée à 50000.00 euros
    Quand arrive le 4 janvier 2027
    Et on en vient à l’autre CPOM
    Et le directeur général de l’ARS fixe une pénalité de 50000.00 euros
    Alors la pénalité est fixée à 50000.00 euros
