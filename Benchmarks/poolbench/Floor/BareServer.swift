import CLinux
import Glibc
import HTTP
import Synchronization

/// What a machine's sockets can do without a pool: loops that answer each line with a constant one, and send one text to everybody on command.
final class BareServer: Sendable {
    /// The word behind `poolbench` that makes a process one of these.
    static let command = "bare"

    private let reply = Array("{\"id\":4,\"result\":true,\"error\":null}\n".utf8)
    private let text: [UInt8]
    /// Ends of pipes on which each loop hears that it is to send.
    private let bells: [Int32]

    /// As long as a pool's job with twelve branches, and read by the made-up miners like one.
    private static var job: [UInt8] {
        let words = ["0123456789abcdef", String(repeating: "a", count: 64), String(repeating: "b", count: 134), String(repeating: "c", count: 210)]
        let branch = (0..<12).map { _ in "\"" + String(repeating: "d", count: 64) + "\"" }.joined(separator: ",")
        return Array(
            "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\(words.map { "\"\($0)\"" }.joined(separator: ",")),[\(branch)],\"20000000\",\"1d00ffff\",\"65000000\",true]}\n"
                .utf8
        )
    }

    private init(text: [UInt8], bells: [Int32]) {
        self.text = text
        self.bells = bells
    }

    /// Says its port on standard output, then obeys `send` on standard input until that ends.
    static func serve(loops: Int) -> Int32 {
        _ = linux_raise_file_limit()
        guard let (listener, port) = try? LoadSocket.listen() else { return 1 }
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        let pipes = (0..<loops).map { _ in
            var ends: [Int32] = [0, 0]
            _ = pipe(&ends)
            return ends
        }
        let server = BareServer(text: job, bells: pipes.map { $0[1] })
        for number in 0..<loops {
            guard BackgroundThread.start(named: "bare-\(number)", { server.loop(listener: listener, bell: pipes[number][0]) }) else { return 1 }
        }
        ChildProcess.write("\(port)\n", to: STDOUT_FILENO)
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) == 1 {
            guard byte == 0x0a else { continue }
            for bell in server.bells { _ = write(bell, &byte, 1) }
        }
        return 0
    }

    private func loop(listener: Int32, bell: Int32) {
        let poll = epoll_create1(0)
        _ = linux_watch_level(poll, listener, .max)
        _ = linux_watch_level(poll, bell, .max - 1)
        var events = [linux_event](repeating: linux_event(), count: 256)
        var input = [UInt8](repeating: 0, count: 64 << 10)
        var output: [UInt8] = []
        var members: [Int32] = []
        while true {
            let count = Int(max(0, linux_wait(poll, &events, 256, -1)))
            for index in 0..<count {
                switch events[index].token {
                case .max: accept(from: listener, into: poll, &members)
                case .max - 1:
                    _ = read(bell, &input, 1)
                    for fd in members { _ = send(fd, text, text.count, Int32(MSG_NOSIGNAL)) }
                default: echo(Int32(truncatingIfNeeded: events[index].token), &input, &output)
                }
            }
        }
    }

    private func accept(from listener: Int32, into poll: Int32, _ members: inout [Int32]) {
        let fd = linux_accept4(listener, nil, nil, Int32(SOCK_NONBLOCK.rawValue))
        guard fd >= 0 else { return }
        _ = linux_set_option(fd, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        _ = linux_watch_edges(poll, fd, UInt64(fd))
        members.append(fd)
        _ = send(fd, text, text.count, Int32(MSG_NOSIGNAL))
    }

    private func echo(_ fd: Int32, _ input: inout [UInt8], _ output: inout [UInt8]) {
        let count = recv(fd, &input, input.count, 0)
        guard count > 0 else {
            if count == 0 || errno != EAGAIN { close(fd) }
            return
        }
        output.removeAll(keepingCapacity: true)
        for index in 0..<count where input[index] == 0x0a { output += reply }
        if !output.isEmpty { _ = send(fd, output, output.count, Int32(MSG_NOSIGNAL)) }
    }
}

/// A process that is a ``BareServer``.
final class BareProcess {
    private let child: ChildProcess
    let port: UInt16

    var pid: pid_t { child.pid }

    init(loops: Int, cores: Int? = nil) throws(LoadFailure) {
        child = try ChildProcess(ChildProcess.beside("poolbench"), [BareServer.command, String(loops)], cores: cores)
        guard let port = child.line().flatMap({ UInt16($0) }) else { throw LoadFailure(description: "the bare server did not start") }
        self.port = port
    }

    func send() { child.say("send") }
}
