//! French.

use super::{Language, NONE};

pub(super) const WORDS: Language = Language {
    seconds: "secondes|seconde|secs|sec",
    order: "premières|les premières|suivantes|les suivantes|dernières|les dernières",
    to: "à|a|jusqu'à|au",
    from: "de|entre|dès",
    shots: "plan|prise|case|coupe",
    scenes: "scène|scene|partie|séquence|segment|clip",
    aspects: "lumière|éclairage|son|musique|caméra|objectifs|dialogue|résumé|couleur|synopsis|narration|narrateur|\
        voix off|voix-off|voix|paroles|sous-titres|effets|effets sonores|bruitages|bruitage|dialogues|\
        texte à l'écran|costumes|jeu|bande-son|ambiance|ambiance sonore",
    numbers: "un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze",
    totals: "durée|duree|durée totale|total|longueur|durée de la vidéo",
    timelines: "chronologie|ligne de temps",
    titles: "découpage|script|storyboard|plans|scènes|séquencier|scénario",
    ends: "fin|la fin",
    films: "vidéo|video|clip|film|court métrage|court-métrage|publicité|pub|spot|plan-séquence|plan séquence|\
        animation|bande-annonce|séquence",
    images: "image|photo|photographie",
    videos: "vidéo|video",
    audios: "audio",
    attached_images: "image de référence|images de référence|image jointe|images jointes|photo jointe|photos jointes|\
        image fournie|photo fournie|image ci-jointe|photo ci-jointe|image téléchargée|photo de référence|\
        image ci-dessus|photo que je joins|image que je joins|photo en pièce jointe|image en pièce jointe|\
        photo envoyée|image envoyée|croquis joint|photographie jointe|photo importée|photos de référence",
    attached_videos: "vidéo de référence|vidéo jointe|vidéo fournie",
    attached_audios: "audio de référence|audio joint|piste jointe",
    denials: "sans|pas de|pas d'|aucun|aucune|ni|jamais|ne pas|au lieu de|pas|exempt de|place pour|zéro|point de|\
        n'ajoutez pas|aucuns|sans aucun|sans aucune",
    denials_after: "interdit|interdits|interdites|interdite|en post-production|en postproduction",
    avoidances: "éviter|évitez|ne pas inclure|ne pas afficher|ne pas ajouter|exclure|ne pas montrer|on ne veut pas|\
        ne pas utiliser|à bannir|proscrire|à proscrire|rien de tout ça|hors de question|pas question de|surtout pas",
    negative_titles: "à éviter|prompt négatif|négatif|interdits|interdictions|contraintes négatives|exclusions|\
        interdit|négatifs|pas question|hors de question|hors champ|à bannir|banni|bannis|exclus|exclu|interdites|\
        liste noire|à proscrire|proscrit|ce qu’on ne veut pas|rien de tout ça",
    contrasts: "mais|seulement|sauf|uniquement|excepté",
    speech: "dit|disent|disant|murmure|chuchote|crie|demande|répond|voix off|voix-off|narrateur|narratrice|dialogue|\
        voix|réplique|s'exclame|chante|ajoute",
    sound: "musique|bande sonore|bande-son|effets sonores|effet sonore|ambiance sonore|bruit de|bruits de|son de|\
        voix off|narration|dialogue|bruitages|on entend|retentit|résonne|mélodie|bourdonnement|grincement",
    silence: "sans son|sans audio|vidéo muette|silence total|aucun son|son coupé|clip muet|sans aucun son",
    sound_settings: "audio|son|bande-son",
    off: "aucun|aucune|non|désactivé|muet|silence|coupé",
    letters: "sous-titres|sous-titre|sous-titré|sous titres|texte à l'écran|texte affiché|titre à l'écran|\
        incrustation|incrustations|texte incrusté|le texte apparaît|le titre apparaît|un texte apparaît|carton|\
        cartons|générique de fin|texte animé|le mot apparaît|texte superposé",
    tall: "vidéo verticale|format vertical|vertical|à la verticale|format portrait|verticale",
    square: "vidéo carrée|format carré",
    wide: "vidéo horizontale|format horizontal|format paysage",
    written: "marqué|marquée|panneau|enseigne|écrit|inscrit|inscription|affiche",
    one_take: "plan-séquence|plan séquence|une seule prise|sans coupe|sans coupure",
    black: "fondu au noir|fond au noir|coupe au noir|coupure au noir|écran noir|noir complet|passage au noir",
    orders: "ne change pas les temps|ne pas changer les temps|entre les plans",
    interludes: "transition|interlude",
    songs: "chanson|clip musical|refrain|montage final",
    ..NONE
};
