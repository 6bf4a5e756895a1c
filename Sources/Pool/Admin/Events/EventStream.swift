internal import HTTP

extension EventHub {
    /// The hub as a stream of server-sent events (WHATWG HTML, 9.2), one for each listener; nil when there are as many as may be.
    nonisolated func stream() -> AsyncStream<[UInt8]>? {
        guard let seat = seats.take() else { return nil }
        let place = Place(seat)
        return AsyncStream { await place.next(of: self) }
    }

    /// How far one listener has come.
    private actor Place {
        private let seat: ListenerSeats.Seat
        private var seen = 0

        init(_ seat: ListenerSeats.Seat) {
            self.seat = seat
        }

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
