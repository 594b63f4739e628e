# language: fr

@CASF-L313-12
Fonctionnalité: Programmer les contrats médico-sociaux
  L’agence et les conseils départementaux décident ensemble quels contrats signer, et en quelle année. La décision se publie
  avant la première année. Publiée, elle ne change plus : une autre version la remplace. Elle n’oblige personne par elle-même.

  Contexte:
    Étant donné une région dont les EHPAD sont inscrits au FINESS

  Scénario: Changer le projet fait tomber les approbations déjà données
    Étant donné l’acte qui désigne le président du conseil départemental
    Et une programmation des EHPAD à partir de 2027
    Quand le directeur général de l’ARS approuve la programmation pour l’ARS
    Et le chargé de contractualisation reporte les contrats à 2028
    Et le président du conseil départemental approuve la programmation pour le conseil départemental
    Et le chargé de contractualisation publie la programmation
    Alors l’acte est refusé car une autorité n’a pas approuvé la programmation

  Scénario: Une décision publiée ne change plus ; la version suivante la remplace
    Étant donné une programmation des EHPAD publiée à partir de 2027
    Quand le chargé de contractualisation reporte les contrats à 2028
    Alors l’acte est refusé car la programmation est déjà publiée
    Quand le chargé de contractualisation prépare une autre version, qui reporte les contrats à 2028
    Alors la programmation précédente est en vigueur
    Quand le directeur général de l’ARS approuve la programmation pour l’ARS
    Et le président du conseil départemental approuve la programmation pour le conseil départemental
    Et le chargé de contractualisation publie la programmation
    Alors la programmation est en vigueur
    Et la programmation précédente n’est plus en vigueur

  Scénario: Un projet à la fois
    Étant donné une programmation des EHPAD à partir de 2027
    Quand le chargé de contractualisation prépare une autre version, qui reporte les contrats à 2028
    Alors l’acte est refusé car une programmation est déjà en préparation

  Scénario: Une publication après le 31 décembre est reçue, et signalée
    Étant donné l’acte qui désigne le président du conseil départemental
    Et une programmation des EHPAD à partir de 2027
    Alors la programmation est à publier le 31 décembre 2026 au plus tard
    Quand arrive le 5 janvier 2027
    Et le directeur général de l’ARS approuve la programmation pour l’ARS
    Et le président du conseil départemental approuve la programmation pour le conseil départemental
    Et le chargé de contractualisation publie la programmation
    Alors la programmation est publiée en retard
    Et la programmation est en vigueur

  Scénario: Un projet de contrat qu’elle attend une autre année est signalé par une tâche, et se poursuit
    Étant donné un projet de CPOM d’EHPAD
    Et une programmation des EHPAD publiée à partir de 2027
    Alors une tâche signale au chargé de contractualisation que la programmation a changé
    Et le CPOM est à l’état de projet

  Scénario: Le projet n’est lu que de ceux qui le préparent ; la décision publiée l’est de tous
    Étant donné l’acte qui désigne le président du conseil départemental
    Et une programmation des EHPAD à partir de 2027
    Alors le chargé de mission du conseil départemental lit la programmation
    Et le président d’un autre conseil départemental ne lit pas la programmation
    Et le directeur de l’établissement ne lit pas la programmation
    Quand le directeur général de l’ARS approuve la programmation pour l’ARS
    Et le président du conseil départemental approuve la programmation pour le conseil départemental
    Et le chargé de contractualisation publie la programmation
    Alors le directeur de l’établissement lit la programmation
    Et le président d’un autre conseil départemental lit la programmation
