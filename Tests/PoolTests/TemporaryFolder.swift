import Glibc

/// A folder of its own for one test, gone with the value.
final class TemporaryFolder: Sendable {
    let path: String

    struct CannotMake: Error {}

    init() throws {
        var pattern = Array("/tmp/motherlode-test-XXXXXX".utf8CString)
        guard mkdtemp(&pattern) != nil else { throw CannotMake() }
        path = String(decoding: pattern.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        TemporaryFolder.remove(path)
    }

    private static func remove(_ path: String) {
        if let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != "." && name != ".." { remove(path + "/" + name) }
            }
            closedir(stream)
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
