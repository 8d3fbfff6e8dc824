//! Turkish.

use super::{Language, NONE};

pub(super) const WORDS: Language = Language {
    seconds: "saniyeler|saniye|sn|saniyeden|saniyeye|saniyelik",
    order: "ilk|sonraki|son",
    to: "ile|ila",
    until: "arası|arasında|aralığı",
    shots: "çekim|plan|kesme|kare",
    scenes: "sahne|bölüm|klip|parça",
    aspects: "ışık|ses|müzik|kamera|lens|diyalog|özet|renk|anlatım|anlatıcı|dış ses|seslendirme|şarkı sözleri|\
        altyazı|altyazılar|efektler|ses efektleri|diyaloglar|kostüm|oyunculuk|fon müziği",
    numbers: "bir|iki|üç|dört|beş|altı|yedi|sekiz|dokuz",
    totals: "süre|toplam süre|toplam|uzunluk|video süresi",
    timelines: "zaman çizelgesi",
    titles: "senaryo|storyboard|akış|planlar|sahneler",
    ends: "son|sonu",
    films: "video|klip|film|kısa film|reklam|reklam filmi|fragman|tek plan|dikey video|animasyon|videosu|klibi|filmi|\
        reklamı",
    images: "görsel|resim|fotoğraf|görüntü",
    videos: "video",
    audios: "audio",
    attached_images: "referans görsel|referans görseli|referans resim|referans fotoğraf|ekteki görsel|ekteki resim|\
        ekteki fotoğraf|ekteki görseldeki|ekteki fotoğraftaki|yüklenen görsel|yüklenen resim|yüklenen fotoğraf|\
        ekli görsel|ekli fotoğraf|ekteki fotoğrafta|ekteki görselde|ekteki resimdeki|ekli fotoğraftaki|\
        ekli görseldeki|yüklediğim fotoğraf|yüklediğim görsel|yüklediğim görseldeki|yüklediğim fotoğraftaki|\
        gönderdiğim fotoğraf|referans fotoğraftaki|referans görseldeki|ekteki çizim|ekteki fotoğrafla",
    attached_videos: "referans video|ekteki video|yüklenen video",
    attached_audios: "referans ses|ekteki ses|yüklenen ses",
    denials: "asla|hiçbir|ne",
    denials_after: "yok|olmasın|olmadan|olmayacak|içermesin|kullanma|kullanmayın|gösterme|ekleme|eklemeyin|yasak|\
        hariç|istemiyorum|bulunmasın|olmamalı|değil|koyma|koymayın|göstermeyin|olmaz|kullanılmasın|istemiyoruz|\
        kullanılmayacak|istenmiyor|görünmesin|eklenmesin|konmasın",
    avoidances: "kaçın|kaçının|hariç tut|uzak dur|uzak durun|istenmiyor|yasak|sakın",
    negative_titles: "negatif prompt|negatif|kaçınılacaklar|yasaklar|yasak|olmaması gerekenler|istenmeyenler|olmasın|\
        hariç|kısıtlar|istemediklerim|kaçınılacak|kullanılmasın|uzak dur|uzak durulacaklar|olmayacaklar|kara liste",
    contrasts: "ama|sadece|yalnızca|fakat",
    speech: "der|diyor|fısıldar|fısıldıyor|bağırır|bağırıyor|sorar|soruyor|cevap verir|diyalog|dış ses|anlatıcı|\
        seslendirme|replik|konuşur|söyler|söylüyor|diye|şarkı söyler",
    sound: "müzik|film müziği|ses efekti|ses efektleri|ortam sesi|arka plan müziği|fon müziği|yağmur sesi|\
        rüzgar sesi|rüzgâr sesi|diyalog|dış ses|duyulur|duyuluyor|uğultusu|çınlar|dalga sesi|sesi duyulur",
    silence: "sessiz video|ses yok|sessiz olsun|ses olmasın|tamamen sessiz|sesi kapalı|ses kapalı|sessiz klip",
    sound_settings: "ses|müzik",
    off: "yok|kapalı|sessiz|hayır",
    letters: "altyazı|altyazılar|alt yazı|ekran yazısı|ekranda yazı|ekranda metin|yazı belirir|başlık belirir|\
        metin belirir|yazı çıkar|jenerik|ekranda yazı belirir|başlık kartı",
    tall: "dikey video|dikey format|dikey|dikey kadraj",
    square: "kare format|kare video",
    wide: "yatay video|yatay format|yatay kadraj",
    written: "tabela|yazılı|yazan|levha",
    one_take: "tek plan|tek çekim|kesintisiz",
    black: "siyah ekran|karartma|ekran kararır|siyaha geçiş|siyaha düşer|siyah olur|siyaha",
    interludes: "geçiş",
    songs: "şarkı|şarkının|klip müziği|nakarat",
    ..NONE
};
