import Glibc
import JSON

/// A miner of one share at a time on a blocking socket, for a thread of its own.
///
/// The parent chain's target is the share target, so that every accepted share is a block.
final class StratumProbe {
    private let fd: Int32
    private let user: String
    private var pending: [UInt8] = []
    private var job: (id: String, time: String)?
    private var nonce: UInt32 = 0
    private var request = 10

    struct Failure: Error {}

    init(port: UInt16, user: String) throws {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.user = user
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else { throw Failure() }
        var one: Int32 = 1
        setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        try send(#"{"id":1,"method":"mining.subscribe","params":["probe"]}"#)
        try send(#"{"id":2,"method":"mining.authorize","params":["\#(user)","x"]}"#)
        while job == nil { _ = try read() }
    }

    deinit { close(fd) }

    /// Submits until a share is accepted, then waits for the job on the new tip.
    /// - Returns: when that share was sent.
    func mineBlock(extranonce2: String = "0000000000000000") throws -> ContinuousClock.Instant {
        while true {
            guard let job else { throw Failure() }
            request += 1
            nonce &+= 1
            let digits = String(nonce, radix: 16)
            let padded = String(repeating: "0", count: 8 - digits.count) + digits
            let line =
                #"{"id":\#(request),"method":"mining.submit","params":["\#(user)","\#(job.id)","\#(extranonce2)","\#(job.time)","\#(padded)"]}"#
            let sentAt = ContinuousClock.now
            try send(line)
            var hasNewJob = false
            var accepted: Bool?
            while accepted == nil {
                let message = try read()
                if message["method"]?.string == "mining.notify" { hasNewJob = hasNewJob || message["params"]?[8] == true }
                if message["id"]?.integer == Int64(request) { accepted = message["result"] == true }
            }
            guard accepted == true else { continue }
            while !hasNewJob {
                let message = try read()
                hasNewJob = message["method"]?.string == "mining.notify" && message["params"]?[8] == true
            }
            return sentAt
        }
    }

    private func send(_ line: String) throws {
        let bytes = Array((line + "\n").utf8)
        guard write(fd, bytes, bytes.count) == bytes.count else { throw Failure() }
    }

    /// The next message; a job is kept.
    private func read() throws -> JSONValue {
        while true {
            if let end = pending.firstIndex(of: 0x0a) {
                let message = try JSONValue(parsing: Array(pending[..<end]))
                pending.removeSubrange(...end)
                if message["method"]?.string == "mining.notify", let id = message["params"]?[0]?.string, let time = message["params"]?[7]?.string {
                    job = (id, time)
                }
                return message
            }
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            let count = Glibc.read(fd, &buffer, buffer.count)
            guard count > 0 else { throw Failure() }
            pending += buffer[..<count]
        }
    }
}
