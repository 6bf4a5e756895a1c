import Glibc

/// What another process has used so far.
enum ProcessUse {
    /// CPU seconds of all its threads, to a nanosecond where the kernel says so; nil when there is no such process.
    static func cpu(of pid: pid_t) -> Double? {
        // The process's own CPU clock; clock_getcpuclockid spells it so.
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Bytes that are its own: written pages, neither the program's text nor shared.
    static func ownMemory(of pid: pid_t) -> Int? {
        for line in (contents("/proc/\(pid)/smaps_rollup") ?? "").split(separator: "\n") where line.hasPrefix("Private_Dirty:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
        }
        return nil
    }

    /// Whether it runs: a process that has ended and that nobody asked about yet does not.
    static func isAlive(_ pid: pid_t) -> Bool {
        // pid (name) state …, where the name may hold anything.
        guard let words = contents("/proc/\(pid)/stat"), let end = words.lastIndex(of: ")") else { return false }
        return words[end...].dropFirst(2).first.map { $0 != "Z" && $0 != "X" } ?? false
    }

    /// Files, sockets and the like that it has open; nil when there is no such process.
    static func openFiles(of pid: pid_t) -> Int? { entries(of: "/proc/\(pid)/fd") }

    /// How much lies in a folder.
    static func entries(of folder: String, endingWith suffix: String = "") -> Int? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var count = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if !name.hasPrefix("."), name.hasSuffix(suffix) { count += 1 }
        }
        return count
    }

    private static func contents(_ path: String) -> String? {
        let fd = open(path, O_RDONLY)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = read(fd, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
