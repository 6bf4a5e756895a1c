/// An option of a benchmark.
struct BenchmarkOption: Sendable {
    /// Behind the two dashes.
    let name: String
    /// What stands for its value in the help; nil for one without.
    let value: String?
    let summary: String
    /// What is right and what is taken where nothing is given; nil for what is no number, or whose default hangs on others.
    var number: (range: ClosedRange<Int>, usual: Int)?
}

extension BenchmarkOption {
    /// A whole number, whose bounds and default stand behind the summary in the help.
    static func number(_ name: String, _ summary: String, in range: ClosedRange<Int>, default usual: Int) -> BenchmarkOption {
        BenchmarkOption(name: name, value: "N", summary: "\(summary), \(range.lowerBound) … \(range.upperBound) (\(usual))", number: (range, usual))
    }
}
