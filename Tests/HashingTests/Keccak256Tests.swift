import Hashing
import Testing

@Suite struct Keccak256Tests {
    /// The original padding's well-known digests; NIST's SHA3-256 of the empty message begins a7ffc6f8.
    @Test(arguments: [
        ("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
        ("testing", "5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02"),
    ])
    func knownDigests(message: String, digest: String) {
        #expect(Hex.encode(Keccak256.hash(message.utf8)) == digest)
    }

    /// One byte short of a block, a block, one more, and several blocks: OpenSSL 3.0 has no original Keccak, so the digests are written down.
    @Test(
        arguments: [
            (135, "cbdfd9dee5faad3818d6b06f95a219fd290b0e1706f6a82e5a595b9ce9faca62"),
            (136, "7ce759f1ab7f9ce437719970c26b0a66ff11fe3e38e17df89cf5d29c7d7f807e"),
            (137, "ac73d4fae68b8453f764007c1a20ce95994187861f0c3227a3a8e99a73a3b1db"),
            (271, "7c974895b2a88303ff2dc6b58f438ceb0b298cac91099ac0539cc0f477506191"),
            (272, "fdf2ec49e749960d3c8521a0219af8d03e30e2b3bf19bd16150ee0eaf133d66e"),
            (1000, "aca79e4146e30eb1c733f6d6060d72471c36ea4e01ebf45d7f4916249c2bbd82"),
        ] as [(Int, String)]
    )
    func blockEdges(length: Int, digest: String) {
        #expect(Hex.encode(Keccak256.hash((0..<length).map { UInt8(truncatingIfNeeded: $0) })) == digest)
    }
}
