import Hashing
import Randomness
import Testing

@Suite struct HeaderScannerTests {
    private func header(_ header: [UInt8], nonce: UInt64) -> [UInt8] {
        header[..<76] + (0..<4).map { UInt8(truncatingIfNeeded: nonce >> UInt64(8 * $0)) }
    }

    // One in 4,096; the lower words decide some of them.
    private let target = Target(value: UInt256(high: 0x000f_ffff_8000_0000_0000_0000_0000_0000, low: .max))

    private func scan(_ nonces: Range<UInt64>, _ header: [UInt8], _ engine: HashEngine) -> [UInt32] {
        var found: [UInt32] = []
        let tried = HeaderScanner(header: header, target: target, engine: engine).scan(nonces) { nonce, hash in
            #expect(hash == .sha256d(self.header(header, nonce: UInt64(nonce))))
            found.append(nonce)
            return true
        }
        #expect(tried == UInt64(nonces.count))
        return found
    }

    @Test(arguments: HashEngine.available)
    func findsExactlyWhatMeetsTheTarget(engine: HashEngine) {
        var random = SeededGenerator(seed: 40)
        let bytes = random.bytes(80)
        let found = scan(0..<1 << 15, bytes, engine)
        #expect(found == (0..<1 << 15).filter { target.isMet(by: .sha256d(header(bytes, nonce: UInt64($0)))) })
        #expect(found.count > 0)
    }

    @Test(arguments: HashEngine.available.filter { $0 != .scalar })
    func agreesWithTheScalarEngineOverAMillionNonces(engine: HashEngine) {
        var random = SeededGenerator(seed: 44)
        let bytes = random.bytes(80)
        #expect(scan(7..<1_048_583, bytes, engine) == scan(7..<1_048_583, bytes, .scalar))
    }

    @Test(arguments: HashEngine.available)
    func anyTargetIsExact(engine: HashEngine) {
        var random = SeededGenerator(seed: 41)
        for round in 0..<24 {
            let bytes = random.bytes(80)
            let hashes = (0..<100).map { Hash256.sha256d(header(bytes, nonce: $0)) }
            // Exactly one of the hashes, one less, everything, nothing.
            let value = hashes[Int.random(in: 0..<100, using: &random)].number
            let target = [Target(value: value), Target(value: value &- .one), .max, Target(value: .zero)][round % 4]
            var found: [UInt32] = []
            HeaderScanner(header: bytes, target: target, engine: engine).scan(0..<100) { nonce, _ in
                found.append(nonce)
                return true
            }
            #expect(found == (0..<100).filter { target.isMet(by: hashes[Int($0)]) })
        }
    }

    @Test(arguments: HashEngine.available)
    func staysInsideTheRange(engine: HashEngine) {
        var random = SeededGenerator(seed: 42)
        let scanner = HeaderScanner(header: random.bytes(76), target: .max, engine: engine)
        for range in [0..<0, 5..<6, 3..<40, (1 << 32) - 19..<1 << 32] as [Range<UInt64>] {
            var found: [UInt64] = []
            let tried = scanner.scan(range) { nonce, _ in
                found.append(UInt64(nonce))
                return true
            }
            #expect(tried == UInt64(range.count))
            #expect(found == Array(range))
        }
    }

    @Test(arguments: HashEngine.available)
    func stopsWhenTold(engine: HashEngine) {
        var random = SeededGenerator(seed: 43)
        let scanner = HeaderScanner(header: random.bytes(80), target: .max, engine: engine)
        var last: UInt32 = 0
        let tried = scanner.scan(10..<1000) { nonce, _ in
            last = nonce
            return nonce < 77
        }
        #expect(last == 77)
        #expect(tried == 68)
    }

    /// A real block: the genesis header and its nonce.
    @Test(arguments: HashEngine.available)
    func findsTheGenesisBlock(engine: HashEngine) throws {
        let header = try #require(
            Hex.decode(
                "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa"
                    + "4b1e5e4a29ab5f49ffff001d"
            )
        )
        let target = try #require(Target(bits: CompactBits(rawValue: 0x1d00_ffff)))
        var found: [UInt32] = []
        HeaderScanner(header: header, target: target, engine: engine).scan(2_083_236_893 - 5000..<2_083_236_893 + 5000) { nonce, hash in
            found.append(nonce)
            return hash.displayHex == "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
        }
        #expect(found == [2_083_236_893])
    }
}
