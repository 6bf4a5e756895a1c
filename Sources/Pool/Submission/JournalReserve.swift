import CLinux
import Glibc
import Synchronization

/// Room for solutions that is taken while the disk has it: when it is full, the block journal writes here instead.
///
/// A file of a fixed size, written over in place. Records lie one behind the other, each a header (a mark and a length) and its bytes; a record that
/// was removed keeps its place, and all places are used anew once every record is gone. Each process has a file of its own, by a lock that ends with
/// it, for in an upgrade two of them use one folder; what others left in theirs is read all the same.
final class JournalReserve: Sendable {
    /// A parent block of the greatest size in hex, and a hundred proofs.
    static let usualSize = 12 << 20

    private enum Mark {
        static let live = UInt64(0x6576_696c_2d6b_6c62)
        static let gone = UInt64(0x656e_6f67_2d6b_6c62)
    }

    private static let headerSize = 16

    private struct Place {
        let file: String
        let offset: Int
        let bytes: [UInt8]
    }

    /// A file that this process alone writes.
    private struct Own {
        let file: Int32
        /// Where the next record goes.
        var end: Int
    }

    private let folder: String
    private let size: Int
    private let own: Mutex<Own?>

    init(folder: String, size: Int = JournalReserve.usualSize) {
        self.folder = folder
        self.size = size
        own = Mutex(Self.claim(folder, size))
    }

    deinit { own.withLock { own in if let own { close(own.file) } } }

    /// The first file that no other process has; nil while there is no room for it.
    private static func claim(_ folder: String, _ size: Int) -> Own? {
        for number in 0..<64 {
            let file = open("\(folder)/reserve-\(number)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else { return nil }
            var status = stat()
            if flock(file, LOCK_EX | LOCK_NB) == 0 {
                // An earlier one may be as large as it needs to be.
                if posix_fallocate(file, 0, size) == 0 || fstat(file, &status) == 0 && Int(status.st_size) >= size {
                    return Own(file: file, end: end(of: file, size))
                }
                close(file)
                return nil
            }
            close(file)
        }
        return nil
    }

    /// Writes and syncs a record; false when the reserve has no room for it, or the disk fails.
    func add(_ bytes: [UInt8]) -> Bool { write(bytes) && sync() }

    /// Makes sure of what was written.
    func sync() -> Bool {
        // Not under the lock: others write meanwhile.
        guard let file = own.withLock({ own in own.map { dup($0.file) } }) else { return false }
        defer { close(file) }
        return fsync(file) == 0
    }

    /// Writes a record, and no more: it outlasts this process, but no power cut until ``sync()``.
    func write(_ bytes: [UInt8]) -> Bool {
        own.withLock { own in
            // One that began on a full disk, beside the process before it, has that one's by now.
            guard var place = own ?? Self.claim(folder, size) else { return false }
            defer { own = place }
            if !Self.records(of: place.file, size).contains(where: \.isLive) { place.end = 0 }
            let next = place.end + Self.headerSize + bytes.count
            guard next + Self.headerSize <= size else { return false }
            // With an end behind it, so that no older record comes to light; half of it decodes to no entry.
            let record = Self.header(Mark.live, bytes.count) + bytes + Self.header(0, 0)
            guard Self.write(record, to: place.file, at: place.end) else { return false }
            place.end = next
            return true
        }
    }

    /// The records of all processes.
    var records: [[UInt8]] { places.map(\.bytes) }

    /// Forgets the records that fit.
    func remove(where fits: ([UInt8]) -> Bool) {
        for place in places where fits(place.bytes) {
            let file = open(place.file, O_RDWR | O_CLOEXEC)
            guard file >= 0 else { continue }
            _ = Self.write(Self.header(Mark.gone, place.bytes.count), to: file, at: place.offset)
            _ = fsync(file)
            close(file)
        }
    }

    private var places: [Place] {
        let names = (try? DurableFile.list(folder)) ?? []
        return names.filter { $0.hasPrefix("reserve-") }.sorted().flatMap { name in
            let path = folder + "/" + name
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return [Place]() }
            defer { close(file) }
            return Self.records(of: file, size).filter(\.isLive).compactMap { record in
                Self.read(record.count, from: file, at: record.offset + Self.headerSize).map { Place(file: path, offset: record.offset, bytes: $0) }
            }
        }
    }

    // MARK: Bytes

    private static func records(of file: Int32, _ size: Int) -> [(offset: Int, count: Int, isLive: Bool)] {
        var records: [(offset: Int, count: Int, isLive: Bool)] = []
        var offset = 0
        while let header = read(headerSize, from: file, at: offset) {
            let mark = number(header[0..<8])
            let count = Int(truncatingIfNeeded: number(header[8..<16]))
            guard mark == Mark.live || mark == Mark.gone, count >= 0, count <= size - offset - headerSize else { break }
            records.append((offset, count, mark == Mark.live))
            offset += headerSize + count
        }
        return records
    }

    private static func end(of file: Int32, _ size: Int) -> Int { records(of: file, size).last.map { $0.offset + headerSize + $0.count } ?? 0 }

    private static func header(_ mark: UInt64, _ count: Int) -> [UInt8] {
        withUnsafeBytes(of: mark.littleEndian) { Array($0) } + withUnsafeBytes(of: UInt64(count).littleEndian) { Array($0) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

    private static func read(_ count: Int, from file: Int32, at offset: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let part = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress.map { $0 + done }, count - done, off_t(offset + done)) }
            guard part > 0 else { return nil }
            done += part
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8], to file: Int32, at offset: Int) -> Bool {
        var done = 0
        while done < bytes.count {
            let part = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done)) }
            guard part > 0 else { return false }
            done += part
        }
        return true
    }
}
