internal import Glibc

/// An open file, closed when it goes out of scope.
struct File: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// Creates a file that its owner alone may read, or opens an existing one.
    /// - Parameter exclusively: fails when the file exists.
    init(creating path: String, exclusively: Bool) throws(LedgerError) {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | (exclusively ? O_EXCL : 0)
        descriptor = open(path, flags, 0o600)
        self.path = path
        if descriptor < 0 { throw Self.failure(path) }
    }

    init(reading path: String) throws(LedgerError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        if descriptor < 0 { throw Self.failure(path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Sets room aside from `offset` on, where the file system can.
    func reserve(from offset: Int, bytes: Int) throws(LedgerError) {
        while true {
            let code = posix_fallocate(descriptor, offset, bytes)
            switch code {
            case 0, EOPNOTSUPP, EINVAL: return
            case EINTR: continue
            default:
                errno = code
                throw Self.failure(path)
            }
        }
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(LedgerError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress! + done, bytes.count - done, offset + done) }
            if written < 0 {
                if errno == EINTR { continue }
                throw Self.failure(path)
            }
            done += written
        }
    }

    /// Everything from `offset` to the end of the file, at most `limit` bytes.
    func read(at offset: Int, limit: Int) throws(LedgerError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
        // A damaged length must not take more memory than the file has bytes.
        let limit = max(0, min(limit, Int(status.st_size) - offset))
        var bytes = [UInt8](repeating: 0, count: limit)
        var done = 0
        while done < limit {
            let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + done, limit - done, offset + done) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure(path)
            }
            if count == 0 { break }
            done += count
        }
        bytes.removeLast(limit - done)
        return bytes
    }

    /// Returns when what was written is on the disk.
    func sync() throws(LedgerError) {
        while fdatasync(descriptor) != 0 {
            if errno != EINTR { throw Self.failure(path) }
        }
    }

    func truncate(to size: Int) throws(LedgerError) {
        if ftruncate(descriptor, size) != 0 { throw Self.failure(path) }
    }

    /// Takes the file for this process alone until it is closed; false when another has it.
    func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// The error that errno stands for.
    static func failure(_ path: String) -> LedgerError {
        let code = errno
        if code == ENOSPC || code == EDQUOT { return .diskFull(path: path) }
        return .file(path: path, detail: String(cString: strerror(code)))
    }
}

/// A folder and its entries.
enum Folder {
    /// Creates the folder for its owner alone unless it is there.
    static func create(_ path: String) throws(LedgerError) {
        if mkdir(path, 0o700) == 0 { return try sync(parent(of: path)) }
        if errno != EEXIST { throw File.failure(path) }
    }

    /// Makes creations and removals of entries durable.
    static func sync(_ path: String) throws(LedgerError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw File.failure(path) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw File.failure(path) }
    }

    static func entries(_ path: String) throws(LedgerError) -> [String] {
        guard let folder = opendir(path) else { throw File.failure(path) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    /// The folder a path lies in.
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
