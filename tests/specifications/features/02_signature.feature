# language: fr

@CSP-L6114-1
Fonctionnalité: Consulter, signer, entrer en vigueur
  Les instances donnent leur avis, qui éclaire sans lier. Le texte et ses cibles sont alors figés en un document
  unique que chaque partie signe, et le contrat entre en vigueur au jour convenu.

  Contexte:
    Étant donné une région dont les établissements sont inscrits au FINESS

  @garde-C5
  Scénario: Le document n’est pas figé avant l’avis des instances
    Étant donné un CPOM en consultation
    Quand le chargé de contractualisation fige le document à signer
    Alors l’acte est refusé car un avis manque
    Et le CPOM est inchangé

  @garde-C5
  Scénario: Un avis défavorable n’empêche pas de signer
    Étant donné un CPOM en consultation
    Quand le chargé de contractualisation consigne un avis défavorable
    Et le chargé de contractualisation fige le document à signer
    Alors le CPOM est prêt à être signé
    Et le document figé a pour empreinte celle du CPOM

  @garde-C5
  Scénario: Un avis n’est pas postdaté
    Étant donné un CPOM en consultation
    Quand le chargé de contractualisation consigne un avis daté du 11 mars 2026
    Alors l’acte est refusé car l’avis est daté de l’avenir

  @garde-C5 @CSP-L6114-2
  Scénario: Le document n’est pas figé sans cibles convenues
    Étant donné un CPOM en consultation sans cibles convenues
    Quand le chargé de contractualisation consigne un avis favorable
    Et le chargé de contractualisation fige le document à signer
    Alors l’acte est refusé car les cibles ne sont pas convenues
    Et le CPOM est inchangé

  @garde-C6
  Scénario: Chaque partie signe le même document
    Étant donné un CPOM prêt à être signé
    Quand le directeur général de l’ARS signe
    Alors le CPOM est partiellement signé
    Quand le directeur de l’établissement signe
    Alors le CPOM est signé
    Et toutes les signatures portent l’empreinte du document figé

  @garde-C6 @CRPA-L212-3
  Scénario: La preuve d’une signature se vérifie sans le logiciel
    Étant donné un CPOM signé
    Alors la signature électronique de chaque partie se vérifie avec openssl

  @garde-C6 @CSP-L1432-2
  Plan du Scénario: Nul ne signe pour une partie qu’il ne représente pas
    Étant donné un CPOM prêt à être signé
    Quand <personne> signe pour <partie>
    Alors l’acte est refusé car <motif>
    Et le CPOM est inchangé

    Exemples:
      | personne                                | partie          | motif                                              |
      | le responsable de l’ARS                 | l’ARS           | son auteur ne représente pas cette partie          |
      | le directeur de l’établissement         | l’ARS           | son auteur ne représente pas cette partie          |
      | le directeur général de l’ARS           | l’établissement | son auteur ne représente pas cette partie          |
      | le directeur d’un autre établissement   | l’établissement | le CPOM n’est pas visible de son auteur            |
      | un traitement automatique               | l’ARS           | il est réservé à une personne habilitée            |

  @garde-C6 @CSP-L1432-2
  Scénario: Un délégué signe pour l’ARS, à compter de la publication de sa délégation
    Étant donné un CPOM prêt à être signé
    Et une délégation de signature au directeur délégué, publiée le 11 mars 2026
    Quand le directeur délégué signe pour l’ARS
    Alors l’acte est refusé car la délégation de son auteur n’est pas en vigueur
    Et le CPOM est inchangé
    Quand arrive le 11 mars 2026
    Et le directeur délégué signe pour l’ARS
    Alors le CPOM est partiellement signé

  @garde-C6
  Scénario: On ne signe pas un autre document que celui qui est figé
    Étant donné un CPOM prêt à être signé
    Quand le directeur général de l’ARS signe un autre document
    Alors l’acte est refusé car le document n’est pas celui qui est figé

  @garde-C6
  Scénario: On ne signe qu’une fois
    Étant donné un CPOM prêt à être signé
    Quand le directeur général de l’ARS signe
    Et le directeur général de l’ARS signe
    Alors l’acte est refusé car cette partie a déjà signé

  @garde-C6 @garde-C1
  Scénario: Deux CPOM ne prennent pas le même établissement, même signés le même jour
    Étant donné un CPOM prêt à être signé
    Et un second CPOM signé pour le même établissement
    Quand le directeur général de l’ARS signe
    Et le directeur de l’établissement signe
    Alors l’acte est refusé car un autre CPOM couvre déjà l’établissement

  @garde-C7
  Scénario: Une partie se retire avant la dernière signature
    Étant donné un CPOM prêt à être signé
    Quand le directeur général de l’ARS signe
    Et le directeur de l’établissement se retire de la signature
    Alors le CPOM est en négociation
    Et aucune signature ne vaut plus

  @garde-C7
  Scénario: On ne se retire pas d’un contrat signé
    Étant donné un CPOM signé
    Quand le directeur de l’établissement se retire de la signature
    Alors l’acte est refusé car l’état du CPOM ne le permet pas

  @garde-C8
  Scénario: Le contrat entre en vigueur au jour convenu, ni avant ni par un acte
    Étant donné un CPOM signé
    Quand arrive le 31 mars 2026
    Alors le CPOM est signé
    Quand arrive le 1er avril 2026
    Alors le CPOM est en vigueur

  @garde-C18
  Scénario: Le contrat expire le lendemain de son dernier jour
    Étant donné un CPOM signé
    Quand arrive le 1er avril 2026
    Alors le CPOM est en vigueur
    Quand arrive le 31 mars 2031
    Alors le CPOM est en vigueur
    Quand arrive le 1er avril 2031
    Alors le CPOM est expiré

  @garde-C20
  Scénario: L’ARS abandonne un projet que nul n’a signé
    Étant donné un CPOM en négociation
    Quand le chargé de contractualisation abandonne le projet
    Alors le CPOM est abandonné

  @garde-C20 @CRPA-L211-2
  Scénario: On n’abandonne pas sans dire pourquoi
    Étant donné un CPOM en négociation
    Quand le chargé de contractualisation abandonne le projet sans motif
    Alors l’acte est refusé car la motivation manque
    Et le CPOM est inchangé

  @garde-C20
  Scénario: On n’abandonne pas ce qu’une partie a déjà signé
    Étant donné un CPOM prêt à être signé
    Quand le directeur général de l’ARS signe
    Et le responsable de l’ARS abandonne le projet
    Alors l’acte est refusé car l’état du CPOM ne le permet pas
