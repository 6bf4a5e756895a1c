import Synchronization

/// How many solutions are on their way, for whoever must not leave before they are settled.
final class UnderWay: Sendable {
    private let count = Atomic<Int>(0)

    func enter(_ number: Int = 1) { count.add(number, ordering: .acquiringAndReleasing) }
    func leave(_ number: Int = 1) { count.subtract(number, ordering: .acquiringAndReleasing) }

    /// Returns when there are none, or the time is over.
    func rest(within limit: Duration) async {
        let end = ContinuousClock.now + limit
        while count.load(ordering: .acquiring) > 0, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(2)) }
    }
}
