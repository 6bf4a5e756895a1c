import Glibc
internal import HTTP

/// A terminal that gives every key at once and shows a picture on a screen of its own; `leave` makes it what it was.
final class RawTerminal: Sendable {
    private let before: termios

    /// Nil where the input or the output is no terminal.
    init?() {
        var settings = termios()
        guard isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        before = settings
        // Ctrl-C comes as a key, so that the way out is always the same.
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        // The alternate screen leaves what was there before as it was.
        Console.write("\u{1B}[?1049h\u{1B}[?25l")
    }

    func leave() {
        Console.write("\u{1B}[?25h\u{1B}[?1049l")
        var settings = before
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    func show(_ lines: [String]) {
        // From the upper left corner, each line and then the rest of the screen cleared: that flickers less than clearing first.
        Console.write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    }

    /// The keys as they are pressed, on a thread of their own: reading a terminal blocks.
    func keys() -> AsyncStream<TopState.Key> {
        let (stream, feed) = AsyncStream.makeStream(of: TopState.Key.self)
        let started = BackgroundThread.start(named: "keys") {
            var buffer = [UInt8](repeating: 0, count: 256)
            while true {
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                for key in TopState.keys(Array(buffer[..<count])) { feed.yield(key) }
            }
            feed.finish()
        }
        if !started { feed.finish() }
        return stream
    }
}
