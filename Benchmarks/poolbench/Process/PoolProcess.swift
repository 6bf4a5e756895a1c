import Glibc

/// A pool of its own, the `poold` beside this program: the same binary and settings as ever, durability included.
final class PoolProcess {
    private let child: ChildProcess
    let host: String
    let port: UInt16
    /// Where the ready line says the dashboard and the figures are.
    let admin: LoadTarget?

    var pid: pid_t { child.pid }

    /// Every hash is a share, hardly any a block, and nobody else mines.
    private static let dev = [
        "dev", "--no-miner", "--share-difficulty", "1e-10", "--parent-bits", "1d00ffff", "--stratum", "127.0.0.1:0", "--admin", "127.0.0.1:0",
    ]

    /// `poold dev` unless other arguments are given. Returns when it is ready.
    ///
    /// - Parameter cores: CPUs that it may run on; nil for all.
    init(_ arguments: [String]? = nil, log: String? = nil, cores: Int? = nil) throws(LoadFailure) {
        let path = ChildProcess.beside("poold")
        child = try ChildProcess(path, arguments ?? Self.dev, errors: log, cores: cores)
        guard let line = child.line(), let address = Self.address("stratum", in: line) else {
            throw LoadFailure(description: "\(path) did not get ready")
        }
        (host, port) = (address.host, address.port)
        admin = Self.address("admin", in: line)
    }

    /// From `ready stratum=HOST:PORT admin=…`.
    private static func address(_ name: String, in line: String) -> LoadTarget? {
        let word = line.split(separator: " ").first { $0.hasPrefix(name + "=") }
        return word.flatMap { LoadTarget(String($0.dropFirst(name.count + 1))) }
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
