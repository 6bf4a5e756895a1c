import Bitcoin
import Testing

@testable import Pool

@Suite("Stratum user names")
struct MinerNameTests {
    private static let segwit = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"

    private func read(_ name: String) throws -> String? {
        let own = try Address(parsing: MinerNameTests.segwit, chain: .regtest)
        return MinerName(name, chain: .regtest, own: own).map { "\($0.account)|\($0.worker)" }
    }

    private static let spellings: [(String, String)] = [
        (segwit, "\(segwit)|"),
        (segwit + ".rig1", "\(segwit)|rig1"),
        (segwit + "_rig1", "\(segwit)|rig1"),
        (segwit + ".a.b_c", "\(segwit)|a.b_c"),
        (segwit.uppercased() + ".x", "\(segwit)|x"),
        (".garage", "\(segwit)|garage"),
        (segwit + ".a\u{1b}[2Jb\n", "\(segwit)|a[2Jb"),
        (segwit + ".müller", "\(segwit)|müller"),
    ]

    @Test("as firmware writes them", arguments: spellings)
    func accepted(name: String, reading: String) throws {
        #expect(try read(name) == reading)
    }

    @Test(
        "refused: no address, another chain's, a broken one, too long",
        arguments: [
            "", ".", "rig1", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4.rig", "\(segwit.dropLast())q.rig",
            "\(segwit).\(String(repeating: "x", count: 192))",
        ]
    )
    func refused(name: String) throws {
        #expect(try read(name) == nil)
    }
}
