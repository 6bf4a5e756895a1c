import Glibc

/// Where `poold dev` keeps its state: the folder that was named, or one that goes with the process.
final class DevFolder: Sendable {
    let path: String
    private let isTemporary: Bool

    init(_ named: String?) throws {
        if let named {
            path = named.hasPrefix("/") ? named : DevFolder.current + "/" + named
            isTemporary = false
            try DurableFile.makeFolder(path)
        } else {
            var pattern = Array("\(DevFolder.temporary)/motherlode-XXXXXX".utf8CString)
            guard mkdtemp(&pattern) != nil else { throw FileError(operation: "make folder", path: DevFolder.temporary, code: errno) }
            path = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            isTemporary = true
        }
    }

    deinit {
        if isTemporary { DurableFile.removeTree(path) }
    }

    private static var temporary: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

    private static var current: String {
        guard let text = getcwd(nil, 0) else { return "." }
        defer { free(text) }
        return String(cString: text)
    }
}
