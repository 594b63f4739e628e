# language: fr

@CASF-R314-160 @CASF-R314-174
Fonctionnalité: Renoncer à la modulation des forfaits d’un EHPAD
  Quand le taux d’occupation s’écarte du seuil, les textes disent ce que deviendraient les forfaits. Le logiciel calcule cette
  proposition et ne l’applique pas : en cas de situation exceptionnelle, l’autorité de tarification renonce à tout ou partie de la
  modulation, par une décision motivée.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS
    Et un CPOM en vigueur
    Et un EHPAD de 100 places, occupé à 91,4 % en 2024

  @invariant-1
  Scénario: Le calcul propose, et rien n’est décidé
    Quand le chargé de contractualisation calcule la modulation de 2025
    Alors la modulation proposée pour les soins est de −22 222,21 euros
    Et aucune renonciation n’est enregistrée

  Scénario: Le directeur général renonce à la moitié de la modulation des soins, et dit pourquoi
    Quand le directeur général de l’ARS renonce à 50 % de la modulation des soins
    Alors −11 111,11 euros sont écartés et −11 111,10 euros restent
    Et la renonciation porte le nom et les motifs de son auteur

  Scénario: Une renonciation sans motifs est refusée
    Quand le directeur général de l’ARS renonce sans motifs à la modulation des soins
    Alors l’acte est refusé car la motivation manque
    Et aucune renonciation n’est enregistrée

  @CASF-L314-2
  Scénario: La dépendance relève du conseil départemental
    Quand le directeur général de l’ARS renonce à 50 % de la modulation de la dépendance
    Alors l’acte est refusé car cette section relève de l’autre autorité de tarification
    Et aucune renonciation n’est enregistrée

  @invariant-1
  Scénario: Ni un traitement automatique ni un agent ne renonce à une modulation
    Quand un traitement automatique renonce à 50 % de la modulation des soins
    Alors l’acte est refusé car il est réservé à une personne habilitée
    Quand le chargé de contractualisation renonce à 50 % de la modulation des soins
    Alors l’acte est refusé car il est réservé à une personne habilitée
    Et aucune renonciation n’est enregistrée
