# language: fr

@CSP-R6132-19-3
Fonctionnalité: Les membres d’un contrat de plusieurs entités
  Un contrat de groupement ou de plusieurs entités juridiques vit plus longtemps que la liste de ses membres. Un avenant
  fait entrer ou sortir une entité avec ses établissements ; qui entre signe, qui sort aussi. Le titulaire reste : un
  autre titulaire prend un autre contrat. D’un groupement hospitalier de territoire, un autre membre peut devenir
  l’établissement support : celui qu’il remplace signe avec lui.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  @avenant-signataires @CSP-L6114-1
  Scénario: Qui sort signe l’avenant, et reste membre jusqu’à la veille de sa prise d’effet
    Étant donné un CPOM de deux entités juridiques en vigueur
    Et un avenant prêt à être signé par lequel l’autre entité quitte le CPOM le 1er juin 2026
    Alors l’autre entité est parmi les signataires de l’avenant
    Quand le directeur général de l’ARS signe l’avenant pour l’ARS
    Et le directeur de l’établissement signe l’avenant pour l’autre entité
    Alors l’acte est refusé car son auteur ne représente pas cette partie
    Quand le directeur de l’établissement signe l’avenant pour l’établissement
    Alors l’avenant est partiellement signé
    Quand le directeur d’un autre établissement signe l’avenant pour l’autre entité
    Alors l’avenant est signé
    Et au 31 mai 2026, l’autre entité est membre du CPOM consolidé
    Et au 1er juin 2026, l’autre entité n’est pas membre du CPOM consolidé

  @avenant-consolidation @CSP-L6114-1
  Scénario: Qui revient signe à son tour, et chaque jour a ses membres
    Étant donné un CPOM de deux entités juridiques en vigueur
    Et un avenant signé par lequel l’autre entité quitte le CPOM le 1er juin 2026
    Quand arrive le 1er juin 2026
    Alors l’avenant est en vigueur
    Étant donné un avenant prêt à être signé par lequel l’autre entité rejoint le CPOM le 1er janvier 2027
    Alors l’autre entité est parmi les signataires de l’avenant
    Quand le directeur général de l’ARS signe l’avenant pour l’ARS
    Et le directeur de l’établissement signe l’avenant pour l’établissement
    Et le directeur d’un autre établissement signe l’avenant pour l’autre entité
    Alors l’avenant est signé
    Et au 31 décembre 2026, l’autre entité n’est pas membre du CPOM consolidé
    Et au 1er janvier 2027, l’autre entité est membre du CPOM consolidé

  @avenant-titulaire @CSP-L6114-1
  Scénario: Le titulaire reste
    Étant donné un CPOM de deux entités juridiques en vigueur
    Quand le chargé de contractualisation propose un avenant par lequel toutes les entités quittent le CPOM le 1er juin 2026
    Alors l’acte est refusé car un avenant ne change pas le titulaire
    Et aucun avenant n’existe

  @avenant-titulaire @CSP-L6114-1
  Scénario: Le contrat d’une seule entité n’a pas de membres
    Étant donné un CPOM en vigueur
    Quand le chargé de contractualisation propose un avenant par lequel l’autre entité rejoint le CPOM le 1er juin 2026
    Alors l’acte est refusé car un avenant ne change pas le titulaire
    Et aucun avenant n’existe

  @CSP-L6114-1
  Scénario: Nul n’entre deux fois
    Étant donné un CPOM de deux entités juridiques en vigueur
    Quand le chargé de contractualisation propose un avenant par lequel l’autre entité rejoint le CPOM le 1er juin 2026
    Alors l’acte est refusé car l’entité est déjà partie au CPOM
    Et aucun avenant n’existe

  @CSP-L6114-1
  Scénario: Les établissements sortent avec leur entité
    Étant donné un CPOM de deux entités juridiques en vigueur
    Quand le chargé de contractualisation propose un avenant par lequel l’autre entité quitte le CPOM sans ses établissements le 1er juin 2026
    Et le directeur de l’établissement ouvre la négociation de l’avenant
    Et le responsable de l’ARS approuve l’avenant
    Alors l’acte est refusé car le périmètre ne correspond pas au FINESS

  @avenant-titulaire @CSP-L6132-2
  Scénario: Un autre membre devient l’établissement support, et signe avec celui qu’il remplace
    Étant donné un CPOM de groupement hospitalier de territoire en vigueur
    Et un avenant prêt à être signé par lequel l’autre entité devient l’établissement support le 1er juin 2026
    Alors l’autre entité est parmi les signataires de l’avenant
    Quand le directeur général de l’ARS signe l’avenant pour l’ARS
    Et le directeur d’un autre établissement signe l’avenant pour l’autre entité
    Alors l’avenant est partiellement signé
    Quand le directeur de l’établissement signe l’avenant pour l’établissement
    Alors l’avenant est signé
    Et au 31 mai 2026, l’autre entité n’est pas l’établissement support du CPOM consolidé
    Et au 1er juin 2026, l’autre entité est l’établissement support du CPOM consolidé
    Quand arrive le 1er juin 2026
    Alors l’avenant est en vigueur
    Quand le chargé de contractualisation propose un avenant portant le financement à 1000 euros le 1er juillet 2026
    Alors l’autre entité est parmi les signataires de l’avenant
    Et l’établissement n’est pas parmi les signataires de l’avenant

  @avenant-titulaire
  Scénario: L’établissement support ne quitte pas le groupement sans successeur
    Étant donné un CPOM de groupement hospitalier de territoire en vigueur
    Quand le chargé de contractualisation propose un avenant par lequel l’établissement support quitte le CPOM le 1er juin 2026
    Alors l’acte est refusé car un avenant ne change pas le titulaire
    Et aucun avenant n’existe

  Scénario: Seul un groupement a un établissement support
    Étant donné un CPOM de deux entités juridiques en vigueur
    Quand le chargé de contractualisation propose un avenant par lequel l’autre entité devient l’établissement support le 1er juin 2026
    Alors l’acte est refusé car le groupement ne le permet pas
    Et aucun avenant n’existe
