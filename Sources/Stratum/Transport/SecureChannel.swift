internal import COpenSSL
internal import Glibc

/// One connection's encryption, between the loop and its socket.
///
/// `@unchecked Sendable` holds because one loop uses it at a time: a connection that changes loops is let go by the one before the other hears
/// of it.
final class SecureChannel: @unchecked Sendable {
    private let channel: OpaquePointer
    /// After a fatal error OpenSSL must not be asked to say goodbye, nor twice.
    private var isBroken = false

    /// - Parameter context: OpenSSL counts this use of it.
    init?(_ context: OpaquePointer, fd: Int32) {
        guard let channel = SSL_new(context) else { return nil }
        guard SSL_set_fd(channel, fd) == 1 else {
            SSL_free(channel)
            return nil
        }
        SSL_set_accept_state(channel)
        self.channel = channel
    }

    deinit {
        SSL_free(channel)
    }

    /// Says goodbye if that can be done at once; nobody waits for the answer. It comes before the socket is closed, whose number may be another
    /// connection's a moment later.
    func end() {
        if isOpen { SSL_shutdown(channel) }
        isBroken = true
        ERR_clear_error()
    }

    /// Whether the handshake is over and nothing has broken.
    var isOpen: Bool { !isBroken && SSL_is_init_finished(channel) == 1 }

    /// Reads what the miner wrote; the handshake happens on the way.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Socket.Transfer {
        transferred(SSL_read(channel, buffer.baseAddress, Int32(clamping: buffer.count)))
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Socket.Transfer {
        if bytes.isEmpty { return .moved(0) }
        return transferred(SSL_write(channel, bytes.baseAddress, Int32(clamping: bytes.count)))
    }

    private func transferred(_ count: Int32) -> Socket.Transfer {
        if count > 0 { return .moved(Int(count)) }
        switch SSL_get_error(channel, count) {
        // Which of the two it waits for does not matter: the watch tells of both, and then both are tried.
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .wouldBlock
        case SSL_ERROR_ZERO_RETURN: return .ended
        default:
            isBroken = true
            // Errors of this connection must not be taken for the next one's.
            ERR_clear_error()
            return .ended
        }
    }
}
