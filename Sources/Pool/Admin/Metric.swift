/// A metric in Prometheus' form, with one sample or several that differ in a label.
public struct Metric: Sendable {
    public enum Kind: String, Sendable {
        /// Only grows while the ledger lives.
        case counter
        case gauge
        case histogram
    }

    public struct Sample: Sendable {
        public var labels: [(name: String, value: String)]
        public var value: Double
        /// Behind the metric's name: a histogram has `_bucket`, `_sum` and `_count`.
        var suffix = ""

        public init(_ value: Double, _ labels: [(name: String, value: String)] = []) {
            self.labels = labels
            self.value = value
        }

        init(_ value: Double, _ labels: [(name: String, value: String)] = [], suffix: String) {
            self.init(value, labels)
            self.suffix = suffix
        }
    }

    /// With the unit, and `_total` for a counter: `motherlode_shares_accepted_total`.
    public var name: String
    public var kind: Kind
    /// One sentence.
    public var help: String
    public var samples: [Sample]

    public init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    public init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        self.init(name, kind, help, [Sample(value)])
    }
}
