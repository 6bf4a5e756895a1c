import Testing

@testable import Stratum

@Suite("Lines are cut from what a socket gives")
struct LineCutterTests {
    /// All pieces of a text, spelled out.
    private func pieces(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var cutter = LineCutter()
        var pieces: [String] = []
        while true {
            switch cutter.next(in: bytes.span) {
            case .line(let range): pieces.append(String(decoding: bytes[range], as: UTF8.self))
            case .rest(let range): return pieces + ["rest:" + String(decoding: bytes[range], as: UTF8.self)]
            case .tooLong: return pieces + ["too long"]
            }
        }
    }

    @Test(arguments: [
        ("", ["rest:"]),
        ("a\nb\n", ["a", "b", "rest:"]),
        ("a\r\nb\r\n", ["a", "b", "rest:"]),
        ("  a \t\r\n\n\r\n b", ["a", "rest: b"]),
        ("half", ["rest:half"]),
        ("one\nhal", ["one", "rest:hal"]),
        ("\n\n\n", ["rest:"]),
    ])
    func cuts(text: String, expected: [String]) {
        #expect(pieces(text) == expected)
    }

    @Test("The limit counts the line, not its end")
    func limit() {
        let longest = String(repeating: "x", count: LineCutter.limit)
        #expect(pieces(longest + "\n") == [longest, "rest:"])
        #expect(pieces(longest) == ["rest:" + longest])
        #expect(pieces(longest + "x") == ["too long"])
        #expect(pieces("a\n" + longest + "x\nb\n") == ["a", "too long"])
    }
}
