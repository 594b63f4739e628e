# language: fr

@CSP-L6114-1
Fonctionnalité: Réviser le contrat par avenant
  Le contrat est révisé par avenant, à la demande de l’une ou l’autre partie et entre les mêmes signataires. Les
  avenants se suivent ; le contrat d’un jour est ce que les avenants en vigueur ce jour-là ont fait de lui. Rien ne
  s’applique en silence : ce que l’avenant change est montré avant d’être signé.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS
    Et un CPOM en vigueur

  @avenant-initiative
  Plan du Scénario: L’une ou l’autre partie propose ; l’autre accepte d’en parler
    Quand <auteur> propose un avenant portant le financement à 50000 euros le 1er juin 2026
    Alors l’avenant est proposé
    Quand <auteur> ouvre la négociation de l’avenant
    Alors l’acte est refusé car il revient à l’autre partie
    Quand <autre> ouvre la négociation de l’avenant
    Alors l’avenant est en négociation

    Exemples:
      | auteur                          | autre                           |
      | le chargé de contractualisation | le directeur de l’établissement |
      | le directeur de l’établissement | le responsable de l’ARS         |

  @avenant-initiative @invariant-1
  Scénario: Un traitement automatique ne propose pas d’avenant
    Quand un traitement automatique propose un avenant portant le financement à 50000 euros le 1er juin 2026
    Alors l’acte est refusé car il est réservé à une personne habilitée
    Et aucun avenant n’existe

  @avenant-motif @CSP-R6112-5
  Scénario: Un avenant a un motif
    Quand le chargé de contractualisation propose un avenant sans motif
    Alors l’acte est refusé car la motivation manque
    Et aucun avenant n’existe

  @avenant-issue
  Scénario: Qui n’a pas proposé peut rejeter, qui a proposé peut retirer
    Quand le chargé de contractualisation propose un avenant portant le financement à 50000 euros le 1er juin 2026
    Et le directeur de l’établissement retire l’avenant
    Alors l’acte est refusé car l’avenant est proposé par l’autre partie
    Quand le directeur de l’établissement rejette l’avenant
    Alors l’avenant est rejeté
    Quand le directeur de l’établissement propose un avenant portant le financement à 60000 euros le 1er juin 2026
    Et le directeur de l’établissement retire l’avenant
    Alors l’avenant est retiré

  @avenant-titulaire
  Scénario: Un avenant ne change pas le titulaire
    Quand le chargé de contractualisation propose un avenant qui change le titulaire du CPOM
    Alors l’acte est refusé car un avenant ne change pas le titulaire
    Et aucun avenant n’existe

  @avenant-durée
  Scénario: Un avenant ne porte pas la durée au-delà de cinq ans
    Quand le chargé de contractualisation propose un avenant prolongeant le CPOM jusqu’au 30 juin 2028
    Et le directeur de l’établissement ouvre la négociation de l’avenant
    Et le responsable de l’ARS approuve l’avenant
    Alors l’acte est refusé car la durée dépasse celle du régime

  @avenant-durée @décret-2025-180
  Scénario: Un onzième objectif ne vient pas par avenant
    Quand le chargé de contractualisation propose un avenant ajoutant 10 objectifs stratégiques
    Et le directeur de l’établissement ouvre la négociation de l’avenant
    Et le responsable de l’ARS approuve l’avenant
    Alors l’acte est refusé car le texte comporte trop d’objectifs stratégiques

  @avenant-durée @avenant-consolidation @décret-2025-180
  Scénario: Un onzième objectif ne vient pas davantage avec un avenant signé qui prend effet ensuite
    Étant donné un avenant signé ajoutant 6 objectifs stratégiques le 1er janvier 2027
    Quand le chargé de contractualisation propose un avenant ajoutant 4 objectifs stratégiques
    Alors l’étude d’impact cite l’avenant signé qui prend effet ensuite
    Quand le directeur de l’établissement ouvre la négociation de l’avenant
    Et le responsable de l’ARS approuve l’avenant
    Alors l’acte est refusé car un avenant déjà signé s’y oppose

  @avenant-impact
  Scénario: Ce que l’avenant change est montré, et une personne en prend acte avant la signature
    Étant donné un avenant approuvé portant le financement à 50000 euros le 1er juin 2026
    Alors l’avenant est en consultation
    Et l’étude d’impact fait passer le financement de 0.00 à 50000.00 euros
    Quand les instances donnent leur avis sur l’avenant
    Et le responsable de l’ARS fige l’avenant à signer
    Alors l’acte est refusé car nul n’a pris acte de l’étude d’impact
    Quand le responsable de l’ARS prend acte de l’étude d’impact
    Et le responsable de l’ARS fige l’avenant à signer
    Alors l’avenant est prêt à être signé

  @avenant-impact @CSP-L1435-3
  Scénario: Un constat né entre-temps oblige à relire l’étude d’impact
    Étant donné un objectif opposable du CPOM non tenu
    Et un avenant approuvé portant le financement à 50000 euros le 1er juin 2026
    Et l’avis des instances sur l’avenant
    Quand le responsable de l’ARS prend acte de l’étude d’impact
    Et le contrôle annuel est mené
    Et le responsable de l’ARS fige l’avenant à signer
    Alors l’acte est refusé car l’étude d’impact a changé
    Et l’étude d’impact cite le constat en cours de revue

  @avenant-signataires
  Scénario: Un avenant a les mêmes signataires que le contrat
    Étant donné un avenant prêt à être signé portant le financement à 50000 euros le 1er juin 2026
    Alors les signataires de l’avenant sont ceux du CPOM
    Quand le directeur de l’établissement signe l’avenant pour l’ARS
    Alors l’acte est refusé car son auteur ne représente pas cette partie
    Quand le directeur général de l’ARS signe l’avenant pour l’ARS
    Alors l’avenant est partiellement signé
    Quand le directeur de l’établissement signe l’avenant pour l’établissement
    Alors l’avenant est signé

  @avenant-numérotation
  Scénario: Les avenants d’un contrat se suivent
    Étant donné un avenant signé portant le financement à 50000 euros le 1er juin 2026
    Alors l’avenant porte le numéro 1
    Étant donné un avenant signé portant le financement à 60000 euros le 1er juillet 2026
    Alors l’avenant porte le numéro 2

  @garde-C9 @avenant-consolidation
  Scénario: Le contrat d’un jour est le pli des avenants par date d’effet
    Étant donné un avenant signé portant le financement à 30000 euros le 1er janvier 2027
    Et un avenant signé portant le financement à 20000 euros le 1er juin 2026
    Alors au 31 mai 2026, le CPOM consolidé ne porte aucun financement
    Et au 1er juin 2026, le CPOM consolidé porte un financement de 20000 euros
    Et au 31 décembre 2026, le CPOM consolidé porte un financement de 20000 euros
    Et au 1er janvier 2027, le CPOM consolidé porte un financement de 30000 euros

  @garde-C9
  Scénario: Un avenant signé prend effet à son jour, ni avant ni par un acte
    Étant donné un avenant signé portant le financement à 50000 euros le 1er juin 2026
    Quand arrive le 31 mai 2026
    Alors l’avenant est signé
    Quand arrive le 1er juin 2026
    Alors l’avenant est en vigueur
    Et le CPOM est en vigueur
