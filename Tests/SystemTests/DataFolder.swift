import Foundation

/// A data folder that goes away with the test.
final class DataFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/motherlode-system-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}
