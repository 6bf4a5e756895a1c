import Glibc

/// What Linux says of this process, under the names that Prometheus' clients use everywhere.
enum ProcessMetrics {
    static func read() -> [Metric] {
        var metrics: [Metric] = []
        // Fields of /proc/self/stat behind the command's closing parenthesis, counted from 3 (proc(5)).
        if let bytes = try? BoundedFile.read("/proc/self/stat", limit: 1 << 16), let end = bytes.lastIndex(of: UInt8(ascii: ")")) {
            let fields = String(decoding: bytes[(end + 1)...], as: UTF8.self).split(separator: " ")
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            if fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]), let pages = Double(fields[21]), ticks > 0 {
                metrics.append(Metric("process_cpu_seconds_total", .counter, "Processor time of user and system.", (user + system) / ticks))
                metrics.append(Metric("process_resident_memory_bytes", .gauge, "Memory in use.", pages * Double(sysconf(Int32(_SC_PAGESIZE)))))
            }
        }
        if let count = openFiles() { metrics.append(Metric("process_open_fds", .gauge, "Open files and sockets.", Double(count))) }
        metrics.append(Metric("process_max_fds", .gauge, "The limit of open files and sockets.", Double(FileLimit.current.soft)))
        return metrics
    }

    private static func openFiles() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            if entry.pointee.d_name.0 != UInt8(ascii: ".") { count += 1 }
        }
        // The folder itself is open while it is read.
        return max(0, count - 1)
    }
}

/// How many files and sockets the process may have open.
struct FileLimit {
    var soft: UInt64
    /// What the process may raise it to.
    var hard: UInt64

    static var current: FileLimit {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return FileLimit(soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
    }
}
