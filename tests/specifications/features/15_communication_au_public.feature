# language: fr

@CRPA-L311-1
Fonctionnalité: Ce que le public lit d’un contrat
  Un contrat en vigueur se communique à qui le demande. Ses parties classent chaque clause ; le public lit celles qui sont
  publiques et, des autres, le seul motif qui les protège.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  Plan du Scénario: Une clause protégée est remplacée par son motif
    Étant donné un CPOM signé dont une clause est publique et l’autre protégée au titre <titre>
    Quand arrive le 1er avril 2026
    Alors le public lit la clause publique
    Et le public ne lit de l’autre clause que le motif qui la protège
    Et le directeur de l’établissement lit les deux clauses

    @CRPA-L311-6
    Exemples:
      | titre                  |
      | du secret des affaires |
      | de la vie privée       |

    @CRPA-L311-5
    Exemples:
      | titre                                  |
      | de la qualité et la sécurité des soins |

    @CRPA-L311-2
    Exemples:
      | titre                       |
      | des documents préparatoires |

  @CRPA-L311-2
  Scénario: Un contrat qui n’est pas en vigueur ne se communique pas
    Étant donné un CPOM signé dont une clause est publique et l’autre protégée au titre du secret des affaires
    Alors le public ne trouve pas le CPOM
    Quand arrive le 1er avril 2026
    Alors le public lit la clause publique
    Quand arrive le 1er avril 2031
    Alors le public ne trouve pas le CPOM
