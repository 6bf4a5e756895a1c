import Bitcoin
import Glibc
import Hashing

/// The file that keeps an embedded chain between runs: blocks appended in the order they were accepted.
///
/// It begins with a magic word and the supply's seed. Each record is a length (4 bytes), the block (header, coinbase, count and serial numbers) and
/// the first four bytes of the block's SHA-256d; integers are little-endian. What follows the last whole record, as a killed process leaves it, is
/// cut off. Nothing is synced: like a node's own block files, the last blocks may be lost in a power cut, never in a crash of the process.
final class ChainFile: Sendable {
    private static let magic: [UInt8] = Array("mlchain1".utf8)
    private static let recordLimit = 4_000_000

    let path: String
    private let descriptor: Int32

    /// Opens or makes the file and locks it.
    /// - Parameter seed: of the supply, for a file that is new; an old one keeps its own.
    static func open(_ path: String, seed: UInt64) throws(ChainFileError) -> (file: ChainFile, seed: UInt64, blocks: [StoredBlock]) {
        let file = try ChainFile(path)
        let bytes = try file.contents()
        if bytes.count < magic.count + 8, bytes.elementsEqual((magic + seedBytes(seed)).prefix(bytes.count)) || bytes.isEmpty {
            try file.truncate(to: 0)
            try file.append(magic + seedBytes(seed))
            return (file, seed, [])
        }
        guard bytes.starts(with: magic), bytes.count >= magic.count + 8 else { throw .foreign(path: path) }
        var reader = ByteReader(bytes)
        do {
            _ = try reader.readBytes(magic.count)
            let seed = try reader.readLittleEndian(UInt64.self)
            let (blocks, end) = readBlocks(&reader)
            if end < bytes.count { try file.truncate(to: end) }
            return (file, seed, blocks)
        } catch let error as ChainFileError {
            throw error
        } catch {
            throw .foreign(path: path)
        }
    }

    private init(_ path: String) throws(ChainFileError) {
        self.path = path
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw .io(path: path, errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            throw reason == EWOULDBLOCK ? .inUse(path: path) : .io(path: path, errno: reason)
        }
    }

    deinit { close(descriptor) }

    func append(_ block: StoredBlock) throws(ChainFileError) {
        let bytes = block.fileBytes
        var writer = ByteWriter(capacity: bytes.count + 8)
        writer.appendLittleEndian(UInt32(bytes.count))
        writer.append(bytes)
        writer.append(Array(Hash256.sha256d(bytes).internalBytes.prefix(4)))
        try append(writer.bytes)
    }

    private func append(_ bytes: [UInt8]) throws(ChainFileError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { written += count } else if errno != EINTR { throw .io(path: path, errno: errno) }
        }
    }

    private func truncate(to length: Int) throws(ChainFileError) {
        guard ftruncate(descriptor, length) == 0 else { throw .io(path: path, errno: errno) }
    }

    private func contents() throws(ChainFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = chunk.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, bytes.count) }
            if count == 0 { return bytes }
            if count > 0 { bytes.append(contentsOf: chunk[..<count]) } else if errno != EINTR { throw .io(path: path, errno: errno) }
        }
    }

    /// The whole records from here on, and where the last one ends.
    private static func readBlocks(_ reader: inout ByteReader) -> (blocks: [StoredBlock], end: Int) {
        var blocks: [StoredBlock] = []
        var end = reader.offset
        while let block = try? readRecord(&reader) {
            blocks.append(block)
            end = reader.offset
        }
        return (blocks, end)
    }

    private static func readRecord(_ reader: inout ByteReader) throws -> StoredBlock {
        let length = Int(try reader.readLittleEndian(UInt32.self))
        guard length <= recordLimit else { throw WireError.tooLarge(offset: reader.offset, size: UInt64(length), limit: recordLimit) }
        let bytes = try reader.readBytes(length)
        let checksum = try reader.readBytes(4)
        guard Hash256.sha256d(bytes).internalBytes.starts(with: checksum) else { throw WireError.trailing(count: reader.remaining) }
        return try StoredBlock(fileBytes: bytes)
    }

    private static func seedBytes(_ seed: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.appendLittleEndian(seed)
        return writer.bytes
    }
}

extension StoredBlock {
    /// Header, coinbase, count and serial numbers.
    var fileBytes: [UInt8] {
        var writer = ByteWriter()
        writer.append(header.serialized)
        writer.append(coinbase.serialized)
        writer.appendCompactSize(serials.count)
        for serial in serials { writer.appendLittleEndian(serial) }
        return writer.bytes
    }

    init(fileBytes: [UInt8]) throws(WireError) {
        var reader = ByteReader(fileBytes)
        let header = try BlockHeader(from: &reader)
        let coinbase = try Transaction(from: &reader)
        let count = try reader.readCount(ofItemsAtLeast: 8)
        var serials: [UInt64] = []
        serials.reserveCapacity(count)
        for _ in 0..<count { serials.append(try reader.readLittleEndian(UInt64.self)) }
        try reader.finish()
        self.init(header: header, coinbase: coinbase, serials: serials)
    }
}

/// Why the file of an embedded chain cannot be used.
public enum ChainFileError: Error, Hashable, Sendable {
    case io(path: String, errno: Int32)
    case inUse(path: String)
    /// It does not begin as such a file does.
    case foreign(path: String)
}

extension ChainFileError: CustomStringConvertible {
    /// One line that names the file and the remedy.
    public var description: String {
        switch self {
        case .io(let path, let errno): "\(path): \(String(cString: strerror(errno)))"
        case .inUse(let path): "\(path) is in use by another process; stop it or name another data folder"
        case .foreign(let path): "\(path) is not an embedded chain's file; move it away or name another data folder"
        }
    }

    /// The label of counters.
    public var label: String {
        switch self {
        case .io: "io"
        case .inUse: "in-use"
        case .foreign: "foreign"
        }
    }
}
