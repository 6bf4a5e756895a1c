/// Growing pauses between tries, so that a node that is down is not flooded and one that is back is noticed soon.
struct Backoff: Sendable {
    private let first: Duration
    private let longest: Duration
    private var next: Duration

    init(first: Duration = .milliseconds(250), longest: Duration = .seconds(5)) {
        self.first = first
        self.longest = longest
        next = first
    }

    mutating func reset() { next = first }

    /// The pause to make now; the next one is twice as long.
    mutating func step() -> Duration {
        defer { next = min(next * 2, longest) }
        return next
    }

    mutating func wait() async {
        try? await Task.sleep(for: step())
    }
}
