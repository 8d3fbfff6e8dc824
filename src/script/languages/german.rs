//! German.

use super::{Language, NONE};

pub(super) const WORDS: Language = Language {
    seconds: "sekunden|sekunde|sek|sekündig|sekündiges|sekündige|sekündiger|sekündigen",
    order: "erste|ersten|die ersten|nächste|nächsten|die nächsten|letzte|letzten|die letzten",
    to: "bis",
    from: "von|ab|zwischen",
    shots: "einstellung|aufnahme|schnitt",
    scenes: "szene|teil|abschnitt|sequenz|clip",
    aspects: "licht|beleuchtung|ton|musik|kamera|objektive|dialog|zusammenfassung|farbe|übersicht|sprecher|\
        sprecherin|erzähler|erzählung|off-stimme|off-text|stimme|liedtext|untertitel|effekte|geräusche|soundeffekte|\
        dialoge|texteinblendungen|einblendungen|kostüme|schauspiel|atmo|sprechertext",
    numbers: "eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn",
    totals: "dauer|gesamtdauer|länge|gesamtlänge|laufzeit|gesamt|videolänge",
    timelines: "zeitleiste",
    titles: "drehbuch|ablauf|storyboard|skript|szenen|einstellungen|aufbau",
    ends: "ende|zum ende",
    films: "video|clip|film|kurzfilm|werbung|werbespot|spot|trailer|hochkantvideo|plansequenz|animation|werbefilm|\
        videos|clips",
    images: "bild|foto|referenzbild",
    videos: "video|referenzvideo",
    audios: "audio",
    attached_images: "referenzbild|referenzbilder|referenzfoto|angehängte bild|angehängten bild|angehängtes bild|\
        angehängten foto|angehängte foto|beigefügte bild|beigefügten bild|beigefügten foto|hochgeladene bild|\
        hochgeladenen bild|hochgeladene foto|bild im anhang|foto im anhang|hochgeladenen foto|angehängtem foto|\
        angehängtem bild|beigefügtes bild|beigefügtes foto|beiliegende foto|beiliegenden foto|beigelegten foto|\
        mitgeschickte foto|mitgeschickten foto|referenzbildes|referenzfotos|beigefügter skizze|angehängten skizze|\
        bild oben|foto, das ich angehängt",
    attached_videos: "referenzvideo|angehängte video|angehängten video|beigefügten video|hochgeladene video",
    attached_audios: "referenzaudio|angehängte audio|referenzmusik",
    denials: "kein|keine|keinen|keinerlei|keiner|ohne|nicht|nie|niemals|weder|noch|statt|frei von|platz für|raum für|\
        keinem|nichts|verzicht auf|ohne jegliche",
    denials_after: "vermeiden|verboten|weglassen|nicht zeigen|in der nachbearbeitung|in der postproduktion|\
        unerwünscht|nicht lesbar|unleserlich|kommen nicht vor|entfällt|entfallen",
    avoidances: "vermeiden|vermeide|nicht zeigen|ausschließen|bitte nicht|wir wollen nicht|nicht sehen wollen|\
        nicht verwenden|tabu|bitte keine|nicht gewünscht|auf keinen fall|kommt nicht in frage|finger weg von|\
        bloß keine|bloß kein|ausgeschlossen sind",
    negative_titles: "negativ-prompt|negativprompt|negativer prompt|negativ|verboten|ausschlüsse|verbote|unerwünscht|\
        no-gos|negativliste|nicht erwünscht|was nicht vorkommen darf|kommt nicht in frage|draußen bleiben|\
        bleibt draußen|finger weg|finger weg von|schwarze liste|ausgeschlossen|raus|gestrichen|was nicht rein soll|\
        was wir nicht sehen wollen",
    contrasts: "aber|nur|außer|sondern|jedoch",
    speech: "sagt|sagen|spricht|flüstert|ruft|schreit|fragt|antwortet|erzähler|erzählerin|sprecher|sprecherin|stimme|\
        off-stimme|dialog|voiceover|murmelt|voice-over|singt",
    sound: "musik|soundtrack|geräusch von|geräusche|soundeffekte|soundeffekt|hintergrundmusik|atmo|tonspur|dialog|\
        geräuschkulisse|klingt aus|klingt an|klingt leise|surren|knistern|rauschen|prasseln|klirren|plätschern|\
        läuten|summen|quietschen|knirschen|brummen|pfeifen|akkord|orchester|klavier|es klickt|zu hören|hört man|\
        man hört",
    silence: "ohne ton|kein ton|ohne audio|stummes video|kein audio|ton aus|stummer clip|völlig stumm",
    sound_settings: "audio|ton|sound",
    off: "keiner|kein|aus|stumm|ohne|keine",
    letters: "untertitel|bildschirmtext|text im bild|texteinblendung|texteinblendungen|einblendung|\
        schrifteinblendung|titelkarte|bauchbinde|text erscheint|schriftzug erscheint|titel erscheint|abspann|\
        eingeblendeter text|schrift erscheint|text wird eingeblendet|titeleinblendung",
    tall: "hochformat|hochkant|vertikales video|vertikal|hochkantvideo|im hochformat",
    square: "quadratisches format|quadratisches video|im quadrat",
    wide: "querformat|breitbild|horizontales video",
    written: "beschriftet|schild|aufschrift|geschrieben|plakat|schriftzug",
    one_take: "plansequenz|eine einstellung|ohne schnitt|ein take",
    black: "schwarzblende|schwarzbild|abblende|schwarzer bildschirm|schwarzes bild|blende ins schwarze|ausblende|\
        schwarz für|auf schwarz|ins schwarze|wird schwarz",
    orders: "zeiten nicht ändern|ändere die zeiten nicht|zwischen den einstellungen|zwischen den szenen",
    interludes: "übergang|zwischenspiel",
    songs: "lied|song|musikvideo|refrain|endschnitt",
    ..NONE
};
