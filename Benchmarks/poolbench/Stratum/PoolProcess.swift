import Glibc

/// A `poold` of its own, found beside this program: the same binary and settings as ever, durability included.
final class PoolProcess {
    let pid: pid_t
    let host: String
    let port: UInt16

    /// Every hash is a share, hardly any a block, and nobody else mines.
    static let dev = [
        "dev", "--no-miner", "--share-difficulty", "1e-10", "--parent-bits", "1d00ffff", "--stratum", "127.0.0.1:0", "--admin", "127.0.0.1:0",
    ]

    /// Starts it and waits for its ready line.
    /// - Parameter arguments: those behind its name.
    init(_ arguments: [String] = PoolProcess.dev) throws(LoadFailure) {
        let path = Self.folder + "/poold"
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw LoadFailure(description: "no pipe left") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, path, &actions, nil, &words, environ)
        close(ends[1])
        defer { close(ends[0]) }
        guard code == 0 else {
            throw LoadFailure(description: "cannot start \(path) (\(String(cString: strerror(code)))): build it with `swift build -c release`")
        }
        self.pid = pid
        guard let line = Self.firstLine(of: ends[0]), let address = Self.stratumAddress(in: line) else {
            kill(pid, SIGTERM)
            waitpid(pid, nil, 0)
            throw LoadFailure(description: "\(path) did not get ready")
        }
        (host, port) = address
    }

    deinit {
        kill(pid, SIGTERM)
        waitpid(pid, nil, 0)
    }

    private static var folder: String {
        var path = [UInt8](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &path, path.count)
        let text = String(decoding: path.prefix(max(0, count)), as: UTF8.self)
        return text.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    private static func firstLine(of fd: Int32) -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(fd, &byte, 1) == 1 {
            if byte == 0x0a { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }

    /// From `ready stratum=HOST:PORT admin=…`.
    private static func stratumAddress(in line: String) -> (String, UInt16)? {
        let word = line.split(separator: " ").first { $0.hasPrefix("stratum=") }
        return word.flatMap { LoadTarget(String($0.dropFirst(8))) }.map { ($0.host, $0.port) }
    }
}

/// `HOST:PORT`.
struct LoadTarget {
    let host: String
    let port: UInt16

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        host = String(text[..<colon])
        self.port = port
    }
}

/// What another process has used so far.
enum ProcessUse {
    /// CPU seconds of all its threads, to a hundredth; nil when there is no such process.
    static func cpu(of pid: pid_t) -> Double? {
        // Behind the name, which may hold spaces, user and system time are the 12th and 13th field, in hundredths.
        guard let fields = contents("/proc/\(pid)/stat")?.split(separator: ")").last?.split(separator: " "), fields.count > 12 else { return nil }
        guard let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Resident bytes.
    static func memory(of pid: pid_t) -> Int? {
        guard let fields = contents("/proc/\(pid)/statm")?.split(separator: " "), fields.count > 1 else { return nil }
        return Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
    }

    private static func contents(_ path: String) -> String? {
        let fd = open(path, O_RDONLY)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(fd, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
