public import Bitcoin
import Glibc
public import HTTP

/// A real node in regtest on loopback, in a folder of its own; ends with the value.
public final class RealNode: Sendable {
    /// Whose node it is.
    public enum Kind: String, Sendable {
        case bitcoind
        case namecoind

        /// The binary that `BITCOIND` or `NAMECOIND` names; nil where it is not set.
        public var binary: String? { getenv(rawValue.uppercased()).map { String(cString: $0) } }

        /// Whether there is one; says so where there is not.
        public var isAtHand: Bool {
            if binary != nil { return true }
            print("Tests against a real \(rawValue) are skipped: set \(rawValue.uppercased()) to its path to run them.")
            return false
        }
    }

    /// How a client proves who it is.
    public enum Access: Sendable {
        case password
        case cookie
    }

    public struct NoNode: Error {
        public let reason: String
    }

    public let url: String
    public let credentials: NodeCredentials
    public let process: Int32
    private let folder: String

    /// User and password under ``Access/password``.
    public static let login = HTTPCredentials(user: "u", password: "p")

    /// Starts a node, and waits until it answers.
    /// - Parameter options: of its command line, beside those that keep it alone on loopback.
    public init(_ kind: Kind = .bitcoind, access: Access = .password, options: [String] = []) async throws {
        guard let binary = kind.binary else { throw NoNode(reason: "\(kind.rawValue.uppercased()) is not set") }
        var template = Array("/tmp/motherlode-\(kind.rawValue)-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let folder = made else { throw NoNode(reason: "no folder can be made in /tmp") }
        let port = RealNode.freePort()
        let login = RealNode.login
        var arguments = [
            binary, "-regtest", "-datadir=\(folder)", "-server", "-listen=0", "-dnsseed=0", "-fixedseeds=0", "-printtoconsole=0", "-rpcport=\(port)",
            "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1",
        ]
        switch access {
        case .password:
            arguments += ["-rpcuser=\(login.user)", "-rpcpassword=\(login.password)"]
            credentials = .password(login)
        case .cookie: credentials = .cookieFile(folder + "/regtest/.cookie")
        }
        guard let process = RealNode.run(binary, arguments + options) else { throw NoNode(reason: "\(binary) does not start") }
        self.folder = folder
        self.process = process
        url = "http://127.0.0.1:\(port)"
        try await ready()
    }

    deinit {
        // Not SIGTERM: a process started from the cooperative pool inherits a mask that blocks it.
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        _ = RealNode.run("/bin/rm", ["rm", "-rf", "--", folder]).map { waitpid($0, nil, 0) }
    }

    /// - Parameter wallet: the one that calls concern, where there are several.
    public func endpoint(wallet: String? = nil) -> NodeEndpoint {
        NodeEndpoint(name: wallet ?? "regtest", url: url + (wallet.map { "/wallet/\($0)" } ?? "/"), credentials: credentials)
    }

    public func client(wallet: String? = nil) -> NodeClient { NodeClient(endpoint(wallet: wallet), http: HTTPClient()) }

    /// Waits while the node writes its cookie, opens its port and loads its chain.
    private func ready() async throws {
        let client = client()
        while true {
            do {
                _ = try await client.call("getblockcount")
                return
            } catch .cookieUnreadable, .unreachable, .warmingUp, .busy {
                guard waitpid(process, nil, WNOHANG) == 0 else { throw NoNode(reason: "the node ended as soon as it was started") }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private static func run(_ binary: String, _ arguments: [String]) -> pid_t? {
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        return posix_spawn(&process, binary, nil, nil, &pointers, environ) == 0 ? process : nil
    }

    /// A port that was free a moment ago.
    public static func freePort() -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, size)
                _ = getsockname(descriptor, $0, &size)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}
