//! Spanish.

use super::{Language, NONE};

pub(super) const WORDS: Language = Language {
    seconds: "segundos|segundo|segs|seg",
    order: "primeros|los primeros|siguientes|los siguientes|últimos|los últimos|próximos|los próximos",
    to: "a|al|hasta",
    from: "de|desde|del|entre",
    shots: "toma|plano|corte|viñeta|cuadro",
    scenes: "escena|parte|secuencia|segmento|clip",
    aspects: "luz|iluminación|sonido|música|cámara|lentes|diálogo|resumen|color|sinopsis|narración|narrador|\
        narradora|voz en off|voz|letra|subtítulos|subtitulos|efectos|efectos de sonido|diálogos|texto en pantalla|\
        vestuario|actuación|locución|rótulos|banda sonora|ambiente",
    numbers: "uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince",
    totals: "duración|duracion|duración total|duracion total|total|tiempo total|longitud",
    timelines: "línea de tiempo|linea de tiempo",
    titles: "guion|guión|escaleta|storyboard|desglose|estructura|planos|escenas",
    ends: "fin|final",
    films: "video|vídeo|clip|anuncio|película|corto|cortometraje|comercial|spot|plano secuencia|secuencia|animación|\
        reel",
    images: "imagen|imágenes|imagenes|foto|fotografía|imagen de referencia",
    videos: "video|vídeo",
    audios: "audio",
    attached_images: "imagen de referencia|imágenes de referencia|imagen adjunta|imágenes adjuntas|foto adjunta|\
        fotos adjuntas|imagen subida|foto subida|imagen cargada|la foto de referencia|foto de referencia|\
        imagen proporcionada|foto que adjunto|imagen que adjunto|foto que te paso|fotografía adjunta|\
        fotografía de referencia|imagen anexa|foto anexa|la foto que subí|imagen que subí|fotos de referencia",
    attached_videos: "video de referencia|vídeo de referencia|video adjunto|vídeo adjunto|video subido",
    attached_audios: "audio de referencia|audio adjunto|audio subido",
    denials: "sin|ni|nunca|nada de|ningún|ninguna|no|tampoco|en lugar de|libre de|espacio para|evitando|jamás|\
        ninguno|ningun",
    denials_after: "prohibido|prohibidos|prohibidas|en postproducción|en postproduccion|en post",
    avoidances: "evitar|evita|evite|no incluir|no incluyas|no mostrar|no añadir|no agregar|excluir|no queremos|\
        no quiero|no usar|no debe aparecer|no deben aparecer|nada de esto|evitando|nada que ver con|ni rastro de|\
        que no salga|que no salgan|que no aparezca|que no aparezcan|sin rastro de",
    negative_titles: "prompt negativo|prompts negativos|negativo|prohibido|prohibidos|exclusiones|restricciones|\
        evitar|no incluir|prohibiciones|sin|fuera|fuera de plano|nada de esto|vetado|vetados|descartado|ni hablar de|\
        lista negra|lo que no queremos|lo que no debe salir",
    contrasts: "pero|solo|sólo|salvo|excepto|sino",
    speech: "dice|dicen|diciendo|susurra|grita|pregunta|responde|contesta|voz en off|narrador|narradora|diálogo|\
        dialogo|voz|murmura|locución|locutor|narra|exclama|añade|canta",
    sound: "música|musica|banda sonora|efectos de sonido|efecto de sonido|sonido ambiente|sonido de|voz en off|\
        narración|diálogo|se oye|se oyen|suena|suenan|se escucha|se escuchan|melodía|zumbido|rumor de|murmullo|\
        guitarra suave",
    silence: "sin sonido|sin audio|video mudo|vídeo mudo|en silencio total|silencio total|sin ningún sonido|\
        audio desactivado|clip mudo|totalmente mudo|completamente mudo|sin ninguna pista de sonido|\
        sin pista de sonido",
    sound_settings: "audio|sonido",
    off: "ninguno|no|desactivado|silencio|mudo|apagado|sin",
    letters: "subtítulos|subtitulos|subtítulo|subtitulado|texto en pantalla|rótulo|rótulos|títulos en pantalla|\
        título en pantalla|texto superpuesto|aparece el texto|aparece el título|aparece un texto|cartela|\
        créditos finales|letrero superpuesto|aparece la palabra|tipografía animada|aparece en pantalla|\
        en pantalla el texto|aparece en pantalla el texto|formar el título|forma el título|forman el título|\
        formar la palabra|forma la palabra|letras sobre toda la pantalla|letras sobre la pantalla|\
        letras blancas sobre",
    tall: "video vertical|vídeo vertical|formato vertical|vertical|en vertical",
    square: "video cuadrado|vídeo cuadrado|formato cuadrado",
    wide: "video horizontal|vídeo horizontal|formato horizontal|formato apaisado|panorámico",
    written: "marcada|marcado|letrero|rótulo|cartel|escrito|escrita|que dice en el cartel",
    one_take: "plano secuencia|una sola toma|toma única|sin cortes",
    black: "fundido a negro|funde a negro|corte a negro|corta a negro|pantalla en negro|pantalla negra|negro total|\
        a negro|en negro",
    orders: "no cambies los tiempos|no cambiar los tiempos|entre planos|entre los planos",
    interludes: "transición|transicion|interludio",
    songs: "canción|cancion|videoclip|estribillo|montaje final",
    ..NONE
};
