import Hashing
import Testing

@testable import Bitcoin

@Suite struct ScriptTests {
    /// As `CScript() << height` gives them.
    @Test(
        arguments: [
            (0, "00"), (1, "51"), (16, "60"), (17, "0111"), (127, "017f"), (128, "028000"), (255, "02ff00"), (256, "020001"), (279, "021701"),
            (32_767, "02ff7f"), (32_768, "03008000"), (413_567, "037f4f06"), (8_388_607, "03ffff7f"), (8_388_608, "0400008000"),
            (UInt32.max, "05ffffffff00"),
        ] as [(UInt32, String)]
    )
    func heights(height: UInt32, hex: String) {
        #expect(Hex.encode(Script.height(height).bytes) == hex)
    }

    @Test(arguments: [
        ("", "00"), ("00", "0100"), ("01", "51"), ("10", "60"), ("11", "0111"), ("80", "0180"), ("81", "4f"), ("0102", "020102"),
    ])
    func shortestPush(data: String, script: String) throws {
        var built = Script()
        built.push(try bytes(data))
        #expect(Hex.encode(built.bytes) == script)
    }

    @Test(arguments: [(75, "4b"), (76, "4c4c"), (255, "4cff"), (256, "4d0001"), (65_535, "4dffff"), (65_536, "4e00000100")])
    func pushSizes(count: Int, head: String) {
        var script = Script()
        script.push([UInt8](repeating: 7, count: count))
        #expect(Hex.encode(script.bytes.dropLast(count)) == head)
    }

    @Test(arguments: [(0, ""), (1, "01"), (-1, "81"), (127, "7f"), (-127, "ff"), (128, "8000"), (-128, "8080"), (-255, "ff80"), (1_000, "e803")])
    func scriptNumbers(number: Int64, hex: String) {
        #expect(Hex.encode(Script.encode(number)) == hex)
    }

    @Test(arguments: [
        ("", 0), ("ac", 1), ("adac", 2), ("ae", 20), ("afac", 21), ("01ac", 0), ("01acac", 1), ("02ac", 0), ("4c02acacac", 1), ("4c", 0),
        ("4d0200acacae", 20), ("4dac", 0), ("4effffffffac", 0), ("76a914000000000000000000000000000000000000ac0088ac", 1),
    ])
    func signatureOperations(hex: String, count: Int) throws {
        #expect(try Script(bytes(hex)).signatureOperations == count)
    }

    @Test(
        arguments: [
            ("0002aabb", 0, "aabb"), ("5102aabb", 1, "aabb"), ("6002aabb", 16, "aabb"),
        ] as [(String, UInt8, String)]
    )
    func witnessPrograms(hex: String, version: UInt8, program: String) throws {
        let found = try #require(try Script(bytes(hex)).witnessProgram)
        #expect(found.version == version)
        #expect(Hex.encode(found.program) == program)
    }

    @Test(arguments: ["", "00", "0001aa", "4f02aabb", "6102aabb", "5103aabb", "5102aabbcc"])
    func noWitnessProgram(hex: String) throws {
        #expect(try Script(bytes(hex)).witnessProgram == nil)
    }
}
