import Glibc
public import HTTP

/// A Bitcoin Core node in regtest on loopback, in a folder of its own; ends with the value.
public final class RealNode: Sendable {
    public let url: String
    public let credentials = HTTPCredentials(user: "u", password: "p")
    private let folder: String
    private let process: pid_t

    /// The binary that BITCOIND names; nil where it is not set.
    public static let binary = getenv("BITCOIND").map { String(cString: $0) }

    /// Nil when the binary does not start. It answers a while later.
    /// - Parameter options: of the node's command line, beside those that keep it alone on loopback.
    public init?(binary: String, options: [String] = []) {
        var template = Array("/tmp/motherlode-bitcoind-XXXXXX".utf8CString)
        folder = template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress, mkdtemp(start) != nil else { return "/nonexistent" }
            return String(cString: start)
        }
        let port = RealNode.freePort()
        url = "http://127.0.0.1:\(port)"
        let arguments = [
            binary, "-regtest", "-datadir=\(folder)", "-listen=0", "-server", "-printtoconsole=0", "-rpcport=\(port)", "-rpcuser=u", "-rpcpassword=p",
        ]
        guard let process = RealNode.run(binary, arguments + options) else { return nil }
        self.process = process
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        _ = RealNode.run("/bin/rm", ["rm", "-rf", "--", folder]).map { waitpid($0, nil, 0) }
    }

    private static func run(_ binary: String, _ arguments: [String]) -> pid_t? {
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        return posix_spawn(&process, binary, nil, nil, &pointers, environ) == 0 ? process : nil
    }

    private static func freePort() -> UInt16 {
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
