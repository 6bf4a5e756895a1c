import CHashing
import Randomness
import Testing

@testable import Hashing

@Suite struct HashEngineTests {
    @Test(arguments: HashEngine.available)
    func passesItsSelfTest(engine: HashEngine) {
        #expect(engine.selfTest())
    }

    @Test func theScalarEngineIsAlwaysThereAndLast() {
        #expect(HashEngine.available.last?.name == "scalar")
        #expect(HashEngine.available.allSatisfy { HashEngine.knownNames.contains($0.name) })
        #expect(HashEngine.available.map(\.lanes) == HashEngine.available.map(\.lanes).sorted(by: >))
        #expect(Set(HashEngine.available.map(\.name)).count == HashEngine.available.count)
    }

    @Test(arguments: HashEngine.available)
    func anOverrideIsObeyed(engine: HashEngine) throws {
        let choice = try EngineChoice(override: engine.name)
        #expect(choice.judge == engine)
        #expect(choice.scan == engine)
        #expect(choice.isNamed)
        #expect(choice.description.contains("POOL_SHA256"))
        #expect(choice.helpers.allSatisfy { $0.lanes < engine.lanes && $0.name != "shani" })
    }

    @Test func wrongOverridesAreNamed() {
        let names = HashEngine.available.map(\.name)
        #expect(throws: HashEngineError.unknown(name: "avx1024", available: names)) { try EngineChoice(override: "avx1024") }
        for name in HashEngine.knownNames where !names.contains(name) {
            #expect(throws: HashEngineError.unusable(name: name, available: names)) { try EngineChoice(override: name) }
        }
        let text = HashEngineError.unknown(name: "x", available: ["avx2", "scalar"]).description
        #expect(text.contains("x") && text.contains("avx2, scalar"))
    }

    @Test func withoutAnOverrideEverySoundEngineMayHelp() throws {
        let choice = try EngineChoice(override: "")
        #expect(!choice.isNamed)
        #expect(choice.failed.isEmpty)
        #expect(choice.judge != .scalar || HashEngine.available.count == 1)
    }

    /// The bare kernels, which only figures use.
    @Test(arguments: HashEngine.available)
    func bareKernelsCompress(engine: HashEngine) throws {
        var random = SeededGenerator(seed: 20)
        let lanes = engine.lanes
        let states = (0..<lanes).map { _ in (0..<8).map { _ in UInt32.random(in: .min ... .max, using: &random) } }
        let blocks = (0..<lanes).map { _ in (0..<16).map { _ in UInt32.random(in: .min ... .max, using: &random) } }
        let bare = BareKernel(engine: engine)
        for lane in 0..<lanes {
            for word in 0..<8 { bare.setState(states[lane][word], lane: lane, word: word) }
            for word in 0..<16 { bare.setBlock(blocks[lane][word], lane: lane, word: word) }
        }
        bare.compress(times: 3)
        for lane in 0..<lanes {
            var expected = states[lane]
            let bytes = blocks[lane].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
            hashing_compress_reference(&expected, bytes + bytes + bytes, 3)
            #expect((0..<8).map { bare.state(lane: lane, word: $0) } == expected)
        }
    }

    @Test func theOneStreamCodePassesItsSelfTest() {
        #expect(SHA256.passesSelfTest())
    }

    @Test func theOneStreamKernelAgreesAtAnyAddress() {
        var random = SeededGenerator(seed: 21)
        let bytes = random.bytes(64 * 5 + 16)
        for shift in 0..<16 {
            for blocks in 0...5 {
                var fast = (0..<8).map { SHA256.initialState[$0] }
                var plain = fast
                bytes.withUnsafeBytes { bytes in
                    hashing_compress(&fast, bytes.baseAddress! + shift, blocks)
                    hashing_compress_reference(&plain, bytes.baseAddress! + shift, blocks)
                }
                #expect(fast == plain)
            }
        }
    }
}
