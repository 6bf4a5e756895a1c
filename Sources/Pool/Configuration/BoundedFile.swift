import Glibc

/// Reads small files whole, and never more than a limit: what a path names may be a device without end.
enum BoundedFile {
    struct Failure: Error {
        var text: String
    }

    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(text: systemMessage()) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(text: systemMessage()) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            if bytes.count > limit { throw Failure(text: "the file has more than \(limit) bytes") }
        }
    }

    /// The words of the last system error.
    static func systemMessage(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
}
