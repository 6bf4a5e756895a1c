import CMicroHTTPD
import Synchronization

/// The body of a streamed response on its way from an `AsyncStream` to libmicrohttpd, one piece at a time.
///
/// libmicrohttpd asks (`read`) and is suspended while there is nothing; a task takes pieces from the stream and waits until each has been read.
final class HTTPStream: Sendable {
    private let connection: ConnectionHandle
    private let state = Mutex(State())

    private struct State {
        var piece: [UInt8] = []
        /// How much of the piece was read.
        var read = 0
        var suspended = false
        var ended = false
        var pump: Task<Void, Never>?
        /// Woken when the piece was read whole.
        var taken: CheckedContinuation<Void, Never>?
    }

    init(_ pieces: AsyncStream<[UInt8]>, connection: ConnectionHandle) {
        self.connection = connection
        let pump = Task {
            for await piece in pieces where !piece.isEmpty { await offer(piece) }
            end()
        }
        state.withLock { $0.pump = pump }
    }

    /// Hands a piece over and returns when it has been read.
    private func offer(_ piece: [UInt8]) async {
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state in
                if state.ended { return true }
                state.piece = piece
                state.read = 0
                state.taken = continuation
                resume(&state)
                return false
            }
            if ended { continuation.resume() }
        }
    }

    /// Lets libmicrohttpd finish the body after what it has been handed.
    func end() {
        let (pump, taken) = state.withLock { state in
            state.ended = true
            resume(&state)
            return (state.pump.take(), state.taken.take())
        }
        pump?.cancel()
        taken?.resume()
    }

    /// A connection that is suspended cannot go away; once resumed it is not touched from here.
    private func resume(_ state: inout State) {
        guard state.suspended else { return }
        state.suspended = false
        MHD_resume_connection(connection.pointer)
    }

    /// On libmicrohttpd's thread: copies what there is, or suspends the connection.
    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let (count, taken) = state.withLock { state -> (Int, CheckedContinuation<Void, Never>?) in
            let count = min(buffer.count, state.piece.count - state.read)
            if count == 0 {
                if state.ended { return (endOfStream, nil) }
                state.suspended = true
                MHD_suspend_connection(connection.pointer)
                return (0, nil)
            }
            state.piece.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[state.read..<state.read + count])) }
            state.read += count
            guard state.read == state.piece.count else { return (count, nil) }
            state.piece = []
            state.read = 0
            return (count, state.taken.take())
        }
        taken?.resume()
        return count
    }
}

/// MHD_CONTENT_READER_END_OF_STREAM, a macro with a cast.
private let endOfStream = -1

extension HTTPResponse {
    /// The response as libmicrohttpd wants it; nil when there is no memory. `stream` is the body's when that is one.
    func raw(_ stream: HTTPStream?) -> OpaquePointer? {
        guard let raw = rawBody(stream) else { return nil }
        // One that holds a line break is refused, and thus left out.
        for (name, value) in headers.fields { _ = MHD_add_response_header(raw, name, value) }
        return raw
    }

    private func rawBody(_ stream: HTTPStream?) -> OpaquePointer? {
        guard let stream else {
            guard case .bytes(var bytes) = body else { return nil }
            return bytes.withUnsafeMutableBytes { MHD_create_response_from_buffer($0.count, $0.baseAddress, .RESPMEM_MUST_COPY) }
        }
        // Balanced by libmicrohttpd's call of the last closure, when nobody needs the response any more.
        let context = Unmanaged.passRetained(stream).toOpaque()
        let raw = MHD_create_response_from_callback(.max, 16 << 10, readStream, context, releaseStream)
        if raw == nil { Unmanaged<HTTPStream>.fromOpaque(context).release() }
        return raw
    }
}

private let readStream: MHD_ContentReaderCallback = { context, _, bytes, count in
    guard let context, let bytes else { return endOfStream }
    return Unmanaged<HTTPStream>.fromOpaque(context).takeUnretainedValue().read(into: UnsafeMutableRawBufferPointer(start: bytes, count: count))
}

private let releaseStream: MHD_ContentReaderFreeCallback = { context in
    guard let context else { return }
    Unmanaged<HTTPStream>.fromOpaque(context).takeRetainedValue().end()
}
