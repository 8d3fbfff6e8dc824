//! Portuguese.

use super::{Language, NONE};

pub(super) const WORDS: Language = Language {
    seconds: "segundos|segundo|segs|seg",
    order: "primeiros|os primeiros|seguintes|os seguintes|próximos|os próximos|últimos|os últimos",
    to: "a|até|ao",
    from: "de|do|entre|dos",
    shots: "tomada|plano|take|corte|quadro",
    scenes: "cena|parte|sequência|sequencia|segmento|clipe",
    aspects: "luz|iluminação|som|música|câmera|lentes|diálogo|resumo|cor|sinopse|narração|narrador|narradora|locução|\
        voz em off|voz|letra|legendas|efeitos|efeitos sonoros|diálogos|texto na tela|figurino|atuação|trilha sonora|\
        trilha|ambiente",
    numbers: "um|dois|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|treze|quatorze|quinze",
    totals: "duração|duração total|duracao|tempo total|total|comprimento",
    timelines: "linha do tempo",
    titles: "roteiro|storyboard|estrutura|cenas|planos|decupagem",
    ends: "fim|final",
    films: "vídeo|video|clipe|anúncio|filme|curta|comercial|plano-sequência|plano sequência|animação|reels|\
        vídeo vertical",
    images: "imagem|imagens|foto",
    videos: "vídeo|video",
    audios: "áudio|audio",
    attached_images: "imagem de referência|imagens de referência|imagem anexa|imagem anexada|imagens anexadas|\
        foto anexa|foto anexada|foto enviada|imagem enviada|imagem fornecida|foto de referência|foto em anexo|\
        imagem em anexo|foto que enviei|imagem que enviei|foto que mandei|fotografia anexada|imagem carregada|\
        fotos de referência|foto que anexei",
    attached_videos: "vídeo de referência|video de referência|vídeo anexo|vídeo anexado|vídeo enviado",
    attached_audios: "áudio de referência|áudio anexado|áudio enviado",
    denials: "sem|nem|não|nunca|nenhum|nenhuma|nada de|em vez de|livre de|espaço para|jamais|evitando",
    denials_after: "proibido|proibidos|proibidas|na pós-produção|na pós",
    avoidances: "evitar|evite|não incluir|não inclua|não mostrar|não adicionar|excluir|não queremos|não quero|\
        não usar|não deve aparecer|nada disso|evitando|de fora ficam|ficam de fora|nem sinal de|que não apareça|\
        que não apareçam",
    negative_titles: "prompt negativo|negativo|proibido|proibidos|restrições|não incluir|exclusões|proibições|\
        a evitar|fora|de fora|fora de quadro|vetado|vetados|lista negra|o que não queremos|nem pensar|nem pensar em",
    contrasts: "mas|só|somente|apenas|exceto|senão",
    speech: "diz|dizem|dizendo|sussurra|grita|pergunta|responde|narrador|narradora|narração|locução|diálogo|fala|voz|\
        murmura|exclama|canta",
    sound: "música|trilha sonora|efeitos sonoros|efeito sonoro|som ambiente|som de|narração|locução|diálogo|ouve-se|\
        ouvem-se|toca uma|ao som de|zumbido|melodia|barulho de|ruído de|escuta-se",
    silence: "sem som|sem áudio|sem audio|vídeo mudo|silêncio total|sem nenhum som|áudio desligado|clipe mudo",
    sound_settings: "áudio|audio|som",
    off: "nenhum|não|desligado|mudo|silêncio|sem",
    letters: "legendas|legenda|legendado|texto na tela|texto em tela|título na tela|letreiro|letreiros|\
        texto sobreposto|aparece o texto|aparece o título|surge o texto|cartela|créditos finais|aparece a palavra|\
        texto animado|aparece na tela|na tela o texto",
    tall: "vídeo vertical|video vertical|formato vertical|vertical|na vertical",
    square: "vídeo quadrado|formato quadrado",
    wide: "vídeo horizontal|formato horizontal|formato paisagem",
    written: "marcada|marcado|placa|letreiro|escrito|escrita|cartaz",
    one_take: "plano-sequência|plano sequência|tomada única|sem cortes",
    black: "fade para preto|corte para preto|corta para preto|tela preta|ecrã preto|fade out|escurecimento|\
        tudo preto",
    orders: "não mude os tempos|não alterar os tempos|entre os planos|entre as cenas",
    interludes: "transição|transicao|interlúdio",
    songs: "música original|canção|videoclipe|refrão|montagem final",
    ..NONE
};
