# language: fr

@circulaire-DGOS-R5-2011-74
Fonctionnalité: Du constat à la conclusion, une revue contradictoire
  Le contrôle ex-post est systématique : tout contrat en vigueur est contrôlé chaque année. Un écart n’est qu’un
  constat ; il ouvre une revue, que des personnes instruisent après avoir entendu l’établissement.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  Scénario: Un objectif tenu n’ouvre aucune revue
    Étant donné un CPOM en vigueur dont les objectifs sont tenus
    Quand le contrôle annuel est mené
    Alors le CPOM a été contrôlé
    Et aucune revue n’est ouverte

  @CSP-L1435-3
  Scénario: Un écart ouvre une revue, et rien d’autre
    Étant donné un CPOM en vigueur dont un objectif opposable n’est pas tenu
    Quand le contrôle annuel est mené
    Alors une revue est ouverte
    Et aucune procédure n’existe
    Et le CPOM est en vigueur

  @CRPA-L122-1
  Scénario: L’établissement découvre les constats quand ils lui sont notifiés, et a un mois pour répondre
    Étant donné un CPOM en vigueur dont un objectif opposable n’est pas tenu
    Et le contrôle annuel mené
    Alors la revue est invisible de l’établissement
    Quand le responsable de l’ARS notifie les constats
    Alors l’établissement lit les constats
    Quand le directeur de l’établissement prend connaissance de la notification
    Alors ses observations sont attendues jusqu’au 10 avril 2026

  @CRPA-L121-1 @CRPA-L122-1
  Scénario: On ne conclut pas avant d’avoir entendu l’établissement
    Étant donné une revue notifiée
    Quand l’examinateur examine la revue
    Et le responsable de l’ARS conclut la revue sans suite
    Alors l’acte est refusé car le délai d’observations court encore

  @CRPA-L122-1 @CRPA-R112-20
  Scénario: Le délai ne court pas tant que la réception n’est pas prouvée
    Étant donné un CPOM en vigueur dont un objectif opposable n’est pas tenu
    Et le contrôle annuel mené
    Quand le responsable de l’ARS notifie les constats
    Et l’examinateur examine la revue
    Et arrive le 10 juin 2026
    Et le responsable de l’ARS conclut la revue sans suite
    Alors l’acte est refusé car la réception n’est pas prouvée

  @CRPA-L121-1
  Scénario: On ne conclut pas sans avoir lu ce que l’établissement a répondu
    Étant donné une revue notifiée
    Quand l’examinateur examine la revue
    Et le directeur de l’établissement présente ses observations
    Et le responsable de l’ARS conclut la revue sans suite
    Alors l’acte est refusé car des observations n’ont pas été lues

  @CRPA-L122-1
  Scénario: Une fois l’établissement entendu, le responsable conclut
    Étant donné une revue notifiée
    Quand le directeur de l’établissement présente ses observations
    Et l’examinateur examine la revue
    Et le responsable de l’ARS conclut la revue par un plan d’actions
    Alors la revue est close par un plan d’actions
    Et aucune procédure n’existe

  @CRPA-L122-1
  Scénario: Le silence de l’établissement ne bloque pas la revue, une fois le délai passé
    Étant donné une revue notifiée
    Quand l’examinateur examine la revue
    Et arrive le 10 avril 2026
    Et le responsable de l’ARS conclut la revue sans suite
    Alors l’acte est refusé car le délai d’observations court encore
    Quand arrive le 11 avril 2026
    Et le responsable de l’ARS conclut la revue sans suite
    Alors la revue est close sans suite

  @CRPA-L122-1
  Scénario: L’établissement s’exprime lui-même
    Étant donné une revue notifiée
    Quand le directeur d’un autre établissement présente ses observations
    Alors l’acte est refusé car le CPOM n’est pas visible de son auteur

  @circulaire-DGOS-R5-2011-74 @CRPA-L121-1
  Scénario: Le contexte éclaire l’examen et n’en tient pas lieu
    Étant donné une revue notifiée
    Quand l’examinateur verse au dossier la comparaison avec les autres contrats
    Alors l’établissement lit la comparaison
    Et la revue n’est ni examinée ni conclue
    Et aucune procédure n’existe

  @circulaire-DGOS-R5-2011-74 @CRPA-L121-1
  Scénario: Ce qui est publié du territoire éclaire l’examen de la même façon
    Étant donné une revue notifiée
    Quand l’examinateur verse au dossier ce qui est publié du territoire
    Alors l’établissement lit ce qui est publié du territoire
    Et la revue n’est ni examinée ni conclue
    Et aucune procédure n’existe

  @invariant-2
  Scénario: Qui a conduit le contrôle n’examine pas ce qu’il a constaté
    Étant donné une revue notifiée
    Quand le contrôleur devenu examinateur examine la revue
    Alors l’acte est refusé car l’examinateur a conduit le contrôle

  @invariant-9 @CRPA-L311-2
  Scénario: L’examen est préparatoire jusqu’à la conclusion
    Étant donné une revue notifiée
    Quand le directeur de l’établissement présente ses observations
    Et l’examinateur examine la revue
    Alors l’établissement ne lit pas l’examen
    Quand le responsable de l’ARS conclut la revue sans suite
    Alors l’établissement lit l’examen
