import Glibc

/// Times what durability costs: a small write and its sync.
enum SyncProbe {
    /// The median of three, in a file that is gone afterwards.
    static func time(in folder: String) throws(FileError) -> Duration {
        let path = "\(folder)/.check-\(getpid())"
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError(operation: "create", path: path, code: errno) }
        defer {
            close(file)
            unlink(path)
        }
        let block = [UInt8](repeating: 0x5A, count: 4096)
        var times: [Duration] = []
        for _ in 0..<3 {
            let start = ContinuousClock.now
            guard write(file, block, block.count) == block.count else { throw FileError(operation: "write", path: path, code: errno) }
            guard fsync(file) == 0 else { throw FileError(operation: "sync", path: path, code: errno) }
            times.append(ContinuousClock.now - start)
        }
        return times.sorted()[1]
    }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
