import CLinux
import Glibc

/// A program that this one started, with pipes to its standard input and from its standard output; ended with this value.
final class ChildProcess {
    let pid: pid_t
    private let input: Int32
    private let output: Int32
    private var read: [UInt8] = []
    /// As `waitpid` tells it, once it has ended.
    private var status: Int32?

    /// - Parameters:
    ///   - path: the program.
    ///   - errors: a file for its standard error; thrown away if nil.
    ///   - cores: CPUs that it may run on, the first ones; nil for all.
    init(_ path: String, _ arguments: [String], errors: String? = nil, cores: Int? = nil) throws(LoadFailure) {
        // A child inherits its maker's affinity.
        let all = linux_affinity()
        if let cores { linux_set_affinity(Self.first(cores, of: all)) }
        defer { linux_set_affinity(all) }
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw LoadFailure(description: "no pipe left") }
        for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o644)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, path, &actions, nil, &words, environ)
        close(toChild[0])
        close(fromChild[1])
        guard code == 0 else {
            close(toChild[1])
            close(fromChild[0])
            throw LoadFailure(description: "cannot start \(path) (\(String(cString: strerror(code)))): build it with `swift build -c release`")
        }
        self.pid = pid
        input = toChild[1]
        output = fromChild[0]
    }

    deinit {
        close(input)
        if status == nil {
            kill(pid, SIGTERM)
            waitpid(pid, nil, 0)
        }
        close(output)
    }

    /// How it ended: its exit code, or the signal's number below zero; nil while it runs.
    ///
    /// - Parameter waits: until it has ended.
    func end(waits: Bool) -> Int32? {
        if status == nil {
            var value: Int32 = 0
            if waitpid(pid, &value, waits ? 0 : WNOHANG) == pid { status = value }
        }
        return status.map { $0 & 0x7f == 0 ? $0 >> 8 & 0xff : -($0 & 0x7f) }
    }

    /// All that it still writes, until it ends.
    func rest() -> String {
        var lines: [String] = []
        while let line = line() { lines.append(line) }
        return lines.joined(separator: "\n")
    }

    func say(_ line: String) { Self.write(line + "\n", to: input) }

    /// The next line of its output; nil when there is no more.
    func line() -> String? {
        while true {
            if let end = read.firstIndex(of: 0x0a) {
                defer { read.removeSubrange(...end) }
                return String(decoding: read[..<end], as: UTF8.self)
            }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = Glibc.read(output, &chunk, chunk.count)
            guard count > 0 else { return nil }
            read += chunk[..<count]
        }
    }

    private static func first(_ count: Int, of mask: UInt64) -> UInt64 {
        var (left, taken) = (mask, UInt64(0))
        for _ in 0..<count where left != 0 {
            taken |= left & (~left + 1)
            left &= left - 1
        }
        return taken
    }

    /// The program of this name that stands beside this one.
    static func beside(_ name: String) -> String {
        var path = [UInt8](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &path, path.count)
        let text = String(decoding: path.prefix(max(0, count)), as: UTF8.self)
        return text.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/" + name
    }

    static func write(_ text: String, to file: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
