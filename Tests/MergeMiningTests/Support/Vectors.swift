import Foundation
import Hashing
import JSON
import Testing

/// The folder of recorded proofs: what `MOTHERLODE_VECTORS` names, else `../shared/vectors` beside the checkout.
enum Vectors {
    static let folder: URL = {
        if let named = ProcessInfo.processInfo.environment["MOTHERLODE_VECTORS"] { return URL(fileURLWithPath: named) }
        return URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../shared/vectors").standardizedFileURL
    }()

    /// The vectors of a file; nil, and said so, when the folder is not there.
    static func load(_ name: String) throws -> [JSONValue]? {
        let file = folder.appendingPathComponent(name)
        guard let data = try? Data(contentsOf: file) else {
            print("skipped: no \(file.path)")
            return nil
        }
        return try #require(JSONValue(parsing: [UInt8](data))["vectors"]?.array)
    }
}

extension JSONValue {
    /// The bytes of a hex member; nil when it is missing or null.
    func bytes(_ key: String) -> [UInt8]? {
        self[key]?.string.flatMap { Hex.decode($0) }
    }
}
