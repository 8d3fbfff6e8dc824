//! The camera's vocabulary: every phrase that rushes knows, what it asks of the camera, and how it is found in a text.
//!
//! Completion in the editor, the lint rules and the animatic all read from this table.

use std::ops::Range;
use std::sync::LazyLock;

use super::camera_sentences::camera_sentences;
use super::phrase_matcher::PhraseMatcher;

/// How much of a person fills the picture. Of several sizes in one shot, the first in this order is the most exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    ExtremeClose,
    /// A thing, not a person.
    Detail,
    MediumClose,
    Close,
    ExtremeWide,
    Cowboy,
    Full,
    Wide,
    Medium,
}

/// From where the camera looks. Of several angles in one shot, the first in this order is the most exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Angle {
    /// The horizon is not level.
    Dutch,
    Low,
    High,
    Eye,
    OverShoulder,
    PointOfView,
    Profile,
}

/// How the camera moves. A phrase that names no direction stands for the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    Static,
    PanLeft,
    PanRight,
    TiltUp,
    TiltDown,
    PushIn,
    PullOut,
    ZoomIn,
    ZoomOut,
    CrashZoom,
    /// Nearer and wider at once: the person stays as large, the world behind does not.
    DollyZoom,
    TrackLeft,
    TrackRight,
    CraneUp,
    CraneDown,
    Orbit,
    /// A pan too quick to see.
    WhipPan,
    Handheld,
    Roll,
    /// The camera moves, but the words do not say how.
    Other,
}

impl Movement {
    /// The same for both directions of a movement: `pan left` and `pan right` are one kind.
    pub const fn kind(self) -> Self {
        match self {
            Self::PanLeft => Self::PanRight,
            Self::TiltUp => Self::TiltDown,
            Self::ZoomOut | Self::CrashZoom => Self::ZoomIn,
            Self::TrackLeft => Self::TrackRight,
            Self::CraneUp => Self::CraneDown,
            other => other,
        }
    }
}

/// How one picture follows another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Hard,
    Dissolve,
    FadeIn,
    FadeOut,
    /// Both pictures rush by.
    Whip,
    /// A cut inside the shot, or none on purpose.
    Other,
}

/// What a phrase asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Size(Size),
    Angle(Angle),
    Move(Movement),
    Cut(Cut),
    /// Time runs faster, slower or not at all.
    Speed,
}

/// Phrases that ask for the same. Phrases are separated by `|`; case does not matter, and a space stands for a hyphen
/// too.
pub struct PhraseEntry {
    pub meanings: &'static [Meaning],
    /// The phrases can mean nothing else. `pan left` is certain; `pan` may be a frying pan, and `steadicam` says that the
    /// camera moves, but not where to.
    pub is_certain: bool,
    /// Phrases that completion offers, as they are written.
    offered: &'static str,
    /// Further phrases that are understood.
    understood: &'static str,
}

const fn certain(
    meanings: &'static [Meaning],
    offered: &'static str,
    understood: &'static str,
) -> PhraseEntry {
    PhraseEntry {
        meanings,
        is_certain: true,
        offered,
        understood,
    }
}

const fn vague(meanings: &'static [Meaning], offered: &'static str, understood: &'static str) -> PhraseEntry {
    PhraseEntry {
        is_certain: false,
        ..certain(meanings, offered, understood)
    }
}

use Meaning as M;

/// The whole vocabulary, in the order in which completion offers it.
#[rustfmt::skip]
pub const VOCABULARY: &[PhraseEntry] = &[
    certain(&[M::Size(Size::ExtremeClose)], "extreme close-up", "extreme close|ecu|大特写|大特寫|extreme closeup|\
         超クローズアップ|익스트림 클로즈업|très gros plan|primerísimo plano"),
    certain(&[M::Size(Size::Close)], "close-up|特写", "closeup|close shot|tight shot|cu|close on|tight on|\
         close up of|特寫|クローズアップ|클로즈업|primer plano|gros plan|nahaufnahme|großaufnahme|primo piano|cận cảnh|\
         yakın çekim|крупный план"),
    certain(&[M::Size(Size::MediumClose)], "medium close-up|近景", "medium close|mcu|medium closeup|バストショット"),
    certain(&[M::Size(Size::Medium)], "medium shot|中景", "medium|mid shot|ms|ミディアムショット|미디엄 샷|plano medio|\
         plan moyen|halbnahe"),
    certain(&[M::Size(Size::Cowboy)], "cowboy shot", "cowboy|american shot"),
    certain(&[M::Size(Size::Full)], "full shot", "full body|全身"),
    certain(&[M::Size(Size::Wide)], "wide shot|全景", "wide|long shot|ws|ワイドショット|와이드 샷|plano general|plan large|\
         totale|campo lungo|toàn cảnh|geniş plan|общий план"),
    certain(&[M::Size(Size::ExtremeWide)], "extreme wide shot|establishing shot|远景", "extreme wide|establishing|\
         ews|遠景|大远景|大遠景|super wide|supertotale"),
    certain(&[M::Size(Size::Detail), M::Cut(Cut::Other)], "insert shot", ""),
    certain(&[M::Size(Size::Detail)], "macro shot", "macro|insert|微距"),
    certain(&[M::Size(Size::Medium)], "two-shot", ""),
    certain(&[M::Angle(Angle::Eye)], "eye level", ""),
    certain(&[M::Angle(Angle::Low)], "low angle|仰拍", "仰视|仰視|低角度|ローアングル|로우 앵글"),
    certain(&[M::Angle(Angle::High)], "high angle|overhead shot|top-down|bird's-eye view|俯拍", "overhead|\
         bird's eye|俯视|俯視|俯瞰|鸟瞰|鳥瞰|ハイアングル|하이 앵글|vista cenital|vue plongeante|vogelperspektive"),
    certain(&[M::Angle(Angle::Low)], "worm's-eye view", "worm's eye"),
    certain(&[M::Angle(Angle::Dutch)], "Dutch angle", "dutch tilt|canted|斜角"),
    certain(&[M::Angle(Angle::OverShoulder)], "over-the-shoulder", ""),
    vague(&[M::Angle(Angle::PointOfView), M::Move(Movement::Other)], "POV", "第一人称"),
    certain(&[M::Angle(Angle::Profile)], "profile", ""),
    certain(&[M::Move(Movement::Static)], "static camera|locked-off",
        "static shot|static frame|camera is static|camera static|camera remains static|camera stays static|\
         locked camera|locked-off shot|lock-off|fixed camera|fixed shot|tripod shot|camera is still|\
         camera does not move|stationary camera|固定镜头|固定机位|镜头固定|静止镜头|镜头静止|locked down camera|\
         locked-down shot|camera is locked|camera locked off|camera locked|locked frame|locked tripod|fixed frame|\
         unmoving camera|camera holds still|固定機位|固定鏡頭|鏡頭固定|靜止鏡頭|鏡頭靜止|机位固定|機位固定|定机位|\
         カメラは固定|固定カメラ|固定ショット|カメラ固定|고정 카메라|카메라 고정|고정샷|고정 샷|cámara fija|\
         cámara estática|plano fijo|câmera fixa|câmera estática|plano estático|caméra fixe|plan fixe|caméra statique|\
         statische kamera|feste kamera|kamera steht|camera fissa|inquadratura fissa|máy quay cố định|máy cố định|\
         sabit kamera|kamera sabit|статичная камера|камера неподвижна|камера статична|неподвижная камера|kamera statis|\
         kamera diam|กล้องนิ่ง|กล้องตั้งนิ่ง|स्थिर कैमरा|कैमरा स्थिर|locked on sticks|on sticks"),
    certain(&[M::Move(Movement::Static), M::Size(Size::Wide)], "", "static wide"),
    certain(&[M::Move(Movement::Static), M::Size(Size::Medium)], "", "static medium"),
    certain(&[M::Move(Movement::Static), M::Size(Size::Close)], "", "static close-up"),
    vague(&[M::Move(Movement::Static)], "", "static|tripod|still camera|固定"),
    certain(&[M::Move(Movement::PanLeft)], "pan left",
        "pans left|panning left|slow pan left|camera pans left|camera pan left|镜头左摇|左摇|鏡頭左搖|カメラが左にパン|左へパン|왼쪽으로 팬|\
         左にパン|왼쪽으로 패닝|\
         paneo a la izquierda|schwenk nach links"),
    certain(&[M::Move(Movement::PanRight)], "pan right|摇镜",
        "pans right|panning right|slow pan right|camera pans right|camera pan right|pan across|pans across|\
         slow pan|camera pans|camera pan|panning shot|镜头右摇|镜头摇|camera panning|鏡頭右搖|鏡頭搖|摇向|镜头摇向|\
         右にパン|右へパン|パンする|パンして|パンしながら|오른쪽으로 팬|팬하며|팬하면서|カメラがパン|오른쪽으로 패닝|패닝|카메라 패닝|paneo|la cámara panea|paneo lento|panorâmica|\
         panoramique|kameraschwenk|kamera schwenkt|panoramica|lia máy|kamera kayar|панорама|панорамирование|\
         камера панорамирует|แพนกล้อง|कैमरा पैन"),
    vague(&[M::Move(Movement::PanRight)], "", "pan|pans|panning|右摇|摇"),
    certain(&[M::Move(Movement::TiltUp)], "tilt up", "tilts up|camera tilts up|camera tilt up|镜头上摇|镜头缓缓上摇|\
        鏡頭上搖|上摇|\
         ティルトアップ|틸트 업|틸트업|kamera schwenkt nach oben"),
    certain(&[M::Move(Movement::TiltDown)], "tilt down",
        "tilts down|camera tilts down|camera tilt down|camera tilts|camera tilt|tilting shot|镜头下摇|camera tilting|\
         鏡頭下搖|下摇|ティルトダウン|틸트 다운|틸트다운|kamera schwenkt nach unten"),
    vague(&[M::Move(Movement::TiltDown)], "", "tilt|tilts|tilting"),
    certain(&[M::Move(Movement::PushIn)], "dolly in|slow push in|push in|推镜",
        "pushes in|pushing in|push-in shot|dollies in|dolly forward|camera pushes in|camera pushes|镜头推|镜头缓推|\
         镜头缓慢推|缓慢推近|镜头前推|push toward|push towards|pushes toward|pushes towards|pushing toward|\
         pushing towards|slow push|gentle push|camera moves closer|camera creeps in|camera closes in|creeps closer|\
         moves in close|camera moves in|camera dollies in|camera dollies|slow dolly|镜头推近|鏡頭推近|鏡頭推|鏡頭緩推|\
         鏡頭緩緩推|推近镜头|镜头拉近|鏡頭拉近|镜头逼近|镜头向前|镜头缓缓推|镜头慢慢推|镜头慢推|镜头快速推|緩慢推近|\
         推鏡|ドリーイン|プッシュイン|カメラが寄る|カメラがゆっくり寄る|ゆっくり寄る|寄っていく|푸시 인|푸시인|달리 인|\
         달리인|천천히 다가|카메라가 다가|la cámara se acerca|acercamiento lento|travelling de avance|\
         a câmera se aproxima|câmera avança|travelling avant|la caméra s'approche|la caméra avance|\
         kamerafahrt vorwärts|kamera fährt heran|ranfahrt|la camera si avvicina|carrellata in avanti|\
         carrello in avanti|máy quay tiến lại gần|đẩy máy|kamera yaklaşır|kamera yaklaşıyor|наезд камеры|\
         камера приближается|наезд|kamera mendekat|กล้องเคลื่อนเข้าใกล้|กล้องเคลื่อนเข้า|कैमरा पास आता|कैमरा आगे बढ़ता|\
         dollying|dollying in|dollying towards|dollying toward|langsame zufahrt|zufahrt auf"),
    vague(&[M::Move(Movement::PushIn)], "", "aproximação|aproximação lenta|acercamiento|rapprochement|avvicinamento|\
        annäherung|приближение|dolly|推近|推进|缓推|慢推|轻推|前推|推"),
    certain(&[M::Move(Movement::PullOut)], "dolly out|pull back|拉镜",
        "pulls back|pulling back|pull out|pulls out|dollies out|dolly back|camera pulls back|camera pulls out|\
         camera pulls|镜头拉|镜头缓慢拉|镜头后拉|slow pull back|slow pull out|camera retreats|camera moves back|\
         camera backs away|camera pulling back|镜头拉远|鏡頭拉遠|鏡頭拉|鏡頭後拉|镜头缓缓拉|镜头慢慢拉|镜头向后|\
         镜头后退|拉鏡|ドリーアウト|プルバック|カメラが引く|カメラが引いて|引いていく|풀 백|풀백|달리 아웃|\
         카메라가 물러|카메라가 뒤로|la cámara se aleja|alejamiento lento|a câmera se afasta|câmera recua|\
         travelling arrière|la caméra recule|la caméra s'éloigne|kamera fährt zurück|rückfahrt|la camera si allontana|\
         carrellata indietro|kéo máy|máy quay lùi|kamera uzaklaşır|kamera uzaklaşıyor|отъезд камеры|камера отъезжает|\
         камера отдаляется|kamera menjauh|กล้องถอยออก|कैमरा पीछे"),
    vague(&[M::Move(Movement::PullOut)], "", "afastamento|afastamento lento|alejamiento|éloignement|allontanamento|\
        отдаление|拉远|缓拉|慢拉|后拉|拉"),
    certain(&[M::Move(Movement::ZoomIn)], "",
        "zoom in|zooms in|zooming in|slow zoom in|slow zoom|camera zooms in|camera zooms|变焦推近|digital zoom|ズームイン|\
         줌 인|줌인|zoom lento|zoom hacia|zoom avant|zoom langsam|зум|zoom vào|ซูมเข้า"),
    vague(&[M::Move(Movement::ZoomIn)], "", "zoom|变焦"),
    certain(&[M::Move(Movement::ZoomOut)], "", "zoom out|zooms out|zooming out|slow zoom out|camera zooms out|\
         ズームアウト|줌 아웃|줌아웃|zoom arrière|ซูมออก"),
    certain(&[M::Move(Movement::TrackRight)], "tracking shot|lateral tracking shot|移镜",
        "track right|tracks right|camera tracks right|camera tracks|lateral move|镜头横移|横移镜头|镜头平移|\
         tracking alongside|side tracking|lateral tracking|tracks alongside|tracks with|tracking move|鏡頭橫移|横向移动镜头|\
         鏡頭平移|側面跟拍|侧面跟拍|トラッキングショット|横移動|트래킹 샷|트래킹|트래킹샷|travelling lateral|\
         traveling lateral|travelling latéral|\
         kamerafahrt seitlich|seitliche kamerafahrt|carrellata laterale|тревеллинг|боковой проезд"),
    certain(&[M::Move(Movement::TrackLeft)], "truck left",
        "trucks left|track left|tracks left|tracking left|camera tracks left|dolly left"),
    certain(&[M::Move(Movement::TrackRight)], "truck right", "trucks right|tracking right|dolly right"),
    certain(&[M::Move(Movement::CraneUp)], "crane up|boom up|pedestal up|升镜",
        "cranes up|booms up|jib up|crane shot|camera rises|镜头升|镜头上升|镜头缓缓升|camera rising|camera lifts|\
         camera cranes|camera ascends|鏡頭升|鏡頭上升|镜头缓缓上升|镜头拉升|镜头抬升|升鏡|クレーンアップ|カメラが上昇|\
         크레인 업|카메라가 올라|la cámara sube|\
         la cámara asciende|a câmera sobe|la caméra monte|la caméra s'élève|kamera steigt|la camera sale|\
         kamera yükselir|камера поднимается|kamera naik"),
    vague(&[M::Move(Movement::CraneUp)], "", "crane|升"),
    certain(&[M::Move(Movement::CraneDown)], "crane down|boom down|pedestal down|降镜",
        "cranes down|booms down|jib down|camera descends|镜头下降|camera lowers|camera descending|鏡頭下降|镜头缓缓下降|降鏡|\
         クレーンダウン|カメラが下降|크레인 다운|카메라가 내려|la cámara desciende|la cámara baja|a câmera desce|\
         la caméra descend|\
         kamera senkt sich|la camera scende|kamera alçalır|камера опускается|kamera turun"),
    vague(&[M::Move(Movement::CraneDown)], "", "降"),
    vague(&[M::Move(Movement::Orbit)], "orbit|环绕", "orbits|orbiting|camera circling|360°|360 degree|360 degrees|\
         環繞|旋转拍摄|绕拍|繞拍"),
    certain(&[M::Move(Movement::Orbit)], "arc shot|360° orbit",
        "360 orbit|360-degree orbit|orbit shot|orbits around|orbiting shot|camera orbits|camera circles|\
         camera arcs|环绕镜头|镜头环绕|环绕拍摄|环绕一周|camera spirals|camera spiraling|camera spiralling|\
         camera orbiting|camera arcing|camera rotates around|camera revolves around|camera circles around|\
         camera swirls|slow orbit|slow arc|鏡頭環繞|環繞鏡頭|環繞拍攝|镜头绕|鏡頭繞|镜头旋转|鏡頭旋轉|环绕运镜|\
         环绕旋转|360度环绕|360度環繞|回り込む|回り込み|カメラが回り込|オービット|궤도|오빗|카메라가 회전|\
         카메라가 주위를|주위를 돈다|la cámara orbita|la cámara gira alrededor|órbita|a câmera orbita|\
         a câmera gira em torno|la caméra tourne autour|la caméra orbite|kamera umkreist|kamera kreist|\
         la camera orbita|la camera ruota attorno|quay vòng quanh|kamera döner|kamera etrafında döner|камера облетает|\
         облёт камеры|камера вращается|kamera mengelilingi|kamera berputar|กล้องหมุนรอบ|कैमरा घूमता|slowly orbiting|\
         orbiting around|orbiting the|orbiting her|orbiting him"),
    vague(&[M::Move(Movement::Handheld)], "handheld|手持", "hand held|shaky|shaky cam|handycam|手持ち|ハンドヘルド|\
        手ブレ|핸드헬드|\
         핸드 헬드|cámara en mano|câmera na mão|caméra à l'épaule|caméra portée|handkamera|camera a mano|máy cầm tay|\
         omuz kamerası|el kamerası|ручная камера|с рук|kamera genggam|กล้องมือถือ"),
    certain(&[M::Move(Movement::WhipPan)], "whip pan", "whip pans|whips to|whip tilt|camera whips|swish pan|甩镜|镜头甩"),
    certain(&[M::Move(Movement::WhipPan), M::Cut(Cut::Whip)], "", "whip pan to|whip pan transition"),
    certain(&[M::Move(Movement::CrashZoom)], "crash zoom", "crash zooms|snap zoom|急推"),
    certain(&[M::Move(Movement::DollyZoom)], "dolly zoom", "zolly|vertigo effect|vertigo shot|希区柯克变焦"),
    vague(&[M::Size(Size::ExtremeWide), M::Move(Movement::Other)], "aerial shot|drone shot|航拍", "aerial|drone|无人机|\
         空撮|ドローン|드론|항공|dron|drone aéreo|toma aérea|vue aérienne|luftaufnahme|drohne|ripresa aerea|drone çekimi|\
         дрон|аэросъёмка|flycam|無人機|โดรน|ड्रोन"),
    vague(&[M::Move(Movement::TrackRight)], "steadicam|gimbal|FPV|follow shot|跟拍",
        "following shot|camera follows|tracking|track the|tracks the|trucking|lateral|跟随|跟镜|镜头跟|镜头移动|横移|跟|移|\
         camera following|camera trails|camera chases|camera pursues|trailing behind|follows behind|follows her|\
         follows him|follows them|following her|following him|following them|following behind|from behind as|跟隨|\
         跟鏡|鏡頭跟|镜头紧跟|镜头紧随|鏡頭緊隨|镜头追|鏡頭追|镜头跟随|鏡頭移動|橫移|第一视角穿越|穿越镜头|穿梭|\
         追いかける|追従|フォロー|カメラが追う|追う|따라간다|따라가|따라가며|추적|팔로우|\
         la cámara sigue|sigue a la|seguimiento|travelling|traveling|a câmera segue|câmera acompanha|acompanha|\
         la caméra suit|kamera folgt|kamerafahrt|verfolgt|la camera segue|carrellata|máy quay theo|theo sau|\
         kamera takip|takip eder|камера следует|следует за|проезд камеры|слежение|kamera mengikuti|กล้องตาม|\
         कैमरा पीछा|कैमरा अनुसरण|follow from behind|follow along|follow behind|follow the|follow her|follow him|\
         following the|follows the|seguindo|siguiendo|en suivant|tracks alongside her|tracking with"),
    vague(&[M::Move(Movement::Other)], "rack focus",
        "we fall|we drift|we rise|we follow|we move|we glide|we float|we circle|we push|we pull|we track|we land|\
         we climb|we travel|we slide|we retreat|we approach|racks focus|camera glides|camera drifts|camera moves|\
         camera floats|camera flies|camera sweeps|\
         camera swoops|camera slides|camera travels|camera travelling|运镜|镜头缓缓|镜头缓慢|focus shifts|focus pull|\
         pull focus|pulls focus|camera spins|camera weaves|camera dives|camera plunges|camera soars|camera drops|\
         camera turns|camera swings|camera snakes|camera advances|camera approaches|camera reveals|camera shakes|\
         camera shake|camera jolts|camera glide|camera drift|camera crawls|camera inches|camera leans|camera settles|\
         camera races|camera rushes|camera zigzags|camera passes|camera whirls|drifts closer|slow drift|\
         drifting camera|gliding camera|moving camera|dynamic camera|snorricam|speed-ramped|镜头摇晃|鏡頭搖晃|镜头掠过|\
         鏡頭掠過|镜头穿过|鏡頭穿過|镜头穿越|镜头飞|鏡頭飛|镜头俯冲|鏡頭俯衝|镜头晃动|镜头转向|镜头下移|镜头上移|\
         镜头缓缓移|镜头缓慢移|鏡頭緩緩|鏡頭緩慢|镜头滑|镜头游走|镜头切换|カメラワーク|カメラが動|カメラは動|\
         カメラが滑|カメラが進|カメラは|カメラが|카메라가|카메라는|카메라 워킹|la cámara se mueve|la cámara recorre|\
         la cámara|a câmera|la caméra|die kamera|la camera|máy quay|kamera hareket|камера движется|камера|กล้อง|\
         कैमरा"),
    certain(&[M::Move(Movement::Roll)], "camera roll", "camera rolls|rolling camera|barrel roll|滚转镜头"),
    certain(&[M::Cut(Cut::Hard)], "hard cut|smash cut|match cut|jump cut|硬切", "jump cuts|ジャンプカット|점프 컷|corte seco|\
         schnitt auf|跳切"),
    certain(&[M::Cut(Cut::Dissolve)], "dissolve|叠化", "dissolves|cross dissolve|crossfade|cross fade|疊化|溶け|ディゾルブ|\
         디졸브|fundido|überblendung|dissolvenza"),
    certain(&[M::Cut(Cut::FadeIn)], "fade in", "fades in|fade from black|fade up|淡入|フェードイン|페이드 인"),
    certain(&[M::Cut(Cut::FadeOut)], "fade out", "fades out|fade to black|fades to black|淡出|フェードアウト|페이드 아웃|\
         fundido a negro|fondu au noir|schwarzblende"),
    certain(&[M::Cut(Cut::Whip)], "whip transition", "whip cut"),
    certain(&[M::Cut(Cut::Other)], "one take|no cuts|一镜到底|转场",
        "single take|one shot|continuous shot|long take|oner|cut to|cuts to|quick cut|quick cuts|fast cuts|\
         rapid cuts|montage|cutaway|fade to|fades to|切到|切至|镜头切|长镜头|蒙太奇|快切|一鏡到底|轉場|長鏡頭|快速剪辑|\
         快速切换|蒙太奇剪辑|ワンカット|長回し|\
         원테이크|롱테이크|plano secuencia|plano-sequência|plan-séquence|plansequenz|piano sequenza|sin cortes|sem cortes|\
         ohne schnitt|single continuous take|one continuous shot|one continuous take|continuous take|\
         unbroken shot|unbroken take|no cutting|intercut|cross-cut|cutting between"),
    certain(&[M::Speed], "slow motion|speed ramp|time-lapse|freeze frame", "timelapse|hyperlapse|慢动作|延时|slow-mo|\
         slomo|super slow motion|bullet time|hyper-lapse|升格|慢鏡頭|慢镜头|子弹时间|定格|スローモーション|スロー|\
         슬로우 모션|슬로모션|cámara lenta|\
         câmera lenta|ralenti|au ralenti|zeitlupe|rallentatore|quay chậm|ağır çekim|замедленная съёмка|замедленно|\
         สโลว์โมชั่น|धीमी गति"),
];

impl PhraseEntry {
    /// Every phrase of the entry.
    pub fn phrases(&self) -> impl Iterator<Item = &'static str> + use<> {
        list(self.offered).chain(list(self.understood))
    }
}

fn list(phrases: &'static str) -> impl Iterator<Item = &'static str> {
    phrases.split('|').filter(|phrase| !phrase.is_empty())
}

/// The phrases that completion offers.
pub fn offered() -> impl Iterator<Item = &'static str> {
    VOCABULARY.iter().flat_map(|entry| list(entry.offered))
}

/// A camera phrase in a text, with one of its meanings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraPhrase {
    pub at: Range<usize>,
    pub meaning: Meaning,
    /// See [`PhraseEntry::is_certain`].
    pub is_certain: bool,
}

/// Every camera phrase of `text`, in order; one with several meanings is listed once for each.
pub fn camera_phrases(text: &str) -> Vec<CameraPhrase> {
    static MATCHER: LazyLock<PhraseMatcher<&'static PhraseEntry>> = LazyLock::new(|| {
        let entries = VOCABULARY.iter();
        PhraseMatcher::new(entries.flat_map(|entry| entry.phrases().map(move |phrase| (phrase, entry))))
    });
    let found = MATCHER.find(text).into_iter();
    let mut phrases: Vec<CameraPhrase> = found
        .filter(|(at, _)| is_phrase(text, at))
        .flat_map(|(at, entry)| {
            entry.meanings.iter().map(move |meaning| CameraPhrase {
                at: at.clone(),
                meaning: *meaning,
                is_certain: entry.is_certain,
            })
        })
        .collect();
    let said = camera_sentences(text).into_iter().filter(|(at, _)| {
        let next = phrases.partition_point(|phrase| phrase.at.end <= at.start);
        phrases
            .get(next)
            .is_none_or(|phrase| phrase.at.start >= at.end || !phrase.is_certain)
    });
    let said: Vec<_> = said.collect();
    phrases.extend(said.into_iter().map(|(at, movement)| CameraPhrase {
        at,
        meaning: Meaning::Move(movement),
        is_certain: true,
    }));
    phrases.sort_by_key(|phrase| phrase.at.start);
    phrases
}

/// A single character (`推`) is a phrase only where it stands alone, and not as part of a word (`推门`), and a verb only
/// where the camera does it.
fn is_phrase(text: &str, at: &Range<usize>) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let is_single = text[at.clone()].chars().nth(1).is_none();
    if is_single {
        return !is_letter(text[..at.start].chars().next_back()) && !is_letter(text[at.end..].chars().next());
    }
    !is_done_by_a_person(text, at)
}

/// Whether a phrase such as `pulls out` or `tilts` is what a person does: `he pulls out a knife`, `she slowly tilts her head`.
fn is_done_by_a_person(text: &str, at: &Range<usize>) -> bool {
    const VERBS: [&str; 16] = [
        "pulls", "pull", "pushes", "push", "pushing", "pulling", "tilts", "tilting", "rolls", "whips",
        "pans", "zooms", "tracks", "trucks", "whip", "tilt",
    ];
    const PEOPLE: &str = "he|she|they|it|who|and|man|woman|boy|girl|child|hand|hands|figure|soldier|dog|cat|mother|father|chef|\
        player|dancer|rider|hero|heroine|people|lady|guy|driver|kid|baby|worker|robot|head";
    const OBJECTS: &str = "a|an|his|her|their|its|my|your|some|two";
    let phrase = text[at.clone()].to_ascii_lowercase();
    let verb = phrase.split([' ', '-']).next().unwrap_or_default();
    if !VERBS.contains(&verb) {
        return false;
    }
    let is_one_of = |list: &str, word: &str| list.split('|').any(|known| known.eq_ignore_ascii_case(word));
    let from = text.floor_char_boundary(at.start.saturating_sub(48));
    let clause = text[from..at.start]
        .rsplit(['.', ',', ';', ':', '\n', '!', '?'])
        .next()
        .unwrap_or_default();
    let words: Vec<&str> = clause.split_whitespace().collect();
    let has_camera = words
        .iter()
        .any(|word| is_one_of("camera|shot|lens|we|frame|drone|cam", word));
    let subject = words.iter().rev().find(|word| !word.ends_with("ly"));
    let next: String = text[at.end..]
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphabetic())
        .take(8)
        .collect();
    let by_person = subject.is_some_and(|word| is_one_of(PEOPLE, word))
        && !subject.is_some_and(|word| word.eq_ignore_ascii_case("and"));
    !has_camera && (by_person || is_one_of(OBJECTS, &next) && verb.ends_with('s'))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_phrase_is_listed_once_and_found_with_its_meanings() {
        let mut seen = HashSet::new();
        for entry in VOCABULARY {
            for phrase in entry.phrases() {
                let spelling = phrase.to_lowercase().replace('-', " ");
                assert!(seen.insert(spelling), "{phrase} is listed twice");
                let text = format!("A kite, {phrase}. It dives.");
                let found = camera_phrases(&text);
                let meanings: Vec<Meaning> = found.iter().map(|phrase| phrase.meaning).collect();
                assert_eq!(meanings, entry.meanings, "{phrase}");
                assert!(found.iter().all(|found| &text[found.at.clone()] == phrase));
            }
        }
    }

    #[test]
    fn a_single_character_counts_only_alone() {
        let is_found = |text: &str| !camera_phrases(text).is_empty();
        assert!(is_found("运镜方式：推，缓慢") && is_found("推"));
        assert!(!is_found("邮差推门进来，风筝升起"));
    }
}
