import Embedded

/// What attackers say.
enum AttackLines {
    static func login(user: String) -> [UInt8] {
        Array(
            """
            {"id":1,"method":"mining.subscribe","params":["cgminer/4.12.0"]}
            {"id":2,"method":"mining.authorize","params":["\(user)","x"]}

            """.utf8
        )
    }

    static func share(user: String, job: [UInt8], time: [UInt8]) -> [UInt8] {
        line(user, String(decoding: job, as: UTF8.self), "0000000000000000", String(decoding: time, as: UTF8.self), "00000001")
    }

    /// No fields, wrong sizes, no numbers, jobs that never were, times far off, version bits that nobody granted, somebody else's name.
    static func invalidShares(user: String, _ random: inout SplitMix64) -> [UInt8] {
        var lines = Array("{\"id\":7,\"method\":\"mining.submit\",\"params\":[\"\(user)\"]}\n".utf8)
        for _ in 0..<60 {
            let job = hex(random.bytes(8)) + "00"
            lines += line(user, job, hex(random.bytes(8)), "ffffffff", hex(random.bytes(4)))
            lines += line(user, job, hex(random.bytes(8)), "60000000", hex(random.bytes(4)), version: "ffffffff")
        }
        lines += line(user, "zz", "00", "60000000", "00000000")
        lines += line("nobody", "00", hex(random.bytes(8)), "60000000", "00000000")
        return lines
    }

    static func wishes(_ random: inout SplitMix64) -> [UInt8] {
        (0..<64).flatMap { _ in
            Array("{\"id\":8,\"method\":\"mining.suggest_difficulty\",\"params\":[\(random.next() % 1_000_000).5]}\n".utf8)
        }
    }

    static let chatter = Array(String(repeating: "{}\n{\"method\":\"pong\"}\n", count: 200).utf8)

    static func inventedNames(user: String, _ random: inout SplitMix64) -> [UInt8] {
        login(user: user)
            + (0..<200).flatMap { _ in
                Array("{\"id\":3,\"method\":\"mining.authorize\",\"params\":[\"\(user).\(hex(random.bytes(8)))\",\"x\"]}\n".utf8)
            }
    }

    /// What a proxy or TLS would begin with, and is neither.
    static func disguise(_ random: inout SplitMix64) -> [UInt8] {
        switch random.next() % 4 {
        case 0: Array("PROXY TCP4 999.1.1.1 1.1.1.1 99999 x\r\n".utf8)
        case 1: Array("PROXY TCP4 192.0.2.1 192.0.2.2 1000 3333\r\n".utf8)
        // PROXY version 2: its signature, then lengths that lie.
        case 2: [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x21, 0x11, 0xff, 0xff] + random.bytes(32)
        // A TLS record of a handshake.
        default: [0x16, 0x03, 0x01, 0x40, 0x00, 0x01, 0x00, 0x3f, 0xfc] + random.bytes(64)
        }
    }

    static func hex(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digit($0 >> 4), digit($0 & 15)] }, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

    private static func line(_ user: String, _ job: String, _ extranonce2: String, _ time: String, _ nonce: String, version: String? = nil) -> [UInt8]
    {
        let last = version.map { ",\"\($0)\"" } ?? ""
        return Array(
            "{\"id\":7,\"method\":\"mining.submit\",\"params\":[\"\(user)\",\"\(job)\",\"\(extranonce2)\",\"\(time)\",\"\(nonce)\"\(last)]}\n".utf8
        )
    }
}
