# language: fr

@CSP-R6132-19-3
Fonctionnalité: Le retrait d’un membre du groupement
  Le contrat unique d’un groupement hospitalier de territoire peut être dénoncé par l’un de ses membres, trois ans au moins
  après sa signature et avec un préavis de six mois. Le directeur général de l’ARS fixe les modalités, dont la date d’effet,
  et peut décider que le contrat se poursuit entre les autres.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS
    Et un CPOM de groupement hospitalier de territoire en vigueur

  Scénario: Pas avant trois ans
    Quand arrive le 1er mars 2029
    Et le directeur d’un autre établissement notifie le retrait de l’autre entité
    Alors l’acte est refusé car les trois ans ne sont pas passés

  Scénario: L’établissement support ne se retire pas ainsi
    Quand arrive le 1er mai 2029
    Et le directeur de l’établissement notifie le retrait de l’établissement support
    Alors l’acte est refusé car le groupement ne le permet pas

  Scénario: Le directeur général fixe les modalités après le préavis
    Quand arrive le 1er mai 2029
    Et le directeur d’un autre établissement notifie le retrait de l’autre entité
    Alors le retrait prend effet au plus tôt le 1er novembre 2029
    Et le directeur général de l’ARS lit l’échéance « Fixer les modalités du retrait d’un membre du groupement » au 1er novembre 2029
    Quand le directeur général de l’ARS fixe la date d’effet du retrait au 31 octobre 2029
    Alors l’acte est refusé car le préavis court encore
    Quand le responsable de l’ARS fixe la date d’effet du retrait au 1er décembre 2029
    Alors l’acte est refusé car il est réservé à une personne habilitée
    Quand le directeur général de l’ARS fixe la date d’effet du retrait au 1er décembre 2029
    Alors le retrait a pour date d’effet le 1er décembre 2029
    Et au 1er décembre 2029, l’autre entité est membre du CPOM consolidé
