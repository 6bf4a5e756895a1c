internal import Hashing

/// A `submitblock` request, ready to be sent to any number of nodes.
///
/// It is kept in pieces, so that a solved block leaves at once: the hexadecimal text of a job's transactions is made with the job, and when one is solved
/// only header and coinbase are written.
public struct BlockSubmission: Sendable {
    let pieces: [[UInt8]]

    private static let opening = Array(#"{"jsonrpc":"1.0","id":0,"method":"submitblock","params":[""#.utf8)
    private static let closing = Array(#""]}"#.utf8)

    /// A block as it goes over the network.
    public init(block: [UInt8]) {
        self.init(head: block, tailHex: [])
    }

    /// A block whose first bytes (header, transaction count, coinbase) are raw and whose others are hexadecimal ASCII already, as `hex` makes it.
    public init(head: [UInt8], tailHex: [UInt8]) {
        pieces = [Self.opening + Self.hex(head), tailHex, Self.closing]
    }

    /// Hexadecimal ASCII, two digits a byte.
    public static func hex(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 2 * bytes.count) { digits, count in
            for (index, byte) in bytes.enumerated() {
                digits[2 * index] = Hex.digit(byte >> 4)
                digits[2 * index + 1] = Hex.digit(byte & 15)
            }
            count = 2 * bytes.count
        }
    }
}
