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
         sound stage|sound barrier|voice actor|voice actress|无声地|無聲地|悄无声息|静音舱|音乐节|音樂節|音乐厅|音樂廳|\
         音乐会|音乐盒|\
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
         明星|名人|网红脸|網紅臉|迪士尼|皮克斯|漫威|皮卡丘|宝可梦|寶可夢|加菲猫|加菲貓|火影忍者|鸣人|鳴人|哆啦a梦|\
         哆啦a夢|海贼王|海賊王|路飞|龙珠|龍珠|\
         蜘蛛侠|蜘蛛俠|蝙蝠侠|蝙蝠俠|钢铁侠|鋼鐵俠|超人力霸王|哈利波特|哈利·波特|成龙|成龍|李小龙|李小龍|李连杰|周杰伦|\
         周杰倫|刘德华|马斯克|特朗普|川普|\
         可口可乐|可口可樂|耐克|阿迪达斯|星巴克|奥特曼|宫崎骏|宮崎駿|吉卜力|喜羊羊|熊出没|王家卫|王家衛|诺兰|\
         ピクサー|ディズニー|ジブリ|宮崎駿監督|ドラえもん|ナルト|ピカチュウ|ポケモン|ワンピース風|鬼滅の刃|新海誠|\
         ガンダム|マリオ|スパイダーマン|\
         픽사|디즈니|지브리|마블|도라에몽|나루토|피카츄|포켓몬|스파이더맨|배트맨|뽀로로|해리 포터|오징어 게임|방탄소년단|\
         человек паук|человек-паук|гарри поттер|дисней|пиксар|микки маус|чебурашка|mickey|bob esponja|spongebob|homem aranha|\
         homem-aranha|hombre araña|asterix|astérix|tintin|harry styles|shakira|bad bunny|blackpink|bts|\
         billie eilish|ariana grande|justin bieber|lady gaga|ed sheeran|kanye west|eminem|michael jordan|lebron james|\
         neymar|kylian mbappé|mbappé|zinedine zidane|diego maradona|serena williams|roger federer|lewis hamilton|zendaya|\
         timothée chalamet|margot robbie|ryan gosling|johnny depp|will smith|morgan freeman|robert downey jr|dwayne johnson|\
         jennifer lawrence|angelina jolie|emma watson|meryl streep|audrey hepburn|charlie chaplin|elvis presley|\
         freddie mercury|david bowie|bob marley|queen elizabeth|princess diana|pope francis|vladimir putin|xi jinping|\
         kim jong un|angela merkel|emmanuel macron|narendra modi|shah rukh khan|amitabh bachchan|virat kohli|deepika padukone|\
         frida kahlo|salvador dalí|gandalf|frodo|hermione|dumbledore|voldemort|thanos|the hulk|deadpool|\
         |catwoman|lara croft|mario kart|sonic the hedgehog|pac man|minecraft|fortnite|winnie the pooh|\
         peppa pig|paw patrol|scooby doo|tom and jerry|bugs bunny|homer simpson|the simpsons|elsa from frozen|buzz lightyear|\
         robocop|jurassic park|ghostbusters|lord of the rings|squid game|attack on titan|\
         dragon ball|demon slayer|evangelion|spirited away|ikea|macbook|samsung galaxy|playstation|nintendo|\
         prada|hermès|supreme hoodie|bmw|mercedes benz|audi|bugatti|harley davidson|heineken|nutella|\
         아이언맨|헐크|손흥민|아이유|블랙핑크|뉴진스|유재석|이병헌|봉준호|엘사|겨울왕국|짱구|둘리|헬로키티|미키 마우스|\
         슈퍼맨|조커|\
         나이키|아디다스|스타벅스|삼성 갤럭시|김연아|호날두|アイアンマン|バットマン|スーパーマン|ミッキーマウス|ハリー・ポッター|\
         クレヨンしんちゃん|サザエさん|初音ミク|ルフィ|セーラームーン|ウルトラマン|ゴジラ|エヴァンゲリオン|進撃の巨人|\
         大谷翔平|木村拓哉|北野武|\
         ハローキティ|スヌーピー|トトロ|コカ・コーラ|スターバックス|美国队长|美國隊長|绿巨人|綠巨人|灭霸|神奇女侠|米老鼠|唐老鸭|\
         白雪公主迪士尼|艾莎公主|冰雪奇缘|柯南|名侦探柯南|蜡笔小新|樱桃小丸子|樱木花道|灌篮高手|初音未来|周星驰|周星馳|\
         梁朝伟|梁朝偉|\
         张国荣|張國榮|邓丽君|鄧麗君|范冰冰|杨幂|迪丽热巴|肖战|王一博|易烊千玺|c罗|姚明|科比|乔丹|泰勒斯威夫特|李子柒|\
         麦当劳|麥當勞|肯德基|华为|小米手机|苹果手机|路易威登|香奈儿|爱马仕|古驰|железный человек|бэтмен|супермен|\
         леонардо ди каприо|путин|алла пугачёва|виктор цой|винни-пух|ну погоди|кока-кола|hombre de hierro|messi|\
         ronaldo|maradona|homem de ferro|turma da mônica|uomo ragno|pavarotti|\
         sơn tùng|bác hồ|công phượng|örümcek adam|atatürk|tarkan|barış manço|upin ipin|jokowi|\
         ลิซ่า|โดราเอมอน|ไอรอนแมน|สไปเดอร์แมน|शाहरुख|अमिताभ|मोदी|आयरन मैन|स्पाइडर मैन",
    ),
];
