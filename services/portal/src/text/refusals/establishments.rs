//! What the registry refuses, and what imports of files do elsewhere.

pub(super) fn sentence(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "BAD_JSON" => "Le fichier est coupé ou abîmé. Téléchargez-le de nouveau, puis renvoyez-le.",
        "CHUNK_EXPECTED" => {
            "L’envoi du fichier a été interrompu. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "EMPTY_FILE" => "Le fichier est vide. Choisissez celui qui contient les données.",
        "FILE_TOO_LARGE" => {
            "Le fichier est trop volumineux. Partagez-le en plusieurs, ou demandez à l’exploitant d’en relever la limite."
        }
        "HEADER_EXPECTED" => {
            "L’envoi du fichier a mal commencé. Choisissez le fichier de nouveau, puis renvoyez-le."
        }
        "TOO_MANY_CLOSURES" => {
            "Le fichier fermerait trop d’établissements : il est peut-être coupé. Vérifiez-le, ou importez-le comme un fichier partiel."
        }
        "UNKNOWN_LAYOUT" => {
            "Les colonnes du fichier ne sont pas celles d’un format connu. Indiquez son format, ou ajoutez les colonnes qui manquent."
        }
        "UNSUPPORTED_ENCODING" => {
            "Les caractères du fichier ne sont pas lisibles. Exportez-le en UTF-8 ou en Windows-1252."
        }
        "UPLOAD_STALLED" => {
            "L’envoi du fichier s’est arrêté en chemin. Renvoyez-le, si possible avec une meilleure connexion."
        }
        _ => return None,
    })
}
