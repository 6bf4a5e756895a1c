import CLinux
import Glibc
import Stratum

extension HandoverChannel {
    /// Sends a whole state. The sockets go in portions, each awaited: the kernel bounds how many may be under way.
    func send(_ stream: HandoverStream, until deadline: ContinuousClock.Instant) throws(Failure) {
        let file = linux_memory_file("motherlode-handover")
        guard file >= 0 else { throw .system("memfd_create", errno) }
        defer { close(file) }
        var sent = 0
        while sent < stream.bytes.count {
            let count = stream.bytes[sent...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw .system("write", errno) }
            sent += max(0, count)
        }
        try send(.state(bytes: stream.bytes.count, sockets: stream.sockets.count), [file])
        var rest = stream.sockets[...]
        while !rest.isEmpty {
            try send(.sockets, rest.prefix(LINUX_MOST_SOCKETS))
            guard try receive(until: deadline).message == .taken else { throw .unexpected }
            rest = rest.dropFirst(LINUX_MOST_SOCKETS)
        }
    }

    /// Receives what ``send(_:until:)-(HandoverStream,_)`` sends.
    func receiveState(until deadline: ContinuousClock.Instant) throws(Failure) -> HandoverStream {
        let (message, files) = try receive(until: deadline)
        guard case .state(let size, let count) = message else { throw .unexpected }
        guard let file = files.first else { throw .short }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, Int(status.st_size) == size else { throw .unexpected }
        var bytes = [UInt8](repeating: 0, count: size)
        var read = 0
        while read < size {
            let more = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress.map { $0 + read }, size - read, read) }
            guard more > 0 || more < 0 && errno == EINTR else { throw .system("read", errno) }
            read += max(0, more)
        }
        var sockets: [Int32] = []
        while sockets.count < count {
            let (message, portion) = try receive(until: deadline)
            guard message == .sockets else { throw .unexpected }
            sockets += portion
            // The kernel drops silently what this process has no room for.
            guard portion.count == min(LINUX_MOST_SOCKETS, count - sockets.count + portion.count) else {
                for socket in sockets { close(socket) }
                throw .short
            }
            try send(.taken)
        }
        return HandoverStream(reading: bytes, sockets: sockets)
    }
}
