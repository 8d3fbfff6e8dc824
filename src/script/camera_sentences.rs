//! Finds what the camera does in sentences about it, by verbs that mean something else where the camera is not their subject:
//! `Die Kamera zoomt heran, fährt zurück und schwenkt`, `la cámara permanece fija y se aleja`.

use std::ops::Range;
use std::sync::LazyLock;

use super::camera_vocabulary::Movement;
use super::letters::is_spaced_letter;
use super::phrase_matcher::PhraseMatcher;

/// Words for the camera.
const CAMERAS: &str = "kamera|cámara|câmera|caméra|camera|fotocamera|камера|máy quay|ống kính|กล้อง|镜头|鏡頭|机位|\
    機位|摄影机|攝影機";

/// What the camera does. English verbs are in the vocabulary, with their directions.
const VERBS: &[(Movement, &str)] = &[
    (
        Movement::PushIn,
        "fährt heran|fährt näher|fährt langsam heran|nähert sich|kommt näher|rückt näher|se acerca|se aproxima|se va acercando|\
         avanza hacia|aproxima-se|se aproxima|avança|s'approche|s'approchant|s'avance|avance|si avvicina|avanza verso|\
         avanza|наезжает|подъезжает|\
         приближается|надвигается|yaklaşır|yaklaşıyor|yaklaşarak|mendekat|maju|tiến lại gần|tiến vào|tiến lại|đẩy vào|lại gần|\
         เข้าใกล้|เคลื่อนเข้า|เข้าหา|แล่นเข้าหา|猛推|急推|推向|推到|推至|推近|推进|贴近|逼近",
    ),
    (
        Movement::PullOut,
        "fährt zurück|fährt langsam zurück|zieht sich zurück|weicht zurück|entfernt sich|se aleja|retrocede|se retira|recua|\
         afasta-se|se afasta|recule|reculant|s'éloigne|s'éloignant|si allontana|arretra|indietreggia|отъезжает|\
         отдаляется|отступает|uzaklaşır|\
         uzaklaşıyor|geri çekilir|mundur|menjauh|lùi lại|lùi ra|lùi xa|ถอยออก|ถอยหลัง|ถอย|拉远|拉遠|拉成|拉到|拉至|\
         后退|後退|后拉",
    ),
    (
        Movement::ZoomIn,
        "zoomt heran|zoomt|zoomt hinein|hace zoom|hace un zoom|dá zoom|faz zoom|faz um zoom|zoome|zooma|fa uno zoom|зумирует|\
         zoom yapar|phóng to|zoom vào|ซูม",
    ),
    (
        Movement::PanRight,
        "schwenkt|panea|hace un paneo|faz uma panorâmica|panoramiza|panoramique|panote|fait un panoramique|fa una panoramica|\
         panoramica|панорамирует|делает панораму|çevrinir|menyapu|lia sang|lia theo|lia|แพน|摇向|搖向|横摇|甩到|甩向|甩至",
    ),
    (
        Movement::TiltDown,
        "neigt sich|kippt|se inclina|inclina-se|s'incline|si inclina|наклоняется|eğilir|ngẩng lên|chúc xuống|上摇|下摇|\
         上搖|下搖|俯向|仰起",
    ),
    (
        Movement::Orbit,
        "umkreist|kreist|dreht sich um|gira alrededor|da vueltas|rodea|orbita|gira em torno|gira ao redor|dá a volta|\
         circula em torno|tourne autour|tournant autour|fait le tour|orbite|gira intorno|ruota attorno|облетает|кружит|\
         вращается вокруг|\
         объезжает|etrafında döner|mengitari|berputar|memutari|mengelilingi|xoay quanh|quay vòng|หมุนรอบ|环绕|環繞|绕着|繞著",
    ),
    (
        Movement::CraneUp,
        "steigt|hebt sich|erhebt sich|senkt sich|sinkt|sube|asciende|se eleva|desciende|baja|sobe|desce|ergue-se|se ergue|\
         s'élève|s'élevant|monte|montant|descendant|descend|redescend|sale|si alza|scende|поднимается|взлетает|\
         опускается|yükselir|alçalır|naik|turun|\
         bay lên|nâng lên|hạ xuống|ลอยขึ้น|ลดลง|升起|上升|下降|拉升",
    ),
    (
        Movement::TrackRight,
        "fährt seitlich|gleitet seitlich|se desliza|desliza|desliza-se|glisse|scivola|скользит|süzülür|kayar|kayıyor|\
         trượt|lướt|meluncur|\
         bergeser|merayap|横移|橫移|平移|左横移|左橫移|右横移|右橫移",
    ),
    (
        Movement::Static,
        "steht still|steht starr|bleibt starr|bleibt fest|bleibt stehen|bleibt unbewegt|bewegt sich nicht|permanece fija|\
         permanece quieta|permanece inmóvil|queda fija|se queda fija|está fija|no se mueve|fica parada|fica fixa|\
         permanece parada|\
         permanece fixa|está parada|não se move|reste fixe|reste immobile|ne bouge pas|est fixe|resta fissa|resta ferma|\
         rimane ferma|è fissa|non si muove|статична|статичная|неподвижна|неподвижная|не двигается|не движется|стоит на месте|\
         sabit kalır|sabit durur|hareketsiz kalır|hareket etmez|diam|tetap diam|tidak bergerak|đứng yên|\
         không di chuyển|giữ nguyên|\
         นิ่ง|อยู่นิ่ง|不动|不動|固定不动|保持固定|保持不动|保持固定不动|保持静止|固定",
    ),
];

/// Adverbs that may precede such a verb.
const ADVERBS: &str = "dann|danach|dabei|gleichzeitig|zugleich|langsam|schließlich|anschließend|después|luego|\
    lentamente|despacio|al mismo tiempo|\
    a la vez|finalmente|entonces|depois|devagar|ao mesmo tempo|então|por fim|puis|ensuite|lentement|en même temps|\
    enfin|doucement|poi|\
    dopo|allo stesso tempo|intanto|infine|затем|потом|медленно|одновременно|плавно|после|тут же|резко|sonra|yavaşça|\
    aynı anda|ardından|\
    lalu|kemudian|perlahan|sambil|rồi|sau đó|từ từ|đồng thời|chậm rãi|แล้ว|จากนั้น|ช้า ๆ|พร้อมกัน|同时|同時|随后|隨後|\
    然后|然後|接着|\
    接著|再|又|并|並|一边|一邊|往左|往右|向左|向右|在原地|原地|pada saat yang sama|simultanément|simultáneamente|\
    simultaneamente|缓缓|緩緩|缓慢|慢慢|快速|迅速|从|最后|最後|一路|向前|向后|向上|向下|猛地";

/// What joins two things that the camera does.
const JOINTS: &str =
    ",|，|、|并|並| und | en | sambil | y | e | et | и | ve | dan | và | puis | luego | lalu | rồi ";

/// How far a sentence is read, in bytes.
const MAX_SENTENCE: usize = 240;
/// How many words, or characters of a language without spaces, may be between the camera and the first verb.
const MAX_BETWEEN: usize = 3;

/// Every movement that a sentence says of the camera, in order.
pub(super) fn camera_sentences(text: &str) -> Vec<(Range<usize>, Movement)> {
    static NOUNS: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(CAMERAS));
    let nouns = NOUNS.find(text);
    let mut found = Vec::new();
    for (n, (noun, ())) in nouns.iter().enumerate() {
        let next = nouns.get(n + 1).map_or(text.len(), |(next, ())| next.start);
        let near = next.min(text.floor_char_boundary(noun.end + MAX_SENTENCE));
        let end = text[noun.end..near].find(ENDS).map_or(near, |end| noun.end + end);
        found.extend(said_of_camera(text, noun.end..end));
    }
    found
}

fn matcher(words: &'static str) -> PhraseMatcher<()> {
    PhraseMatcher::new(words.split('|').map(|word| (word, ())))
}

/// What ends a sentence.
const ENDS: [char; 14] = [
    '.', '。', '!', '?', '！', '？', ';', '；', ':', '：', '\n', '"', '(', '（',
];

/// What the rest of a sentence, at `span`, says of the camera that precedes it: the first verb of it, and every verb that begins
/// a further part of it.
fn said_of_camera(text: &str, span: Range<usize>) -> Vec<(Range<usize>, Movement)> {
    static MATCHER: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(JOINTS));
    let rest = &text[span.clone()];
    let parts = MATCHER
        .find(rest)
        .into_iter()
        .map(|(joint, ())| span.start + joint.end);
    let parts: Vec<usize> = parts.collect();
    let first_end = parts.first().copied().unwrap_or(span.end);
    let first = starts(text, span.start..first_end)
        .take(MAX_BETWEEN)
        .find_map(|at| verb(text, after_adverbs(text, at)));
    let others = parts.into_iter().filter_map(|part| {
        let spaces = text[part..].len() - text[part..].trim_start_matches(' ').len();
        verb(text, after_adverbs(text, part + spaces))
    });
    let mut all: Vec<_> = first
        .into_iter()
        .chain(others)
        .filter(|(at, _)| at.end <= span.end)
        .collect();
    all.dedup();
    all
}

/// The verb at `at`, if there is one.
fn verb(text: &str, at: usize) -> Option<(Range<usize>, Movement)> {
    static MATCHER: LazyLock<PhraseMatcher<Movement>> = LazyLock::new(|| {
        let each = VERBS.iter();
        PhraseMatcher::new(each.flat_map(|(movement, verbs)| verbs.split('|').map(|verb| (verb, *movement))))
    });
    let (end, movements) = MATCHER.at(text, at)?;
    Some((at..end, *movements.first()?))
}

/// Past the adverbs at `at`.
fn after_adverbs(text: &str, mut at: usize) -> usize {
    static MATCHER: LazyLock<PhraseMatcher<()>> = LazyLock::new(|| matcher(ADVERBS));
    while let Some((end, _)) = MATCHER.at(text, at) {
        at = end + text[end..].len() - text[end..].trim_start_matches(' ').len();
    }
    at
}

/// Where the words of `span` start, and each character of a language without spaces.
fn starts(text: &str, span: Range<usize>) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    text[span.clone()].char_indices().filter_map(move |(offset, c)| {
        let begins = c.is_alphanumeric() && !(is_spaced_letter(c) && is_spaced_letter(before));
        before = c;
        begins.then_some(span.start + offset)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_counts_only_with_the_camera() {
        use Movement::{CraneUp, Orbit, PanRight, PullOut, PushIn, Static, ZoomIn};
        for (text, moves) in [
            (
                "Die Kamera zoomt heran, fährt zurück und schwenkt nach links.",
                vec![ZoomIn, PullOut, PanRight],
            ),
            (
                "La cámara permanece fija, gira alrededor de ella y se aleja.",
                vec![Static, Orbit, PullOut],
            ),
            (
                "A câmera sobe e desce ao mesmo tempo e fica parada.",
                vec![CraneUp, CraneUp, Static],
            ),
            (
                "Камера наезжает на руки, одновременно отъезжает на общий план, статичная.",
                vec![PushIn, PullOut, Static],
            ),
            (
                "镜头猛推到手指，同时拉远成大全景，再甩到天空，机位保持固定不动。",
                vec![PushIn, PullOut, PanRight, Static],
            ),
            (
                "La caméra s'approche lentement, puis tourne autour d'elle.",
                vec![PushIn, Orbit],
            ),
            ("Er fährt zurück, sie nähert sich und steigt aus.", vec![]),
            ("La niña sube y se aleja.", vec![]),
            ("Die Kamera folgt ihr, sie dreht sich um. Er steigt aus.", vec![]),
        ] {
            let found: Vec<Movement> = camera_sentences(text)
                .into_iter()
                .map(|(_, movement)| movement)
                .collect();
            assert_eq!(found, moves, "{text}");
        }
    }
}
