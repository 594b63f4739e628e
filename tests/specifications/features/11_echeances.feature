# language: fr

@CSP-L6114-1
Fonctionnalité: Les échéances
  Une seule liste dit ce qui est dû, par qui et en vertu de quel texte. Une échéance qui passe change ce que chacun peut
  faire ; elle ne décide pour personne.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  @CSP-D6114-8
  Scénario: Un contrat en vigueur a ses échéances, que lisent ses parties et elles seules
    Étant donné un CPOM signé
    Quand arrive le 1er avril 2026
    Alors le chargé de contractualisation lit l’échéance « Évaluer le contrat à mi-parcours » au 1er octobre 2028
    Et le directeur de l’établissement lit l’échéance « Demander le renouvellement du contrat » au 31 mars 2030
    Et le directeur de l’établissement lit l’échéance « Terme du contrat » au 31 mars 2031
    Et le directeur d’un autre établissement ne lit aucune échéance « Terme du contrat »

  @garde-C14
  Scénario: La demande de renouvellement donne une échéance à l’ARS, et la réponse l’efface
    Étant donné un CPOM en vigueur
    Quand le directeur de l’établissement demande le renouvellement
    Alors le directeur général de l’ARS lit l’échéance « Répondre à la demande de renouvellement, que le silence accorde » au 10 juillet 2026
    Quand le directeur général de l’ARS refuse le renouvellement
    Alors le directeur général de l’ARS ne lit aucune échéance « Répondre à la demande de renouvellement, que le silence accorde »

  @pénalité-P3 @CSP-R6114-10
  Scénario: L’échéance suit le délai prolongé, et disparaît avec la procédure
    Étant donné une mise en demeure reçue
    Alors le directeur de l’établissement lit l’échéance « Répondre à la mise en demeure » au 10 avril 2026
    Quand le directeur général de l’ARS prolonge le délai
    Alors le directeur de l’établissement lit l’échéance « Répondre à la mise en demeure » au 10 mai 2026
    Quand le directeur général de l’ARS met fin à la procédure
    Alors le directeur de l’établissement ne lit aucune échéance « Répondre à la mise en demeure »

  @invariant-1 @CSP-R6114-10
  Scénario: Une échéance dépassée ne décide de rien
    Étant donné une mise en demeure reçue
    Quand arrive le 10 mars 2027
    Alors le directeur de l’établissement lit que l’échéance « Répondre à la mise en demeure » est dépassée
    Et la procédure attend toujours une décision
    Et le CPOM est en vigueur

  @CSP-D6114-8
  Scénario: L’étape d’un engagement est due jusqu’à ce que qui la doit la dise franchie
    Étant donné un CPOM signé dont un engagement de l’établissement prévoit une étape au 1er janvier 2027
    Quand arrive le 1er avril 2026
    Alors le directeur de l’établissement lit l’échéance « Franchir une étape d’un engagement du contrat » au 1er janvier 2027
    Quand le chargé de contractualisation dit l’étape franchie
    Alors l’acte est refusé car l’engagement est celui de l’autre partie
    Quand le directeur de l’établissement dit l’étape franchie
    Alors le directeur de l’établissement ne lit aucune échéance « Franchir une étape d’un engagement du contrat »
    Et le CPOM porte l’étape franchie
