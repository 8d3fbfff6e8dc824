//! Vietnamese.

use super::{Language, NONE};

pub(super) const WORDS: Language = Language {
    seconds: "giây",
    to: "đến|tới",
    from: "từ",
    shots: "cú máy|khung hình|phân đoạn",
    scenes: "cảnh|phân cảnh|đoạn|phần",
    aspects: "ánh sáng|âm thanh|âm nhạc|máy quay|ống kính|lời thoại|tóm tắt|lời dẫn|người dẫn|thuyết minh|lời bình|\
        lời bài hát|phụ đề|hiệu ứng|hiệu ứng âm thanh|nhạc nền|giọng đọc|trang phục|diễn xuất",
    numbers: "một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười",
    totals: "thời lượng|tổng thời lượng|độ dài|tổng",
    timelines: "dòng thời gian",
    titles: "kịch bản|phân cảnh|cấu trúc",
    ends: "kết thúc|hết",
    films: "video|clip|phim|phim ngắn|quảng cáo|đoạn phim",
    images: "hình ảnh|hình|ảnh|bức ảnh|hình số|ảnh số|hình ảnh số|bức ảnh số",
    videos: "video",
    audios: "âm thanh|audio",
    attached_images: "ảnh tham chiếu|hình tham chiếu|ảnh tham khảo|hình tham khảo|hình ảnh tham khảo|\
        hình ảnh tham chiếu|ảnh đính kèm|hình đính kèm|hình ảnh đính kèm|ảnh tải lên|hình tải lên|ảnh đã tải lên|\
        ảnh kèm theo|hình kèm theo|ảnh gửi kèm|ảnh mẫu|ảnh tôi gửi|hình tôi gửi|ảnh bên trên",
    attached_videos: "video tham chiếu|video tham khảo|video đính kèm|video tải lên",
    attached_audios: "âm thanh tham chiếu|âm thanh đính kèm",
    denials: "không có|không|chẳng|đừng|chưa|thay vì|cấm|loại bỏ",
    denials_after: "bị cấm",
    avoidances: "tránh|không được có|loại trừ|không bao gồm|không dùng|không muốn|cần tránh|không được|chừa ra|\
        xin chừa ra|tuyệt đối không|nhất quyết không",
    negative_titles: "prompt phủ định|lời nhắc phủ định|prompt tiêu cực|cấm|từ khóa phủ định|hạn chế|không được có|\
        những điều cần tránh|negative|điều cấm|không muốn thấy|xin chừa ra|chừa ra|mấy thứ xin chừa ra|\
        những thứ cần tránh|cần tránh|loại trừ|những thứ không muốn",
    contrasts: "nhưng|chỉ|ngoại trừ|trừ",
    speech: "nói|thì thầm|hét|hỏi|trả lời|lời thoại|thoại|giọng đọc|thuyết minh|người dẫn chuyện|giọng nói|\
        lồng tiếng|hát",
    sound: "nhạc nền|âm nhạc|hiệu ứng âm thanh|nhạc|tiếng động|tiếng mưa|tiếng gió|thuyết minh|lời thoại|\
        âm thanh môi trường|tiếng sóng|nghe thấy|vang lên|tiếng chuông|tiếng bước chân|tiếng ồn",
    silence: "không có âm thanh|không âm thanh|tắt tiếng|video câm|im lặng hoàn toàn",
    sound_settings: "âm thanh|audio",
    off: "không|không có|tắt|câm",
    letters: "phụ đề|chữ trên màn hình|dòng chữ|tiêu đề xuất hiện|chữ xuất hiện|văn bản trên màn hình|\
        chú thích trên màn hình|chữ hiện",
    tall: "video dọc|khung dọc|định dạng dọc|màn hình dọc|quay dọc|tỉ lệ dọc|tỷ lệ dọc",
    square: "video vuông|khung vuông",
    wide: "video ngang|khung ngang|màn hình ngang",
    written: "biển hiệu|dòng chữ|ghi|bảng",
    one_take: "một cú máy|không cắt",
    black: "màn hình đen|chuyển đen|mờ dần sang đen|tối đen",
    interludes: "chuyển cảnh",
    songs: "bài hát|điệp khúc|mv ca nhạc",
    ..NONE
};
