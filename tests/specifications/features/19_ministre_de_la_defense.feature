# language: fr

@CSP-L1435-3-1 @CSP-L6114-1-1
Fonctionnalité: Le ministre de la défense, consulté avant la résiliation et avant l’avenant
  Un contrat qui touche au soutien sanitaire des forces armées n’est modifié ou résilié qu’après consultation du ministre
  de la défense. La loi ne fixe pas de délai de réponse : la lettre de l’agence en fixe le terme. Lorsque le ministre fait valoir
  que la résiliation compromettrait cette mission, le contrat ne prend fin qu’après un délai suffisant.

  Contexte:
    Étant donné une région dont les hôpitaux des armées sont inscrits au FINESS

  @garde-C13
  Scénario: Pas de résiliation sans consultation
    Étant donné une mise en demeure avant résiliation
    Quand arrive le 11 avril 2026
    Et le directeur général de l’ARS prononce la résiliation au 30 juin 2026
    Alors l’acte est refusé car le ministre de la défense n’a pas été consulté
    Et le CPOM est sous mise en demeure

  @garde-C13
  Scénario: La réponse est attendue jusqu’au jour que fixe la lettre
    Étant donné une mise en demeure avant résiliation
    Quand arrive le 11 avril 2026
    Et le chargé de contractualisation consulte le ministre de la défense, qui a jusqu’au 31 mai 2026 pour répondre
    Alors le chargé de contractualisation lit l’échéance « Recueillir l’avis du ministre de la défense avant la résiliation » au 31 mai 2026
    Et le directeur de l’établissement ne lit aucune échéance « Recueillir l’avis du ministre de la défense avant la résiliation »
    Quand arrive le 31 mai 2026
    Et le directeur général de l’ARS prononce la résiliation au 30 juin 2026
    Alors l’acte est refusé car la réponse du ministre de la défense est attendue
    Quand arrive le 1er juin 2026
    Et le directeur général de l’ARS prononce la résiliation au 30 juin 2026
    Alors la décision dit les voies et délais de recours

  @garde-C13
  Scénario: Le contrat dure autant que la continuité de la mission le demande
    Étant donné une mise en demeure avant résiliation
    Quand arrive le 11 avril 2026
    Et le chargé de contractualisation consulte le ministre de la défense, qui a jusqu’au 31 mai 2026 pour répondre
    Et le chargé de contractualisation enregistre la réponse du ministre, qui demande un délai jusqu’au 31 octobre 2026
    Et le directeur général de l’ARS prononce la résiliation au 30 octobre 2026
    Alors l’acte est refusé car la mission des armées a encore besoin du CPOM
    Quand le directeur général de l’ARS prononce la résiliation au 31 octobre 2026
    Et le directeur général de l’ARS notifie la décision
    Alors le CPOM est résilié
    Et le dernier jour du CPOM est le 31 octobre 2026

  Scénario: Un avenant n’est pas figé sans l’avis du ministre
    Étant donné un CPOM en vigueur
    Et un avenant approuvé portant le financement à 50000 euros le 1er juin 2026
    Quand les instances donnent leur avis sur l’avenant
    Et le responsable de l’ARS prend acte de l’étude d’impact
    Et le responsable de l’ARS fige l’avenant à signer
    Alors l’acte est refusé car un avis manque
    Quand le ministre de la défense donne son avis sur l’avenant
    Et le responsable de l’ARS fige l’avenant à signer
    Alors l’avenant est prêt à être signé
