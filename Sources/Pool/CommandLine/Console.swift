import Glibc

/// What a program writes to whoever started it, unbuffered: a line that is printed before a crash or an exec is really out.
public enum Console {
    public enum Stream: Int32, Sendable {
        case output = 1
        case error = 2
    }

    /// Writes the whole text. A reader that went away is no error: the text has nobody left to tell.
    public static func write(_ text: String, to stream: Stream = .output) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(stream.rawValue, rest.baseAddress, rest.count)
                if count > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if count < 0, errno == EAGAIN {
                    var descriptor = pollfd(fd: stream.rawValue, events: Int16(POLLOUT), revents: 0)
                    poll(&descriptor, 1, -1)
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }

    /// A line on the standard output.
    public static func line(_ text: String) { write(text + "\n") }

    /// A line on the standard error.
    public static func complain(_ text: String) { write(text + "\n", to: .error) }

    public static func isTerminal(_ stream: Stream = .output) -> Bool { isatty(stream.rawValue) == 1 }

    /// The terminal's columns; nil where the output is none.
    public static var width: Int? {
        var size = winsize()
        guard ioctl(Stream.output.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Colours are wanted on a terminal that knows them, unless `NO_COLOR` says otherwise (no-color.org).
    public static var wantsColour: Bool { isTerminal() && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb" }

    /// A variable of the environment; nil where it is not set.
    public static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
