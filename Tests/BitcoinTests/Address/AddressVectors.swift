import Bitcoin

/// Addresses and their output scripts: BIP350's list, and one Base58Check address of each version byte.
enum AddressVectors {
    static let segwit: [(address: String, script: String)] = [
        ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "0014751e76e8199196d454941c45d1b3a323f1433bd6"),
        (
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
            "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262"
        ),
        (
            "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
            "5128751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6"
        ),
        ("BC1SW50QGDZ25J", "6002751e"),
        ("bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "5210751e76e8199196d454941c45d1b3a323"),
        (
            "tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy",
            "0020000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"
        ),
        (
            "tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c",
            "5120000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"
        ),
        (
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
            "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
        ),
    ]

    static let invalidSegwit: [(address: String, reason: AddressError.Reason)] = [
        ("tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut", .unknownPrefix("tc")),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", .wrongChecksumKind(version: 1)),
        ("tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf", .wrongChecksumKind(version: 2)),
        ("BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", .wrongChecksumKind(version: 16)),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", .wrongChecksumKind(version: 0)),
        ("tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47", .wrongChecksumKind(version: 0)),
        ("bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", .unknownLetter("o")),
        ("BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", .unknownWitnessVersion(17)),
        ("bc1pw5dgrnzv", .badProgramLength(1)),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", .badProgramLength(41)),
        ("BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", .badProgramLength(16)),
        ("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", .mixedCase),
        ("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", .badPadding),
        ("tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", .badPadding),
        ("bc1gmk9yu", .unknownWitnessVersion(0)),
    ]

    static let base58: [(address: String, chain: Chain, script: String)] = [
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", .main, "76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac"),
        ("1111111111111111111114oLvT2", .main, "76a914000000000000000000000000000000000000000088ac"),
        ("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", .test, "76a914243f1394f44554f4ce3fd68649c19adc483ce92488ac"),
        ("2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc", .regtest, "a9144e9f39ca4688ff102128ea4ccda34105324305b087"),
        ("3P14159f73E4gFr7JterCCQh9QjiTjiZrG", .main, "a914e9c3dd0c07aac76179ebc76a6c78d4d67c6c160a87"),
    ]

    /// Strings that are Bech32 or Bech32m whatever they mean (BIP173, BIP350).
    static let checksums: [(text: String, isBech32m: Bool)] = [
        ("A12UEL5L", false), ("a12uel5l", false), ("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", false),
        ("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", false), ("?1ezyfcl", false),
        ("A1LQFN3A", true), ("a1lqfn3a", true), ("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", true),
        ("split1checkupstagehandshakeupstreamerranterredcaperredlc445v", true), ("?1v759aa", true),
    ]
}
