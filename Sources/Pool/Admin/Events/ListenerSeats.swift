import Synchronization

/// How many may listen at once: a listener holds a seat from its stream's making to its end, whether it reads or not.
final class ListenerSeats: Sendable {
    private let count: Int
    private let taken = Mutex(0)

    init(count: Int) {
        self.count = count
    }

    /// Nil when all are taken.
    func take() -> Seat? {
        taken.withLock { taken in
            guard taken < count else { return nil }
            taken += 1
            return Seat(of: self)
        }
    }

    private func release() { taken.withLock { $0 -= 1 } }

    /// One of them, free again when nobody holds this value.
    final class Seat: Sendable {
        private let seats: ListenerSeats

        fileprivate init(of seats: ListenerSeats) {
            self.seats = seats
        }

        deinit { seats.release() }
    }
}
