# language: fr

@CSP-R6114-10
Fonctionnalité: La pénalité, étape par étape
  Le directeur général met en demeure par une décision motivée ; l’établissement a un mois, à compter de la réception,
  pour présenter des observations écrites ou orales ; le délai est prolongé une fois au plus, de la même durée ; la
  pénalité, proportionnée et plafonnée, est fixée par le directeur général seul, une fois le dernier délai passé.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  @pénalité-P0 @invariant-2
  Scénario: Le directeur général seul ouvre la procédure
    Étant donné une sanction proposée
    Quand le responsable de l’ARS ouvre la procédure
    Alors l’acte est refusé car aucune délégation publiée ne le permet
    Quand un traitement automatique ouvre la procédure
    Alors l’acte est refusé car il est réservé à une personne habilitée
    Quand le directeur général de l’ARS ouvre la procédure
    Alors la procédure est ouverte

  @pénalité-P0 @invariant-2
  Scénario: Qui a proposé la sanction n’ouvre pas la procédure, même devenu directeur général
    Étant donné une sanction proposée
    Quand le responsable devenu directeur général ouvre la procédure
    Alors l’acte est refusé car qui a proposé ne décide pas

  @pénalité-P0 @invariant-2 @CSP-L1432-2
  Scénario: Une délégation de décision, publiée et en vigueur, permet d’agir à la place du directeur général
    Étant donné une sanction proposée
    Et une délégation de signature au directeur délégué, publiée le 2 mars 2026
    Et une délégation de décision au directeur délégué, publiée le 11 mars 2026
    Quand le directeur délégué ouvre la procédure
    Alors l’acte est refusé car aucune délégation publiée ne le permet
    Quand arrive le 11 mars 2026
    Et le directeur délégué ouvre la procédure
    Alors la procédure est ouverte

  @pénalité-P0 @pénalité-P1 @pénalité-P3 @pénalité-P4 @pénalité-P5 @invariant-4 @CRPA-L211-2
  Plan du Scénario: Chaque acte de la procédure est motivé
    Étant donné <situation>
    Quand le directeur général de l’ARS <acte> sans motif
    Alors l’acte est refusé car la motivation manque
    Et la procédure est inchangée

    Exemples:
      | situation                 | acte                           |
      | une sanction proposée     | ouvre la procédure             |
      | une procédure ouverte     | met en demeure l’établissement |
      | une mise en demeure reçue | prolonge le délai              |
      | une mise en demeure reçue | met fin à la procédure         |
      | une mise en demeure reçue | fixe une pénalité              |

  @pénalité-P1 @invariant-3
  Scénario: Le délai court de la réception, et non de l’envoi
    Étant donné une mise en demeure
    Quand arrive le 10 juin 2026
    Et le directeur général de l’ARS fixe une pénalité de 1000.00 euros
    Alors l’acte est refusé car la réception n’est pas prouvée
    Quand le directeur de l’établissement prend connaissance de la mise en demeure
    Alors l’établissement peut répondre jusqu’au 10 juillet 2026

  @pénalité-P1 @CRPA-R112-20
  Scénario: Sur un portail consenti, ce que nul n’a consulté en quinze jours est réputé reçu le jour de sa mise à disposition
    Étant donné une sanction proposée
    Et le consentement de l’établissement à recevoir ses notifications sur le portail
    Quand le directeur général de l’ARS ouvre la procédure
    Et le directeur général de l’ARS met en demeure l’établissement
    Et arrive le 10 avril 2026
    Et le directeur général de l’ARS fixe une pénalité de 1000.00 euros
    Alors l’acte est refusé car le délai de réponse court encore
    Quand arrive le 11 avril 2026
    Et le directeur général de l’ARS fixe une pénalité de 1000.00 euros
    Alors la pénalité est fixée à 1000.00 euros

  @pénalité-P1 @invariant-3
  Scénario: Un mois se compte de quantième à quantième, ou jusqu’au dernier jour du mois
    Étant donné une sanction proposée
    Quand arrive le 31 mars 2026
    Et le directeur général de l’ARS ouvre la procédure
    Et le directeur général de l’ARS met en demeure l’établissement
    Et le directeur de l’établissement prend connaissance de la mise en demeure
    Alors l’établissement peut répondre jusqu’au 30 avril 2026

  @pénalité-P2 @CRPA-L122-1
  Scénario: L’établissement répond par écrit ou de vive voix, et ce qu’il dit est lu
    Étant donné une mise en demeure reçue
    Quand le directeur de l’établissement répond à la mise en demeure
    Et le responsable de l’ARS consigne le compte rendu d’une audition
    Et arrive le 11 avril 2026
    Et le directeur général de l’ARS fixe une pénalité de 1000.00 euros
    Alors l’acte est refusé car des observations n’ont pas été lues
    Quand le directeur général de l’ARS certifie avoir lu les observations
    Et le directeur général de l’ARS fixe une pénalité de 1000.00 euros
    Alors la pénalité est fixée à 1000.00 euros

  @pénalité-P3 @invariant-3
  Scénario: Le délai se prolonge une fois, de la même durée
    Étant donné une mise en demeure reçue
    Quand le directeur général de l’ARS prolonge le délai
    Alors l’établissement peut répondre jusqu’au 10 mai 2026
    Quand le directeur général de l’ARS prolonge le délai
    Alors l’acte est refusé car le délai a déjà été prolongé

  @pénalité-P3 @pénalité-P5 @invariant-3
  Scénario: Pas de pénalité avant la fin du délai prolongé
    Étant donné une mise en demeure reçue
    Quand le directeur général de l’ARS prolonge le délai
    Et arrive le 10 mai 2026
    Et le directeur général de l’ARS fixe une pénalité de 1000.00 euros
    Alors l’acte est refusé car le délai de réponse court encore
    Quand arrive le 11 mai 2026
    Et le directeur général de l’ARS fixe une pénalité de 1000.00 euros
    Alors la pénalité est fixée à 1000.00 euros

  @pénalité-P4
  Scénario: Le directeur général met fin à la procédure sans pénalité
    Étant donné une mise en demeure reçue
    Quand le directeur général de l’ARS met fin à la procédure
    Alors la procédure est close sans pénalité

  @pénalité-P5 @invariant-3
  Scénario: Pas de pénalité avant la fin du délai
    Étant donné une mise en demeure reçue
    Quand arrive le 10 avril 2026
    Et le directeur général de l’ARS fixe une pénalité de 1000.00 euros
    Alors l’acte est refusé car le délai de réponse court encore
    Quand arrive le 11 avril 2026
    Et le directeur général de l’ARS fixe une pénalité de 1000.00 euros
    Alors la pénalité est fixée à 1000.00 euros

  @pénalité-P5 @invariant-4 @CSP-L6114-1
  Scénario: Pas de pénalité au-dessus du plafond annuel
    Étant donné une mise en demeure reçue
    Quand arrive le 11 avril 2026
    Et le directeur général de l’ARS fixe une pénalité de 50000.01 euros
    Alors l’acte est refusé car le montant dépasse le plafond
    Quand le directeur général de l’ARS fixe une pénalité de 50000.00 euros
    Alors la pénalité est fixée à 50000.00 euros

  @pénalité-P6 @invariant-7 @CRPA-L311-3-1
  Scénario: La décision notifiée dit les recours et la part du calcul
    Étant donné une pénalité fixée
    Quand le directeur général de l’ARS notifie la décision
    Alors la décision dit les voies et délais de recours
    Et la décision dit qu’un traitement algorithmique y a contribué

  @pénalité-P6 @CSP-R6114-10
  Scénario: Le mois laissé pour payer court de la réception de la décision, prouvée
    Étant donné une pénalité fixée
    Quand le directeur général de l’ARS notifie la décision
    Et arrive le 20 avril 2026
    Et le responsable de l’ARS saisit la caisse
    Alors l’acte est refusé car la réception n’est pas prouvée
    Quand le directeur de l’établissement prend connaissance de la décision
    Alors l’établissement peut payer jusqu’au 20 mai 2026

  @pénalité-P7 @CSS-L162-1-14
  Scénario: La caisse n’est saisie qu’après le mois laissé pour payer
    Étant donné une pénalité notifiée et reçue
    Quand le responsable de l’ARS saisit la caisse
    Alors l’acte est refusé car la pénalité peut encore être payée
    Quand arrive le 12 mai 2026
    Et le responsable de l’ARS saisit la caisse
    Alors la caisse est saisie

  @pénalité-P7 @CJA-R421-1
  Scénario: Un recours ne suspend rien ; s’il aboutit, plus rien n’est dû
    Étant donné une pénalité notifiée et reçue
    Quand le directeur de l’établissement saisit le tribunal
    Alors il reste dû 1000.00 euros
    Quand le directeur général de l’ARS consigne que le tribunal annule la décision
    Alors la décision est annulée

  @pénalité-P7 @CJA-R421-1
  Scénario: Une pénalité réduite par le juge n’est due que pour ce qui en reste
    Étant donné une pénalité notifiée et reçue
    Quand le directeur de l’établissement saisit le tribunal
    Et le directeur général de l’ARS consigne que le tribunal ramène la pénalité à 400.00 euros
    Alors il reste dû 400.00 euros

  @pénalité-P7 @CJA-R421-1
  Scénario: Un recours rejeté laisse la décision telle qu’elle était
    Étant donné une pénalité notifiée et reçue
    Quand le directeur de l’établissement saisit le tribunal
    Et le directeur général de l’ARS consigne que le tribunal rejette le recours
    Alors il reste dû 1000.00 euros

  @pénalité-P0 @CASF-L313-12
  Scénario: Refuser de signer un CPOM hospitalier n’expose à aucune pénalité
    Étant donné un CPOM prêt à être signé
    Quand le responsable de l’ARS propose une procédure pour refus de signer
    Alors l’acte est refusé car le régime du CPOM ne connaît pas cette pénalité
    Et aucune procédure n’existe
