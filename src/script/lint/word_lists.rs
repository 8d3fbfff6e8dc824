//! The words that rules listen for, apart from the camera's vocabulary. Phrases are separated by `|`.

use crate::script::camera_vocabulary::Movement;

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
    /// Somebody speaks.
    Speech,
    /// Music and noises are described.
    Sound,
    /// No sound is wanted.
    Silence,
    /// Letters on the screen.
    ScreenText,
    /// A real person, a brand, a known character.
    Likeness,
}

/// The words of the senses that the camera has no part in.
pub(super) const WORDS: &[(Sense, &str)] = &[
    (
        Sense::Speech,
        "says|say|said|saying|speaks|speaking|asks|asking|replies|answers|whispers|whispering|shouts|\
         shouting|yells|screams|murmurs|mutters|narrates|narrator|narration|voice over|voiceover|\
         dialogue|dialog|monologue|voice|line|announces|calls out|adds|说|问|喊|低语|台词|对白|旁白|独白|\
         画外音|回答|喃喃|道|配音|念",
    ),
    (
        Sense::Sound,
        "music|soundtrack|score swells|sound effects|sound effect|sfx|sound design|ambient sound|\
         background music|bgm|dialogue|voice over|voiceover|narration|sound of|sounds of|audio of|\
         diegetic sound|ambience|foley|配乐|音乐|音效|环境音|背景音|旁白|对白|台词|画外音",
    ),
    (
        Sense::Silence,
        "no sound|no audio|without sound|without audio|silent film|silent video|silent clip|muted|\
         sound off|audio off|无声|静音|没有声音|不要声音|无音频",
    ),
    (
        Sense::ScreenText,
        "subtitle|subtitles|subtitled|caption|captions|closed captions|on screen text|text on screen|\
         text on the screen|text overlay|text overlays|overlay text|title card|title cards|lower third|\
         text appears|text reads|text reading|words appear|letters appear|title appears|text that reads|\
         text saying|kinetic typography|end credits|字幕|屏幕文字|画面文字|标题文字|文字出现|出现文字|\
         浮现文字|文字浮现|片名",
    ),
    (
        Sense::Likeness,
        "celebrity|celebrities|famous actor|famous actress|famous singer|movie star|pop star|lookalike|\
         look alike|looks like the actor|looks like the actress|resembling the actor|elon musk|\
         donald trump|taylor swift|tom cruise|brad pitt|leonardo dicaprio|scarlett johansson|\
         keanu reeves|michael jackson|cristiano ronaldo|lionel messi|kim kardashian|beyonce|rihanna|\
         bruce lee|jackie chan|jet li|marilyn monroe|albert einstein|barack obama|joe biden|\
         mark zuckerberg|steve jobs|spider man|spiderman|batman|superman|wonder woman|iron man|\
         captain america|darth vader|yoda|luke skywalker|star wars|harry potter|hogwarts|james bond|\
         indiana jones|john wick|mickey mouse|disney|pixar|pokemon|pikachu|super mario|hello kitty|\
         studio ghibli|totoro|naruto|son goku|barbie|shrek|minions|godzilla|king kong|coca cola|pepsi|\
         mcdonald's|starbucks|nike|adidas|gucci|louis vuitton|chanel|rolex|iphone|tesla|ferrari|\
         lamborghini|porsche|明星|名人|网红脸|迪士尼|漫威|皮卡丘|蜘蛛侠|蝙蝠侠|钢铁侠|哈利波特|成龙|\
         李小龙|李连杰|周杰伦|刘德华|马斯克|特朗普|可口可乐|耐克|阿迪达斯|星巴克|奥特曼|宫崎骏|吉卜力",
    ),
];
