import JSON
import Synchronization
import Testing

@testable import Pool

@Suite("poolctl aux forks --replay")
struct ForkCommandTests {
    /// A tag of 32 bytes, hex: a prefix nobody asks for, the parents' vector, no uncles, the height.
    private static func tag(_ height: Int, parents: String) -> String {
        let digits = String(height, radix: 16)
        return String(repeating: "ab", count: 20) + parents + "00" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    private static let honest = "01020304050607"
    /// Parted after its second named ancestor.
    private static let other = "f1f20304050607"

    private static func line(_ parent: Int, _ parents: String) -> String {
        #"{"height":\#(parent),"hash":"\#(parent)","tag":"\#(tag(10_000 + parent % 50, parents: parents))"}"#
    }

    private func poolctl(_ arguments: String..., file: String) async throws -> (code: ExitCode, output: String, error: String) {
        let folder = try TemporaryFolder()
        let path = folder.path + "/recorded"
        try DurableFile.replace(path, with: Array(file.utf8))
        var program = PoolctlProgram()
        program.wantsColour = false
        let printed = Printed()
        program.write = { text, stream in printed.texts.withLock { if stream == .output { $0.output += text } else { $0.error += text } } }
        let code = await program.main(arguments + ["--replay", path])
        return printed.texts.withLock { (code, $0.output, $0.error) }
    }

    private final class Printed: Sendable {
        let texts = Mutex((output: "", error: ""))
    }

    @Test("hashpower on another branch raises the alarm at its third block")
    func diverging() async throws {
        let honest = (0..<12).map { Self.line(100 + $0, Self.honest) }
        let other = (0..<4).map { Self.line(112 + $0, Self.other) }
        let (code, output, _) = try await poolctl("--json", "aux", "forks", file: (honest + other).joined(separator: "\n"))
        #expect(code == .done)
        let value = try JSONValue(parsing: Array(output.utf8))
        #expect(value["alarm"] == true)
        #expect(value["tagged"] == 16)
        #expect(value["raised"]?.array?.count == 1)
        #expect(value["raised"]?[0]?["kind"] == "diverging")
        #expect(value["raised"]?[0]?["parentHeight"] == 114)
        #expect(value["branches"]?[0]?["sightings"] == 4)
        let (_, text, _) = try await poolctl("aux", "forks", file: (honest + other).joined(separator: "\n"))
        #expect(text.contains("alarm  diverging: 4 parent blocks build on an RSK branch that parted between heights"))
        #expect(text.contains("raised at 114"))
    }

    @Test("an honest recording raises none")
    func honest() async throws {
        let file = (0..<20).map { Self.line(100 + $0, Self.honest) }.joined(separator: "\n") + "\n\n"
        let (code, output, _) = try await poolctl("aux", "forks", file: file)
        #expect(code == .done)
        #expect(output.contains("no alarm"))
        #expect(output.hasPrefix("20 parent blocks with an RSK tag, 0 without"))
    }

    @Test(
        "a file that cannot be used is named with its line",
        arguments: [("{}", "line 1"), ("\n{\"height\":1,\"tag\":\"00\"}", "line 2"), ("nonsense", "line 1")]
    )
    func unusable(file: String, words: String) async throws {
        let (code, _, error) = try await poolctl("aux", "forks", file: file)
        #expect(code == .unusable)
        #expect(error.contains(words))
    }
}
