//! English.

use super::{Language, NONE};

pub(super) const WORDS: Language = Language {
    seconds: "seconds|second|secs|sec|s",
    order: "first|opening|next|following|another|last|final|closing|remaining|then",
    to: "to|through|until",
    from: "from|at|between|time|timing|timecode",
    shots: "shot|cut|beat|panel",
    scenes: "scene|clip|segment|part",
    aspects: "wardrobe|costumes|makeup|subtitles|blocking|notes|light|lighting|lights|lens|lenses|optics|sound|\
        sounds|audio|sfx|music|score|camera|camera moves|camera work|colour|color|dialogue|voiceover|voice over|\
        timing|beats|synopsis|summary|outline|grade|palette|mood|emotion|transitions|sound design|soundtrack|pacing|\
        storyboard|shot list|vo|v.o|v/o|voice-over|narration|narrator|narrator says|lyrics|foley|captions|caption|\
        on-screen text|onscreen text|text on screen|superimposed text|supers|super|title cards|text overlay|\
        text overlays|overlays|bgm|ambience|ambient sound|sound effects|background music|vfx|acting|performance|\
        expressions|props|subs|speech|singing|vocals|instruments|effects|spoken lines|spoken words|audio cues|\
        sound cues|lip sync|lipsync|motion|focus|exposure",
    numbers: "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|\
        seventeen|eighteen|nineteen|twenty",
    totals: "total|total duration|total length|total runtime|duration|video duration|length|video length|runtime|\
        running time|run time|overall|entire video|full video|video",
    timelines: "timeline|full timeline",
    titles: "prompt|script|storyboard|story board|shot list|breakdown|sequence|shots|scenes|structure|action|visual|\
        visuals|beats|shot by shot|plan|outline of shots",
    ends: "end|the end",
    films: "piece|take|video|videos|clip|film|movie|spot|ad|commercial|advert|advertisement|trailer|teaser|short|\
        reel|animation|promo|loop|short film|vertical video|one take|continuous shot|single shot|tvc",
    images: "image|picture|img",
    videos: "video|vid",
    audios: "audio|aud",
    attached_images: "reference image|reference images|reference picture|reference pictures|reference photo|\
        reference photos|attached image|attached images|attached picture|attached pictures|attached photo|\
        attached photos|uploaded image|uploaded images|uploaded picture|uploaded photo|uploaded photos|\
        provided image|provided images|provided picture|provided photo|supplied image|supplied photo|\
        the image provided|the photo provided|the image attached|the picture attached|input image|source image|\
        ref image|ref images|photo i attached|picture i attached|image i attached|photo i uploaded|image i uploaded|\
        picture i uploaded|photo above|image above|picture above|attached still|attached sketch|attached drawing|\
        attached sheet|attached headshot|attached portrait|attached reference|attached logo|provided logo|\
        supplied picture|enclosed photo|enclosed picture|photo in the attachment|image in the attachment|\
        photo provided|picture provided|photo supplied|photo i sent|picture i sent|reference still|reference sheet|\
        reference photograph|attached photograph|uploaded photograph|photo enclosed|attached jpeg|attached png|\
        uploaded reference|photo attached|picture attached|image attached|uploaded selfie|attached selfie|\
        uploaded sketch|uploaded drawing|sketch i attached|attached frame|uploaded still|animate this image|\
        animate this photo|animate this picture|bring this image to life|bring this photo to life|\
        bring this picture to life|in my photo|from my photo|in my picture|from my picture|in my image|\
        the photo below|the picture below|the image below|the photo above|the picture above",
    attached_videos: "reference video|reference videos|reference clip|attached video|attached clip|uploaded video|\
        uploaded clip|provided video|supplied video|the video above|input video|source video|video i attached|\
        video i uploaded|attached footage|uploaded footage|reference footage|provided footage|clip i attached|\
        clip i uploaded|video attached|supplied clip|provided clip",
    attached_audios: "reference audio|attached audio|uploaded audio|provided audio|reference track|uploaded track|\
        attached track|uploaded song|provided song|reference music|attached audio file|song i attached|\
        track i attached|audio i attached|attached song|attached music|uploaded music|attached voice|\
        voice sample attached|attached voice note|attached recording|uploaded recording",
    denials: "no|not|without|never|don't|dont|do not|does not|doesn't|exclude|excluding|remove|nor|zero|free of|\
        free from|clear of|clear for|clean for|space for|room for|absence of|none of|cannot|can't|must not|\
        should not|shouldn't|instead of|rather than|devoid of|lacks|isn't|aren't|won't|will not|nothing like|\
        nobody wants|minus|skip any|sans|neither|hide all|hide any|omit|omit all|remove all|remove any|disable|\
        skip the",
    denials_after: "in post|added later|added afterwards|is not allowed|are not allowed|not allowed|forbidden|\
        prohibited|is absent|are absent|not visible|not present|is turned off|will be added|added in the edit|\
        in the edit|in editing|to be added|stay out|stays out|are banned|is banned|are out|not readable|not legible|\
        unreadable|illegible|are not needed|is not needed|not needed|not wanted|not required|are unnecessary|\
        are unwanted|is unwanted",
    avoidances: "avoid|avoiding|exclude|do not include|don't include|must avoid|never show|do not show|do not add|\
        not in this film|not in the film|not in this video|not wanted|do not want|don't want|leave out|leave it out|\
        keep out|stay away from|must not appear|must not have|do not use|don't use|don't show|don't add|\
        steer clear of|not in frame|never in frame|please no|refrain from|skip these|nothing of this|we don't need|\
        hard pass on|nothing like|is out|out of bounds|not on the list|off the table|no-nos|not allowed in",
    negative_titles: "negative prompt|negative prompts|negative|negatives|exclusions|forbidden|prohibited|\
        restrictions|banned|things to avoid|what to avoid|not allowed|don'ts|no-go|no go list|constraints: no|\
        hard rules|strictly no|strictly forbidden|blacklist|ban list|avoid list|do-not list|kill list|no list|nope|\
        negatives to avoid|what we don't want|what i don't want|unwanted|leave out|hard pass|refuse|refused|refusals|\
        don't|do nots|dont|no-nos|off limits|off the table|keep out|blocklist|veto|vetoed",
    contrasts: "but|only|except|instead|however|just|rather",
    speech: "says|say|said|saying|speaks|speaking|asks|asking|replies|answers|whispers|whispering|shouts|shouting|\
        yells|screams|murmurs|mutters|narrates|narrator|narration|voice over|voiceover|vo|dialogue|dialog|monologue|\
        voice|line|lines|announces|calls out|adds|sings|spoken|speech",
    sound: "music|soundtrack|score swells|sound effects|sound effect|sfx|sound design|ambient sound|ambient sounds|\
        background music|bgm|dialogue|voice over|voiceover|narration|sound of|sounds of|audio of|diegetic sound|\
        ambience|foley|asmr|we hear|can be heard|is heard|deafening|drum roll|snare roll|hum of|roar of|crackle of|\
        rumble of|chime of|clatter of|whoosh|crowd roars|audible|sound fades|sound swells|soft hum|the score|\
        beat drops|humming|hums a|sings a|song plays|drumming on|whistle|crackling|applause|laughter|footsteps|\
        birdsong|thunder rolls|ticking|audio bed|choir|accordion|organ music",
    silence: "no sound|no sounds|no audio|no sound at all|without sound|without audio|without any sound|silent video|\
        silent clip|muted video|muted clip|mute video|sound off|audio off|completely silent|no audio track|\
        no soundtrack|mute the audio|no music or sound|no sound or music|zero audio|no audio or music|mute clip|\
        no audio track of any kind|no sound of any kind|no sound whatsoever|no audio whatsoever|silent file|\
        mute file|deliver mute|delivered mute|without any audio|soundless",
    sound_settings: "audio|sound|soundtrack|sound design|audio track",
    off: "none|off|silent|silence|mute|muted|no|n/a|disabled|not needed|not required",
    letters: "subtitle|subtitles|subtitled|caption|captions|captioned|closed captions|on screen text|text on screen|\
        text on the screen|text overlay|text overlays|overlay text|title card|title cards|lower thirds|text appears|\
        text reads|text reading|words appear|letters appear|title appears|text that reads|text saying|\
        kinetic typography|end credits|super reads|supers|intertitle|intertitles|end card|logo text|words on screen|\
        typography appears|title fades in|text fades in|text pops up|text pops in|lettering reads|title text|\
        headline text|animated text|burned in text|on screen caption|end title|title reading|titles reading|\
        full frame title|title that reads|words reading|full screen title|closing title|opening title|\
        lower third graphic|lower third slides in|lower third appears|lower third with|lower third reads|chyron|\
        name strap|title reads|title says|titles say|words fade in|letters fade in|words appear on|big letters|\
        bold letters on screen|lower third:",
    tall: "vertical video|vertical format|vertical phone video|vertical framing|vertical frame|vertical composition|\
        vertical aspect ratio|vertical|portrait orientation|portrait mode|portrait format|portrait video|for tiktok|\
        tiktok style|tiktok video|for reels|instagram reel|instagram reels|youtube shorts",
    square: "square video|square format|square frame|square aspect ratio|square crop",
    wide: "horizontal video|horizontal format|landscape format|landscape orientation|landscape mode|landscape video|\
        widescreen|wide screen",
    written: "marked|labelled|labeled|sign|signs|reading|reads|engraved|printed|written|titled|lettering|inscription|\
        tattoo|words|word|poster|banner|screen shows",
    one_take: "one take|single take|no cuts|continuous shot|continuous take|one continuous|oner|one shot|long take|\
        unbroken|single continuous",
    black: "black screen|black frame|black frames|cut to black|cuts to black|fade to black|fades to black|\
        fade through black|fades through black|dip to black|dips to black|fade out|fades out|blackout|goes black|\
        screen is black|seconds of black|second of black|beat of black|moment of black|black for|second black|\
        seconds black|empty screen|blank screen|white screen|cut to white|fade to white|fades to white|dip to white|\
        gap|gaps|to black|into black|turns black|turn black|to white|turns white|pure white frame|white frame|\
        commercial break|insert footage",
    orders: "timestamps exactly|exact timestamps|times exactly|timings exactly|change the timings|change the timing|\
        change the times|change the timecodes|original timecodes|original times|gaps are|between the shots|on black|\
        between each|separates the shots|times refer|timings refer|timecodes refer|times are of|do not retime",
    interludes: "transition|transitions|interlude|in between|between",
    songs: "song|songs|music video|chorus|lyrics|the track|master edit|finished cut|edit timecodes|final edit|\
        the edit s timecodes",
    ..NONE
};
