import Glibc
internal import HTTP
import Synchronization

/// A node's cookie file, read again whenever it changed.
///
/// A look at the file's status comes before every request, so that a restarted node refuses none: after a 401 bitcoind makes its caller wait 250 ms.
final class CookieFile: Sendable {
    let path: String
    private let state = Mutex<State?>(nil)

    private struct State {
        var stamp: Stamp
        var credentials: HTTPCredentials
    }

    /// What changes when the file is replaced.
    private struct Stamp: Equatable {
        var inode: UInt64
        var seconds: Int
        var nanoseconds: Int
        var size: Int
    }

    private static let sizeLimit = 4096

    init(path: String) {
        self.path = path
    }

    func credentials() throws(NodeError) -> HTTPCredentials {
        var status = stat()
        guard stat(path, &status) == 0 else { throw unreadable(String(cString: strerror(errno))) }
        let stamp = Stamp(
            inode: UInt64(status.st_ino),
            seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec,
            size: Int(status.st_size)
        )
        if let known = state.withLock({ $0 }), known.stamp == stamp { return known.credentials }
        let credentials = try read()
        state.withLock { $0 = State(stamp: stamp, credentials: credentials) }
        return credentials
    }

    /// Reads the file again at the next request, whatever its status says.
    func forget() {
        state.withLock { $0 = nil }
    }

    private func read() throws(NodeError) -> HTTPCredentials {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(String(cString: strerror(errno))) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: Self.sizeLimit)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw unreadable(String(cString: strerror(errno))) }
        let line = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw unreadable("it holds no user:password") }
        return HTTPCredentials(user: String(decoding: line[..<colon], as: UTF8.self), password: String(decoding: line[(colon + 1)...], as: UTF8.self))
    }

    private func unreadable(_ words: String) -> NodeError { .cookieUnreadable(path: path, words) }
}
