import Glibc

/// Reads small files whole, and never more than a limit: what a path names may be a device without end.
enum BoundedFile {
    struct Failure: Error {
        var text: String
    }

    /// - Parameter isPrivate: refuses a file that every user may read or write.
    static func read(_ path: String, limit: Int, isPrivate: Bool = false) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(text: systemMessage()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Failure(text: systemMessage()) }
        if isPrivate, status.st_mode & 0o007 != 0 { throw Failure(text: "every user may open it; close it with: chmod 600 \(path)") }
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
