import Foundation

/// The folder of recorded blocks and proofs: what `MOTHERLODE_VECTORS` names, else `../shared/vectors` beside the checkout.
enum Vectors {
    static func load(_ name: String) throws -> [String: Any]? {
        let folder: URL
        if let named = ProcessInfo.processInfo.environment["MOTHERLODE_VECTORS"] {
            folder = URL(fileURLWithPath: named)
        } else {
            folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../shared/vectors").standardizedFileURL
        }
        let file = folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path) else {
            print("skipped: no \(file.path)")
            return nil
        }
        return try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
    }
}
