import Glibc

/// A folder that goes with this value.
final class TemporaryFolder {
    let path: String
    /// For who wants to look at it.
    var isKept = false

    init(in parent: String = "/tmp") throws(LoadFailure) {
        var name = Array("\(parent)/poolbench-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw LoadFailure(description: "no temporary folder in \(parent): \(String(cString: strerror(errno)))") }
        path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        guard !isKept else { return }
        // Waits for its end.
        _ = try? ChildProcess("/bin/rm", ["-rf", path]).line()
    }

    func write(_ text: String, to name: String) throws(LoadFailure) -> String {
        let file = path + "/" + name
        let fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard fd >= 0 else { throw LoadFailure(description: "cannot write \(file)") }
        ChildProcess.write(text, to: fd)
        close(fd)
        return file
    }
}
