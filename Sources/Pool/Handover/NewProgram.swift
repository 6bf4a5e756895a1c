import CLinux
import Glibc

/// The program that shall go on.
enum NewProgram {
    /// - Parameters:
    ///   - named: nil for the one that runs; the file may have been replaced since.
    ///   - process: the one that another shall take over from.
    /// - Returns: its path.
    static func path(_ named: String?, after process: pid_t = getpid()) throws(UpgradeFailure) -> String {
        // With the first process of a PID namespace the kernel ends all others of it, the one that goes on among them.
        guard process != 1 else { throw UpgradeFailure("the pool is its container's first process, which must not end: replace the container") }
        let path = if let named { named } else { try running() }
        var status = stat()
        guard stat(path, &status) == 0 else { throw UpgradeFailure("\(path): \(String(cString: strerror(errno)))") }
        guard status.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 else { throw UpgradeFailure("\(path) is no program that may be run") }
        // Whoever may steer the pool may not thereby have it run just any file as its own user.
        guard status.st_uid == 0 || status.st_uid == geteuid(), status.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw UpgradeFailure("\(path) must belong to root or the pool's user, and be writable by nobody else")
        }
        return path
    }

    private static func running() throws(UpgradeFailure) -> String {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = buffer.withUnsafeMutableBytes { buffer in
            buffer.withMemoryRebound(to: CChar.self) { place in place.baseAddress.map { readlink("/proc/self/exe", $0, place.count) } ?? 0 }
        }
        guard count > 0, count < buffer.count else { throw UpgradeFailure("the running program is not known; name one") }
        let path = String(decoding: buffer[..<count], as: UTF8.self)
        // What Linux says of a file that was replaced by another of its name.
        let mark = " (deleted)"
        return path.hasSuffix(mark) ? String(path.dropLast(mark.count)) : path
    }
}
