//! The words that rules listen for, by what they say; phrases are parted by strokes, in lower case.
//!
//! A camera's word counts only where it cannot mean another thing: `pan` may fry an egg, `pan left` may not.

use super::words::{Movement, Sense};

/// Camera movements.
pub(super) const MOVES: &[(Movement, &str)] = &[
    (
        Movement::Pan,
        "pan left|pan right|pans left|pans right|pan across|pans across|slow pan|camera pans|camera pan|\
         panning shot|摇镜|镜头左摇|镜头右摇|镜头摇",
    ),
    (
        Movement::Tilt,
        "tilt up|tilt down|tilts up|tilts down|camera tilts|camera tilt|tilting shot|镜头上摇|镜头下摇",
    ),
    (
        Movement::Push,
        "push in|pushes in|pushing in|push-in shot|dolly in|dollies in|dolly forward|camera pushes|推镜|\
         镜头推|镜头缓推|镜头缓慢推|缓慢推近|镜头前推",
    ),
    (
        Movement::Pull,
        "pull back|pulls back|pulling back|pull out|pulls out|dolly out|dollies out|dolly back|\
         camera pulls|拉镜|镜头拉|镜头缓慢拉|镜头后拉",
    ),
    (
        Movement::Track,
        "tracking shot|track left|track right|tracks left|tracks right|camera tracks|truck left|\
         truck right|trucks left|trucks right|lateral move|dolly left|dolly right|移镜|镜头横移|横移镜头|\
         镜头平移",
    ),
    (
        Movement::Crane,
        "crane up|crane down|cranes up|cranes down|crane shot|boom up|boom down|booms up|booms down|\
         pedestal up|pedestal down|camera rises|camera descends|jib up|jib down|升镜|降镜|镜头升|\
         镜头上升|镜头下降|镜头缓缓升",
    ),
    (
        Movement::Orbit,
        "orbit shot|orbits around|orbiting shot|camera orbits|camera circles|camera arcs|arc shot|\
         360 orbit|360° orbit|360-degree orbit|环绕镜头|镜头环绕|环绕拍摄|环绕一周",
    ),
    (
        Movement::Whip,
        "whip pan|whip pans|camera whips|swish pan|甩镜|镜头甩",
    ),
    (
        Movement::Zoom,
        "zoom in|zoom out|zooms in|zooms out|zooming in|zooming out|crash zoom|slow zoom|camera zooms|\
         snap zoom|变焦推近|急推",
    ),
    (
        Movement::DollyZoom,
        "dolly zoom|vertigo effect|zolly|希区柯克变焦",
    ),
    (Movement::Roll, "camera roll|camera rolls|barrel roll|滚转镜头"),
];

/// Everything else.
pub(super) const WORDS: &[(Sense, &str)] = &[
    (
        Sense::Alive,
        "handheld|hand held|steadicam|gimbal|drone|fpv|aerial|pov|follow shot|following shot|\
         camera follows|camera glides|camera drifts|camera moves|camera floats|camera flies|\
         camera sweeps|camera swoops|camera slides|camera travels|camera travelling|camera circling|\
         rack focus|racks focus|tracking|trucking|orbit|orbits|orbiting|panning|dolly|zoom|tilting|crane|\
         pan|pans|slow motion|speed ramp|time lapse|timelapse|hyperlapse|手持|航拍|跟拍|跟随|跟镜|无人机|\
         环绕|运镜|推近|拉远|推进|横移|慢动作|延时|镜头跟|镜头缓缓|镜头缓慢|镜头移动|第一人称|变焦",
    ),
    (
        Sense::Static,
        "static camera|static shot|static wide|static medium|static close-up|static frame|\
         camera is static|camera static|camera remains static|camera stays static|locked off|\
         locked camera|locked-off shot|lock-off|fixed camera|fixed shot|tripod shot|camera is still|\
         camera does not move|stationary camera|固定镜头|固定机位|镜头固定|静止镜头|镜头静止",
    ),
    (
        Sense::Cut,
        "cut to|cuts to|hard cut|smash cut|match cut|jump cut|jump cuts|quick cut|quick cuts|fast cuts|\
         rapid cuts|montage|dissolve|dissolves|cross dissolve|fade in|fade out|fades out|fades in|\
         fade to|fades to|whip transition|cutaway|insert shot|one take|single take|one shot|no cuts|\
         continuous shot|long take|oner|硬切|叠化|转场|切到|切至|镜头切|一镜到底|长镜头|蒙太奇|快切",
    ),
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
