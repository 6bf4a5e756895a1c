import Foundation
import JSON

/// The Python verifiers beside the vectors, run once over many objects.
enum Oracle {
    static let folder: URL = {
        if let named = ProcessInfo.processInfo.environment["MOTHERLODE_TOOLS"] { return URL(fileURLWithPath: named) }
        return Vectors.folder.deletingLastPathComponent().appendingPathComponent("tools")
    }()

    /// Judges objects of the vectors' form, one line each: `ok` or the reason.
    private static let program = """
        import json, sys
        sys.path.insert(0, sys.argv[1])
        import auxpow_oracle as aux, rsk_oracle as rsk
        for line in open(sys.argv[2]):
            v = json.loads(line)
            f = v.get("fields")
            if f is None:
                print(aux.evaluate(v))
            elif v["kind"] == "header":
                try:
                    print(rsk.verify_header(bytes.fromhex(f["rlp"]), f["net"])[1])
                except Exception as error:
                    print("unreadable")
            else:
                hx = lambda s: None if f.get(s) is None else bytes.fromhex(f[s])
                target = rsk.target_of(int(f["difficulty"]))
                print(rsk.verify(hx("btcHeader"), hx("coinbaseField"), hx("merkleProof"), hx("hashForMergedMining"), target, f["net"], f["height"])[1])
        """

    /// The reasons; nil, and said so, when Python or the oracles are not there.
    static func judge(_ objects: [JSONValue]) throws -> [String]? {
        guard FileManager.default.fileExists(atPath: folder.appendingPathComponent("auxpow_oracle.py").path),
            let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first(where: FileManager.default.isExecutableFile(atPath:))
        else {
            print("skipped: no oracles in \(folder.path), or no python3")
            return nil
        }
        let input = FileManager.default.temporaryDirectory.appendingPathComponent("proofs-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: input) }
        try Data(objects.map { $0.serialized() }.joined(separator: [0x0a])).write(to: input)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", program, folder.path, input.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init)
    }
}
