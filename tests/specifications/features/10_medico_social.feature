# language: fr

@CASF-L313-12
Fonctionnalité: Programmer et signer le CPOM d’un EHPAD
  Un EHPAD relève de l’agence régionale de santé et du conseil départemental. Une décision conjointe programme les
  contrats à signer ; le contrat est signé par les trois parties ; qui refuse de le signer s’expose à une procédure,
  jamais automatique (CASF, art. L313-12, IV ter).

  Contexte:
    Étant donné une région dont les EHPAD sont inscrits au FINESS

  Scénario: Le conseil départemental est une partie nécessaire
    Quand le chargé de contractualisation ouvre un projet de CPOM
    Alors l’acte est refusé car la signature du conseil départemental est nécessaire

  @garde-C1
  Scénario: Le contrat relève du régime des EHPAD
    Étant donné un projet de CPOM d’EHPAD
    Alors le CPOM est à l’état de projet
    Et il relève du régime EHPAD_2017

  @garde-C6
  Scénario: Trois parties signent, et le président du conseil départemental sous l’acte qui le désigne
    Étant donné un CPOM d’EHPAD prêt à être signé
    Quand le directeur général de l’ARS signe pour l’ARS
    Et le directeur de l’établissement signe pour l’établissement
    Alors le CPOM est partiellement signé
    Quand le président du conseil départemental signe pour le conseil départemental
    Alors l’acte est refusé car son auteur ne représente pas cette partie
    Étant donné l’acte qui désigne le président du conseil départemental
    Quand le président du conseil départemental signe pour le conseil départemental
    Alors le CPOM est signé
    Et toutes les signatures portent l’empreinte du document figé

  @garde-C6
  Scénario: Un président ne lit et ne signe que les contrats de son département
    Étant donné un CPOM d’EHPAD prêt à être signé
    Alors le président du conseil départemental voit le CPOM parmi les siens
    Et le chargé de mission du conseil départemental voit le CPOM parmi les siens
    Et le président d’un autre conseil départemental ne voit pas le CPOM
    Quand le président d’un autre conseil départemental signe pour le conseil départemental
    Alors l’acte est refusé car le CPOM n’est pas visible de son auteur
    Quand le chargé de mission du conseil départemental signe pour le conseil départemental
    Alors l’acte est refusé car son auteur ne représente pas cette partie

  @CASF-L313-3 @CASF-L314-2
  Scénario: Le département rédige ses crédits, et rien de ce qui est à l’ARS
    Étant donné un projet de CPOM d’EHPAD
    Et la négociation ouverte
    Quand le chargé de mission du conseil départemental inscrit 250000 euros du département
    Alors le texte en est à la version 2
    Quand le chargé de mission du conseil départemental inscrit 80000 euros de l’ARS
    Alors l’acte est refusé car ce n’est pas de la compétence du département
    Quand le chargé de contractualisation inscrit 80000 euros de l’ARS
    Alors le texte en est à la version 3

  Scénario: Le département dit ce qu’il pense d’un objectif, et l’on sait lequel
    Étant donné un projet de CPOM d’EHPAD
    Et la négociation ouverte
    Quand le chargé de mission du conseil départemental accepte l’objectif O1
    Alors l’objectif O1 porte la position du département 13, et aucune autre

  @CASF-L313-3
  Scénario: Le département rédige les objectifs de sa compétence, et eux seuls
    Étant donné un projet de CPOM d’EHPAD
    Et la négociation ouverte
    Quand le chargé de mission du conseil départemental inscrit un objectif de la compétence du département
    Alors le texte en est à la version 2
    Quand le chargé de mission du conseil départemental inscrit un objectif de compétence conjointe
    Alors le texte en est à la version 3
    Quand le chargé de mission du conseil départemental inscrit un objectif de la compétence de l’ARS
    Alors l’acte est refusé car ce n’est pas de la compétence du département
    Quand le chargé de mission du conseil départemental inscrit un objectif sans mention de compétence
    Alors l’acte est refusé car ce n’est pas de la compétence du département

  @avenant-signataires
  Scénario: Un conseil départemental dont rien ne relève plus quitte le contrat, et signe pour cela
    Étant donné un CPOM d’EHPAD de deux départements en vigueur
    Et un avenant prêt à être signé par lequel l’autre conseil départemental quitte le CPOM le 1er juin 2026
    Alors l’autre conseil départemental est parmi les signataires de l’avenant
    Quand le directeur général de l’ARS signe l’avenant pour l’ARS
    Et le directeur de l’établissement signe l’avenant pour l’établissement
    Et le président du conseil départemental signe l’avenant pour le conseil départemental
    Alors l’avenant est partiellement signé
    Quand le président d’un autre conseil départemental signe l’avenant pour l’autre conseil départemental
    Alors l’avenant est signé
    Et au 31 mai 2026, l’autre conseil départemental est partie au CPOM consolidé
    Et au 1er juin 2026, l’autre conseil départemental n’est pas partie au CPOM consolidé
    Et le président d’un autre conseil départemental voit le CPOM parmi les siens
    Quand arrive le 1er juin 2026
    Alors l’avenant est en vigueur
    Et le président d’un autre conseil départemental ne voit pas le CPOM

  @CASF-L313-3
  Scénario: Un conseil départemental compétent pour un établissement du contrat ne le quitte pas
    Étant donné un CPOM d’EHPAD de deux départements en vigueur
    Quand le chargé de contractualisation propose un avenant par lequel le conseil départemental quitte le CPOM le 1er juin 2026
    Et le directeur de l’établissement ouvre la négociation de l’avenant
    Et le responsable de l’ARS approuve l’avenant
    Alors l’acte est refusé car le conseil départemental reste compétent
    Et au 1er juin 2026, l’autre conseil départemental est partie au CPOM consolidé

  Scénario: La programmation est une décision conjointe, à publier avant le premier exercice
    Étant donné l’acte qui désigne le président du conseil départemental
    Et une programmation des EHPAD à partir de 2027
    Alors la programmation est à publier le 31 décembre 2026 au plus tard
    Quand le directeur général de l’ARS approuve la programmation pour l’ARS
    Et le chargé de contractualisation publie la programmation
    Alors l’acte est refusé car une autorité n’a pas approuvé la programmation
    Quand le président du conseil départemental approuve la programmation pour le conseil départemental
    Et le chargé de contractualisation publie la programmation
    Alors la programmation est en vigueur

  Scénario: Un projet qui s’écarte de la programmation est signalé, et se poursuit
    Étant donné une programmation des EHPAD publiée à partir de 2027
    Et un projet de CPOM d’EHPAD
    Alors le projet s’écarte de l’année programmée
    Quand le chargé de contractualisation ouvre la négociation
    Alors le CPOM est en négociation

  @invariant-1
  Scénario: Le refus de signer n’ouvre rien de lui-même : une personne propose, une autre décide
    Étant donné un CPOM d’EHPAD prêt à être signé
    Quand arrive le 10 mars 2027
    Alors aucune procédure n’existe
    Quand un traitement automatique propose une procédure pour refus de signer
    Alors l’acte est refusé car il est réservé à une personne habilitée
    Quand le responsable de l’ARS propose une procédure pour refus de signer
    Alors la procédure attend le directeur général
    Quand le responsable devenu directeur général ouvre la procédure
    Alors l’acte est refusé car qui a proposé ne décide pas
    Quand le directeur général de l’ARS ouvre la procédure
    Alors la procédure est ouverte
