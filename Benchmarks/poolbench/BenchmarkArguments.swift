/// What was typed behind a benchmark's name.
struct BenchmarkArguments {
    private let options: [BenchmarkOption]
    private var given: [String: String] = [:]

    /// What every benchmark understands.
    static let common = [
        BenchmarkOption(name: "rounds", value: "N", summary: "samples of each figure, 3 … 1000 (15)"),
        BenchmarkOption(name: "json", value: nil, summary: "print one JSON value"),
        BenchmarkOption(name: "help", value: nil, summary: "print this"),
    ]

    init(_ words: some Collection<String>, options: [BenchmarkOption]) throws(BenchmarkUsageError) {
        self.options = options + Self.common
        var words = Array(words)[...]
        while let word = words.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts[0].hasPrefix("--"), let option = self.options.first(where: { "--" + $0.name == parts[0] }) else {
                throw BenchmarkUsageError("unknown argument \(word)")
            }
            if option.value == nil {
                guard parts.count == 1 else { throw BenchmarkUsageError("--\(option.name) takes no value") }
                given[option.name] = ""
            } else {
                guard let value = parts.count == 2 ? parts[1] : words.popFirst() else { throw BenchmarkUsageError("--\(option.name) needs a value") }
                given[option.name] = value
            }
        }
    }

    var wantsJSON: Bool { given["json"] != nil }
    var wantsHelp: Bool { given["help"] != nil }

    func text(_ name: String) -> String? { given[name] }

    /// The value of a ``BenchmarkOption/number(_:_:in:default:)``.
    func integer(_ name: String) throws(BenchmarkUsageError) -> Int {
        guard let number = options.first(where: { $0.name == name })?.number else { throw BenchmarkUsageError("--\(name) has no bounds") }
        return try integer(name, in: number.range, default: number.usual)
    }

    /// A whole number of `range`, or the default where the option is not given.
    func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws(BenchmarkUsageError) -> Int {
        guard let text = given[name] else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw BenchmarkUsageError("--\(name) \(text): a whole number from \(range.lowerBound) to \(range.upperBound) is right")
        }
        return number
    }

    /// Whole numbers with commas between.
    func integers(_ name: String, in range: ClosedRange<Int>, default values: [Int]) throws(BenchmarkUsageError) -> [Int] {
        guard let text = given[name] else { return values }
        let numbers = text.split(separator: ",").map { Int($0) }
        guard !numbers.isEmpty, numbers.allSatisfy({ $0.map(range.contains) ?? false }) else {
            throw BenchmarkUsageError(
                "--\(name) \(text): whole numbers from \(range.lowerBound) to \(range.upperBound) with commas between are right"
            )
        }
        return numbers.compactMap(\.self)
    }

    func rounds(default count: Int = 15) throws(BenchmarkUsageError) -> Int { try integer("rounds", in: 3...1000, default: count) }
}

/// Arguments that name nothing that can be measured.
struct BenchmarkUsageError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
