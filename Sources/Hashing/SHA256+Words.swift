internal import CHashing

/// SHA-256's parts on plain words, for what is prepared once and then used by every lane of a kernel (FIPS 180-4, 4.1.2 and 6.2.2).
enum Words {
    static func rotate(_ x: UInt32, _ count: UInt32) -> UInt32 { x >> count | x << (32 - count) }
    static func sigma0(_ x: UInt32) -> UInt32 { rotate(x, 7) ^ rotate(x, 18) ^ x >> 3 }
    static func sigma1(_ x: UInt32) -> UInt32 { rotate(x, 17) ^ rotate(x, 19) ^ x >> 10 }
    static func choose(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> UInt32 { x & y ^ ~x & z }
    static func majority(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> UInt32 { x & y ^ x & z ^ y & z }

    static let roundConstants = [UInt32](UnsafeBufferPointer(start: hashing_round_constants(), count: 64))

    /// A whole block's big-endian words.
    static func of(block bytes: some Collection<UInt8>) -> [UInt32] {
        var words: [UInt32] = []
        var word: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            word = word << 8 | UInt32(byte)
            if index % 4 == 3 { words.append(word) }
        }
        return words
    }

    /// A block's schedule with the round constants added: what a kernel adds in each of the 64 rounds.
    static func roundInputs(block: [UInt32]) -> [UInt32] {
        var schedule = block
        for i in 16..<64 {
            schedule.append(schedule[i - 16] &+ sigma0(schedule[i - 15]) &+ schedule[i - 7] &+ sigma1(schedule[i - 2]))
        }
        return zip(schedule, roundConstants).map { $0 &+ $1 }
    }

    /// What the known words 8 to 15 of a message add: round inputs 8 to 15, then the addends to schedule words 16 to 31.
    static func knownHalf(_ half: [UInt32]) -> [UInt32] {
        let word = { (index: Int) in half[index - 8] }
        let inputs = (8..<16).map { word($0) &+ roundConstants[$0] }
        let addends = (16..<32).map { i in
            // W[i] = W[i-16] + s0(W[i-15]) + W[i-7] + s1(W[i-2]), each summand where its word is known.
            (i >= 24 ? word(i - 16) : 0) &+ ((23..<31).contains(i) ? sigma0(word(i - 15)) : 0) &+ (i < 23 ? word(i - 7) : 0)
                &+ (i < 18 ? sigma1(word(i - 2)) : 0)
        }
        return inputs + addends
    }
}

/// The eight variables while a block is compressed.
struct RoundState {
    var a, b, c, d, e, f, g, h: UInt32

    init(_ state: SIMD8<UInt32>) {
        (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7])
    }

    /// One round; `input` is message word plus constant.
    mutating func round(_ input: UInt32) {
        let first = h &+ input &+ (Words.rotate(e, 6) ^ Words.rotate(e, 11) ^ Words.rotate(e, 25)) &+ Words.choose(e, f, g)
        let second = (Words.rotate(a, 2) ^ Words.rotate(a, 13) ^ Words.rotate(a, 22)) &+ Words.majority(a, b, c)
        (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
    }
}
