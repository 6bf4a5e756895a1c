import Foundation
import JSON
import Testing

/// The folder of recorded objects that stand outside the checkout: `MOTHERLODE_VECTORS`, else `../shared/vectors` beside it.
enum Vectors {
    static let absence: Comment = "skipped: no vectors folder; set MOTHERLODE_VECTORS"

    static let folder: String = {
        if let named = ProcessInfo.processInfo.environment["MOTHERLODE_VECTORS"] { return named }
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        return root.appending(path: "../shared/vectors").standardized.path
    }()

    static var areThere: Bool { FileManager.default.fileExists(atPath: folder) }

    static func json(_ name: String) throws -> JSONValue {
        let data = try #require(FileManager.default.contents(atPath: folder + "/" + name))
        return try JSONValue(parsing: [UInt8](data))
    }
}
