# language: fr

@CRPA-L311-3-1
Fonctionnalité: Prouver et expliquer
  Ce qui s’est passé est écrit une fois et se vérifie ; ce qu’un calcul a constaté s’explique dans les termes de la
  loi.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  @invariant-7
  Scénario: L’histoire d’un contrat est complète, chaînée et nommée
    Étant donné une revue examinée
    Quand le responsable de l’ARS conclut la revue sans suite
    Alors l’auditeur lit dans l’histoire du CPOM, dans cet ordre
      | ce qui s’est passé                        | qui                |
      | le projet est ouvert                      | une personne       |
      | la négociation est ouverte                | une personne       |
      | un avis est consigné                      | une personne       |
      | le document est figé                      | une personne       |
      | une partie signe                          | une personne       |
      | le contrat est signé                      | une personne       |
      | la revue est ouverte                      | un traitement      |
      | les constats sont notifiés                | une personne       |
      | l’établissement présente ses observations | une personne       |
      | la revue est examinée                     | une personne       |
      | la revue est conclue                      | une personne       |
    Et chaque maillon de cette histoire porte l’empreinte du précédent

  @invariant-7
  Scénario: Ce qui est écrit ne se récrit pas, même par l’administrateur de la base
    Étant donné un CPOM signé
    Quand l’administrateur de la base tente de récrire l’histoire
    Alors la base refuse

  @invariant-8 @CRPA-R311-3-1-2
  Scénario: Chaque constat explique son calcul
    Étant donné un CPOM en vigueur dont un objectif opposable n’est pas tenu
    Quand le contrôle annuel est mené
    Alors chaque constat dit le degré et le mode de contribution du calcul
    Et chaque constat dit les données traitées et leurs sources
    Et chaque constat dit les paramètres et leur origine
    Et chaque constat dit les opérations effectuées
