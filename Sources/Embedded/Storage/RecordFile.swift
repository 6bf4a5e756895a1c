import Bitcoin
import Glibc
import Hashing

/// What a file keeps of one block of an embedded chain.
protocol FileRecord: Sendable {
    /// Eight ASCII characters that begin a file of such records.
    static var magic: String { get }
    var fileBytes: [UInt8] { get }
    init(fileBytes: [UInt8]) throws(WireError)
}

/// The file that keeps an embedded chain between runs: blocks appended in the order they were accepted.
///
/// It begins with the records' magic word and the chain's seed. Each record is a length (4 bytes), the bytes and the first four bytes of their
/// SHA-256d; integers are little-endian. What follows the last whole record, as a killed process leaves it, is cut off. Nothing is synced: like
/// a node's own block files, the last blocks may be lost in a power cut, never in a crash of the process.
final class RecordFile<Record: FileRecord>: Sendable {
    private static var recordLimit: Int { 4_000_000 }

    let path: String
    private let descriptor: Int32

    /// Opens or makes the file and locks it.
    /// - Parameter seed: of the chain, for a file that is new; an old one keeps its own.
    static func open(_ path: String, seed: UInt64) throws(ChainFileError) -> (file: RecordFile, seed: UInt64, records: [Record]) {
        let file = try RecordFile(path)
        let magic = Array(Record.magic.utf8)
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
            let (records, end) = readRecords(&reader)
            if end < bytes.count { try file.truncate(to: end) }
            return (file, seed, records)
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

    func append(_ record: Record) throws(ChainFileError) {
        let bytes = record.fileBytes
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
    private static func readRecords(_ reader: inout ByteReader) -> (records: [Record], end: Int) {
        var records: [Record] = []
        var end = reader.offset
        while let record = try? readRecord(&reader) {
            records.append(record)
            end = reader.offset
        }
        return (records, end)
    }

    private static func readRecord(_ reader: inout ByteReader) throws -> Record {
        let length = Int(try reader.readLittleEndian(UInt32.self))
        guard length <= recordLimit else { throw WireError.tooLarge(offset: reader.offset, size: UInt64(length), limit: recordLimit) }
        let bytes = try reader.readBytes(length)
        let checksum = try reader.readBytes(4)
        guard Hash256.sha256d(bytes).internalBytes.starts(with: checksum) else { throw WireError.trailing(count: reader.remaining) }
        return try Record(fileBytes: bytes)
    }

    private static func seedBytes(_ seed: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.appendLittleEndian(seed)
        return writer.bytes
    }
}
