//! Italian.

use super::{Language, NONE};

pub(super) const WORDS: Language = Language {
    seconds: "secondi|secondo|sec",
    order: "primi|i primi|successivi|i successivi|prossimi|i prossimi|ultimi|gli ultimi",
    to: "a|ai|fino a|al",
    from: "da|dai|dal|tra|fra",
    shots: "inquadratura|ripresa|piano|taglio|quadro|stacco",
    scenes: "scena|parte|sequenza|segmento|clip",
    aspects: "luce|illuminazione|suono|musica|camera|obiettivi|dialogo|riassunto|colore|sinossi|narrazione|narratore|\
        voce fuori campo|voce|testo della canzone|sottotitoli|effetti|effetti sonori|rumori|dialoghi|testo a schermo|\
        costumi|recitazione|colonna sonora|atmosfera",
    numbers: "uno|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quattordici|quindici",
    totals: "durata|durata totale|totale|lunghezza|durata complessiva",
    timelines: "linea temporale",
    titles: "sceneggiatura|storyboard|scaletta|scene|inquadrature|struttura",
    ends: "fine|la fine",
    films: "video|clip|spot|film|cortometraggio|corto|pubblicità|piano sequenza|piano-sequenza|animazione|trailer",
    images: "immagine|immagini|foto",
    videos: "video",
    audios: "audio",
    attached_images: "immagine di riferimento|immagini di riferimento|immagine allegata|immagini allegate|\
        foto allegata|foto allegate|immagine caricata|foto caricata|foto di riferimento|immagine fornita|\
        foto in allegato|immagine in allegato|foto che allego|immagine che allego|foto inviata|disegno allegato|\
        foto di riferimento allegata|immagine inviata|foto che ho caricato",
    attached_videos: "video di riferimento|video allegato|video caricato",
    attached_audios: "audio di riferimento|audio allegato",
    denials: "senza|non|nessun|nessuna|nessuno|niente|mai|né|invece di|privo di|spazio per|nulla di|zero",
    denials_after: "vietato|vietati|vietate|da evitare|in post-produzione|in postproduzione",
    avoidances: "evitare|evita|non includere|non mostrare|non aggiungere|escludere|non vogliamo|non usare|\
        non deve apparire|bandito|banditi|evitando|da evitare|da evitare assolutamente|vietate|vietati|vietato|\
        guai a",
    negative_titles: "prompt negativo|negativo|vietato|da evitare|divieti|esclusioni|negativi|da non mostrare|\
        proibito|da evitare assolutamente|vietati|vietate|escluso|esclusi|fuori|lista nera|niente di tutto questo|\
        bandito|banditi",
    contrasts: "ma|solo|soltanto|tranne|eccetto|bensì",
    speech: "dice|dicono|dicendo|sussurra|grida|urla|chiede|risponde|voce fuori campo|narratore|narratrice|dialogo|\
        voce|mormora|esclama|battuta|canta",
    sound: "musica|colonna sonora|effetti sonori|effetto sonoro|suono ambientale|rumore di|suono di|voce fuori campo|\
        narrazione|dialogo|rumori|si sente|si sentono|risuona|rumori di|melodia|ronzio|fruscio",
    silence: "senza audio|senza suono|nessun audio|video muto|silenzio totale|audio disattivato|nessun suono|\
        clip muta",
    sound_settings: "audio|suono|sonoro",
    off: "nessuno|no|muto|disattivato|silenzio|spento",
    letters: "sottotitoli|sottotitolo|sottotitolato|testo sullo schermo|testo a schermo|scritta in sovrimpressione|\
        sovrimpressione|sovrimpressioni|titolo sullo schermo|appare il testo|appare il titolo|appare la scritta|\
        cartello finale|titoli di coda|testo sovrapposto|compare la scritta",
    tall: "video verticale|formato verticale|verticale|in verticale",
    square: "video quadrato|formato quadrato",
    wide: "video orizzontale|formato orizzontale|formato panoramico",
    written: "scritta|cartello|insegna|scritto|etichetta",
    one_take: "piano sequenza|piano-sequenza|unica ripresa|senza tagli|senza stacchi",
    black: "dissolvenza in nero|stacco a nero|stacco su nero|schermo nero|nero totale|dissolvenza al nero|al nero|\
        in nero",
    orders: "non cambiare i tempi|tra le inquadrature",
    interludes: "transizione|interludio",
    songs: "canzone|videoclip|ritornello|montaggio finale",
    ..NONE
};
