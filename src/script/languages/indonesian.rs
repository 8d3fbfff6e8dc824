//! Indonesian.

use super::{Language, NONE};

pub(super) const WORDS: Language = Language {
    seconds: "detik|dtk",
    order: "pertama|berikutnya|terakhir",
    to: "sampai|hingga|ke",
    from: "dari",
    shots: "bidikan|potongan",
    scenes: "adegan|bagian|klip|segmen",
    aspects: "cahaya|pencahayaan|suara|musik|kamera|lensa|dialog|ringkasan|warna|narasi|narator|sulih suara|lirik|\
        teks di layar|subtitle|takarir|efek|efek suara|musik latar|kostum|akting",
    numbers: "satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh",
    totals: "durasi|total durasi|durasi total|total|panjang",
    timelines: "lini masa",
    titles: "skenario|naskah|storyboard|adegan|susunan",
    ends: "selesai|akhir",
    films: "video|klip|film|film pendek|iklan|video vertikal|animasi",
    images: "gambar|foto",
    videos: "video",
    audios: "audio",
    attached_images: "gambar referensi|foto referensi|gambar terlampir|foto terlampir|gambar yang diunggah|\
        foto yang diunggah|gambar lampiran|foto yang dilampirkan|gambar yang dilampirkan|foto yang saya lampirkan|\
        gambar yang saya lampirkan|foto yang saya kirim|foto di atas|gambar di atas|foto lampiran",
    attached_videos: "video referensi|video terlampir|video yang diunggah",
    attached_audios: "audio referensi|audio terlampir",
    denials: "tanpa|tidak ada|tidak|jangan|bukan|tak ada|nihil|hindari",
    denials_after: "dilarang",
    avoidances: "hindari|jangan tampilkan|jangan tambahkan|kecualikan|jangan gunakan|jangan ada|tidak boleh|\
        tidak boleh ada|jangan sampai ada|dilarang",
    negative_titles: "prompt negatif|negatif|larangan|dilarang|jangan|pengecualian|batasan|yang dihindari|\
        yang tidak diinginkan|jangan ada|yang harus dihindari|terlarang|hindari|daftar hitam|tidak boleh ada|\
        pantangan",
    contrasts: "tetapi|tapi|hanya|kecuali",
    speech: "berkata|berbisik|berteriak|bertanya|menjawab|dialog|narator|narasi|suara latar|ucap|kata|bernyanyi",
    sound: "musik|efek suara|suara latar|musik latar|suara hujan|suara angin|narasi|dialog|terdengar|suara ombak|\
        bunyi|gemuruh|gemericik|denting",
    silence: "tanpa suara|tanpa audio|video bisu|tidak ada suara|suara mati|senyap total",
    sound_settings: "audio|suara",
    off: "tidak ada|mati|tanpa|bisu|senyap",
    letters: "subtitle|takarir|teks di layar|teks layar|teks muncul|judul muncul|tulisan muncul|kartu judul|\
        teks overlay",
    tall: "video vertikal|format vertikal|vertikal|potret vertikal",
    square: "video persegi|format persegi",
    wide: "video horizontal|format horizontal|lanskap horizontal",
    written: "bertuliskan|papan|tulisan",
    one_take: "satu take|tanpa potongan|satu pengambilan",
    black: "layar hitam|memudar ke hitam|potong ke hitam|gelap total|ke hitam|menjadi gelap|menjadi hitam",
    interludes: "transisi",
    songs: "lagu|video musik|reff",
    ..NONE
};
