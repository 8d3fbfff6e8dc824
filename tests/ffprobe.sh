#!/bin/sh
# Renders animatics and lets ffprobe and ffmpeg judge them. Without ffprobe it says so and passes nothing.
set -eu
cd "$(dirname "$0")/.."

command -v ffprobe >/dev/null || { echo "ffprobe.sh: ffprobe is not installed" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo build --quiet --locked --bin rushes
rushes="${CARGO_TARGET_DIR:-target}/debug/rushes"
cat >"$folder/shots.txt" <<'SCRIPT'
A night drive in a red convertible.
Shot 1 | 0s–2s
Medium shot, static camera. Two drivers in the parked car, in profile, cold faces, dark tones.
Shot 2 | 2s–4s
Wide shot. She sits on the door, he leans on the fender. Hard cut.
Shot 3 | 4s–9s
Side tracking shot at the speed of the car. Neon blurs behind.
Shot 4 | 9s–14s
Front tracking shot. He says, "We never left."
SCRIPT

# field STREAM NAME: what ffprobe says about the video, empty when there is no such stream.
field() {
    ffprobe -v error -select_streams "$1" -show_entries "stream=$2" -of default=nw=1:nk=1 "$folder/video.mp4"
}

expect() {
    [ "$2" = "$3" ] || { echo "ffprobe.sh: $video: $1 is '$2', expected '$3'" >&2; exit 1; }
}

# check RESOLUTION RATIO SECONDS on|off WIDTH HEIGHT
check() {
    video="$1 $2 $3 s sound $4"
    if [ "$4" = on ]; then sound=--audio; else sound=--no-audio; fi
    "$rushes" animatic "$folder/shots.txt" --out "$folder/video.mp4" --force \
        --resolution "$1" --aspect "$2" --duration "$3" "$sound" --seeds 42 >/dev/null
    expect "video codec" "$(field v:0 codec_name)" h264
    expect "pixel format" "$(field v:0 pix_fmt)" yuv420p
    expect "width" "$(field v:0 width)" "$5"
    expect "height" "$(field v:0 height)" "$6"
    expect "frame rate" "$(field v:0 r_frame_rate)" 24/1
    expect "frames" "$(field v:0 nb_frames)" $(($3 * 24))
    expect "duration" "$(field v:0 duration)" "$3.000000"
    if [ "$4" = on ]; then
        expect "audio codec" "$(field a:0 codec_name)" aac
    else
        expect "audio codec" "$(field a:0 codec_name)" ""
    fi
    title=$(ffprobe -v error -show_entries format_tags=title -of default=nw=1:nk=1 "$folder/video.mp4")
    expect "title" "$title" "SANDBOX animatic, not a Seedance film"
    complaints=$(ffmpeg -v warning -i "$folder/video.mp4" -f null - 2>&1)
    expect "complaints" "$complaints" ""
    echo "ok: $video"
}

check 480p 16:9 5 on 864 496
check 480p 9:16 4 off 496 864
check 720p 21:9 4 on 1470 630
check 720p 4:3 4 off 1112 834

# Takes joined without re-encoding: as many frames as in both, and nothing to complain about.
export RUSHES_HOME="$folder/home"
mkdir -p "$RUSHES_HOME/config"
echo 'sandbox_speed = 50.0' >"$RUSHES_HOME/config/config.toml"
"$rushes" --sandbox gen -y --prompt "A kite." --duration 4 --seeds 7,8 >/dev/null
video="takes 1 and 2 joined"
"$rushes" concat 1 2 -o "$folder/joined.mp4" >/dev/null
mv "$folder/joined.mp4" "$folder/video.mp4"
expect "frames" "$(field v:0 nb_frames)" 192
counted=$(ffprobe -v error -count_frames -select_streams v:0 -show_entries stream=nb_read_frames -of default=nw=1:nk=1 "$folder/video.mp4")
expect "decoded frames" "$counted" 192
expect "duration" "$(field v:0 duration)" 8.000000
complaints=$(ffmpeg -v warning -i "$folder/video.mp4" -f null - 2>&1)
expect "complaints" "$complaints" ""
echo "ok: $video"
