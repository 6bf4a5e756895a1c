import CZeroMQ
import Hashing

/// The `hashblock` notices of a stand-in node.
final class TipPublisher {
    private let context: UnsafeMutableRawPointer
    private let socket: UnsafeMutableRawPointer
    /// As a configuration names it.
    let endpoint: String
    private var sequence: UInt32 = 0

    init() throws(LoadFailure) {
        guard let context = zmq_ctx_new(), let socket = zmq_socket(context, ZMQ_PUB), zmq_bind(socket, "tcp://127.0.0.1:*") == 0 else {
            throw LoadFailure(description: "ZMQ cannot publish")
        }
        var name = [CChar](repeating: 0, count: 256)
        var size = name.count
        zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, &name, &size)
        self.context = context
        self.socket = socket
        endpoint = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        zmq_close(socket)
        zmq_ctx_term(context)
    }

    func publish(_ hash: Hash256) {
        send("hashblock".utf8.map(\.self), more: true)
        send(Array(hash.internalBytes.reversed()), more: true)
        send(withUnsafeBytes(of: sequence.littleEndian) { Array($0) }, more: false)
        sequence += 1
    }

    private func send(_ part: [UInt8], more: Bool) { zmq_send(socket, part, part.count, more ? ZMQ_SNDMORE : 0) }
}
