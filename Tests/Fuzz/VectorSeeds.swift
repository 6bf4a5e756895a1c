import Hashing
import JSON

/// Recorded proofs of real nodes as more to begin with, where the folder is at hand: a member of each input tells its target what it is.
enum VectorSeeds {
    static func all(_ folder: String) -> [(target: String, name: String, bytes: [UInt8])] {
        var seeds: [(target: String, name: String, bytes: [UInt8])] = []
        for (index, vector) in vectors(folder + "/auxpow.json").enumerated() {
            seeds.append(("transaction", "vector-\(index)", [5] + vector.serialized()))
            if let proof = bytes(vector["auxpow"]) {
                seeds.append(("transaction", "vector-\(index)-auxpow", [3, 0x80] + Sample.leaf.internalBytes + proof))
            }
        }
        for (index, vector) in vectors(folder + "/rsk.json").enumerated() {
            seeds.append(("rootstock", "vector-\(index)", [4] + vector.serialized()))
            if let header = bytes(vector["fields"]?["rlp"]) { seeds.append(("rootstock", "vector-\(index)-header", [0] + header)) }
        }
        if let answer = (try? JSONValue(parsing: ScratchFile.read(folder + "/gbt-regtest.json")))?["result"] {
            seeds.append(("template", "vector", answer.serialized()))
        }
        return seeds
    }

    private static func vectors(_ path: String) -> [JSONValue] {
        (try? JSONValue(parsing: ScratchFile.read(path), limits: JSONLimits(bytes: 64 << 20, depth: 32)))?["vectors"]?.array ?? []
    }

    private static func bytes(_ value: JSONValue?) -> [UInt8]? { value?.string.flatMap { Hex.decode($0) } }
}
