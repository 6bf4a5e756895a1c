import Hashing
import Randomness
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4's examples, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func standardExamples(message: String, digest: String) {
        #expect(Hex.encode(SHA256.hash(message.utf8)) == digest)
    }

    @Test func aMillionLettersA() {
        let digest = SHA256.hash([UInt8](repeating: 0x61, count: 1_000_000))
        #expect(Hex.encode(digest) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func everyLengthAgreesWithOpenSSL() {
        var random = SeededGenerator(seed: 9)
        for length in 0...300 {
            let message = random.bytes(length)
            #expect(SHA256.hash(message) == OpenSSL.sha256(message))
            #expect(SHA256.hash(AnySequence(message)) == OpenSSL.sha256(message))
            #expect(Hash256.sha256d(message).internalBytes == OpenSSL.sha256d(message))
            #expect(Hash256.sha256d(message.span) == Hash256.sha256d(message))
        }
    }

    @Test func anyCutGivesTheSameDigest() {
        var random = SeededGenerator(seed: 10)
        for _ in 0..<300 {
            let message = random.bytes(Int.random(in: 0...400, using: &random))
            var sha = SHA256()
            var rest = message[...]
            while !rest.isEmpty {
                let count = Int.random(in: 0...min(150, rest.count), using: &random)
                sha.update(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(sha.byteCount == UInt64(message.count))
            #expect(sha.finalize() == OpenSSL.sha256(message))
        }
    }

    @Test func goesOnFromAMidstate() {
        var random = SeededGenerator(seed: 11)
        for blocks in 0...3 {
            let head = random.bytes(64 * blocks)
            let tail = random.bytes(77)
            var first = SHA256()
            first.update(head)
            var second = SHA256(midstate: first.state, byteCount: first.byteCount)
            second.update(tail)
            #expect(second.finalize() == OpenSSL.sha256(head + tail))
        }
    }
}
