# language: fr

@CSP-L6114-1
Fonctionnalité: Ce qui change d’une version à l’autre
  Chaque version du texte est gardée telle qu’elle fut proposée. Entre deux versions quelconques, chaque différence est
  nommée : la partie du texte, l’élément, ce qui y change, ce qui était écrit et ce qui l’est.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS
    Et un CPOM en négociation

  @garde-C2
  Scénario: Un objectif réécrit, un financement inscrit, puis porté à un autre montant
    Quand le directeur de l’établissement réécrit l’objectif O1 : « Filières de proximité »
    Et le chargé de contractualisation inscrit le financement F1 de 80000.00 euros
    Et le directeur de l’établissement porte le financement F1 à 90000.00 euros
    Alors le texte en est à la version 4
    Et de la version 1 à la version 2, le texte change ainsi
      | partie   | élément | changement | champ    | avant                      | après                 |
      | objectif | O1      | modifié    | intitulé | Positionnement territorial | Filières de proximité |
    Et de la version 2 à la version 3, le texte change ainsi
      | partie      | élément | changement | champ | avant | après              |
      | financement | F1      | ajouté     |       |       | Section dépendance |
    Et de la version 3 à la version 4, le texte change ainsi
      | partie      | élément | changement | champ   | avant    | après    |
      | financement | F1      | modifié    | montant | 80000.00 | 90000.00 |

  Scénario: La comparaison se lit dans les deux sens
    Quand le directeur de l’établissement réécrit l’objectif O1 : « Filières de proximité »
    Et le chargé de contractualisation inscrit le financement F1 de 80000.00 euros
    Alors de la version 3 à la version 1, le texte change ainsi
      | partie      | élément | changement | champ    | avant                 | après                      |
      | objectif    | O1      | modifié    | intitulé | Filières de proximité | Positionnement territorial |
      | financement | F1      | retiré     |          | Section dépendance    |                            |
    Et de la version 3 à la version 3, le texte ne change pas

  Scénario: Qui ne voit pas le contrat n’en compare pas les versions
    Quand le directeur de l’établissement réécrit l’objectif O1 : « Filières de proximité »
    Alors le directeur de l’établissement peut comparer les versions 1 et 2
    Et le directeur d’un autre établissement ne peut pas comparer les versions 1 et 2
