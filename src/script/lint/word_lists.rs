//! What words mean to the rules, and the words that belong to no language: names of people, brands and characters.

use crate::script::camera_vocabulary::Movement;
use crate::script::languages::{Kind, Language};

/// What a word means to the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// The camera moves from here to there. Two movements of one kind are one movement in two words.
    Move(Movement),
    /// The camera is alive, but the word names no certain movement: handheld, drone, follow.
    Alive,
    /// The camera is meant to stand still.
    Static,
    /// A cut, or none on purpose.
    Cut,
    /// There is no cut on purpose.
    OneTake,
    /// Somebody speaks.
    Speech,
    /// What follows is written on a thing.
    Written,
    /// Music and noises are described.
    Sound,
    /// No sound is wanted.
    Silence,
    /// Letters on the screen.
    ScreenText,
    /// A real person, a brand, a known character.
    Likeness,
    /// Nothing: the phrase only contains a word that means something else.
    Harmless,
}

/// The senses that the tables of languages have words for.
pub(super) const OF_LANGUAGES: &[(Kind, Sense)] = &[
    (|words: &Language| words.speech, Sense::Speech),
    (|words| words.written, Sense::Written),
    (|words| words.one_take, Sense::OneTake),
    (|words| words.sound, Sense::Sound),
    (|words| words.silence, Sense::Silence),
    (|words| words.letters, Sense::ScreenText),
];

/// The words of the other senses. Phrases are separated by `|`.
pub(super) const WORDS: &[(Sense, &str)] = &[
    (
        Sense::Harmless,
        "music video|music videos|music box|music stand|music festival|music school|sheet music|music room|music hall|\
         sound stage|sound barrier|voice actor|voice actress|无声地|無聲地|悄无声息|静音舱|音乐节|音樂節|音乐厅|音樂廳|音乐会|音乐盒|\
         shot on iphone|shot on an iphone|filmed on iphone|filmed on an iphone|recorded on iphone|iphone footage|\
         iphone video|iphone camera|iphone style|iphone quality|iphone selfie|iphone vlog|iphone 15 pro|iphone 16 pro|\
         iphone look|iphone handheld|tesla coil|muted colours|muted colors|captain's log|title deed|subtitle free",
    ),
    (
        Sense::Likeness,
        "celebrity|celebrities|famous actor|famous actress|famous singer|movie star|pop star|lookalike|\
         look alike|looks like the actor|looks like the actress|resembling the actor|elon musk|\
         donald trump|taylor swift|tom cruise|brad pitt|leonardo dicaprio|scarlett johansson|\
         keanu reeves|michael jackson|cristiano ronaldo|lionel messi|kim kardashian|beyonce|beyoncé|rihanna|\
         bruce lee|jackie chan|jet li|marilyn monroe|albert einstein|barack obama|joe biden|\
         mark zuckerberg|steve jobs|spider man|spiderman|batman|superman|wonder woman|iron man|\
         captain america|darth vader|yoda|luke skywalker|star wars|harry potter|hogwarts|james bond|\
         indiana jones|john wick|mickey mouse|disney|pixar|dreamworks|pokemon|pokémon|pikachu|super mario|hello kitty|\
         studio ghibli|ghibli|totoro|naruto|son goku|goku|doraemon|garfield|sailor moon|one piece luffy|barbie|shrek|\
         minions|godzilla|king kong|coca cola|pepsi|mcdonald's|starbucks|nike|adidas|gucci|louis vuitton|chanel|rolex|\
         iphone|tesla|ferrari|lamborghini|porsche|marvel studios|marvel comics|marvel movie|marvel style|marvel superhero|\
         mona lisa|game of thrones|stranger things|wes anderson|christopher nolan|quentin tarantino|hayao miyazaki|\
         明星|名人|网红脸|網紅臉|迪士尼|皮克斯|漫威|皮卡丘|宝可梦|寶可夢|加菲猫|加菲貓|火影忍者|鸣人|鳴人|哆啦a梦|哆啦a夢|海贼王|海賊王|路飞|龙珠|龍珠|\
         蜘蛛侠|蜘蛛俠|蝙蝠侠|蝙蝠俠|钢铁侠|鋼鐵俠|超人力霸王|哈利波特|哈利·波特|成龙|成龍|李小龙|李小龍|李连杰|周杰伦|周杰倫|刘德华|马斯克|特朗普|川普|\
         可口可乐|可口可樂|耐克|阿迪达斯|星巴克|奥特曼|宫崎骏|宮崎駿|吉卜力|喜羊羊|熊出没|王家卫|王家衛|诺兰|\
         ピクサー|ディズニー|ジブリ|宮崎駿監督|ドラえもん|ナルト|ピカチュウ|ポケモン|ワンピース風|鬼滅の刃|新海誠|ガンダム|マリオ|スパイダーマン|\
         픽사|디즈니|지브리|마블|도라에몽|나루토|피카츄|포켓몬|스파이더맨|배트맨|뽀로로|해리 포터|오징어 게임|방탄소년단|\
         человек паук|человек-паук|гарри поттер|дисней|пиксар|микки маус|чебурашка|mickey|bob esponja|spongebob|homem aranha|\
         homem-aranha|hombre araña|asterix|astérix|tintin|harry styles|shakira|bad bunny|blackpink|bts",
    ),
];
