internal import HTTP

extension EventHub {
    /// The hub as a stream of server-sent events (WHATWG HTML, 9.2), one for each listener.
    nonisolated func stream() -> AsyncStream<[UInt8]> {
        let place = Place()
        return AsyncStream { await place.next(of: self) }
    }

    /// How far one listener has come.
    private actor Place {
        private var seen = 0

        func next(of hub: EventHub) async -> [UInt8]? {
            let (frames, revision) = await hub.next(after: seen)
            seen = revision
            return Task.isCancelled ? nil : frames
        }
    }
}

extension HTTPResponse {
    static func events(_ pieces: AsyncStream<[UInt8]>) -> HTTPResponse {
        // nginx collects an answer before it passes it on, unless told otherwise.
        HTTPResponse(headers: ["Content-Type": "text/event-stream", "X-Accel-Buffering": "no"], body: .stream(pieces))
    }
}
