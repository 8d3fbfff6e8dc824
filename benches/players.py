#!/usr/bin/env python3
"""Compares `rushes play` with `mpv --vo=tct` and `timg`: bytes, likeness and processor time of the same clips.

    cargo build --release
    python3 benches/players.py [--rushes PROGRAM] [--seconds N] [--only TEXT]

It makes two clips with ffmpeg, one busy and one calm, of 800x440 at 12 pictures a second, and plays each of them in a
pseudo-terminal in at most 80x22 cells. What the players write is painted back to pixels, 8x16 for each cell, four times a
second, and compared with the frames of the clip: the structural similarity (SSIM) is 1 where nothing is lost. A player may
be half a second ahead of or behind the clip. `--stills` compares `rushes still` with timg and chafa instead, on one frame of
the busy clip without its grain. It needs ffmpeg, mpv, timg, chafa, and Python's numpy, Pillow and scikit-image.
"""
import argparse
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time

import numpy as np
from PIL import Image
from skimage.metrics import structural_similarity

COLUMNS, ROWS = 80, 22
CELL_WIDTH, CELL_HEIGHT = 8, 16
PICTURES_A_SECOND = 12
SIZE = "800x440"
CLIPS = {
    # A zoom into a fractal under a little grain: every cell changes with every picture.
    "busy": f"mandelbrot=size={SIZE}:rate={PICTURES_A_SECOND}:start_scale=1:end_scale=0.05:end_pts=240,noise=alls=4:allf=t",
    # A still, soft background, over which one small thing moves.
    "calm": f"gradients=size={SIZE}:rate={PICTURES_A_SECOND}:c0=0x203040:c1=0x806040:x0=0:y0=0:x1=800:y1=440:speed=0.00001,"
    "drawbox=x=100:y=280:w=300:h=160:color=0x101820:t=fill[back];"
    f"color=c=0xe0b060:size=96x96:rate={PICTURES_A_SECOND}[box];[back][box]overlay=x='60+60*t':y='140+20*sin(t*2)'",
}

# --- a terminal that only keeps cells ------------------------------------------------------------

BASE = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
]
FOREGROUND, BACKGROUND = (229, 229, 229), (0, 0, 0)
SEQUENCE = re.compile(r"\x1b(?:\[([0-9;:?<=>]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[78=>cM])")
QUADRANTS = {
    "▘": 8, "▝": 4, "▖": 2, "▗": 1, "▌": 10, "▐": 5, "▀": 12, "▄": 3, "▚": 9, "▞": 6, "▙": 11, "▛": 14, "▜": 13, "▟": 7,
    "█": 15, " ": 0,
}


def palette(number):
    if number < 16:
        return BASE[number]
    if number < 232:
        level = lambda value: 0 if value == 0 else 55 + 40 * value
        number -= 16
        return level(number // 36), level(number // 6 % 6), level(number % 6)
    return (8 + 10 * (number - 232),) * 3


def mask(glyph, known={}):
    """How much of each pixel of the cell is foreground."""
    if glyph not in known:
        known[glyph] = draw_mask(glyph)
    return known[glyph]


def draw_mask(glyph):
    pixels = np.zeros((CELL_HEIGHT, CELL_WIDTH, 1), dtype=np.float32)
    code = ord(glyph)
    if glyph in QUADRANTS:
        for bit, (y, x) in {8: (0, 0), 4: (0, 4), 2: (8, 0), 1: (8, 4)}.items():
            if QUADRANTS[glyph] & bit:
                pixels[y:y + 8, x:x + 4] = 1
    elif 0x2581 <= code <= 0x2587:
        pixels[CELL_HEIGHT - 2 * (code - 0x2580):] = 1
    elif 0x2589 <= code <= 0x258F:
        pixels[:, :8 - (code - 0x2588)] = 1
    elif 0x1FB00 <= code <= 0x1FB3B:
        sextant = code - 0x1FB00 + 1
        sextant += (sextant >= 21) + (sextant >= 41)
        for at in range(6):
            if sextant >> at & 1:
                top, end = [(0, 5), (5, 11), (11, 16)][at // 2]
                pixels[top:end, at % 2 * 4:at % 2 * 4 + 4] = 1
    elif glyph in "░▒▓":
        pixels[:] = {"░": 0.25, "▒": 0.5, "▓": 0.75}[glyph]
    else:
        pixels[4:12, 2:6] = 0.6
    return pixels


class Screen:
    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[(" ", FOREGROUND, BACKGROUND)] * columns for _ in range(rows)]
        self.x = self.y = 0
        self.saved = (0, 0)
        self.fg, self.bg, self.is_reversed = FOREGROUND, BACKGROUND, False
        self.rest = ""
        self.unknown = set()

    def feed(self, text):
        text = self.rest + text
        self.rest, at = "", 0
        while at < len(text):
            if text[at] == "\x1b":
                found = SEQUENCE.match(text, at)
                if not found:
                    if len(text) - at < 64:
                        self.rest = text[at:]
                        return
                    at += 1
                    continue
                if found[2]:
                    self.sequence(found[1], found[2])
                elif found[0][1] == "7":
                    self.saved = self.x, self.y
                elif found[0][1] == "8":
                    self.x, self.y = self.saved
                at = found.end()
                continue
            self.put(text[at])
            at += 1

    def put(self, glyph):
        if glyph == "\n":
            self.y += 1
            if self.y == self.rows:
                self.y -= 1
                self.cells.append([(" ", FOREGROUND, BACKGROUND)] * self.columns)
                del self.cells[0]
        elif glyph == "\r":
            self.x = 0
        elif glyph >= " ":
            if self.x == self.columns:
                self.put("\r")
                self.put("\n")
            colours = (self.bg, self.fg) if self.is_reversed else (self.fg, self.bg)
            self.cells[self.y][self.x] = (glyph, *colours)
            self.x += 1

    def sequence(self, text, kind):
        if kind == "m":
            return self.colours([int(value or 0) for value in re.split("[;:]", text)])
        if text[:1] in "?<=>" and text:
            return None
        values = [int(value or 0) for value in text.split(";")] if text else [0]
        by = max(values[0], 1)
        if kind in "Hf":
            self.y, self.x = by - 1, max(values[1], 1) - 1 if len(values) > 1 else 0
        elif kind == "A":
            self.y -= by
        elif kind == "B":
            self.y += by
        elif kind == "C":
            self.x += by
        elif kind == "D":
            self.x -= by
        elif kind == "G":
            self.x = by - 1
        elif kind == "d":
            self.y = by - 1
        elif kind == "s":
            self.saved = self.x, self.y
        elif kind == "u":
            self.x, self.y = self.saved
        elif kind == "K":
            begin = 0 if values[0] else self.x
            end = self.columns if values[0] != 1 else self.x + 1
            self.cells[self.y][begin:end] = [(" ", FOREGROUND, self.bg)] * (end - begin)
        elif kind == "J":
            first = 0 if values[0] else self.y
            for y in range(first, self.rows):
                self.cells[y] = [(" ", FOREGROUND, self.bg)] * self.columns
        elif kind not in "hlnrtc":
            self.unknown.add(kind)
        self.x = min(max(self.x, 0), self.columns - 1)
        self.y = min(max(self.y, 0), self.rows - 1)
        return None

    def colours(self, values):
        at = 0
        while at < len(values):
            value = values[at]
            if value == 0:
                self.fg, self.bg, self.is_reversed = FOREGROUND, BACKGROUND, False
            elif value in (7, 27):
                self.is_reversed = value == 7
            elif value in (38, 48):
                is_rgb = values[at + 1] == 2
                colour = tuple(values[at + 2:at + 5]) if is_rgb else palette(values[at + 2])
                at += 4 if is_rgb else 2
                if value == 38:
                    self.fg = colour
                else:
                    self.bg = colour
            elif 30 <= value <= 37 or 90 <= value <= 97:
                self.fg = BASE[value - (30 if value < 40 else 82)]
            elif 40 <= value <= 47 or 100 <= value <= 107:
                self.bg = BASE[value - (40 if value < 50 else 92)]
            elif value == 39:
                self.fg = FOREGROUND
            elif value == 49:
                self.bg = BACKGROUND
            at += 1

    def snapshot(self):
        return [list(row) for row in self.cells[:ROWS]]


def paint(cells):
    picture = np.zeros((ROWS * CELL_HEIGHT, COLUMNS * CELL_WIDTH, 3), dtype=np.float32)
    for y, row in enumerate(cells):
        for x, (glyph, fg, bg) in enumerate(row[:COLUMNS]):
            if glyph == " " and bg == BACKGROUND:
                continue
            part = mask(glyph)
            top, left = y * CELL_HEIGHT, x * CELL_WIDTH
            picture[top:top + CELL_HEIGHT, left:left + CELL_WIDTH] = part * np.array(fg) + (1 - part) * np.array(bg)
    return picture


# --- players -------------------------------------------------------------------------------------

def run(command, environment, seconds):
    """Runs a player in a terminal; returns its snapshots with their times, its bytes and its processor time."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS + 2, COLUMNS, COLUMNS * CELL_WIDTH, (ROWS + 2) * CELL_HEIGHT))
    child = subprocess.Popen(command, stdin=writer, stdout=writer, stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
    os.close(writer)
    chunks, first = [], None
    while True:
        ready, _, _ = select.select([reader], [], [], seconds + 20)
        if not ready:
            child.kill()
            sys.exit(f"does not end: {command}")
        try:
            data = os.read(reader, 1 << 20)
        except OSError:
            break
        if not data:
            break
        # Before the picture, players prepare the terminal.
        if first is None and len(data) + sum(len(chunk) for _, chunk in chunks) > 1000:
            first = time.monotonic()
        chunks.append((time.monotonic(), data))
    _, status, usage = os.wait4(child.pid, 0)
    if status or first is None:
        sys.exit(f"failed with {status}: {command}\n{b''.join(data for _, data in chunks).decode('utf-8', 'replace')[-400:]}")
    lasted = chunks[-1][0] - first
    # The line below the picture of rushes is not part of what is compared, but its bytes count.
    screen, snapshots, due = Screen(COLUMNS, ROWS + 2), [], 0.5
    left = b""
    for at, data in chunks:
        while at - first >= due and due < seconds - 0.5:
            snapshots.append((due, screen.snapshot()))
            due += 0.25
        data = left + data
        cut = len(data)
        while cut > 0 and cut > len(data) - 4 and data[cut - 1] & 0xC0 == 0x80:
            cut -= 1
        whole = data if cut == len(data) else data[:cut - 1]
        left = data[len(whole):]
        try:
            screen.feed(whole.decode("utf-8"))
        except UnicodeDecodeError:
            screen.feed(whole.decode("utf-8", "replace"))
    if screen.unknown:
        print(f"sequences that are not understood: {screen.unknown}", file=sys.stderr)
    return snapshots, sum(len(data) for _, data in chunks), usage.ru_utime + usage.ru_stime, lasted


def frames(clip, size):
    width, height = size
    command = ["ffmpeg", "-v", "error", "-i", clip, "-vf", f"scale={width}:{height}:flags=lanczos", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, dtype=np.uint8).reshape(-1, height, width, 3).astype(np.float32)


def likeness(snapshots, clip, known={}):
    """The mean over the snapshots of the SSIM with that frame, of those near the moment, which is most alike."""
    painted = [(at, paint(cells)) for at, cells in snapshots]
    lit = np.max([picture.max(axis=2) for _, picture in painted], axis=0)
    used = np.argwhere(lit > 24)
    (top, left), (end, right) = used.min(axis=0), used.max(axis=0) + 1
    top, left = top // CELL_HEIGHT * CELL_HEIGHT, left // CELL_WIDTH * CELL_WIDTH
    end, right = -(-end // CELL_HEIGHT) * CELL_HEIGHT, -(-right // CELL_WIDTH) * CELL_WIDTH
    size = (right - left, end - top)
    if (clip, size) not in known:
        known[clip, size] = frames(clip, size)
    reference, values = known[clip, size], []
    for at, picture in painted:
        picture = picture[top:end, left:right]
        near = range(max(0, int((at - 0.5) * PICTURES_A_SECOND)), min(len(reference), int((at + 0.5) * PICTURES_A_SECOND) + 1))
        # The nearest by plain difference is the one that is shown.
        differences = [(np.abs(reference[frame] - picture).mean(), frame) for frame in near]
        shown = reference[min(differences)[1]]
        values.append(structural_similarity(picture, shown, channel_axis=2, data_range=255))
    return float(np.mean(values)), f"{size[0] // CELL_WIDTH}x{size[1] // CELL_HEIGHT}"


def players(rushes):
    play = [rushes, "play", "CLIP", "--size", f"{COLUMNS}x{ROWS}"]
    free = ["--bytes-per-second", "100000000"]
    for colours, mpv, timg in [("truecolor", "no", "--color8=0"), ("256", "yes", "--color8")]:
        yield f"mpv half {colours}", ["mpv", "--no-config", "--no-terminal", "--no-audio", "--vo=tct", "--vo-tct-algo=half-blocks",
            f"--vo-tct-width={COLUMNS}", f"--vo-tct-height={ROWS}", f"--vo-tct-256={mpv}", "CLIP"]
        for shape in ["half", "quarter"]:
            colour = [timg] if timg == "--color8" else []
            yield f"timg {shape} {colours}", ["timg", "-V", f"-p{shape[0]}", "-g", f"{COLUMNS}x{ROWS}", "--loops=1", *colour, "CLIP"]
        for shape in ["half", "quadrant", "sextant"]:
            yield f"rushes {shape} {colours}", [*play, *free, "--colors", colours, "--shape", shape]
    for budget in [240_000, 120_000, 60_000]:
        yield f"rushes quadrant 256 <= {budget // 1000} kB/s", [*play, "--bytes-per-second", str(budget), "--colors", "256", "--shape", "quadrant"]
    yield "rushes quadrant truecolor <= 60 kB/s", [*play, "--bytes-per-second", "60000", "--colors", "truecolor", "--shape", "quadrant"]


def stills(rushes, folder):
    """Prints bytes and likeness of one picture in each program's cells."""
    file = os.path.join(folder, "still.png")
    source = CLIPS["busy"].split(",noise")[0]
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-ss", "5", "-frames:v", "1", file], check=True)
    size = f"{COLUMNS}x{ROWS}"
    commands = []
    for colours, chafa in [("truecolor", "full"), ("256", "256")]:
        for shape, letter in [("half", "h"), ("quadrant", "q"), ("sextant", None)]:
            still = [rushes, "still", file, "--size", size, "--colors", colours, "--shape", shape]
            commands.append((f"rushes {shape} {colours}", still))
            symbols = "quad" if shape == "quadrant" else shape
            commands.append((f"chafa {shape} {colours}", ["chafa", "-c", chafa, "--symbols", symbols, "-s", size, "--animate", "off", file]))
            if letter:
                colour = ["--color8"] if colours == "256" else []
                commands.append((f"timg {shape} {colours}", ["timg", f"-p{letter}", f"-g{size}", *colour, file]))
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "RUSHES_HOME": folder, "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    frame = np.asarray(Image.open(file).convert("RGB").resize((COLUMNS * CELL_WIDTH, ROWS * CELL_HEIGHT), Image.LANCZOS), dtype=np.float32)
    print(f"{'still':30}{'bytes':>8}{'SSIM':>8}")
    for name, command in commands:
        written = subprocess.run(command, capture_output=True, check=True, env=environment).stdout
        screen = Screen(COLUMNS, ROWS + 2)
        screen.feed(written.decode("utf-8").replace("\n", "\r\n"))
        value = structural_similarity(paint(screen.snapshot()), frame, channel_axis=2, data_range=255)
        print(f"{name:30}{len(written):8}{value:8.3f}", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rushes", default="target/release/rushes", help="the program; target/release/rushes unless given")
    options.add_argument("--seconds", type=int, default=8, help="the length of the clips; 8 unless given")
    options.add_argument("--only", default="", help="only the players whose name contains this text")
    options.add_argument("--clip", choices=CLIPS, help="only this clip")
    options.add_argument("--stills", action="store_true", help="compare single pictures")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.stills:
            return stills(os.path.abspath(given.rushes), folder)
        home = {"PATH": os.environ["PATH"], "HOME": folder, "RUSHES_HOME": folder, "LANG": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        print(f"{'clip':6}{'player':38}{'cells':>7}{'kB/s':>8}{'SSIM':>8}{'CPU %':>7}{'s':>7}")
        for name, source in CLIPS.items():
            if given.clip not in (None, name):
                continue
            clip = os.path.join(folder, f"{name}.mp4")
            subprocess.run(["ffmpeg", "-v", "error", "-filter_complex", source, "-t", str(given.seconds), "-pix_fmt", "yuv420p", "-c:v", "libx264", "-crf", "18", clip], check=True)
            for player, command in players(os.path.abspath(given.rushes)):
                if given.only not in player:
                    continue
                command = [clip if part == "CLIP" else part for part in command]
                snapshots, count, processor, lasted = run(command, home, given.seconds)
                value, cells = likeness(snapshots, clip)
                lasts = max(lasted, 0.001)
                print(f"{name:6}{player:38}{cells:>7}{count / lasts / 1000:8.1f}{value:8.3f}{processor / lasts * 100:7.0f}{lasted:7.1f}", flush=True)


if __name__ == "__main__":
    main()
