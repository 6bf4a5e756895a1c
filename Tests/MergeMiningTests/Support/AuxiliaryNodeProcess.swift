import Foundation
import HTTP
import JSON
import Synchronization

/// Stand-ins for auxiliary nodes with the real rules, in a process of their own on free ports.
final class AuxiliaryNodeProcess {
    private let process: Process
    let rskPort: Int
    /// Namecoin, Syscoin, Elastos, Fractal.
    let auxPowPorts: [Int]

    /// Nil, and said so, where Python or the stand-ins are not there.
    init?(_ options: [String] = []) throws {
        let script = Oracle.folder.appendingPathComponent("aux_node_sim.py").path
        guard FileManager.default.fileExists(atPath: script), FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") else {
            print("skipped: no \(script), or no python3")
            return nil
        }
        let ports = try FreePorts.take(5)
        (rskPort, auxPowPorts) = (ports[0], Array(ports[1...]))
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments =
            [script, "--rsk", "\(rskPort)"] + zip(auxPowPorts, [1, 16, 1224, 8228]).flatMap { ["--auxpow", "\($0):\($1)"] } + options
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        // Not terminate(): a child of a thread of the concurrency pool inherits its mask, in which that signal is blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// What the stand-in on this port counted.
    func stats(_ port: Int, http: HTTPClient) async throws -> JSONValue {
        try JSONValue(parsing: try await http.perform(HTTPClientRequest(url: "http://127.0.0.1:\(port)/stats")).body)
    }
}

/// Ports that nobody listens on at the moment.
enum FreePorts {
    static func take(_ count: Int) throws -> [Int] {
        let sockets = (0..<count).map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
        defer { for socket in sockets { close(socket) } }
        return sockets.map { socket in
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &address) { bytes in
                guard let base = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return }
                _ = bind(socket, base, size)
                _ = getsockname(socket, base, &size)
            }
            return Int(UInt16(bigEndian: address.sin_port))
        }
    }
}
