internal import CZstandard
internal import Glibc

/// Windows that left the store, in a folder of compressed files: one for each day that they began in, `shares-2026-11-21.csv.zst`.
///
/// A file is a row of zstd frames, as `zstdcat` reads them; each was synced before its windows left the store. After a crash windows may
/// stand in a file twice, and a frame that was not written to its end is cut off before the next one; a reader sees every window once.
public struct ShareArchive: Sendable {
    /// The folder; it need not be there.
    public let folder: String

    public init(folder: String) {
        self.folder = folder
    }

    /// Adds windows, on the disk when it returns.
    func append(_ windows: [ArchivedWindow]) throws(LedgerError) {
        var days: [String: [UInt8]] = [:]
        for window in windows { days[Self.name(window.start), default: []] += Array(window.line.utf8) }
        if days.isEmpty { return }
        try Folder.create(folder)
        for (name, text) in days.sorted(by: { $0.key < $1.key }) {
            let path = folder + "/" + name
            let isNew = access(path, F_OK) != 0
            let file = try File(creating: path, exclusively: false)
            let end = try Self.wholeFrames(file).end
            try file.truncate(to: end)
            try file.write(try Self.compress(text, path), at: end)
            try file.sync()
            if isNew { try Folder.sync(folder) }
        }
    }

    /// Calls `body` for every window that began at `since` or later, day by day, each once.
    public func read(since: Int64 = 0, _ body: (ArchivedWindow) throws(LedgerError) -> Void) throws(LedgerError) {
        if access(folder, F_OK) != 0 { return }
        let first = Self.name(max(0, since))
        let names = try Folder.entries(folder).filter { $0.hasPrefix("shares-") && $0.hasSuffix(".csv.zst") && $0 >= first }.sorted()
        for name in names {
            let path = folder + "/" + name
            let file = try File(reading: path)
            var seen: Set<ArchivedWindow> = []
            for (offset, size) in try Self.wholeFrames(file).frames {
                let frame = try file.read(at: offset, limit: size)
                try FrameText(frame, path).lines { line throws(LedgerError) in
                    guard let window = ArchivedWindow(line: line) else { throw .corrupt(path: path, detail: "a line that is no window") }
                    if window.start >= since, seen.insert(window).inserted { try body(window) }
                }
            }
        }
    }

    /// The day of a time, by UTC.
    private static func name(_ time: Int64) -> String {
        var time = time_t(time)
        var parts = tm()
        gmtime_r(&time, &parts)
        let numbers = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        return "shares-" + numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-") + ".csv.zst"
    }

    // MARK: Frames

    private static func wholeFrames(_ file: borrowing File) throws(LedgerError) -> (frames: [(offset: Int, size: Int)], end: Int) {
        let bytes = try file.read(at: 0, limit: .max)
        var frames: [(offset: Int, size: Int)] = []
        var offset = 0
        while offset < bytes.count {
            let size = bytes[offset...].withUnsafeBytes { ZSTD_findFrameCompressedSize($0.baseAddress, $0.count) }
            if ZSTD_isError(size) != 0 { break }
            frames.append((offset, size))
            offset += size
        }
        return (frames, offset)
    }

    private static func compress(_ text: [UInt8], _ path: String) throws(LedgerError) -> [UInt8] {
        var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(text.count))
        let count = ZSTD_compress(&frame, frame.count, text, text.count, 9)
        if ZSTD_isError(count) != 0 { throw .file(path: path, detail: String(cString: ZSTD_getErrorName(count))) }
        return Array(frame.prefix(count))
    }
}
