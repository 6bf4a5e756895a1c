import Hashing
import Testing

@Suite struct Hash256Tests {
    private let bytes = [UInt8](0..<32)

    @Test func internalAndDisplayOrderMirrorEachOther() throws {
        let hash = try #require(Hash256(internalBytes: bytes))
        #expect(hash.internalBytes == bytes)
        #expect(hash.displayHex == "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100")
        #expect(Hash256(displayHex: hash.displayHex) == hash)
        #expect(hash.number.hex == hash.displayHex)
        #expect(Hash256(displayHex: "00") == nil)
        #expect(Hash256(internalBytes: bytes.dropLast()) == nil)
    }

    @Test func readsAndWritesAtAnyOffset() throws {
        let hash = try #require(Hash256(internalBytes: bytes))
        #expect(Hash256(internalBytes: AnyCollection(bytes)) == hash)
        for offset in 0..<17 {
            let padded = [UInt8](repeating: 0xee, count: offset) + bytes + [0xee]
            #expect(Hash256(internalBytes: padded.span, at: offset) == hash)
            #expect(padded.withUnsafeBytes { Hash256(internalBytes: $0, at: offset) } == hash)
            var written = [UInt8](repeating: 0xee, count: padded.count)
            written.withUnsafeMutableBytes { hash.store(to: $0, at: offset) }
            #expect(written == padded)
        }
    }
}
